"""A question is removed, renamed, moved, made obligatory, given other limits or options.

Each case is put in force while a draft, a submission under review, a published questionnaire and
one that came from a file exist: old answers stay readable under their version, drafts keep what
still fits, and candidates are asked again only what changed.
"""

from collections.abc import Callable
from typing import Any

import pytest

from cms.candidacies.models import CandidacyPage
from cms.moderation.services import approve_submission, start_review
from cms.published.models import PublishedCandidacy
from cms.questionnaires import selectors, services
from cms.questionnaires.answers import normalise, problems
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.models import DefinitionChange, DefinitionDraft, Submission
from cms.questionnaires.versions import selectors as drafts
from cms.questionnaires.versions.services import begin_draft, write_question
from tests.questionnaires.conftest import a_picture
from tests.questionnaires.versions.cases import CASES, Case, Content, says
from tests.questionnaires.versions.conftest import now, put_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture(params=CASES, ids=lambda name: name.replace(" ", "-"))
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


@pytest.fixture
def change(process: Any, administrator: Any, case: Case) -> Callable[[], DefinitionChange]:
    """Puts the change in force."""

    def change() -> DefinitionChange:
        draft = begin_draft(process=process, kind=CURRICULAR, user=administrator)
        DefinitionDraft.objects.filter(pk=draft.pk).update(content=case.change(draft.content))
        made: DefinitionChange = put_in_force(now(draft), administrator)
        assert case.words in " ".join(made.words)
        return made

    return change


def asked_of(candidacy: Any) -> tuple[set[str], Content]:
    """What the form asks for before sending, and what it begins with."""
    candidacy = CandidacyPage.objects.get(pk=candidacy.pk)
    in_use = selectors.definition_for(process=candidacy.process, kind=CURRICULAR)
    dossier = selectors.dossier_of(candidacy=candidacy, kind=CURRICULAR)
    answers = normalise(in_use.definition, selectors.in_hand(dossier, in_use=in_use).answers)
    return {
        found.question for found in problems(in_use.definition, answers, rule=in_use.rule)
    }, answers


def sends(candidacy: Any, party: Any, changes: Content) -> Submission:
    if changes:
        services.save_draft(
            candidacy=candidacy, kind=CURRICULAR, changes=changes, version=None, user=party
        )
    return services.submit_questionnaire(
        candidacy=candidacy, kind=CURRICULAR, user=party, version=None
    )


def test_a_draft_keeps_what_fits_and_lacks_only_what_changed(
    captured: Any, party: Any, case: Case, change: Any
) -> None:
    _asked, before = asked_of(captured)
    made = change()
    asked, answers = asked_of(captured)

    assert asked == case.asked
    assert answers == {key: value for key, value in before.items() if key not in case.lost}
    submission = sends(captured, party, case.answers)
    assert submission.definition == made.after
    assert not case.lost & set(selectors.submission_answers(submission))


def test_a_submission_is_reviewed_and_published_under_its_own_version(
    captured: Any, party: Any, validator: Any, case: Case, change: Any
) -> None:
    submission = sends(captured, party, {})
    start_review(submission=submission, by=party)
    before = selectors.submission_answers(submission)
    made = change()
    submission.refresh_from_db()

    assert submission.definition == made.before
    assert selectors.submission_answers(submission) == before
    approve_submission(submission_id=submission.pk, seal=submission.seal, validator=validator)
    row = PublishedCandidacy.objects.get(pk=captured.pk)
    read = {answer["pregunta"] for answer in row.answers}
    assert {"propuesta_1", "propuesta_2", "motivo_cargo"} <= read
    assert asked_of(captured)[0] == case.asked


def test_what_is_published_stays_and_the_next_submission_asks_only_what_changed(
    captured: Any, party: Any, validator: Any, case: Case, change: Any
) -> None:
    first = sends(captured, party, {})
    start_review(submission=first, by=party)
    approve_submission(submission_id=first.pk, seal=first.seal, validator=validator)
    before = PublishedCandidacy.objects.values("answers", "contacts", "version").get(pk=captured.pk)
    made = change()

    after = PublishedCandidacy.objects.values("answers", "contacts", "version").get(pk=captured.pk)
    assert after == before
    assert asked_of(captured)[0] == case.asked
    second = sends(captured, party, case.answers)
    assert (second.number, second.definition) == (2, made.after)
    assert selectors.submission_answers(first)["propuesta_2"]


def test_answers_of_a_file_stay_published_and_are_not_asked_again(
    candidacy: Any, party: Any, publish: Any, case: Case, change: Any
) -> None:
    publish(candidacy)
    before = PublishedCandidacy.objects.values("answers", "version").get(pk=candidacy.pk)
    asked_before, _answers = asked_of(candidacy)
    change()

    assert PublishedCandidacy.objects.values("answers", "version").get(pk=candidacy.pk) == before
    # A file brings neither the photograph nor the e-mail of the institute.
    asked = (asked_before | case.asked) - case.lost - case.eased
    assert asked_of(candidacy)[0] == asked


def test_another_type_is_another_question(
    captured: Any, party: Any, process: Any, administrator: Any
) -> None:
    sent = sends(captured, party, {})
    draft = begin_draft(process=process, kind=CURRICULAR, user=administrator)
    key = write_question(
        draft_id=draft.pk,
        key="motivo_cargo",
        said={
            "label": "¿Por qué quiere ocupar un cargo público?",
            "kind": "lista",
            "max_items": 3,
            "max_length": 300,
            "required": True,
        },
        section="trayectoria",
        opened=drafts.question_mark(draft.content, "motivo_cargo"),
        user=administrator,
    )
    assert key == "quiere_ocupar_cargo_publico"
    made = put_in_force(draft, administrator)

    assert any("dejó de preguntarse" in words for words in made.words)
    assert any("Pregunta nueva en «Trayectoria y motivo»" in words for words in made.words)
    assert selectors.submission_answers(sent)["motivo_cargo"]
    assert asked_of(captured)[0] == {key}


def test_a_photograph_is_kept_across_versions(
    candidacy: Any, party: Any, complete_answers: Content, process: Any, administrator: Any
) -> None:
    services.save_draft(
        candidacy=candidacy, kind=CURRICULAR, changes=complete_answers, version=None, user=party
    )
    services.attach_photograph(candidacy=candidacy, kind=CURRICULAR, user=party, file=a_picture())
    draft = begin_draft(process=process, kind=CURRICULAR, user=administrator)
    DefinitionDraft.objects.filter(pk=draft.pk).update(
        content=says("fotografia", label="Retrato")(draft.content)
    )
    put_in_force(draft, administrator)

    assert asked_of(candidacy)[0] == set()
