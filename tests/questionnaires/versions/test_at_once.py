"""A version is put in force while somebody sends, saves, approves, or puts one in force too.

Each works in a thread with a connection of its own to a real database. First in a fixed order, one
of the two holding its transaction open while the other works; then all at the same instant.
"""

from collections.abc import Callable
from typing import Any

import pytest

from cms.accounts.models import User
from cms.accounts.services import create_liaison, create_staff
from cms.candidacies.models import CandidacyPage
from cms.candidacies.services import register_candidacy
from cms.capture.services import send_questionnaire
from cms.catalogs.models import Office, Process, Territory
from cms.moderation.services import approve_submission
from cms.publication.services import write_published
from cms.published.models import PublishedCandidacy, PublishedQuestionnaire
from cms.questionnaires.answers import problems
from cms.questionnaires.dossiers import DraftMoved, IncompleteAnswers
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.models import (
    DefinitionChange,
    DefinitionDraft,
    Draft,
    ProcessQuestionnaire,
    QuestionnaireDefinition,
    Submission,
)
from cms.questionnaires.selectors import parsed, submission_answers
from cms.questionnaires.services import attach_photograph, save_draft
from cms.questionnaires.versions import services
from tests.faults.scene import ANSWERS, process_and_actor
from tests.moderation.samples import a_portrait, accept_notice_in_force
from tests.questionnaires.versions.cases import adds, says
from tests.questionnaires.versions.conftest import now, put_in_force
from tests.two_connections import at_once, while_open

pytestmark = pytest.mark.usefixtures("committed")
ROUNDS = 4


@pytest.fixture
def scene(committed: None) -> Process:
    """A process, its party, a validator and two administrators."""
    process, actor = process_and_actor()
    party = create_liaison(username="enlace.pd", actors=[actor])
    accept_notice_in_force(party)
    create_staff(username="revision.uno", role="revision_curricular")
    for name in ("innova.uno", "innova.dos"):
        create_staff(username=name, role="administracion")
    return process


def account(name: str) -> User:
    return User.objects.get(username=name)


def complete(process: Process, number: int = 1) -> CandidacyPage:
    """A candidacy whose draft can be sent."""
    candidacy = register_candidacy(
        process=process,
        territory=Territory.objects.get(cvegeo="05033"),
        office=Office.objects.get(code="regiduria"),
        actor=process.actors.get(),
        name=f"Persona Ficticia {number}",
        seat_kind="propietaria",
        list_number=number,
    )
    write_published(candidacy_ids=[candidacy.pk])
    who = account("enlace.pd")
    save_draft(candidacy=candidacy, kind=CURRICULAR, changes=ANSWERS, version=None, user=who)
    attach_photograph(candidacy=candidacy, kind=CURRICULAR, user=who, file=a_portrait())
    return candidacy


def prepared(process: Process, edit: Any) -> DefinitionDraft:
    """A draft of a version that changes something."""
    draft = services.begin_draft(process=process, kind=CURRICULAR, user=account("innova.uno"))
    DefinitionDraft.objects.filter(pk=draft.pk).update(content=edit(draft.content))
    return now(draft)


def sends(candidacy: CandidacyPage) -> Submission:
    return send_questionnaire(
        candidacy=CandidacyPage.objects.get(pk=candidacy.pk),
        kind=CURRICULAR,
        user=account("enlace.pd"),
        version=None,
    )


def saves(candidacy: CandidacyPage, text: str) -> Draft:
    return save_draft(
        candidacy=CandidacyPage.objects.get(pk=candidacy.pk),
        kind=CURRICULAR,
        changes={"propuesta_1": text},
        version=None,
        user=account("enlace.pd"),
    )


def approves(submission: Submission) -> Any:
    return approve_submission(
        submission_id=submission.pk, seal=submission.seal, validator=account("revision.uno")
    )


def is_whole(submission: Submission) -> bool:
    """Whether it was sealed under one version, and complete under it."""
    stored = Submission.objects.select_related("definition", "revision").get(pk=submission.pk)
    page = stored.revision.as_object()
    return page.definition_id == stored.definition_id and not problems(
        parsed(stored.definition), {**submission_answers(stored), "correo_aclaraciones": "a@b.mx"}
    )


def the_one_in_force(process: Process) -> QuestionnaireDefinition:
    return ProcessQuestionnaire.objects.get(process=process, kind="curricular").definition


def test_who_sends_before_a_version_is_in_force_sends_under_the_earlier_one(scene: Process) -> None:
    candidacy, draft = complete(scene), prepared(scene, adds(required=True))
    earlier = the_one_in_force(scene)

    change, submission, waited = while_open(
        lambda: put_in_force(draft, account("innova.uno")), lambda: sends(candidacy)
    )

    assert not waited
    assert isinstance(change, DefinitionChange)
    assert submission.definition == earlier
    assert is_whole(submission)
    assert the_one_in_force(scene) == change.after


def test_a_version_is_put_in_force_while_a_sending_is_under_way(scene: Process) -> None:
    candidacy, draft = complete(scene), prepared(scene, adds(required=True))

    submission, change, waited = while_open(
        lambda: sends(candidacy), lambda: put_in_force(draft, account("innova.uno"))
    )

    assert not waited
    assert isinstance(change, DefinitionChange)
    assert submission.definition == change.before
    assert is_whole(submission)


def test_nothing_that_is_saved_meanwhile_is_lost(scene: Process) -> None:
    candidacy = complete(scene)
    draft = prepared(scene, says("propuesta_1", label="¿Qué propone?"))

    change, saved, waited = while_open(
        lambda: put_in_force(draft, account("innova.uno")), lambda: saves(candidacy, "Un pozo.")
    )

    assert not waited
    assert isinstance(change, DefinitionChange)
    assert saved.answers["propuesta_1"] == "Un pozo."
    assert Draft.objects.get(questionnaire__candidacy=candidacy).answers == saved.answers


