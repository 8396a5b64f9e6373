"""A submission has a seal and a revision, is stored whole or not at all, and never changes."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from wagtail.models import Revision

from cms.candidacies.models import Person
from cms.published.models import PublishedCandidacy
from cms.questionnaires import selectors, services, states
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.models import (
    CurricularQuestionnairePage,
    Draft,
    Photograph,
    Questionnaire,
    QuestionnaireState,
    Submission,
)
from cms.questionnaires.seal import canonical_bytes, seal_of
from cms.questionnaires.selectors import BrokenSeal
from cms.questionnaires.services import DraftMoved, IncompleteAnswers, NotOpenForCapture
from tests.questionnaires.traces import tables_with

pytestmark = pytest.mark.django_db


def send(candidacy: Any, user: Any, version: int | None = None) -> Submission:
    return services.submit_questionnaire(
        candidacy=candidacy, kind=CURRICULAR, user=user, version=version
    )


def observe(submission: Submission) -> None:
    states.move_to(questionnaire=submission.questionnaire, state=QuestionnaireState.OBSERVED)


def test_an_incomplete_questionnaire_is_not_sent(candidacy: Any, party: Any) -> None:
    services.save_draft(
        candidacy=candidacy,
        kind=CURRICULAR,
        changes={"propuesta_1": "Breve"},
        version=None,
        user=party,
    )
    with pytest.raises(IncompleteAnswers) as refusal:
        send(candidacy, party)

    found = {problem.question: problem.code for problem in refusal.value.problems}
    assert found["propuesta_1"] == "too_short"
    assert found["fotografia"] == "missing"
    assert len(found) == 9
    assert not Submission.objects.exists()
    assert not CurricularQuestionnairePage.objects.exists()
    assert Draft.objects.get().answers == {"propuesta_1": "Breve"}
    assert Questionnaire.objects.get().state == QuestionnaireState.CAPTURE


def test_sending_makes_one_submission_one_page_and_one_revision(
    submission: Any, captured: Any, party: Any
) -> None:
    page = CurricularQuestionnairePage.objects.get()
    dossier = Questionnaire.objects.get()

    assert (submission.number, submission.previous_seal) == (1, "")
    assert dossier.state == QuestionnaireState.SUBMITTED
    assert dossier.page_id == page.pk
    assert page.get_parent().specific == captured
    assert not page.live
    assert list(page.revisions.all()) == [submission.revision]
    assert submission.revision.content["seal"] == submission.seal
    assert submission.revision.user == party
    assert not Draft.objects.exists()


def test_the_seal_is_the_hash_of_canonical_bytes(submission: Any, captured: Any) -> None:
    stored = bytes(submission.sealed_bytes)
    content = json.loads(stored)

    assert submission.seal == hashlib.sha256(b"\n" + stored).hexdigest()
    assert stored == json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode("utf-8")
    assert content["candidatura"] == captured.pk
    assert content["version"] == "curricular-2024"
    assert content["respuestas"] == selectors.submission_answers(submission)


def test_composed_and_decomposed_letters_have_the_same_seal() -> None:
    def sealed(text: str) -> bytes:
        return canonical_bytes(
            candidacy_id=7,
            kind="curricular",
            definition="curricular-2024",
            number=1,
            answers={"propuesta_1": text, "cursos": [text]},
            files={},
        )

    assert sealed("educación") == sealed("educacio\u0301n")
    assert seal_of(sealed("a"), "") != seal_of(sealed("b"), "")
    assert seal_of(sealed("a"), "") != seal_of(sealed("a"), "0" * 64)


def test_the_seal_covers_the_photograph(submission: Any) -> None:
    photograph = Photograph.objects.get()
    files = json.loads(bytes(submission.sealed_bytes))["archivos"]

    assert files == {str(photograph.pk): photograph.sha256}


def test_a_submission_says_who_sent_it_and_which_notice_was_accepted(
    submission: Any, party: Any
) -> None:
    from cms.privacy.selectors import notice_hash, notice_in_force

    notice = notice_in_force()
    assert notice is not None
    assert submission.notice_hash == notice_hash(notice)
    assert submission.actor_snapshot == {
        "user_id": party.pk,
        "username": "enlace.pd",
        "name": party.get_full_name(),
        "role": "enlace",
    }


def test_the_snapshot_of_the_account_stays_when_the_account_is_deleted(
    submission: Any, party: Any
) -> None:
    Revision.objects.filter(user=party).update(user=None)
    party.delete()

    kept = Submission.objects.get()
    assert kept.captured_by is None
    assert kept.actor_snapshot["username"] == "enlace.pd"


def test_each_submission_is_chained_to_the_previous_seal(
    submission: Any, captured: Any, party: Any
) -> None:
    observe(submission)
    services.save_draft(
        candidacy=captured, kind=CURRICULAR, changes={"cursos": []}, version=None, user=party
    )
    second = send(captured, party)

    assert (second.number, second.previous_seal) == (2, submission.seal)
    assert second.seal == seal_of(second.sealed_bytes, submission.seal)
    assert "cursos" not in selectors.submission_answers(second)
    assert "cursos" in selectors.submission_answers(submission)
    assert CurricularQuestionnairePage.objects.get().revisions.count() == 2


def test_answers_that_were_not_corrected_can_be_sent_again_unchanged(
    submission: Any, captured: Any, party: Any
) -> None:
    observe(submission)
    second = send(captured, party, version=0)

    assert selectors.submission_answers(second) == selectors.submission_answers(submission)
    assert second.seal != submission.seal


def test_nothing_is_sent_twice_while_it_is_under_review(
    submission: Any, captured: Any, party: Any
) -> None:
    with pytest.raises(NotOpenForCapture):
        send(captured, party)
    assert Submission.objects.count() == 1


def test_a_draft_that_changed_after_the_sender_saw_it_is_not_sent(
    captured: Any, party: Any
) -> None:
    version_seen = Draft.objects.get().version
    services.save_draft(
        candidacy=captured,
        kind=CURRICULAR,
        changes={"cursos": []},
        version=version_seen,
        user=party,
    )

    with pytest.raises(DraftMoved):
        send(captured, party, version=version_seen)
    assert not Submission.objects.exists()


def test_a_window_opened_before_the_last_submission_sends_nothing(
    captured: Any, party: Any
) -> None:
    version_seen = Draft.objects.get().version
    observe(send(captured, party, version=version_seen))

    with pytest.raises(DraftMoved):
        send(captured, party, version=version_seen)
    assert Submission.objects.count() == 1


def test_the_liaison_of_another_party_cannot_send(captured: Any, other_liaison: Any) -> None:
    with pytest.raises(PermissionDenied):
        send(captured, other_liaison)
    assert not Submission.objects.exists()


def test_the_clarification_email_is_stored_with_the_person_and_nowhere_else(
    submission: Any, captured: Any, complete_answers: dict[str, Any]
) -> None:
    email = complete_answers["correo_aclaraciones"]

    assert Person.objects.get(pk=captured.person_id).clarification_email == email
    assert tables_with(email) == {"candidacies_person"}


def test_a_sent_answer_is_not_public_before_approval(
    captured: Any, party: Any, complete_answers: dict[str, Any]
) -> None:
    text = complete_answers["propuesta_1"].replace("Agua", "Zopilotera")
    services.save_draft(
        candidacy=captured, kind=CURRICULAR, changes={"propuesta_1": text}, version=None, user=party
    )
    send(captured, party)

    assert tables_with("Zopilotera") == {"questionnaires_submission", "wagtailcore_revision"}
    row = PublishedCandidacy.objects.get(candidacy_id=captured.pk)
    assert (row.answers, row.photo, row.contacts) == ([], "", [])


def test_the_live_page_keeps_the_published_answers_while_a_newer_submission_is_under_review(
    submission: Any, captured: Any, party: Any
) -> None:
    from cms.publication.services import publish_submission

    publish_submission(submission=submission, by=None)
    services.save_draft(
        candidacy=captured, kind=CURRICULAR, changes={"cursos": []}, version=None, user=party
    )
    send(captured, party)

    page = CurricularQuestionnairePage.objects.get()
    assert page.live
    assert page.answers["cursos"]
    assert page.seal == submission.seal


@pytest.mark.parametrize(
    "change",
    [
        "sealed_bytes = '\\x7b7d'",
        "seal = repeat('0', 64)",
        "notice_hash = repeat('0', 64)",
        "actor_snapshot = '{}'",
        "submitted_at = now() - interval '1 day'",
        "number = 9",
        "revision_id = null",
        "id = id + 1000",
    ],
)
def test_the_database_refuses_to_alter_a_submission(submission: Any, change: str) -> None:
    statement = f"update questionnaires_submission set {change}"
    with pytest.raises(DatabaseError, match="never altered"), transaction.atomic():
        connection.cursor().execute(statement)


def test_the_database_refuses_another_author(submission: Any, other_liaison: Any) -> None:
    with pytest.raises(DatabaseError, match="never altered"), transaction.atomic():
        Submission.objects.update(captured_by=other_liaison)


def test_the_database_refuses_to_delete_a_submission(submission: Any) -> None:
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        connection.cursor().execute("delete from questionnaires_submission")
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        Submission.objects.all().delete()


def test_the_model_refuses_to_alter_or_delete_a_submission(submission: Any) -> None:
    with pytest.raises(TypeError, match="no se modifica"):
        submission.save()
    with pytest.raises(TypeError, match="no se elimina"):
        submission.delete()


def test_a_change_of_the_sealed_bytes_is_detected(submission: Any) -> None:
    submission.sealed_bytes = bytes(submission.sealed_bytes).replace(b"Agua", b"Vino")

    with pytest.raises(BrokenSeal):
        selectors.submission_answers(submission)


def test_the_page_can_only_be_written_by_a_service(submission: Any) -> None:
    page = CurricularQuestionnairePage.objects.get()
    with pytest.raises(PermissionDenied):
        page.save_revision()
    with pytest.raises(PermissionDenied):
        page.delete()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("sin_captura", "enviado"),
        ("sin_captura", "observado"),
        ("en_captura", "publicado"),
        ("en_captura", "importado"),
        ("enviado", "en_captura"),
        ("enviado", "importado"),
        ("observado", "publicado"),
        ("observado", "en_captura"),
        ("validado", "observado"),
        ("publicado", "observado"),
    ],
)
def test_a_questionnaire_cannot_skip_states(
    make_candidacy: Callable[..., Any], before: str, after: str
) -> None:
    from django.utils import timezone

    dossier = Questionnaire.objects.create(
        candidacy=make_candidacy(), kind="curricular", state=before, state_since=timezone.now()
    )
    with pytest.raises(states.ImpossibleTransition, match="no puede pasar a"):
        states.move_to(questionnaire=dossier, state=after)
    dossier.refresh_from_db()
    assert dossier.state == before


def test_progress_is_counted_section_by_section(
    candidacy: Any, complete_answers: dict[str, Any]
) -> None:
    in_use = selectors.definition_for(process=candidacy.process, kind=CURRICULAR)
    answers = {**complete_answers, "propuesta_1": "Breve"}
    progress = selectors.progress(in_use=in_use, answers=answers, state="en_captura")

    assert (progress.done, progress.total) == (3, 5)
    complete = [section.is_complete for section in progress.sections]
    assert complete == [False, True, True, True, False]
    assert [problem.code for problem in progress.sections[4].problems] == ["too_short"]


def test_a_process_may_count_blanks(candidacy: Any, captured: Any, party: Any) -> None:
    from cms.questionnaires.models import ProcessQuestionnaire

    text = " ".join(["palabra"] * 36)  # 252 characters, 287 with blanks
    services.save_draft(
        candidacy=captured,
        kind=CURRICULAR,
        changes={"motivo_cargo": text},
        version=None,
        user=party,
    )
    with pytest.raises(IncompleteAnswers):
        send(captured, party)

    ProcessQuestionnaire.objects.update(counting_rule="con_espacios")
    assert send(captured, party).number == 1
