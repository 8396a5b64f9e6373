"""The queue, the record and the buttons of the desk, as a validator uses them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cms.moderation.models import Decision, Observation
from cms.moderation.services import approve_submission
from cms.questionnaires.models import QuestionnaireState
from tests.moderation.samples import send

pytestmark = pytest.mark.django_db


def page_of(desk: Client, submission: Any) -> str:
    response = desk.get(reverse("moderation:review", args=[submission.pk]))
    assert response.status_code == 200
    return response.content.decode()


def decide(desk: Client, what: str, submission: Any, **data: str) -> Any:
    address = reverse(f"moderation:{what}", args=[submission.pk])
    return desk.post(address, {"seal": submission.seal, **data}, follow=True)


def observing(key: str = "propuesta_1", **changes: str) -> dict[str, str]:
    """The fields that the form sends for an answer that is observed."""
    sample = {
        "verdict": "observar",
        "reason": "lema",
        "passage": "segura",
        "text": "Quita el lema de la primera frase.",
    }
    return {f"{key}-{name}": value for name, value in {**sample, **changes}.items()}


def names_in(html: str) -> list[str]:
    """The names of the candidacies in the queue, in its order."""
    return re.findall(r'/admin/revision/\d+/(?:\?[^"]*)?"\s*>\s*([^<]+?)\s*</a>', html)


def test_the_queue_lists_the_oldest_submission_first(desk, sent_by):
    newer = sent_by(name="Beatriz Nopal Luna")
    older = sent_by(name="Aurelio Zacate Ríos")
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table questionnaires_submission disable trigger user")
        cursor.execute(
            "update questionnaires_submission set submitted_at = %s where id = %s",
            [timezone.now() - timedelta(days=2), older.pk],
        )

    html = desk.get(reverse("moderation:queue")).content.decode()

    assert names_in(html) == ["Aurelio Zacate Ríos", "Beatriz Nopal Luna"]
    assert newer.questionnaire.candidacy.territory.name in html
    assert "Presidencia municipal" in html
    assert "Partido del Desierto" in html


def test_the_queue_and_what_follows_in_it_are_narrowed_to_a_process(desk, sent_by):
    from cms.candidacies.models import CandidacyPage
    from cms.candidacies.services import ensure_process

    ours = sent_by(name="Aurelio Zacate Ríos").questionnaire.candidacy
    theirs = sent_by(name="Beatriz Nopal Luna")
    later = ensure_process(slug="pel-2027", name="Proceso 2027").process
    CandidacyPage.objects.filter(pk=theirs.questionnaire.candidacy_id).update(process=later)

    def queue(process):
        address = reverse("moderation:queue")
        return names_in(desk.get(address, {"process": process.pk}).content.decode())

    assert queue(ours.process) == ["Aurelio Zacate Ríos"]
    assert queue(later) == ["Beatriz Nopal Luna"]
    following = desk.get(reverse("moderation:next"), {"process": later.pk})
    assert following["Location"].startswith(reverse("moderation:review", args=[theirs.pk]))


def test_the_queue_shows_the_last_submission_and_how_many_there_were(desk, resent):
    html = desk.get(reverse("moderation:queue")).content.decode()

    assert names_in(html) == [resent.questionnaire.candidacy.name]
    assert f"/admin/revision/{resent.pk}/" in html
    assert re.search(r"<td[^>]*>\s*2\s*</td>", html)


@pytest.mark.parametrize("parameter", ["municipality", "actor", "office"])
def test_the_queue_can_be_filtered(desk, sent_by, other_actor, parameter):
    here = sent_by(name="Beatriz Nopal Luna", cvegeo="05033")
    sent_by(name="Aurelio Zacate Ríos", cvegeo="05030", office="sindicatura")
    candidacy = here.questionnaire.candidacy
    value = {
        "municipality": candidacy.territory_id,
        "actor": candidacy.actor_id,
        "office": candidacy.office_id,
    }[parameter]

    html = desk.get(reverse("moderation:queue"), {parameter: value}).content.decode()

    expected = ["Beatriz Nopal Luna"]
    if parameter == "actor":
        expected.append("Aurelio Zacate Ríos")
    assert names_in(html) == expected


def test_a_returned_submission_is_found_by_its_state(desk, returned):
    address = reverse("moderation:queue")

    assert names_in(desk.get(address).content.decode()) == []
    observed = desk.get(address, {"state": QuestionnaireState.OBSERVED}).content.decode()
    assert names_in(observed) == [returned.questionnaire.candidacy.name]


def test_the_queue_takes_the_same_queries_however_long_it_is(desk, sent_by):
    sent_by(name="Beatriz Nopal Luna")
    address = reverse("moderation:queue")
    desk.get(address)
    with CaptureQueriesContext(
        connection,
    ) as short:
        desk.get(address)
    for number in range(4):
        sent_by(name=f"Aurelio Zacate Ríos {number}", cvegeo="05030")

    with CaptureQueriesContext(connection) as long:
        desk.get(address)

    assert len(long) == len(short)


def test_the_record_marks_the_words_that_changed(desk, submission, validator, party):
    approve_submission(submission_id=submission.pk, seal=submission.seal, validator=validator)
    text = send_changed(submission, party, "62 ejidos", "70 ejidos")

    html = page_of(desk, text)

    assert re.search(r"<del>.*?62.*?</del>", html)
    assert re.search(r"<ins>.*?70.*?</ins>", html)
    assert "se quita:" in html
    assert "texto nuevo:" in html


def send_changed(submission: Any, party: Any, before: str, after: str) -> Any:
    from cms.questionnaires.selectors import submission_answers

    text = submission_answers(submission)["propuesta_1"].replace(before, after)
    candidacy = submission.questionnaire.candidacy
    return send(candidacy, {"propuesta_1": text}, party, portrait=False)


def test_captured_text_is_never_shown_as_markup(desk, make_candidacy, complete_answers, party):
    text = complete_answers["propuesta_1"] + " <script>alert(1)</script> <b>negritas</b>"
    submission = send(make_candidacy(), {**complete_answers, "propuesta_1": text}, party)

    html = page_of(desk, submission)

    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_the_internal_address_is_not_on_the_screen(desk, submission, complete_answers):
    assert complete_answers["correo_aclaraciones"] not in page_of(desk, submission)


def test_the_photograph_is_shown_to_the_reviewer_and_is_not_cached(desk, submission):
    photograph = submission.questionnaire.photographs.get()
    address = reverse("moderation:photograph", args=[photograph.pk])

    assert address in page_of(desk, submission)
    response = desk.get(address)
    assert response["Content-Type"] == "image/jpeg"
    assert "private, no-store" in response["Cache-Control"]
    assert b"".join(response).startswith(b"\xff\xd8")


def test_a_photograph_that_does_not_exist_is_not_found(desk):
    address = "/admin/revision/fotografia/00000000-0000-4000-8000-000000000000.jpg"
    assert desk.get(address).status_code == 404


def test_approving_publishes_and_leads_to_the_next_submission(desk, submission, sent_by):
    following = sent_by(name="Beatriz Nopal Luna")

    response = decide(desk, "approve", submission)

    submission.questionnaire.refresh_from_db()
    assert submission.questionnaire.state == QuestionnaireState.PUBLISHED
    assert response.redirect_chain[-1][0] == reverse("moderation:review", args=[following.pk])
    assert "Se publicó el envío de Graciela" in response.content.decode()


def test_after_the_last_submission_the_queue_says_that_none_is_left(desk, submission):
    response = decide(desk, "approve", submission)

    assert response.redirect_chain[-1][0] == reverse("moderation:queue")
    assert "No queda ningún envío por revisar" in response.content.decode()


def test_returning_stores_the_observations(desk, submission):
    decide(desk, "return", submission, **observing(), **observing("cursos", reason="incompleto"))

    submission.questionnaire.refresh_from_db()
    assert submission.questionnaire.state == QuestionnaireState.OBSERVED
    kept = list(Observation.objects.values_list("question", "reason", "passage"))
    assert kept == [("cursos", "incompleto", "segura"), ("propuesta_1", "lema", "segura")]


def test_an_incomplete_observation_is_explained_and_nothing_is_lost(desk, submission):
    response = decide(desk, "return", submission, **observing(reason="", text="Quita el lema."))

    html = response.content.decode()
    assert response.status_code == 422
    assert "Elige el motivo" in html
    assert "Quita el lema." in html
    assert "Devolver con 1 observación" in html
    assert not Decision.objects.exists()


def test_returning_without_observations_is_explained(desk, submission):
    response = decide(desk, "return", submission)

    assert response.status_code == 422
    assert "marca «Observar» en al menos una respuesta" in response.content.decode()


def test_a_submission_with_answers_marked_to_observe_is_not_approved(desk, submission):
    response = decide(desk, "approve", submission, **observing())

    assert response.status_code == 422
    assert "Marcaste 1 respuesta para observar" in response.content.decode()
    assert not Decision.objects.exists()


def test_an_approval_from_an_outdated_screen_leads_to_the_new_submission(desk, returned, resent):
    response = decide(desk, "approve", returned)

    assert response.redirect_chain[-1][0] == reverse("moderation:review", args=[resent.pk])
    assert "versión más nueva" in response.content.decode()
    assert Decision.objects.count() == 1


def test_the_new_submission_shows_what_was_observed_before(desk, returned, resent):
    html = page_of(desk, resent)

    assert "Se observó en el envío anterior:" in html
    assert "Quita el lema de campaña de la primera frase." in html


def test_a_decided_submission_can_only_be_read(desk, returned):
    html = page_of(desk, returned)

    assert "ya no está en revisión" in html
    assert "Devuelto con observaciones" in html
    assert "Se observó en este envío:" in html
    assert "data-review-return" not in html
    assert "formaction" not in html


def test_the_desk_explains_that_a_colleague_decided_first(desk, submission, colleague):
    approve_submission(submission_id=submission.pk, seal=submission.seal, validator=colleague)

    response = decide(desk, "approve", submission)

    assert "Otra persona ya decidió este envío" in response.content.decode()


def test_the_desk_says_that_a_candidacy_ended_and_offers_no_decision(desk, submission, end):
    end(submission)

    queue = reverse("moderation:queue")
    for parameters in ({}, {"municipality": "x"}, {"state": "publicado"}):
        assert names_in(desk.get(queue, parameters).content.decode()) == []
    ended = desk.get(queue, {"state": "terminada"}).content.decode()
    assert names_in(ended) == [submission.questionnaire.candidacy.name]
    assert "Enviado; la candidatura terminó el 3 de mayo de 2024" in ended
    html = page_of(desk, submission)
    assert "Esta candidatura terminó: su envío ya no se aprueba ni se devuelve." in html
    assert "data-review-return" not in html
    assert "formaction" not in html
    assert "No queda ningún envío por revisar" in desk.get("/admin/").content.decode()


def test_approving_a_candidacy_that_ended_meanwhile_is_explained(desk, submission, end):
    end(submission)

    response = decide(desk, "approve", submission)

    assert "ya no se aprueba ni se devuelve" in response.content.decode()
    assert not Decision.objects.exists()


def test_the_first_page_tells_a_reviewer_how_many_submissions_wait(desk, submission):
    html = desk.get("/admin/").content.decode()

    assert "Hay 1 envío por revisar" in html
    decide(desk, "approve", submission)
    assert "No queda ningún envío por revisar" in desk.get("/admin/").content.decode()


def test_the_shortcuts_of_the_desk_are_listed_to_reviewers_only(desk, superuser):
    other = Client()
    other.force_login(superuser, backend="django.contrib.auth.backends.ModelBackend")

    words = "Observar la respuesta en que estás"
    assert words in desk.get(reverse("moderation:queue")).content.decode()
    elsewhere = other.get("/admin/").content.decode()
    assert "Mostrar los atajos de teclado" in elsewhere
    assert words not in elsewhere


def test_the_menu_shows_the_desk_to_reviewers_only(desk, superuser):
    other = Client()
    other.force_login(superuser, backend="django.contrib.auth.backends.ModelBackend")

    assert "/admin/revision/" in desk.get("/admin/").content.decode()
    assert "/admin/revision/" not in other.get("/admin/").content.decode()
