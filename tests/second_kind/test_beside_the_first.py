"""Two kinds of questionnaire are captured, reviewed and published without affecting each other."""

import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.candidacies.models import CandidacyPage
from cms.moderation import sealed_views
from cms.moderation import selectors as desk
from cms.moderation.errors import NotYourReview
from cms.moderation.services import ObservationInput, approve_submission, return_submission
from cms.publication.rows import add_answers
from cms.publication.services import write_published
from cms.published.models import PublishedCandidacy
from cms.questionnaires import kinds, selectors
from cms.questionnaires.bulk_answers import AnswerWriter, BroughtAnswers
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.models import Draft, Submission
from cms.questionnaires.services import save_draft
from tests.moderation.samples import send
from tests.second_kind.models import KeptTestimony
from tests.second_kind.stored import stored, untouched

TOLD = "Perdimos la cosecha de nuez y la volvimos a levantar entre todas."
RETOLD = TOLD.replace("nuez", "nuez y de trigo")


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def version_in(page: Any) -> str:
    """The version of the draft in the form of a page of capture."""
    found = re.search(r'name="version"[^>]* value="(\d+)"', page.content.decode())
    assert found is not None
    return found[1]


def keys_of(candidacy: Any) -> list[str]:
    """The questions whose answers are public."""
    row = PublishedCandidacy.objects.get(candidacy_id=candidacy.pk)
    return [answer["pregunta"] for answer in row.answers]


@pytest.fixture
def tell(candidacy: Any, party: Any, testimony: Any) -> Any:
    """A function that captures a testimony in its own pages, and sends it."""
    browser, address = signed_in(party), f"/captura/{candidacy.pk}/testimonio/"

    def tell(text: str) -> Submission:
        step = browser.get(f"{address}relato/")
        answers = {"relato": text, "lugar": "ejido", "siguiente": "1"}
        saved = browser.post(f"{address}relato/", {**answers, "version": version_in(step)})
        assert saved["Location"] == f"{address}revisar/"
        review = browser.get(saved["Location"])
        sent = browser.post(saved["Location"], {"confirmo": "si", "version": version_in(review)})
        assert sent["Location"] == f"{address}acuse/"
        return Submission.objects.latest("pk")

    return tell


@pytest.fixture
def told(tell: Any) -> Any:
    return tell(TOLD)


def test_each_kind_has_its_own_draft(
    candidacy: Any, party: Any, testimony: Any, complete_answers: dict[str, Any]
) -> None:
    save_draft(
        candidacy=candidacy, kind=CURRICULAR, changes=complete_answers, version=None, user=party
    )
    with untouched(candidacy, CURRICULAR):
        save_draft(
            candidacy=candidacy, kind=testimony, changes={"relato": TOLD}, version=0, user=party
        )
    with untouched(candidacy, testimony):
        save_draft(
            candidacy=candidacy, kind=CURRICULAR, changes={"cursos": []}, version=None, user=party
        )

    browser = signed_in(party)
    assert TOLD in browser.get(f"/captura/{candidacy.pk}/testimonio/relato/").content.decode()
    assert browser.get(f"/captura/{candidacy.pk}/relato/").status_code == 404
    assert browser.get(f"/captura/{candidacy.pk}/testimonio/propuestas/").status_code == 404
    listed = browser.get("/captura/").content.decode()
    for path in ("", "testimonio/"):
        assert listed.count(f'href="/captura/{candidacy.pk}/{path}"') == 1
    first, second = Draft.objects.order_by("pk")
    assert selectors.draft_answers(first) == {**complete_answers, "cursos": []}
    assert selectors.draft_answers(second) == {"relato": TOLD}
    assert TOLD not in str(second.answers)
    assert (second.version, second.sections_done) == (1, 0)


