"""The home of a candidate: one candidacy, whose turn it is, by when, and what follows."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cms.accounts.models import User
from cms.candidacies.models import CandidacyPage
from cms.candidacies.selectors import capturable_by, in_ballot_order
from cms.capture import steps
from cms.capture.advice import selectors as advice
from cms.capture.copying import can_copy
from cms.capture.own_list import OwnQuestionnaire, own_questionnaires
from cms.capture.selectors import Capture, asked_of, capture_of
from cms.capture.steps import Step
from cms.capture.turns import Turn


@dataclass(frozen=True)
class Part:
    """A questionnaire on the home page.

    Attributes:
        steps: its steps, where something is to be done in them.
        copy: where the answers of another candidacy are copied; empty: there are none.
    """

    row: OwnQuestionnaire
    steps: Sequence[Step] = ()
    copy: str = ""

    @property
    def is_main(self) -> bool:
        """Whether its button is the one that matters on this page."""
        return self.row.is_pressing


@dataclass(frozen=True)
class Home:
    """All that the home page shows of a candidacy."""

    candidacy: CandidacyPage
    parts: list[Part]
    answered: int

    @property
    def main(self) -> Part | None:
        """The part that waits for the person, the most pressing first."""
        waiting = [part for part in self.parts if part.is_main]
        return min(waiting, key=lambda part: part.row.urgency, default=None)


def home_of(user: User) -> Home | None:
    """The home of the account of a candidacy; None if it captures none any more."""
    candidacy = in_ballot_order(capturable_by(user)).select_related("person").first()
    if candidacy is None:
        return None
    parts = [_part(row) for row in own_questionnaires(candidacy)]
    return Home(candidacy, parts, advice.answered(user))


def _part(row: OwnQuestionnaire) -> Part:
    if row.kind is None or row.turn != Turn.YOU:
        return Part(row)
    capture: Capture = capture_of(asked_of(row.candidacy, row.kind))
    copy = capture.addresses.copy if can_copy(capture.asked) else ""
    return Part(row, steps.of(capture, ""), copy)


def page(request: HttpRequest, user: User) -> HttpResponse:
    """/captura/ of a candidate."""
    home = home_of(user)
    context = {"home": home, "candidacy": home.candidacy if home is not None else None}
    return render(request, "capture/home.html", context)
