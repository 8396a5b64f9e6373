"""Whoever captures is told what the institute changed, and is asked again that and nothing more."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms.moderation.models import Reason
from cms.moderation.services import ObservationInput, approve_submission, return_submission
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.models import DefinitionChange, DefinitionDraft, Draft, Submission
from cms.questionnaires.selectors import (
    definition_for,
    parsed,
    submission_answers,
)
from cms.questionnaires.versions import editing
from cms.questionnaires.versions.services import begin_draft, choose_version
from tests.questionnaires.versions.cases import (
    A_LONG_TEXT,
    CASES,
    Case,
    Content,
    adds,
    moved_to_another_section,
    says,
)
from tests.questionnaires.versions.conftest import now, put_in_force

pytestmark = pytest.mark.django_db
TITLE = "El Instituto cambió este cuestionario"


@pytest.fixture
def change(process: Any, administrator: Any) -> Callable[[Any], DefinitionChange]:
    """A function that puts a change of the content in force."""

    def change(edit: Callable[[Content], Content]) -> DefinitionChange:
        draft = begin_draft(process=process, kind=CURRICULAR, user=administrator)
        DefinitionDraft.objects.filter(pk=draft.pk).update(content=edit(draft.content))
        made: DefinitionChange = put_in_force(now(draft), administrator)
        return made

    return change


@pytest.fixture
def capture(client: Client, party: Any) -> Client:
    client.force_login(party, backend="django.contrib.auth.backends.ModelBackend")
    return client


def at(name: str, candidacy: Any, *key: str) -> str:
    return reverse(f"capture:{name}", args=[candidacy.pk, *key])


def page_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return html.unescape(response.content.decode())


def told(page: str) -> str:
    """The notice of the change; empty where there is none."""
    found = re.search(r'<div class="notice notice--caution" id="cambio">.*?</details>', page, re.S)
    return found[0] if found else ""


def asked_in(notice: str) -> set[str]:
    """The keys of the questions to which the notice leads."""
    return set(re.findall(r'<a href="[^"]*#([a-z0-9_]+)"', notice))


def labels(candidacy: Any, keys: set[str]) -> set[str]:
    definition = definition_for(process=candidacy.process, kind=CURRICULAR).definition
    return {definition.question(key).label for key in keys}


def type_in(client: Client, candidacy: Any, answers: Content) -> None:
    """Type answers into the steps that ask for them, as a browser sends them."""
    in_use = definition_for(process=candidacy.process, kind=CURRICULAR)
    for section in in_use.definition.sections:
        own = {q.key: answers[q.key] for q in section.questions if q.key in answers}
        if own:
            version = Draft.objects.filter(questionnaire__candidacy=candidacy).first()
            sent = {**own, "version": version.version if version else ""}
            client.post(
                at("section", candidacy, section.key), {**sent, "cuestionario": in_use.name}
            )


def send(client: Client, candidacy: Any) -> Submission:
    page = page_of(client, at("review", candidacy))
    hidden = dict(re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]*)"', page))
    sent = client.post(
        at("review", candidacy),
        {"confirmo": "si", "version": hidden["version"], "cuestionario": hidden["cuestionario"]},
    )
    assert sent.status_code == 302, told(html.unescape(sent.content.decode()))
    return Submission.objects.filter(questionnaire__candidacy=candidacy).latest("number")


@pytest.fixture(params=CASES, ids=lambda name: name.replace(" ", "-"))
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


def test_a_draft_is_told_what_changed_and_is_asked_only_that(
    capture: Client, captured: Any, change: Any, case: Case
) -> None:
    assert TITLE not in page_of(capture, at("review", captured))
    made = change(case.change)

    notice = told(page_of(capture, at("review", captured)))
    assert asked_in(notice) == case.asked
    assert case.words.replace("dejó de preguntarse", "ya no se pregunta") in notice
    for section in parsed(made.after).sections:
        assert asked_in(told(page_of(capture, at("section", captured, section.key)))) == case.asked
    assert "El Instituto cambió el cuestionario" in page_of(capture, reverse("capture:candidacies"))

    type_in(capture, captured, case.answers)
    notice = told(page_of(capture, at("review", captured)))
    assert "por el cambio no te falta nada" in notice
    submission = send(capture, captured)
    assert submission.definition == made.after
    assert not case.lost & set(submission_answers(submission))
    assert TITLE not in page_of(capture, at("receipt", captured))


def test_what_was_sent_stays_valid_and_what_was_published_reads_the_same(
    capture: Client, captured: Any, validator: Any, change: Any, case: Case
) -> None:
    submission = send(capture, captured)
    change(case.change)

    receipt = page_of(capture, at("receipt", captured))
    assert "Tu envío vale como está" in receipt
    notice = told(receipt)
    wanted = labels(captured, case.asked)
    asked = notice[: notice.index("<details>")]
    assert all(label in asked for label in wanted)
    assert asked.count("<li>") == len(wanted)

    approve_submission(submission_id=submission.pk, seal=submission.seal, validator=validator)
    notice = told(page_of(capture, capture.get(at("start", captured))["Location"]))
    assert asked_in(notice) == case.asked
    type_in(capture, captured, case.answers)
    assert send(capture, captured).number == 2


def test_the_public_page_reads_the_same_after_a_change(
    capture: Client, captured: Any, validator: Any, change: Any, case: Case
) -> None:
    """A question that somebody was never asked is not told as left without answer."""
    submission = send(capture, captured)
    row = approve_submission(submission_id=submission.pk, seal=submission.seal, validator=validator)
    address = row.get_absolute_url()
    before = page_of(Client(), address)
    change(case.change)

    assert main_of(page_of(Client(), address)) == main_of(before)


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def test_the_public_page_says_no_respondio_only_of_what_was_asked(
    capture: Client, captured: Any, validator: Any, change: Any
) -> None:
    """Neither of a question that came later, nor of one that did not apply."""
    change(adds(label="¿Y el maíz?"))
    change(
        lambda content: editing.put_question(
            content,
            "tesis",
            {
                "label": "¿De qué fue su tesis?",
                "kind": "texto_largo",
                "max_length": 900,
                "condition": {"question": "grado_estudios", "in": ["doctorado"]},
            },
            section="estudios",
        )
    )
    submission = send(capture, captured)
    row = approve_submission(submission_id=submission.pk, seal=submission.seal, validator=validator)
    change(adds(label="¿Cómo cuidará el agua?", key="agua"))

    page = main_of(page_of(Client(), row.get_absolute_url()))
    assert re.search(r"¿Y el maíz\?</h3>\s*<p class=\"unanswered\">", page)
    assert "tesis" not in page
    assert "¿Cómo cuidará el agua?" not in page


def test_what_was_returned_is_corrected_and_answers_what_changed(
    capture: Client, captured: Any, validator: Any, change: Any
) -> None:
    submission = send(capture, captured)
    return_submission(
        submission_id=submission.pk,
        seal=submission.seal,
        validator=validator,
        observations=[ObservationInput("propuesta_1", Reason.values[0], "Di en qué fecha.")],
    )
    change(adds(required=True))

    page = page_of(capture, at("section", captured, "propuestas"))
    assert asked_in(told(page)) == {"cuidado_agua"}
    assert "El Instituto hizo 1 observación" in page
    corrected = submission_answers(submission)["propuesta_1"] + " En enero."
    type_in(capture, captured, {"propuesta_1": corrected, "cuidado_agua": A_LONG_TEXT})
    # Until it is sent, what changed since the submission can be read.
    assert "Pregunta nueva" in told(page_of(capture, at("review", captured)))
    assert send(capture, captured).number == 2


def test_an_observed_question_that_is_not_asked_any_more_does_not_stop_the_correction(
    capture: Client, captured: Any, validator: Any, change: Any
) -> None:
    submission = send(capture, captured)
    return_submission(
        submission_id=submission.pk,
        seal=submission.seal,
        validator=validator,
        observations=[ObservationInput("propuesta_2", Reason.values[0], "Quita el lema.")],
    )
    change(CASES["removed"].change)

    capture.get(at("start", captured))
    assert page_of(capture, at("review", captured))
    again = send(capture, captured)
    assert "propuesta_2" not in submission_answers(again)


def test_what_only_the_public_notices_is_not_told_to_those_who_capture(
    capture: Client, captured: Any, change: Any
) -> None:
    made = change(says("propuesta_1", weight="bajo"))
    assert made.words == ["En la búsqueda, «¿Cuál es su primera propuesta?» ahora cuenta menos."]
    assert TITLE not in page_of(capture, at("review", captured))
    assert "cambió el cuestionario" not in page_of(capture, reverse("capture:candidacies"))


def test_a_question_that_was_answered_before_it_came_back_has_its_answer(
    capture: Client, captured: Any, change: Any, process: Any, administrator: Any
) -> None:
    made = change(CASES["removed"].change)
    type_in(capture, captured, {"propuesta_1": A_LONG_TEXT})
    choose_version(
        process=process,
        kind=CURRICULAR,
        version=made.before,
        counting_rule="",
        user=administrator,
    )

    page = page_of(capture, at("section", captured, "propuestas"))
    assert TITLE not in page
    assert "Un mercado de productoras" in page


def test_what_is_typed_over_an_earlier_version_is_kept_where_it_is_asked_now(
    capture: Client, captured: Any, change: Any, process: Any
) -> None:
    shown = definition_for(process=process, kind=CURRICULAR).name
    change(moved_to_another_section)
    typed = {"cuestionario": shown, "motivo_cargo": "Otro motivo, más claro. " * 20, "version": ""}

    meanwhile = capture.post(
        at("autosave", captured, "trayectoria"), typed, headers={"HX-Request": "true"}
    )
    assert "El Instituto cambió este cuestionario mientras escribías" in meanwhile.content.decode()
    draft = Draft.objects.get()
    assert draft.answers["motivo_cargo"].startswith("Otro motivo, más claro.")


def test_what_is_typed_in_a_question_that_was_removed_meanwhile_is_shown_to_be_copied(
    capture: Client, captured: Any, change: Any, process: Any
) -> None:
    shown = definition_for(process=process, kind=CURRICULAR).name
    change(CASES["section removed"].change)
    typed = {
        "cuestionario": shown,
        "trayectoria_politica": "Presidí el comité.",
        "motivo_cargo": "",
        "version": "",
        "siguiente": "1",
    }

    answer = capture.post(at("section", captured, "trayectoria"), typed)
    assert answer.status_code == 409
    page = html.unescape(answer.content.decode())
    assert "El Instituto cambió este cuestionario mientras escribías" in page
    assert "Presidí el comité." in page
    assert capture.get(at("section", captured, "trayectoria")).status_code == 404


def test_nothing_is_sent_that_its_sender_did_not_review(
    capture: Client, captured: Any, change: Any
) -> None:
    page = page_of(capture, at("review", captured))
    hidden = dict(re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]*)"', page))
    reviewed = {
        "confirmo": "si",
        "version": hidden["version"],
        "cuestionario": hidden["cuestionario"],
    }
    change(says("pagina_web", label="Sitio de la campaña"))

    refused = capture.post(at("review", captured), reviewed)
    assert refused.status_code == 409
    assert "mientras lo revisabas" in refused.content.decode()
    assert not Submission.objects.exists()
    assert send(capture, captured).number == 1


def test_an_answer_for_the_institute_alone_is_never_published_by_a_change(
    admin: Client, draft: DefinitionDraft
) -> None:
    from tests.questionnaires.versions.conftest import opened

    saved = admin.post(
        reverse("version_drafts:question", args=[draft.pk, "correo_aclaraciones"]),
        opened(draft, "correo_aclaraciones") | {"use": "contacto"},
        follow=True,
    )
    assert "es otra pregunta" in saved.content.decode()
    keys = [q["key"] for section in now(draft).content["sections"] for q in section["questions"]]
    assert "correo_aclaraciones" not in keys
    assert "correo_aclaraciones_2" in keys
