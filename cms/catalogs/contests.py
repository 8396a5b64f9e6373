"""What each territory of a process elects: contests, taken from the catalogue or loaded in bulk.

Staff take, load, change and remove them; imports make the ones that their candidacies need. Every
function is safe to repeat: what is there already stays as it is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.catalogs.files import municipalities_of
from cms.catalogs.models import (
    MOST_SEATS,
    Contest,
    Office,
    Process,
    ProcessOffice,
    Territory,
    TerritoryKind,
)
from cms.catalogs.services import folded_key, order_of
from cms.catalogs.spanish import sort_key

# No state has more: the State of Mexico has 45, and the country 300.
MOST_DISTRICTS = 300
FEDERAL = "diputacion_federal"
COUNCILLORS = "regiduria"
LONGEST_DISTRICT_NAME = 120

CountStanding = Callable[[Contest], int]
_standing: dict[str, CountStanding] = {}


class ContestsRefused(Exception):
    """Contests cannot be as asked. `problems` are sentences in Spanish; nothing was written."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))


@dataclass(frozen=True, slots=True)
class DistrictRow:
    """A local district as the institute gives it.

    Attributes:
        covers: CVEGEO of the municipalities that it has a part of; may be empty.
    """

    number: int
    name: str = ""
    covers: tuple[str, ...] = ()


def register(name: str, count: CountStanding) -> None:
    """Say who knows how many candidacies a contest has; rooms call it when they start."""
    _standing[name] = count


def require_change(by: Any) -> None:
    """Refuse whoever may not change contests. Raises: PermissionDenied."""
    if not by.has_perm("catalogs.change_contest"):
        raise PermissionDenied


def _entity_of(process: Process) -> str:
    if not process.entity_code:
        raise ContestsRefused(_("Elige primero la entidad del proceso."))
    return process.entity_code


def _require_kind(process_office: ProcessOffice, kind: str) -> None:
    office = process_office.office
    if office.territory_kind != kind:
        said = _("%(office)s no se elige por %(kind)s.")
        label = TerritoryKind(kind).label
        raise ContestsRefused(said % {"office": office.name, "kind": label})


# -- municipalities -------------------------------------------------------------------------------


@transaction.atomic
def take_municipalities(*, process_office: ProcessOffice, by: Any) -> int:
    """A contest in every municipality of the process's entity. Returns: how many are new.

    Municipalities that the catalogue does not have yet are added to it (INEGI).

    Raises: ContestsRefused: the process has no entity, or the office is not of municipalities.
    """
    require_change(by)
    _require_kind(process_office, TerritoryKind.MUNICIPALITY)
    return _add(process_office, add_municipalities(_entity_of(process_office.process)))


def add_municipalities(entity_code: str) -> list[Territory]:
    """Every municipality of an entity that INEGI lists, added to the catalogue where missing."""
    listed = municipalities_of(entity_code)
    known = Territory.objects.filter(kind=TerritoryKind.MUNICIPALITY, entity_code=entity_code)
    by_cvegeo = {place.cvegeo: place for place in known if place.cvegeo}
    by_key = {place.key: place for place in known if not place.cvegeo}
    named, missing = [], []
    for row in listed:
        if row["cvegeo"] in by_cvegeo:
            continue
        place = by_key.get(folded_key(row["nombre"]))
        if place is not None:  # A file named it before it had its key.
            place.cvegeo, place.number = row["cvegeo"], int(row["cvegeo"][2:])
            named.append(place)
        else:
            missing.append(_unsaved(row))
    Territory.objects.bulk_update(named, ["cvegeo", "number"])
    _give_slugs(missing, entity_code)
    Territory.objects.bulk_create(missing)
    wanted = [row["cvegeo"] for row in listed]
    return list(Territory.objects.filter(cvegeo__in=wanted))


def _unsaved(row: Mapping[str, str]) -> Territory:
    councillors = row["regidurias_mayoria"]
    return Territory(
        kind=TerritoryKind.MUNICIPALITY,
        entity_code=row["cvegeo"][:2],
        key=folded_key(row["nombre"]),
        name=row["nombre"],
        sort_key=sort_key(row["nombre"]),
        cvegeo=row["cvegeo"],
        number=int(row["cvegeo"][2:]),
        majority_councillors=int(councillors) if councillors else None,
    )


