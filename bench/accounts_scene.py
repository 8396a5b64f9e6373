"""A process with candidacies of its own, for databases that begin empty."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.accounts.models import Role, User
from cms.accounts.services import create_staff
from cms.candidacies.bulk_pages import PageWriter
from cms.candidacies.models import CandidacyPage, Person
from cms.candidacies.services import (
    NewCandidacy,
    add_candidacies,
    ensure_process,
    ensure_territory_pages,
)
from cms.catalogs.models import Office, PoliticalActor, Territory, TerritoryKind
from cms.catalogs.services import ensure_process_office


@transaction.atomic
def scene(*, candidacies: int, slug: str = "pel-2027") -> tuple[Any, User]:
    """A process with so many candidacies over its municipalities, and who hands accounts out."""
    page = ensure_process(slug=slug, name="Proceso de prueba", entity_code="05")
    process = page.process
    office = Office.objects.get(code="regiduria")
    ensure_process_office(process=process, office=office)
    actors = [
        PoliticalActor.objects.create(
            process=process, key=f"p{number}", acronym=f"P{number}", name=f"Partido {number}"
        )
        for number in range(6)
    ]
    places = list(
        Territory.objects.filter(kind=TerritoryKind.MUNICIPALITY, cvegeo__startswith="05")
    )
    writer = PageWriter(at=timezone.now())
    below = ensure_territory_pages(process_page=page, territories=places, writer=writer)
    new = [
        NewCandidacy(
            CandidacyPage(
                process=process,
                territory=places[number % len(places)],
                office=office,
                actor=actors[number % len(actors)],
                name=f"Persona Ficticia {number}",
                seat_kind="propietaria",
                list_number=number // len(places) + 1,
            ),
            Person(name=f"Persona Ficticia {number}", email=f"p{number}@correo.example"),
        )
        for number in range(candidacies)
    ]
    add_candidacies(new=new, territory_pages=below, writer=writer)
    giver = create_staff(username=f"entrega.{slug}", role=Role.INTERNAL_BODY, password=None)
    return process, giver
