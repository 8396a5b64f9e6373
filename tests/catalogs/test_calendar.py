"""Impossible calendars are refused with the rule that they break; each edge is tried."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cms.catalogs.calendar import proposed_silence
from cms.catalogs.models import ProcessOffice

pytestmark = pytest.mark.django_db
ELECTION = date(2027, 6, 6)
LAST_OF_CAMPAIGNS = date(2027, 6, 2)


@pytest.fixture(autouse=True, params=["America/Monterrey", "America/Tijuana", "America/Cancun"])
def time_of_the_state(request: Any, settings: Any) -> None:
    """Days begin when they do where the institute is: three hours apart in Mexico."""
    settings.TIME_ZONE = request.param


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 (made aware)


@pytest.fixture
def office(process: Any) -> ProcessOffice:
    process.election_date = ELECTION
    process.save()
    found = ProcessOffice.objects.select_related("process").filter(process=process).first()
    assert found is not None
    return found


def refused(row: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        row.clean()
    return caught.value.message_dict


def test_the_silence_that_is_proposed_is_the_three_days_before_and_the_day() -> None:
    begins, ends = map(timezone.localtime, proposed_silence(ELECTION))
    assert (begins.strftime("%d/%m/%Y %H:%M"), ends.strftime("%d/%m/%Y %H:%M")) == (
        "03/06/2027 00:00",
        "07/06/2027 00:00",
    )


def test_a_whole_calendar_that_the_law_allows_is_accepted(office: ProcessOffice) -> None:
    office.campaign_from, office.campaign_until = date(2027, 4, 4), LAST_OF_CAMPAIGNS
    office.frozen_from, office.frozen_until = proposed_silence(ELECTION)
    office.public_until = midnight(ELECTION + timedelta(days=1))
    office.clean()
    office.process.closes_on = ELECTION
    office.process.clean()


def test_campaigns_end_before_the_three_days(office: ProcessOffice) -> None:
    office.campaign_from = date(2027, 4, 4)
    office.campaign_until = LAST_OF_CAMPAIGNS
    office.clean()
    office.campaign_until = LAST_OF_CAMPAIGNS + timedelta(days=1)
    (said,) = refused(office)["campaign_until"]
    assert "02/06/2027" in said
    assert "LGIPE, art. 251" in said


def test_campaigns_of_one_day_are_possible_and_of_less_not(office: ProcessOffice) -> None:
    office.campaign_from = office.campaign_until = date(2027, 5, 1)
    office.clean()
    office.campaign_until = date(2027, 4, 30)
    assert "campaign_until" in refused(office)


@pytest.mark.parametrize("given", ["campaign_from", "campaign_until"])
def test_campaigns_have_both_dates_or_none(office: ProcessOffice, given: str) -> None:
    setattr(office, given, date(2027, 5, 1))
    assert "campaign_until" in refused(office)


@pytest.mark.parametrize("given", ["frozen_from", "frozen_until"])
def test_the_silence_has_both_dates_or_none(office: ProcessOffice, given: str) -> None:
    setattr(office, given, midnight(date(2027, 6, 3)))
    assert "frozen_until" in refused(office)


def test_the_silence_begins_at_the_latest_three_days_before(office: ProcessOffice) -> None:
    begins, office.frozen_until = proposed_silence(ELECTION)
    office.frozen_from = begins - timedelta(minutes=1)
    office.clean()
    office.frozen_from = begins + timedelta(minutes=1)
    assert "LGIPE, art. 251" in refused(office)["frozen_from"][0]


def test_the_silence_covers_the_whole_day_of_the_election(office: ProcessOffice) -> None:
    office.frozen_from, ends = proposed_silence(ELECTION)
    office.frozen_until = ends + timedelta(minutes=1)
    office.clean()
    office.frozen_until = ends - timedelta(minutes=1)
    assert "07/06/2027" in refused(office)["frozen_until"][0]


def test_the_silence_ends_after_it_begins(office: ProcessOffice) -> None:
    office.frozen_from = office.frozen_until = proposed_silence(ELECTION)[0]
    assert "frozen_until" in refused(office)


def test_the_silence_does_not_begin_during_the_campaigns(office: ProcessOffice) -> None:
    office.campaign_from, office.campaign_until = date(2027, 4, 4), date(2027, 5, 31)
    office.frozen_until = proposed_silence(ELECTION)[1]
    office.frozen_from = midnight(date(2027, 6, 1))
    office.clean()
    office.frozen_from = midnight(date(2027, 5, 31))
    assert "31/05/2027" in refused(office)["frozen_from"][0]


def test_publication_ends_after_it_begins(office: ProcessOffice) -> None:
    office.process.election_date = None
    office.visible_from = midnight(date(2027, 4, 4))
    office.public_until = office.visible_from + timedelta(minutes=1)
    office.clean()
    office.public_until = office.visible_from
    assert "public_until" in refused(office)


def test_publication_lasts_until_the_process_closes(office: ProcessOffice) -> None:
    office.process.closes_on = date(2027, 10, 1)
    office.public_until = midnight(date(2027, 10, 1))
    office.clean()
    office.public_until = midnight(date(2027, 10, 1)) - timedelta(minutes=1)
    assert "01/10/2027" in refused(office)["public_until"][0]


def test_a_process_closes_on_the_day_of_its_election_or_later(office: ProcessOffice) -> None:
    process = office.process
    process.closes_on = ELECTION
    process.clean()
    process.closes_on = ELECTION - timedelta(days=1)
    assert "06/06/2027" in refused(process)["closes_on"][0]


def test_an_election_does_not_move_into_the_campaigns(office: ProcessOffice) -> None:
    ProcessOffice.objects.filter(pk=office.pk).update(
        campaign_from=date(2027, 4, 4), campaign_until=LAST_OF_CAMPAIGNS
    )
    office.process.clean()
    office.process.election_date = ELECTION - timedelta(days=1)
    assert "Cambia primero" in refused(office.process)["election_date"][0]


def test_without_a_day_of_the_election_only_the_order_counts(office: ProcessOffice) -> None:
    office.process.election_date = None
    office.campaign_from, office.campaign_until = date(2027, 4, 4), date(2027, 6, 5)
    office.frozen_from, office.frozen_until = midnight(date(2027, 6, 6)), midnight(date(2027, 6, 7))
    office.clean()


def test_a_new_process_can_be_checked_before_it_is_saved() -> None:
    from cms.catalogs.models import Process

    Process(slug="nuevo", name="Nuevo", election_date=ELECTION, closes_on=ELECTION).clean()


@pytest.mark.parametrize("code", ["33", "00", "0", "5", "ab", "٠٥"])
def test_an_entity_that_does_not_exist_is_refused(process: Any, code: str) -> None:
    process.entity_code = code
    assert "entity_code" in refused(process)