def test_each_kind_has_its_own_submissions_and_reviewers(
    candidacy: Any,
    complete_answers: dict[str, Any],
    party: Any,
    tell: Any,
    testimony: Any,
    validator: Any,
    colleague: Any,
) -> None:
    with untouched(candidacy, testimony):
        curriculum = send(candidacy, complete_answers, party)
    with untouched(candidacy, CURRICULAR):
        told = tell(TOLD)

    assert (curriculum.number, told.number, told.previous_seal) == (1, 1, "")
    assert curriculum.revision.content_type.model_class() is CURRICULAR.page_model
    assert told.revision.content_type.model_class() is testimony.page_model
    assert list(desk.pending(validator)) == [curriculum]
    assert list(desk.pending(colleague)) == [curriculum, told]
    assert desk.next_pending(for_user=validator) == curriculum
    with pytest.raises(NotYourReview):
        approve_submission(submission_id=told.pk, seal=told.seal, validator=validator)
    record = reverse("moderation:review", args=[told.pk])
    assert signed_in(validator).get(record)["Location"] == reverse("wagtailadmin_home")
    assert TOLD in signed_in(colleague).get(record).content.decode()


def test_answers_that_their_storage_hides_are_in_no_revision(told: Any, candidacy: Any) -> None:
    kept = stored(candidacy, kinds.kind("testimonio"))
    kept.pop("public")

    assert TOLD not in str(kept)
    assert selectors.submission_answers(told) == {"relato": TOLD, "lugar": "ejido"}
    assert KeptTestimony.objects.get().seal == told.seal


def test_the_desk_filters_by_kind_for_reviewers_of_both(
    candidacy: Any,
    complete_answers: dict[str, Any],
    party: Any,
    told: Any,
    validator: Any,
    colleague: Any,
) -> None:
    curriculum = send(candidacy, complete_answers, party)
    queue = reverse("moderation:queue")
    records = {
        kind: reverse("moderation:review", args=[submission.pk])
        for kind, submission in (("curricular", curriculum), ("testimonio", told))
    }

    def shown(user: Any, **filters: str) -> list[str]:
        page = signed_in(user).get(queue, filters).content.decode()
        return [kind for kind, address in records.items() if address in page]

    assert shown(colleague) == ["curricular", "testimonio"]
    assert shown(colleague, kind="testimonio") == ["testimonio"]
    assert shown(colleague, kind="curricular") == ["curricular"]
    assert shown(validator) == ["curricular"]
    assert 'name="kind"' in signed_in(colleague).get(queue).content.decode()
    assert 'name="kind"' not in signed_in(validator).get(queue).content.decode()
    following = signed_in(colleague).get(reverse("moderation:next"), {"kind": "testimonio"})
    assert following["Location"] == f"{records['testimonio']}?kind=testimonio"


def test_a_testimony_is_observed_corrected_and_published_beside_a_curriculum(
    candidacy: Any,
    complete_answers: dict[str, Any],
    party: Any,
    tell: Any,
    told: Any,
    testimony: Any,
    validator: Any,
    colleague: Any,
) -> None:
    curriculum = send(candidacy, complete_answers, party)
    observed = ObservationInput("relato", "incompleto", "Di también qué pasó con el trigo.")

    with untouched(candidacy, CURRICULAR):
        return_submission(
            submission_id=told.pk, seal=told.seal, validator=colleague, observations=[observed]
        )
    told.questionnaire.refresh_from_db()
    assert told.questionnaire.state == "observado"
    [to_correct] = desk.observations_for(questionnaire=told.questionnaire)
    assert (to_correct.question, to_correct.text) == ("relato", observed.text)

    with untouched(candidacy, testimony):
        approve_submission(submission_id=curriculum.pk, seal=curriculum.seal, validator=validator)
    curricular = stored(candidacy, CURRICULAR)["public"]
    assert keys_of(candidacy) == [answer["pregunta"] for answer in curricular]
    assert len(curricular) == 9

    with untouched(candidacy, CURRICULAR):
        retold = tell(RETOLD)
    assert (retold.number, retold.previous_seal) == (2, told.seal)
    assert list(desk.pending(colleague)) == [retold]

    with untouched(candidacy, CURRICULAR):
        approve_submission(submission_id=retold.pk, seal=retold.seal, validator=colleague)
    row = PublishedCandidacy.objects.get(candidacy_id=candidacy.pk)
    questions = [answer["pregunta"] for answer in curricular]
    assert keys_of(candidacy) == [*questions, "relato", "lugar"]
    assert [answer["respuesta"] for answer in row.answers[-2:]] == [RETOLD, "En un ejido"]
    assert row.photo == str(curriculum.questionnaire.photographs.get().pk)


