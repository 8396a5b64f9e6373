"""`python -m tests.faults.public_rows publish|change|withdraw N`: writes public rows.

They are written as `cms.publication` writes them: those who listen are told in the transaction.
It prints the ids of what it wrote.
"""

import json
import sys
from datetime import date, timedelta

import django


def publish(count: int) -> list[int]:
    """Register `count` candidacies, whose office has been public since yesterday."""
    from django.utils import timezone

    from cms.candidacies.services import ensure_process, register_candidacy
    from cms.catalogs.models import (
        ActorKind,
        Office,
        PoliticalActor,
        PortalSettings,
        ProcessOffice,
        Territory,
    )
    from cms.publication.services import write_published

    process = ensure_process(slug="pel-2024", election_date=date(2024, 6, 2)).process
    office = Office.objects.get(code="regiduria")
    ProcessOffice.objects.update_or_create(
        process=process,
        office=office,
        defaults={"visible_from": timezone.now() - timedelta(days=1)},
    )
    portal = PortalSettings.load()
    portal.current_process = process
    portal.save()
    actor = PoliticalActor.objects.create(
        process=process, key="pd", acronym="PD", name="Partido del Desierto", kind=ActorKind.PARTY
    )
    made = [
        register_candidacy(
            process=process,
            territory=Territory.objects.get(cvegeo="05033"),
            office=office,
            actor=actor,
            name=f"Persona Ficticia {number}",
            seat_kind="propietaria",
            list_number=number + 1,
        ).pk
        for number in range(count)
    ]
    write_published(candidacy_ids=made)
    return made


def change(count: int) -> list[int]:
    """Correct the age of the first `count` candidacies."""
    from cms.candidacies.models import CandidacyPage
    from cms.publication.services import write_published

    changed = list(CandidacyPage.objects.order_by("pk").values_list("pk", flat=True)[:count])
    CandidacyPage.objects.filter(pk__in=changed).update(age=55)
    write_published(candidacy_ids=changed)
    return changed


def withdraw(count: int) -> list[int]:
    """Take the last `count` candidacies out of what is public."""
    from cms.published.models import PublishedCandidacy

    gone = list(
        PublishedCandidacy.objects.order_by("-pk").values_list("candidacy_id", flat=True)[:count]
    )
    PublishedCandidacy.objects.filter(pk__in=gone).delete()
    return gone


if __name__ == "__main__":
    django.setup()
    from django.db import transaction

    what, number = sys.argv[1:]
    with transaction.atomic():
        done = {"publish": publish, "change": change, "withdraw": withdraw}[what](int(number))
    sys.stdout.write(json.dumps(done))