def _give_slugs(places: Sequence[Territory], entity_code: str) -> None:
    """Addresses: the name, with that of the entity where another territory has it already."""
    entity = Territory.objects.filter(kind=TerritoryKind.ENTITY, entity_code=entity_code).first()
    beside = slugify(entity.name) if entity is not None else entity_code
    taken = set(Territory.objects.values_list("slug", flat=True))
    for place in places:
        stem = slugify(place.name)[:100]
        wanted = (stem, f"{stem}-{beside}"[:140], f"{stem}-{beside}"[:130] + f"-{place.number}")
        place.slug = next(slug for slug in wanted if slug not in taken)
        taken.add(place.slug)


# -- the whole entity, and districts --------------------------------------------------------------


@transaction.atomic
def take_statewide(*, process_office: ProcessOffice, by: Any) -> int:
    """The one contest of an office that the whole entity elects. Returns: how many are new.

    Raises: ContestsRefused: the process has no entity, or the office is not of the whole entity.
    """
    require_change(by)
    _require_kind(process_office, TerritoryKind.ENTITY)
    code = _entity_of(process_office.process)
    places = list(Territory.objects.filter(kind=TerritoryKind.ENTITY, entity_code=code))
    if not places:
        raise ContestsRefused(_("«%(code)s» no es la clave de una entidad.") % {"code": code})
    return _add(process_office, places)


@transaction.atomic
def load_districts(*, process_office: ProcessOffice, rows: Sequence[DistrictRow], by: Any) -> int:
    """A contest in each district that the institute lists. Returns: how many are new.

    The municipalities of a district that is there already are replaced by those of its row, if it
    has any.

    Raises: ContestsRefused: with every row that is wrong.
    """
    require_change(by)
    _require_kind(process_office, TerritoryKind.DISTRICT)
    code = _entity_of(process_office.process)
    problems = list(_problems_of(rows, code))
    if problems or not rows:
        raise ContestsRefused(*(problems or [_("No hay ningún distrito que cargar.")]))
    scope = "federal" if process_office.office.code == FEDERAL else "local"
    if any(row.covers for row in rows):
        add_municipalities(code)  # Their pages say which districts they are in.
    places = _districts(rows, code, scope)
    added = _add(process_office, list(places.values()))
    covering = {places[row.number].pk: sorted(set(row.covers)) for row in rows if row.covers}
    changed = []
    for contest in process_office.contests.filter(territory__in=covering):
        if contest.covers != covering[contest.territory_id]:
            contest.covers = covering[contest.territory_id]
            changed.append(contest)
    Contest.objects.bulk_update(changed, ["covers"])
    return added


def _problems_of(rows: Sequence[DistrictRow], entity_code: str) -> Iterable[str]:
    own = {row["cvegeo"] for row in municipalities_of(entity_code)}
    seen: set[int] = set()
    for place, row in enumerate(rows, start=1):
        where = {"row": place, "number": row.number}
        if not 1 <= row.number <= MOST_DISTRICTS:
            said = _("Fila %(row)s: %(number)s no es el número de un distrito.")
            yield said % where
        elif row.number in seen:
            yield _("Fila %(row)s: el distrito %(number)s está dos veces.") % where
        seen.add(row.number)
        if len(row.name) > LONGEST_DISTRICT_NAME or not row.name.isprintable():
            said = _("Fila %(row)s: el nombre es muy largo o tiene signos que no se ven.")
            yield said % where
        for cvegeo in row.covers:
            if cvegeo not in own:
                said = _("Fila %(row)s: «%(key)s» no es la clave de un municipio de la entidad.")
                yield said % {**where, "key": cvegeo[:20]}


def _districts(rows: Sequence[DistrictRow], code: str, scope: str) -> dict[int, Territory]:
    """The territory of each district, by its number; a name that is known stays."""
    kind = TerritoryKind.DISTRICT
    keys = [f"{scope}-{row.number}" for row in rows]
    there = Territory.objects.filter(kind=kind, entity_code=code, key__in=keys)
    known = {place.key: place for place in there}
    missing, named = [], []
    for row, key in zip(rows, keys, strict=True):
        bare = f"Distrito federal {row.number}" if scope == "federal" else f"Distrito {row.number}"
        seat = " ".join(row.name.split())
        name = f"{bare}, {seat}" if seat else bare
        place = known.get(key)
        if place is None:
            place = known[key] = Territory(
                kind=kind, entity_code=code, key=key, number=row.number, name=name
            )
            missing.append(place)
        elif place.name == bare and seat:
            place.name = name
            named.append(place)
        place.sort_key = order_of(place.name, place.number)
    _give_slugs(missing, code)
    Territory.objects.bulk_create(missing)
    Territory.objects.bulk_update(named, ["name", "sort_key"])
    return {row.number: known[key] for row, key in zip(rows, keys, strict=True)}


