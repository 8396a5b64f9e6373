"""Terms, as a table of dates: weekends, holidays, clocks that change, leap days, ends of years."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cms.catalogs.terms import (
    MOST_DAYS,
    MOST_HOURS,
    Counting,
    ImpossibleTerm,
    Length,
    day_number,
    due_at,
)
from cms.catalogs.time_zones import zone_of

SALTILLO, ACUNA = ZoneInfo("America/Monterrey"), ZoneInfo("America/Matamoros")
# Maundy Thursday and Good Friday, and a run of holidays around a weekend.
HOLIDAYS = frozenset(
    {
        date(2024, 3, 28),
        date(2024, 3, 29),
        date(2024, 5, 1),
        *(date(2024, 12, day) for day in (23, 24, 25, 26, 27, 30, 31)),
        date(2025, 1, 1),
    }
)
HABILES, NATURALES, HORAS = "habiles", "naturales", "horas"
# (begins, number, calendar, last day)
DAYS = [
    # The day of the event does not count, at whichever hour it happens.
    ("2024-04-01 00:00", 1, NATURALES, "2024-04-02"),
    ("2024-04-01 23:59", 1, NATURALES, "2024-04-02"),
    ("2024-04-20 10:00", 15, NATURALES, "2024-05-05"),
    # Weekends: a Friday, a Saturday, a Sunday.
    ("2024-04-05 10:00", 1, HABILES, "2024-04-08"),
    ("2024-04-06 10:00", 1, HABILES, "2024-04-08"),
    ("2024-04-07 10:00", 1, HABILES, "2024-04-08"),
    ("2024-04-01 10:00", 5, HABILES, "2024-04-08"),
    ("2024-04-05 10:00", 3, NATURALES, "2024-04-08"),
    # Holidays: before them, on one, between two, and a run of them over New Year.
    ("2024-03-27 10:00", 1, HABILES, "2024-04-01"),
    ("2024-03-28 10:00", 1, HABILES, "2024-04-01"),
    ("2024-03-27 10:00", 2, NATURALES, "2024-03-29"),
    ("2024-04-29 10:00", 2, HABILES, "2024-05-02"),
    ("2024-05-01 10:00", 1, HABILES, "2024-05-02"),
    ("2024-12-20 10:00", 1, HABILES, "2025-01-02"),
    ("2024-12-20 10:00", 3, HABILES, "2025-01-06"),
    # Leap days, and a year that has none.
    ("2024-02-28 10:00", 1, NATURALES, "2024-02-29"),
    ("2024-02-28 10:00", 2, NATURALES, "2024-03-01"),
    ("2024-02-28 10:00", 1, HABILES, "2024-02-29"),
    ("2024-02-29 10:00", 365, NATURALES, "2025-02-28"),
    ("2028-02-14 10:00", 15, NATURALES, "2028-02-29"),
    ("2028-02-29 10:00", 1, HABILES, "2028-03-01"),
    ("2027-02-27 10:00", 2, NATURALES, "2027-03-01"),
    # Ends of months and of years.
    ("2027-04-30 10:00", 1, NATURALES, "2027-05-01"),
    ("2027-01-31 10:00", 28, NATURALES, "2027-02-28"),
    ("2026-12-31 23:59", 1, NATURALES, "2027-01-01"),
    ("2026-12-31 10:00", 1, HABILES, "2027-01-01"),  # A Friday that nobody wrote as a holiday.
]


def at(text: str, zone: ZoneInfo = SALTILLO) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=zone)


def last_of(day: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(f"{day}T23:59:59.999999").replace(tzinfo=zone)


@pytest.mark.parametrize(("begins", "number", "calendar", "last"), DAYS)
@pytest.mark.parametrize("zone", [SALTILLO, ACUNA], ids=["Saltillo", "Acuña"])
def test_a_term_in_days_ends_when_its_last_day_does(
    begins: str, number: int, calendar: str, last: str, zone: ZoneInfo
) -> None:
    counting = Counting(zone, HOLIDAYS)

    ends = due_at(at(begins, zone), Length(number, calendar), counting)

    assert ends == last_of(last, zone)
    assert (ends + timedelta(microseconds=1)).astimezone(zone).strftime("%H:%M:%S") == "00:00:00"
    assert day_number(at(begins, zone), ends.date(), calendar, counting) == number


# In the border municipalities the clocks change on 10 March and on 3 November 2024.
@pytest.mark.parametrize(
    ("begins", "number", "ends"),
    [
        ("2024-03-09 10:00", 1, "2024-03-11T04:59:59.999999+00:00"),  # The day of 23 hours.
        ("2024-03-08 10:00", 1, "2024-03-10T05:59:59.999999+00:00"),  # The day before it.
        ("2024-03-01 10:00", 15, "2024-03-17T04:59:59.999999+00:00"),
        ("2024-11-02 10:00", 1, "2024-11-04T05:59:59.999999+00:00"),  # The day of 25 hours.
        ("2024-11-01 10:00", 1, "2024-11-03T04:59:59.999999+00:00"),
        ("2024-10-25 10:00", 15, "2024-11-10T05:59:59.999999+00:00"),
    ],
)
def test_days_end_at_midnight_also_when_the_clocks_changed(
    begins: str, number: int, ends: str
) -> None:
    found = due_at(at(begins, ACUNA), Length(number, NATURALES), Counting(ACUNA))
    assert found.astimezone(UTC).isoformat() == ends


@pytest.mark.parametrize(
    ("begins", "number", "zone", "ends"),
    [
        ("2024-04-01 10:15", 72, SALTILLO, "2024-04-04T10:15"),
        ("2024-02-28 10:15", 24, SALTILLO, "2024-02-29T10:15"),
        ("2024-12-31 23:59", 1, SALTILLO, "2025-01-01T00:59"),
        # Hours are hours: on the day of 23 they end an hour later by the clock, and the reverse.
        ("2024-03-09 10:15", 24, ACUNA, "2024-03-10T11:15"),
        ("2024-11-02 10:15", 24, ACUNA, "2024-11-03T09:15"),
        ("2024-03-09 10:15", 24, SALTILLO, "2024-03-10T10:15"),
    ],
)
def test_a_term_in_hours_ends_with_its_minute(
    begins: str, number: int, zone: ZoneInfo, ends: str
) -> None:
    start = at(begins, zone) + timedelta(seconds=42)

    found = due_at(start, Length(number, HORAS), Counting(zone, HOLIDAYS))

    assert found.isoformat()[:26] == f"{ends}:59.999999"


def test_the_day_of_the_event_is_that_of_the_place() -> None:
    """At 23:30 of Saltillo it is already the next day in Piedras Negras, in summer."""
    start = at("2024-04-05 23:30")
    length = Length(1, NATURALES)
    assert due_at(start, length, Counting(SALTILLO)) == last_of("2024-04-06", SALTILLO)
    assert due_at(start, length, Counting(ACUNA)) == last_of("2024-04-07", ACUNA)


def test_in_a_process_every_day_may_be_a_working_day() -> None:
    counting = Counting(SALTILLO, HOLIDAYS, every_day=True)
    ends = due_at(at("2024-03-27 10:00"), Length(3, HABILES), counting)
    assert ends == last_of("2024-03-30", SALTILLO)


@pytest.mark.parametrize(
    ("number", "calendar"),
    [
        (0, NATURALES),
        (-1, HABILES),
        (MOST_DAYS + 1, NATURALES),
        (10**12, HABILES),
        (0, HORAS),
        (MOST_HOURS + 1, HORAS),
        (15, "lunares"),
        (15, ""),
    ],
)
def test_a_term_that_cannot_be_counted_is_refused(number: int, calendar: str) -> None:
    with pytest.raises(ImpossibleTerm) as refused:
        Length(number, calendar)
    assert refused.value.explanation


def test_holidays_that_never_end_are_told_and_not_counted_for_ever() -> None:
    forever = frozenset(date(2024, 1, 1) + timedelta(days=passed) for passed in range(5000))
    with pytest.raises(ImpossibleTerm, match="inhábiles"):
        due_at(at("2024-01-02 10:00"), Length(1, HABILES), Counting(SALTILLO, forever))


def test_a_term_that_would_end_after_the_calendar_is_refused() -> None:
    with pytest.raises(ImpossibleTerm, match="no existe"):
        due_at(at("9999-12-30 10:00"), Length(5, NATURALES), Counting(SALTILLO))


def test_the_border_municipalities_of_coahuila_have_a_time_of_their_own() -> None:
    border = (2, 3, 12, 13, 14, 19, 22, 23, 25, 37, 38)
    for number in range(1, 39):
        zone = zone_of(f"05{number:03}")
        summer = datetime(2027, 7, 1, tzinfo=zone).utcoffset()
        assert summer == timedelta(hours=-5 if number in border else -6), number
    assert zone_of("") == SALTILLO
