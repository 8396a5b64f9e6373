"""What capture shows: states with their dates, errors with links, and the candidacy's name."""

import re
from datetime import date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from cms.candidacies.models import CandidacyPage
from cms.capture.own_list import own_list
from cms.capture.selectors import state_in_words
from cms.moderation.models import Observation, Reason
from cms.moderation.services import ObservationInput, return_submission
from cms.questionnaires.models import QuestionnaireState as State
from tests.moderation.samples import accept_notice_in_force, send


@pytest.fixture
def ready(client, liaison):
    """Signed in, and the notice accepted."""
    client.force_login(liaison, backend="django.contrib.auth.backends.ModelBackend")
    accept_notice_in_force(liaison)
    return client


def observe(submission, validator, *keys):
    observations = [
        ObservationInput(question=key, reason=Reason.choices[0][0], text="Di en qué fecha termina.")
        for key in keys
    ]
    return_submission(
        submission_id=submission.pk,
        seal=submission.seal,
        validator=validator,
        observations=observations,
    )


def step(candidacy, section="propuestas"):
    return reverse("capture:section", args=[candidacy.pk, section])


def row_of(liaison, candidacy):
    return next(row for row in own_list(liaison).rows if row.candidacy.pk == candidacy.pk)


def test_states_are_said_with_their_date():
    moment = datetime(2024, 4, 27, 18, 0, tzinfo=timezone.get_current_timezone())
    assert (
        state_in_words(State.SUBMITTED, moment)
        == "Enviado el 27 de abril de 2024, 18:00 h; en revisión"
    )
    assert state_in_words(State.PUBLISHED, moment) == "Publicado el 27 de abril de 2024"
    assert state_in_words(State.EMPTY, None) == "Todavía no empiezas"


def test_what_waits_for_the_party_comes_first(
    liaison, validator, make_candidacy, complete_answers, ready
):
    make_candidacy(name="Ana Sauz Primero")
    observed = make_candidacy(name="Zoila Sauz Último", office="sindicatura")
    observe(send(observed, complete_answers, liaison), validator, "propuesta_1")
    assert [row.candidacy.name for row in own_list(liaison).rows] == [
        "Zoila Sauz Último",
        "Ana Sauz Primero",
    ]


def test_observations_of_an_earlier_sending_are_not_counted_again(
    liaison, validator, make_candidacy, complete_answers, ready
):
    candidacy = make_candidacy()
    first = send(candidacy, complete_answers, liaison)
    observe(first, validator, "propuesta_1", "propuesta_2")
    again = send(candidacy, {"propuesta_1": "Otra propuesta más clara. " * 20}, liaison)
    observe(again, validator, "propuesta_1")
    assert Observation.objects.count() == 3
    assert row_of(liaison, candidacy).words == "Tienes 1 observación"


def test_a_candidacy_that_ended_without_a_sending_offers_no_button(liaison, make_candidacy, ready):
    candidacy = make_candidacy()
    CandidacyPage.objects.filter(pk=candidacy.pk).update(state="baja", ended_on=date(2024, 4, 18))
    row = row_of(liaison, candidacy)
    assert row.words == "Esta candidatura terminó el 18 de abril de 2024"
    assert row.action == ""
    assert f"/captura/{candidacy.pk}/" not in ready.get("/captura/").content.decode()


def test_every_error_leads_to_something_that_takes_the_focus(ready, make_candidacy):
    candidacy = make_candidacy()
    for section in ("foto_contacto", "estudios", "propuestas"):
        content = ready.post(step(candidacy, section), {"siguiente": "1"}).content.decode()
        summary = content.split('id="resumen"')[1].split("<form")[0]
        assert summary.startswith(" autofocus")
        targets = re.findall(r'href="#([^"]+)"', summary)
        assert targets
        for target in targets:
            tag = re.search(rf'<(\w+)[^>]* id="{target}"[^>]*>', content)
            focusable = tag.group(1) in {"input", "select", "textarea"}
            assert focusable or 'tabindex="-1"' in tag.group(0), target


def test_the_review_leads_to_each_answer_that_is_missing(ready, make_candidacy):
    candidacy = make_candidacy()
    ready.post(step(candidacy), {"propuesta_1": "Muy corta"})
    content = ready.get(reverse("capture:review", args=[candidacy.pk])).content.decode()
    assert f'href="{step(candidacy)}#propuesta_2"' in content
    assert "Correo para aclaraciones: Falta esta respuesta." in content


def test_every_step_says_whose_it_is(ready, make_candidacy):
    candidacy = make_candidacy()
    content = ready.get(step(candidacy)).content.decode()
    assert f"Cuestionario curricular de {candidacy.name}" in content
    assert f"<title>Propuestas, {candidacy.name} · " in content


def test_a_group_of_options_tells_its_error_to_who_cannot_see_it(
    ready, liaison, validator, make_candidacy, complete_answers
):
    candidacy = make_candidacy()
    observe(send(candidacy, complete_answers, liaison), validator, "facebook_tiene")
    content = ready.get(step(candidacy, "foto_contacto")).content.decode()
    group = re.search(r'<fieldset[^>]* id="facebook_tiene"[^>]*>', content).group(0)
    assert 'role="radiogroup"' in group
    assert "facebook_tiene-observaciones" in group
    assert 'id="facebook_tiene-observaciones"' in content


def test_saving_after_the_session_ended_does_not_bring_the_sign_in_page(client, make_candidacy):
    address = reverse("capture:autosave", args=[make_candidacy().pk, "propuestas"])
    response = client.post(address, {"propuesta_1": "Algo"}, headers={"hx-request": "true"})
    assert response.status_code == 401
    assert response.content == b""