# -- any contest ----------------------------------------------------------------------------------


def usual_seats(office: Office, territory: Territory) -> int | None:
    """People whom an actor postulates for an office, as far as the catalogues say; else None."""
    if office.code == COUNCILLORS:
        return territory.majority_councillors
    return 1


def _add(process_office: ProcessOffice, territories: Sequence[Territory]) -> int:
    there = set(process_office.contests.values_list("territory_id", flat=True))
    new = [
        Contest(
            process_office=process_office,
            territory=territory,
            seats=usual_seats(process_office.office, territory),
        )
        for territory in territories
        if territory.pk not in there
    ]
    Contest.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def ensure_contests(*, process_pk: int, places: Iterable[tuple[int, int]]) -> None:
    """The contests of candidacies that are being registered, made where they are missing.

    Call it in the transaction that registers them: until its end nobody can remove their contests.

    Args:
        places: office and territory (ids) of each candidacy.
    """
    wanted = set(places)
    if not wanted:
        return
    with connection.cursor() as cursor:
        # Whoever removes a contest locks its office against this.
        cursor.execute(
            "select id, office_id from catalogs_processoffice where process_id = %s for key share",
            [process_pk],
        )
        offices = {office: pk for pk, office in cursor.fetchall()}
    rows = Contest.objects.filter(process_office__in=offices.values())
    there = set(rows.values_list("process_office__office_id", "territory_id"))
    missing = sorted(place for place in wanted - there if place[0] in offices)
    if not missing:
        return
    named = Office.objects.in_bulk({office for office, _territory in missing})
    places_named = Territory.objects.in_bulk({territory for _office, territory in missing})
    Contest.objects.bulk_create(
        (
            Contest(
                process_office_id=offices[office],
                territory_id=territory,
                seats=usual_seats(named[office], places_named[territory]),
            )
            for office, territory in missing
        ),
        ignore_conflicts=True,
    )


@transaction.atomic
def set_seats(*, process_office: ProcessOffice, seats: Mapping[int, int | None], by: Any) -> int:
    """Change the number of seats of many contests of an office. Returns: how many changed.

    Args:
        seats: contest (id) → people whom each actor postulates; None: not known yet.

    Raises: ContestsRefused: a number that cannot be, or a contest that is not of this office.
    """
    require_change(by)
    contests = process_office.contests.select_related("territory").select_for_update(of=("self",))
    known = contests.in_bulk(list(seats))
    problems, changed = [], []
    for pk, number in seats.items():
        contest = known.get(pk)
        if contest is None:
            problems.append(_("Una de estas elecciones ya no está: vuelve a abrir la lista."))
        elif number is not None and not 1 <= number <= MOST_SEATS:
            said = _("%(place)s: escribe un número de 1 a %(most)s, o deja vacío.")
            problems.append(said % {"place": contest.territory.name, "most": MOST_SEATS})
        elif contest.seats != number:
            contest.seats = number
            changed.append(contest)
    if problems:
        raise ContestsRefused(*dict.fromkeys(problems))
    Contest.objects.bulk_update(changed, ["seats"])
    return len(changed)


@transaction.atomic
def remove_contest(*, contest: Contest, by: Any) -> None:
    """Remove a contest in which nobody stands.

    Raises: ContestsRefused: somebody stands in it, or stood.
    """
    require_change(by)
    ProcessOffice.objects.select_for_update().get(pk=contest.process_office_id)
    number = sum(count(contest) for count in _standing.values())
    if number:
        said = ngettext(
            "%(contest)s tiene una candidatura registrada: no se puede quitar.",
            "%(contest)s tiene %(number)s candidaturas registradas: no se puede quitar.",
            number,
        )
        raise ContestsRefused(said % {"contest": contest, "number": number})
    contest.delete()
