"""Administrators maintain the processes, offices and actors in the admin."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.catalogs.models import PoliticalActor, Process, ProcessOffice

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["process", "processoffice", "politicalactor", "office"])
def test_each_list_opens(admin: Client, actor: Any, name: str) -> None:
    assert admin.get(reverse(f"{name}:index")).status_code == 200
    assert admin.get(reverse(f"{name}:add")).status_code == 200


def _moment(value: Any) -> str:
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else ""


def test_the_dates_of_an_office_are_edited(admin: Client, process: Any) -> None:
    office = ProcessOffice.objects.filter(process=process).first()
    assert office is not None
    later = timezone.now() + timedelta(days=3)
    made = admin.post(
        reverse("processoffice:edit", args=[office.pk]),
        {
            "process": process.pk,
            "office": office.office_id,
            "visible_from": _moment(later),
            "frozen_from": "",
            "frozen_until": "",
            "public_until": "",
        },
    )
    assert made.status_code == 302
    office.refresh_from_db()
    assert timezone.now() not in office.visibility.register_during


def test_publication_does_not_end_before_the_process_closes(admin: Client, process: Any) -> None:
    Process.objects.filter(pk=process.pk).update(closes_on=date(2024, 10, 1))
    office = ProcessOffice.objects.filter(process=process).first()
    assert office is not None
    page = admin.post(
        reverse("processoffice:edit", args=[office.pk]),
        {
            "process": process.pk,
            "office": office.office_id,
            "visible_from": "2024-03-31 08:00",
            "public_until": "2024-09-30 23:00",
        },
    )
    assert "public_until" in page.context["form"].errors


def test_a_process_does_not_close_after_its_answers_ended(admin: Client, process: Any) -> None:
    office = ProcessOffice.objects.filter(process=process).first()
    assert office is not None
    end = timezone.make_aware(datetime(2024, 10, 2))  # noqa: DTZ001 (made aware here)
    ProcessOffice.objects.filter(pk=office.pk).update(public_until=end)
    page = admin.post(
        reverse("process:edit", args=[process.pk]),
        {
            "slug": process.slug,
            "name": process.name,
            "entity_code": "05",
            "election_date": "2024-06-02",
            "closes_on": "2024-11-01",
        },
    )
    assert "closes_on" in page.context["form"].errors
    process.refresh_from_db()
    assert process.closes_on is None


def test_a_process_or_an_actor_with_candidacies_is_not_deleted(
    client: Client, actor: Any, superuser: Any
) -> None:
    client.force_login(superuser)
    client.post(reverse("process:delete", args=[actor.process_id]))
    client.post(reverse("politicalactor:delete", args=[actor.pk]))

    assert Process.objects.filter(pk=actor.process_id).exists()
    assert PoliticalActor.objects.filter(pk=actor.pk).exists()


@pytest.mark.parametrize("account", ["validator", "liaison"])
def test_other_accounts_cannot_change_catalogues(
    client: Client, actor: Any, account: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(account))
    client.post(
        reverse("politicalactor:edit", args=[actor.pk]),
        {"process": actor.process_id, "key": "pd", "name": "Otro nombre", "kind": "partido"},
    )
    actor.refresh_from_db()
    assert actor.name == "Partido del Desierto"
