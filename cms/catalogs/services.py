"""Writes to the catalogues what files and services need; staff write the rest in the CMS.

Each function first looks for the row and makes it only if it is missing, so it is safe to repeat.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.text import slugify

from cms.catalogs import entities
from cms.catalogs.models import (
    ActorKind,
    Office,
    PoliticalActor,
    Process,
    ProcessOffice,
    Territory,
    TerritoryKind,
)
from cms.catalogs.spanish import fold, sort_key

NATIONWIDE = "00"
_KINDS_OF_PROCESS = {"pel": "Proceso Electoral Local", "pef": "Proceso Electoral Federal"}


@dataclass(frozen=True, slots=True)
class TerritoryKey:
    """What identifies a territory: entity (INEGI, two digits), kind, and number or folded name."""

    entity_code: str
    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class NewTerritory:
    """A territory that the catalogue may not have yet."""

    key: TerritoryKey
    name: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class NewActor:
    """A political actor that the process may not have yet."""

    key: str
    name: str
    kind: str = ActorKind.PARTY
    acronym: str = ""
    members: tuple[str, ...] = ()
    ballot_order: int = 500
    color: str = ""


def name_from_slug(slug: str) -> str:
    """A sensible name for a process: «pel-2022» → «Proceso Electoral Local 2022»."""
    kinds = _KINDS_OF_PROCESS
    first, _, rest = slug.partition("-")
    words = " ".join(part.capitalize() for part in (rest if first in kinds else slug).split("-"))
    return f"{kinds.get(first, 'Proceso Electoral')} {words}".strip()


def free_process_slug(*, name: str, election_date: date | None, entity_code: str) -> str:
    """A key for a new process that no other has: «Proceso Electoral Local 2027» → «pel-2027»."""
    folded = fold(name)
    for short, full in _KINDS_OF_PROCESS.items():
        folded = folded.replace(fold(full), short)
    stem = slugify(folded)[:26].strip("-") or "proceso"
    year = str(election_date.year) if election_date else ""
    stem = f"{stem}-{year}" if year and year not in stem else stem
    place = slugify(entities.name_of(entity_code))[:22].strip("-")
    beside = f"{stem}-{place}" if place else stem
    taken = set(Process.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    numbered = (f"{beside}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (stem, beside, *numbered) if slug not in taken)


def election_date_from_slug(slug: str) -> date | None:
    """The first Sunday of June of the year in the slug; None if the slug has no year.

    Source: LGIPE 22 (ordinary elections are held on the first Sunday of June).
    """
    year = next((int(part) for part in slug.split("-") if part.isdigit() and len(part) == 4), None)
    if year is None or not 1990 <= year <= 2100:
        return None
    june = date(year, 6, 1)
    return june + timedelta(days=(6 - june.weekday()) % 7)


def ensure_process(
    *,
    slug: str,
    name: str | None = None,
    election_date: date | None = None,
    entity_code: str = "",
) -> Process:
    """The process of a slug. It is made if it does not exist, and otherwise left unchanged."""
    process, _created = Process.objects.get_or_create(
        slug=slug,
        defaults={
            "name": name or name_from_slug(slug),
            "election_date": election_date or election_date_from_slug(slug),
            "entity_code": entity_code,
        },
    )
    return process


def ensure_process_office(
    *, process: Process, office: Office, visible_from: datetime | None = None
) -> ProcessOffice:
    """The office of a process. A new one is visible from now on; an existing one is unchanged."""
    window, _created = ProcessOffice.objects.get_or_create(
        process=process,
        office=office,
        defaults={"visible_from": visible_from or timezone.now()},
    )
    return window


def territory_keys(*, entity_code: str | None = None) -> dict[TerritoryKey, Territory]:
    """Every territory of one entity, or of all of them, by its natural key (one query)."""
    known = Territory.objects.all()
    if entity_code is not None:
        known = known.filter(entity_code=entity_code)
    return {
        TerritoryKey(territory.entity_code, territory.kind, territory.key): territory
        for territory in known
    }


def order_of(name: str, number: int | None) -> str:
    """The sort key of a territory: «Distrito 2» comes before «Distrito 10»."""
    padded = re.sub(r"\d+", lambda digits: digits[0].zfill(5), name)
    return sort_key(name if number is None else padded)[:200]


def _free_slug(wanted: list[str]) -> str:
    stems = [stem for stem in (slugify(text)[:130] for text in wanted) if stem] or ["territorio"]
    for stem in stems:
        if not Territory.objects.filter(slug=stem).exists():
            return stem
    number = 2
    while Territory.objects.filter(slug=f"{stems[-1]}-{number}").exists():
        number += 1
    return f"{stems[-1]}-{number}"


def ensure_territory(new: NewTerritory) -> Territory:
    """The territory of a natural key. It is made if the catalogue does not have it."""
    natural = {
        "entity_code": new.key.entity_code,
        "kind": new.key.kind,
        "key": new.key.key,
    }
    known = Territory.objects.filter(**natural).first()
    if known is not None:
        return known
    entity = Territory.objects.filter(
        kind=TerritoryKind.ENTITY, entity_code=new.key.entity_code
    ).first()
    place = entity.name if entity is not None else ""
    return Territory.objects.create(
        **natural,
        name=new.name,
        number=new.number,
        sort_key=order_of(new.name, new.number),
        slug=_free_slug([new.name, f"{new.name} {place}"]),
    )


def ensure_actor(*, process: Process, new: NewActor) -> PoliticalActor:
    """The actor of a process with this key. It is made if the process does not have it."""
    actor, _created = PoliticalActor.objects.get_or_create(
        process=process,
        key=new.key,
        defaults={
            "acronym": new.acronym,
            "name": new.name,
            "kind": new.kind,
            "members": list(new.members),
            "ballot_order": new.ballot_order,
            "color": new.color,
        },
    )
    return actor


def is_closed_catalogue(*, entity_code: str, kind: str) -> bool:
    """Whether every municipality of an entity is known, so that an unknown one is a mistake."""
    return (
        kind == TerritoryKind.MUNICIPALITY
        and Territory.objects.filter(
            kind=kind, entity_code=entity_code, cvegeo__startswith=entity_code
        ).exists()
    )


def folded_key(name: str) -> str:
    """The natural key of a named territory."""
    return fold(name)[:120]