def test_a_later_curriculum_leaves_the_testimony_published(
    candidacy: Any,
    complete_answers: dict[str, Any],
    party: Any,
    told: Any,
    testimony: Any,
    validator: Any,
    colleague: Any,
) -> None:
    approve_submission(submission_id=told.pk, seal=told.seal, validator=colleague)
    assert keys_of(candidacy) == ["relato", "lugar"]

    with untouched(candidacy, testimony):
        curriculum = send(candidacy, complete_answers, party)
        approve_submission(submission_id=curriculum.pk, seal=curriculum.seal, validator=validator)

    curricular = stored(candidacy, CURRICULAR)["public"]
    assert keys_of(candidacy) == [*(answer["pregunta"] for answer in curricular), "relato", "lugar"]
    assert len(curricular) == 9
    assert list(desk.pending(colleague)) == []


def test_answers_written_in_bulk_go_to_the_storage_of_their_kind(
    candidacy: Any, testimony: Any, publish: Any, process: Any
) -> None:
    version = selectors.definition_for(process=process, kind=testimony).stored
    writer = AnswerWriter(version=version, at=timezone.now(), publish=True)
    brought = BroughtAnswers(candidacy.pk, {"relato": TOLD, "lugar": "ejido"})
    publish(candidacy)

    with untouched(candidacy, CURRICULAR):
        assert writer.take([brought], known=[candidacy.pk]).changed == {candidacy.pk}
        write_published(candidacy_ids=[candidacy.pk])

    page = testimony.page_model.objects.child_of(candidacy).get()
    assert selectors.page_answers(page, kind=testimony) == brought.answers
    assert TOLD not in str(page.latest_revision.content)
    curricular = stored(candidacy, CURRICULAR)["public"]
    assert keys_of(candidacy) == [*(answer["pregunta"] for answer in curricular), "relato", "lugar"]
    assert len(curricular) == 9
    assert writer.take([brought], known=[candidacy.pk]).changed == set()


def test_a_kind_does_not_replace_what_another_kind_published(process: Any) -> None:
    definition = selectors.definition_for(process=process, kind=CURRICULAR).definition
    row = PublishedCandidacy(name="Graciela Cenizo Tepozán")
    add_answers(row, {"fotografia": "primera", "grado_estudios": "licenciatura"}, definition)
    add_answers(row, {"fotografia": "segunda", "grado_estudios": "doctorado"}, definition)

    assert row.photo == "primera"
    assert row.facet_values == {"grado": "licenciatura"}
    assert row.facet_labels == {"grado": "Licenciatura"}


def test_the_editor_refuses_pages_and_tasks_of_any_kind(told: Any, testimony: Any) -> None:
    assert testimony.page_model in {viewset.model for viewset in sealed_views.viewsets()}
    assert set(CandidacyPage.allowed_subpage_models()) == {
        CURRICULAR.page_model,
        testimony.page_model,
    }
    task = testimony.task_model.objects.get()
    assert task.name == "Revisión de testimonios"
    task.name, step = "Otro nombre", task.workflow_tasks.get()
    for refused in (task.save, task.task_ptr.save, task.delete, step.save, step.workflow.save):
        with pytest.raises(PermissionDenied), transaction.atomic():
            refused()
    with pytest.raises(PermissionDenied):
        testimony.page_model.objects.get().save()
