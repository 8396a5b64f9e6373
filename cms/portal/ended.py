"""How pages say that a candidacy ended, and who takes its place."""

from datetime import date

from django.utils.formats import date_format

from cms.catalogs.models import CandidacyState, EndCause, Process
from cms.portal.templatetags import portal
from cms.published.cards import Card
from cms.published.models import PublishedCandidacy

_BY = {
    EndCause.RESIGNATION.value: "por renuncia",
    EndCause.CANCELLATION.value: "por la cancelación de su registro",
    EndCause.RULING.value: "por una resolución judicial",
}


def cause_in_words(row: PublishedCandidacy | Card) -> str:
    """Why a candidacy ended, as a sentence."""
    phrases = {
        EndCause.RESIGNATION.value: "Renunció a la candidatura.",
        EndCause.CANCELLATION.value: "Su registro fue cancelado.",
        EndCause.DEATH.value: "Falleció.",
        EndCause.RULING.value: "Una resolución judicial terminó la candidatura.",
    }
    return phrases.get(row.end_cause, "La candidatura terminó.")


def end_title(row: PublishedCandidacy) -> str:
    """The title of the notice: of somebody who died, nothing that they are no longer."""
    if row.end_cause == EndCause.DEATH:
        return "Su candidatura terminó"
    return portal.no_longer(row)


def end_in_words(row: PublishedCandidacy) -> str:
    """«Esta candidatura terminó por renuncia el 3 de mayo de 2024.»"""
    day = f" el {_said(row.ended_on)}" if row.ended_on else ""
    if row.end_cause == EndCause.DEATH:
        return f"El Instituto lamenta su fallecimiento. La candidatura terminó{day}."
    cause = _BY.get(row.end_cause, "")
    return f"Esta candidatura terminó{' ' if cause else ''}{cause}{day}."


def on_printed_ballot(row: PublishedCandidacy | Card, process: Process) -> bool:
    """Whether the name may be on the printed ballot: it ended after that was printed.

    Source: LGIPE 267.
    """
    printed, ended = process.ballots_printed_on, row.ended_on
    return bool(printed and ended and row.state == CandidacyState.ENDED and ended >= printed)


def _said(day: date) -> str:
    return date_format(day, r"j \d\e F \d\e Y")
