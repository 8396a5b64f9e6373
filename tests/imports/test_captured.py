"""A file does not touch answers that were captured here, and the report says so."""

from typing import Any

import pytest
from django.utils import timezone

from cms.candidacies.models import CandidacyPage
from cms.questionnaires.models import (
    CurricularQuestionnairePage,
    Draft,
    Questionnaire,
    QuestionnaireDefinition,
    Submission,
)
from tests.imports.conftest import INE_2022

pytestmark = pytest.mark.django_db


@pytest.fixture
def registered(bring_in, file_of) -> CandidacyPage:
    """A candidacy that came without answers."""
    from cms.imports.profiles import load_profile

    empty = dict.fromkeys(load_profile("ine-2022").answers.keys() & INE_2022.keys(), "")
    bring_in(file_of(INE_2022, empty))
    return CandidacyPage.objects.get()


def begin(candidacy: CandidacyPage, state: str = "en_captura") -> Questionnaire:
    """The dossier of a questionnaire whose capture began."""
    return Questionnaire.objects.create(
        candidacy=candidacy, kind="curricular", state=state, state_since=timezone.now()
    )


def submit(questionnaire: Questionnaire) -> Any:
    """A submission with the columns at which an import looks."""
    return Submission.objects.create(
        questionnaire=questionnaire,
        number=1,
        sealed_bytes=b"{}",
        seal="0" * 64,
        definition=QuestionnaireDefinition.objects.get(version="curricular-2024"),
        notice_hash="0" * 64,
        actor_snapshot={},
        submitted_at=timezone.now(),
    )


@pytest.mark.parametrize("publish", [True, False])
def test_a_draft_is_left_alone(bring_in, file_of, registered, database_print, publish) -> None:
    Draft.objects.create(questionnaire=begin(registered), answers={"propuesta_1": "Mía."})
    before = database_print()

    report = bring_in(file_of(INE_2022), publish=publish)

    (note,) = report.left_alone
    assert (note.candidacy, note.row) == (registered.pk, 2)
    assert "se captura aquí" in note.reason
    assert (report.created, report.updated, report.unchanged) == (0, 0, 1)
    assert not CurricularQuestionnairePage.objects.exists()
    assert database_print() == before


@pytest.mark.parametrize("state", ["enviado", "observado", "validado", "publicado"])
def test_a_sending_is_left_alone_in_any_state(
    bring_in, file_of, registered, database_print, state
) -> None:
    submit(begin(registered, state))
    before = database_print()

    report = bring_in(file_of(INE_2022))

    assert len(report.left_alone) == 1
    assert database_print() == before


def test_the_register_of_a_captured_candidacy_is_still_updated(
    bring_in, file_of, registered
) -> None:
    submit(begin(registered, "enviado"))

    report = bring_in(file_of(INE_2022, {"EDAD": "60"}))

    assert (report.updated, len(report.left_alone)) == (1, 1)
    assert CandidacyPage.objects.get().age == 60


def test_a_file_without_capture_takes_the_answers(bring_in, file_of, registered) -> None:
    questionnaire = begin(registered, "sin_captura")

    report = bring_in(file_of(INE_2022))

    questionnaire.refresh_from_db()
    assert (report.updated, report.left_alone) == (1, [])
    assert (questionnaire.state, questionnaire.page.live) == ("publicado", True)


def test_during_silence_no_file_publishes_new_text(bring_in, file_of, registered) -> None:
    from datetime import timedelta

    from cms.catalogs.models import ProcessOffice

    now = timezone.now()
    ProcessOffice.objects.update(
        frozen_from=now - timedelta(hours=1), frozen_until=now + timedelta(hours=1)
    )

    assert "veda" in bring_in(file_of(INE_2022)).errors[0].problem
    assert bring_in(file_of(INE_2022), publish=False).updated == 1
