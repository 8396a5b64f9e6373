"""The districts that a process elects in, as the institute lists them.

A district is a territory of its entity that processes share; which municipalities it has a part
of, each process says for itself.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.catalogs.contests import (
    ContestsRefused,
    add_contests,
    add_municipalities,
    add_territories_one_by_one,
    entity_of,
    give_slugs,
    held_for_change,
    require_change,
    require_kind,
)
from cms.catalogs.files import municipalities_of
from cms.catalogs.log_actions import DISTRICTS_LOADED
from cms.catalogs.models import Contest, ProcessOffice, Territory, TerritoryKind
from cms.catalogs.services import order_of

# No state has more: the State of Mexico has 45, and the country 300.
MOST_DISTRICTS = 300
FEDERAL = "diputacion_federal"
LONGEST_DISTRICT_NAME = 120


@dataclass(frozen=True, slots=True)
class DistrictRow:
    """A local district as the institute gives it.

    Attributes:
        covers: CVEGEO of the municipalities that it has a part of; may be empty.
        line: where the institute's table says so, from 1; 0: as many as rows come before it.
    """

    number: int
    name: str = ""
    covers: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading districts did.

    Attributes:
        added: contests that are new.
        redrawn: districts that were there, whose municipalities are others now.
        kept: names that districts have in another process too, and so stayed as they were.
    """

    added: int
    redrawn: int
    kept: tuple[str, ...]


@transaction.atomic
def load_districts(
    *, process_office: ProcessOffice, rows: Sequence[DistrictRow], by: Any
) -> Loaded:
    """A contest in each district that the institute lists.

    Of a district that is there already, the municipalities are replaced by those of its row, if it
    has any, and so is its name, unless another process has the district too.

    Raises: ContestsRefused: with every row that is wrong.
    """
    require_change(by)
    held = held_for_change(process_office)
    require_kind(held, TerritoryKind.DISTRICT)
    code = entity_of(held.process)
    problems = [said for _line, said in problems_of(rows, code)]
    if problems or not rows:
        raise ContestsRefused(*(problems or [_("No hay ningún distrito que cargar.")]))
    add_territories_one_by_one()
    if any(row.covers for row in rows):
        add_municipalities(code)  # Their pages say which districts they are in.
    places, kept = _districts(rows, held)
    added = add_contests(held, list(places.values()), by)
    redrawn = _redraw(held, {places[row.number].pk: row.covers for row in rows if row.covers})
    if redrawn:
        log(held, DISTRICTS_LOADED, user=by, data={"cuantos": redrawn})
    return Loaded(added, redrawn, kept)


def _redraw(held: ProcessOffice, covering: Mapping[int, Collection[str]]) -> int:
    """Change the municipalities of districts. Returns: of how many that had others."""
    changed, redrawn = [], 0
    for contest in held.contests.filter(territory__in=covering):
        covers = sorted(set(covering[contest.territory_id]))
        if contest.covers != covers:
            redrawn += bool(contest.covers)
            contest.covers = covers
            changed.append(contest)
    Contest.objects.bulk_update(changed, ["covers"])
    return redrawn


def problems_of(rows: Sequence[DistrictRow], entity_code: str) -> Iterable[tuple[int, str]]:
    """What is wrong in a table of districts: (line, a sentence that begins with the line)."""
    for line, said in _wrong_in(rows, entity_code):
        yield line, _("Fila %(row)s: %(said)s") % {"row": line, "said": said}


def _wrong_in(rows: Sequence[DistrictRow], entity_code: str) -> Iterable[tuple[int, str]]:
    own = {row["cvegeo"] for row in municipalities_of(entity_code)}
    seen: set[int] = set()
    for place, row in enumerate(rows, start=1):
        line, where = row.line or place, {"number": row.number}
        if not 1 <= row.number <= MOST_DISTRICTS:
            yield line, _("%(number)s no es el número de un distrito.") % where
        elif row.number in seen:
            yield line, _("el distrito %(number)s está dos veces.") % where
        seen.add(row.number)
        if len(row.name) > LONGEST_DISTRICT_NAME or not row.name.isprintable():
            yield line, _("el nombre es muy largo o tiene signos que no se ven.")
        for cvegeo in row.covers:
            if cvegeo not in own:
                said = _("«%(key)s» no es la clave de un municipio de la entidad.")
                yield line, said % {"key": cvegeo[:20]}


def _districts(
    rows: Sequence[DistrictRow], held: ProcessOffice
) -> tuple[dict[int, Territory], tuple[str, ...]]:
    """The territory of each district, by its number, and the names that other processes keep."""
    kind, code = TerritoryKind.DISTRICT, held.process.entity_code
    scope = "federal" if held.office.code == FEDERAL else "local"
    there = Territory.objects.filter(kind=kind, entity_code=code, key__startswith=f"{scope}-")
    known = {place.key: place for place in there}
    shared = set(
        Contest.objects.filter(territory__in=known.values())
        .exclude(process_office__process=held.process_id)
        .values_list("territory_id", flat=True)
    )
    found: dict[int, Territory] = {}
    missing, named, kept = [], [], []
    for row in rows:
        bare = _("Distrito federal %s") if scope == "federal" else _("Distrito %s")
        seat = " ".join(row.name.split())
        name = f"{bare % row.number}, {seat}" if seat else bare % row.number
        key = f"{scope}-{row.number}"
        place = known.get(key)
        if place is None:
            place = Territory(kind=kind, entity_code=code, key=key, number=row.number, name=name)
            missing.append(place)
        elif seat and place.name != name:
            if place.pk in shared and place.name != bare % row.number:
                kept.append(place.name)
            else:
                place.name = name
                named.append(place)
        place.sort_key = order_of(place.name, place.number)
        found[row.number] = place
    give_slugs(missing, code)
    Territory.objects.bulk_create(missing)
    Territory.objects.bulk_update(named, ["name", "sort_key"])
    return found, tuple(kept)
