"""The clock of a term, in words, at every edge."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from cms.candidacies.terms import Term
from cms.capture.clock import clock_of

SALTILLO = ZoneInfo("America/Monterrey")
BORDER = ZoneInfo("America/Matamoros")


def at(*moment: int, zone: ZoneInfo = SALTILLO, microsecond: int = 0) -> datetime:
    return datetime(*moment, microsecond=microsecond, tzinfo=zone)  # type: ignore[misc]


def term(due: datetime, calendar: str = "naturales", **more: bool) -> Term:
    return Term(starts_at=at(2024, 4, 29, 12), due_at=due, number=15, calendar=calendar, **more)


# Tuesday.
DUE = at(2024, 5, 14, 23, 59, 59, microsecond=999999)


@pytest.mark.parametrize(
    ("now", "big", "words", "tone"),
    [
        (
            at(2024, 5, 10, 0, 0),
            "4 días",
            "Te quedan 4 días: hasta el martes 14 de mayo a las 24:00 h.",
            "",
        ),
        (at(2024, 5, 10, 23, 59), "4 días", "Te quedan 4 días: hasta el martes 14 de mayo", ""),
        (at(2024, 5, 12, 9), "2 días", "Te quedan 2 días: hasta el martes", "caution"),
        (at(2024, 5, 13, 23, 59), "1 día", "Te queda 1 día: hasta el martes 14", "caution"),
        (at(2024, 5, 14, 0, 0), "Hoy", "Hoy es tu último día: hasta las 24:00 h.", "caution"),
        (at(2024, 5, 14, 22, 59), "Hoy", "Hoy es tu último día", "caution"),
        (at(2024, 5, 14, 23, 1), "Menos de una hora", "Te queda menos de una hora", "caution"),
        (DUE, "Menos de una hora", "hasta las 24:00 h.", "caution"),
        (at(2024, 5, 15, 0, 0), "Terminó", "Tu plazo terminó el martes 14 de mayo", "over"),
        (at(2025, 1, 1, 0, 0), "Terminó", "14 de mayo de 2024 a las 24:00 h: todavía", "over"),
    ],
)
def test_the_clock_of_days(now: datetime, big: str, words: str, tone: str) -> None:
    clock = clock_of(term(DUE), at=now)
    assert clock is not None
    assert (clock.big, clock.tone) == (big, tone)
    assert words in clock.words


def test_after_the_term_it_says_that_one_may_still_send() -> None:
    clock = clock_of(term(DUE), at=at(2024, 5, 15, 8))
    assert clock is not None
    assert clock.words == (
        "Tu plazo terminó el martes 14 de mayo a las 24:00 h: todavía puedes enviar, y quedará como"
        " extemporáneo (fuera de plazo)."
    )


def test_a_term_of_hours_is_counted_in_hours() -> None:
    clock = clock_of(term(at(2024, 5, 14, 14, 30), "horas"), at=at(2024, 5, 13, 16, 0))
    assert clock is not None
    assert clock.words == "Te quedan 22 horas: hasta el martes 14 de mayo a las 14:30 h."


def test_the_hours_that_are_left_are_real_ones_when_the_clocks_change() -> None:
    due = at(2024, 3, 10, 12, zone=BORDER)
    clock = clock_of(term(due, "horas"), at=at(2024, 3, 9, 12, zone=BORDER))
    assert clock is not None
    assert clock.big == "23 horas"


def test_a_place_with_another_hour_says_whose_hour_it_is() -> None:
    due = at(2024, 5, 14, 23, 59, 59, microsecond=999999, zone=BORDER)
    clock = clock_of(term(due), at=at(2024, 5, 10, 12))
    assert clock is not None
    assert clock.words.endswith("martes 14 de mayo a las 24:00 h (hora de tu municipio).")
    # There it is already the next day.
    late = clock_of(term(due), at=at(2024, 5, 14, 23, 30))
    assert late is not None
    assert late.is_over


def test_it_says_that_the_institute_opened_it_again_and_that_it_is_to_correct() -> None:
    again, correct = (
        clock_of(term(DUE, **{name: True}), at=at(2024, 5, 10, 12))
        for name in ("reopened", "corrects")
    )
    assert again is not None
    assert correct is not None
    assert again.words.startswith("El Instituto abrió tu plazo otra vez. Te quedan 4 días")
    assert correct.words.startswith("Es tu plazo para corregir. Te quedan 4 días")
    assert clock_of(None, at=DUE) is None
