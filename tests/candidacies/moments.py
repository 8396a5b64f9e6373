"""The moments at which a candidacy may end, and the ways in which it ends at each."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from cms.candidacies.ending import End
from cms.candidacies.models import CandidacyPage
from cms.candidacies.replacement import Substitute
from cms.catalogs.models import EndCause, ProcessOffice
from cms.moderation.services import approve_submission
from cms.publication import ending
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.services import save_draft
from tests.moderation.samples import send

# «waiting»: something was published, and what was sent after it was approved in the silence.
MOMENTS = ("capture", "review", "silence", "published", "waiting")
SLATE = "planilla"
# A slate that is withdrawn is replaced by nobody.
WAYS = (*EndCause.values, SLATE)
DAY = date(2024, 4, 18)
NEW = Substitute(name="Irene Sotol Lechuguilla", sex="mujer", age=44, email="irene@ejemplo.mx")


@pytest.fixture
def at_moment(
    candidacy: Any, complete_answers: dict[str, Any], party: Any, validator: Any
) -> Callable[[str], Any]:
    """A function that brings the candidacy to a moment; gives its last submission, if any."""

    def approved(submission: Any) -> Any:
        approve_submission(submission_id=submission.pk, seal=submission.seal, validator=validator)
        return submission

    def bring(moment: str) -> Any:
        if moment == "capture":
            changes = {"propuesta_1": "Un borrador."}
            save_draft(
                candidacy=candidacy, kind=CURRICULAR, changes=changes, version=None, user=party
            )
            return None
        submission = send(candidacy, complete_answers, party)
        if moment == "review":
            return submission
        if moment == "waiting":
            approved(submission)
            submission = send(candidacy, complete_answers, party, portrait=False)
        if moment in {"silence", "waiting"}:
            be_silent()
        return approved(submission)

    return bring


def be_silent() -> None:
    """Begin an electoral silence."""
    now = timezone.now()
    ProcessOffice.objects.update(
        frozen_from=now - timedelta(hours=1), frozen_until=now + timedelta(hours=1)
    )


def speak_again() -> None:
    """End the silence."""
    ProcessOffice.objects.update(frozen_from=None, frozen_until=None)


def leave(candidacy: Any, way: str, by: Any) -> CandidacyPage | None:
    """End a candidacy, and put `NEW` in its place; a slate is withdrawn whole instead."""
    if way == SLATE:
        seen = [one.pk for one in ending.slate_of(candidacy)]
        end = End(EndCause.CANCELLATION, DAY, agreement="IEC/CG/151/2024")
        ending.withdraw_slate(candidacy=candidacy, seen=seen, end=end, by=by)
        return None
    return ending.replace(
        candidacy_id=candidacy.pk, substitute=NEW, end=End(way, DAY), agreement="", by=by
    )