def test_an_approval_meanwhile_publishes_what_was_reviewed(scene: Process) -> None:
    """The questions of a process are published by both, one after the other."""
    candidacy = complete(scene)
    submission = sends(candidacy)
    draft = prepared(scene, adds(required=True))

    change, row, _waited = while_open(
        lambda: put_in_force(draft, account("innova.uno")), lambda: approves(submission)
    )

    assert isinstance(change, DefinitionChange)
    assert isinstance(row, PublishedCandidacy)
    published = PublishedQuestionnaire.objects.filter(process=scene)
    assert dict(published.values_list("version", "is_current")) == {
        change.before.version: False,
        change.after.version: True,
    }
    row = PublishedCandidacy.objects.get(pk=candidacy.pk)
    assert "cuidado_agua" not in {
        question["pregunta"] for question in [*row.answers, *row.unanswered["curricular"]]
    }


def test_a_version_is_put_in_force_while_an_approval_is_under_way(scene: Process) -> None:
    candidacy = complete(scene)
    submission = sends(candidacy)
    draft = prepared(scene, adds(required=True))

    row, change, _waited = while_open(
        lambda: approves(submission), lambda: put_in_force(draft, account("innova.uno"))
    )

    assert isinstance(row, PublishedCandidacy)
    assert isinstance(change, DefinitionChange)
    current = PublishedQuestionnaire.objects.get(process=scene, is_current=True)
    assert current.version == change.after.version


def test_of_two_who_put_the_same_draft_in_force_one_does_it(scene: Process) -> None:
    draft = prepared(scene, adds(required=True))
    before = QuestionnaireDefinition.objects.filter(kind="curricular").count()

    change, refused, waited = while_open(
        lambda: put_in_force(draft, account("innova.uno")),
        lambda: services.put_in_force(
            draft_id=draft.pk,
            edition=draft.edition,
            in_force=draft.begun_from_id,
            user=account("innova.dos"),
        ),
    )

    assert waited
    assert isinstance(change, DefinitionChange)
    assert isinstance(refused, services.DraftGone)
    assert DefinitionChange.objects.count() == 1
    assert QuestionnaireDefinition.objects.filter(kind="curricular").count() == before + 1


def test_of_a_draft_and_a_choice_in_the_list_the_second_is_told_of_the_first(
    scene: Process,
) -> None:
    draft = prepared(scene, adds(required=True))
    other = QuestionnaireDefinition.objects.get(version="iecm-2024")

    def chooses() -> Any:
        return services.choose_version(
            process=scene,
            kind=CURRICULAR,
            version=other,
            counting_rule="",
            user=account("innova.dos"),
        )

    change, refused, waited = while_open(
        chooses,
        lambda: services.put_in_force(
            draft_id=draft.pk,
            edition=draft.edition,
            in_force=draft.begun_from_id,
            user=account("innova.uno"),
        ),
    )

    assert waited
    assert isinstance(refused, services.DraftMovedOn)
    assert the_one_in_force(scene) == change.after == other
    assert DefinitionDraft.objects.filter(pk=draft.pk).exists()


def test_a_question_that_is_edited_while_its_draft_is_put_in_force_is_not_half_in_it(
    scene: Process,
) -> None:
    draft = prepared(scene, adds(required=True))

    change, refused, waited = while_open(
        lambda: put_in_force(draft, account("innova.uno")),
        lambda: services.remove_part(
            draft_id=draft.pk,
            what="pregunta",
            key="cuidado_agua",
            edition=draft.edition,
            user=account("innova.dos"),
        ),
    )

    assert waited
    assert isinstance(refused, services.DraftGone)
    assert "cuidado_agua" in {question.key for question in parsed(change.after).questions()}


@pytest.mark.parametrize("number", range(ROUNDS))
def test_all_at_the_same_instant_leave_everything_whole(scene: Process, number: int) -> None:
    sending, saving, approving = (complete(scene, place) for place in (1, 2, 3))
    under_review = sends(approving)
    draft = prepared(scene, adds(required=True))
    earlier = the_one_in_force(scene)

    def puts(name: str) -> Callable[[], Any]:
        return lambda: services.put_in_force(
            draft_id=draft.pk,
            edition=draft.edition,
            in_force=draft.begun_from_id,
            user=account(name),
        )

    sent, saved, approved, *put = at_once(
        lambda: sends(sending),
        lambda: saves(saving, "Un pozo en cada ejido."),
        lambda: approves(under_review),
        puts("innova.uno"),
        puts("innova.dos"),
    )

    assert sorted(type(one).__name__ for one in put) == ["DefinitionChange", "DraftGone"]
    if isinstance(sent, Submission):
        assert sent.definition == earlier
        assert is_whole(sent)
    else:
        # The new version was in force before it was asked: it lacks the new answer.
        assert isinstance(sent, IncompleteAnswers | DraftMoved)
        assert Draft.objects.filter(questionnaire__candidacy=sending).exists()
    assert isinstance(saved, Draft)
    stored = Draft.objects.get(questionnaire__candidacy=saving)
    assert stored.answers["propuesta_1"] == "Un pozo en cada ejido."
    assert isinstance(approved, PublishedCandidacy), approved
    assert PublishedCandidacy.objects.get(pk=approving.pk).published_at is not None
    current = PublishedQuestionnaire.objects.get(process=scene, is_current=True)
    assert current.version == the_one_in_force(scene).version != earlier.version
