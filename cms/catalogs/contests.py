"""What each territory of a process elects: contests, taken from the catalogue or loaded in bulk.

Staff take, load, change and remove them; imports make the ones that their candidacies need. Every
function is safe to repeat: what is there already stays as it is.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log

from cms.catalogs import entities
from cms.catalogs.files import municipalities_of
from cms.catalogs.log_actions import (
    CONTESTS_ADDED,
    CONTESTS_REMOVED,
    SEATS_CHANGED,
)
from cms.catalogs.models import (
    MOST_SEATS,
    Contest,
    Office,
    Process,
    ProcessOffice,
    Territory,
    TerritoryKind,
)
from cms.catalogs.services import folded_key
from cms.catalogs.spanish import sort_key

COUNCILLORS = "regiduria"

# Any number that the rest of the platform does not use: whoever adds territories holds it.
_ADDING_TERRITORIES = 7_201_005

CountStanding = Callable[[ProcessOffice], Mapping[int, int]]
_standing: dict[str, CountStanding] = {}


class ContestsRefused(Exception):
    """Contests cannot be as asked. `problems` are sentences in Spanish; nothing was written."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))


class SeatsMoved(ContestsRefused):
    """Somebody else changed seats since the form was opened; nothing was written.

    Attributes:
        now: contest (id) → its seats.
    """

    def __init__(self, now: Mapping[int, int | None], *problems: str) -> None:
        self.now = now
        super().__init__(*problems)


def register(name: str, count: CountStanding) -> None:
    """Say who knows how many candidacies each territory has of an office of a process.

    Rooms call it when they start.
    """
    _standing[name] = count


def standing(process_office: ProcessOffice) -> Mapping[int, int]:
    """Territory (id) → candidacies of an office of a process, ended ones too; where there are."""
    found: Counter[int] = Counter()
    for count in _standing.values():
        found.update(count(process_office))
    return found


def require_change(by: Any) -> None:
    """Refuse whoever may not change contests. Raises: PermissionDenied."""
    if not by.has_perm("catalogs.change_contest"):
        raise PermissionDenied


def held_for_change(process_office: ProcessOffice) -> ProcessOffice:
    """The office as it is stored, whose process is not moved to another entity meanwhile."""
    rows = ProcessOffice.objects.select_related("process", "office")
    locked = rows.select_for_update(of=("process",), no_key=True)
    found = locked.filter(pk=process_office.pk).first()
    if found is None:
        raise ContestsRefused(_("Este cargo ya no está en el proceso."))
    return found


def add_territories_one_by_one() -> None:
    """Wait, until the end of the transaction, for whoever else is adding territories."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_ADDING_TERRITORIES])


def entity_of(process: Process) -> str:
    if not process.entity_code:
        raise ContestsRefused(_("Elige primero la entidad del proceso."))
    return process.entity_code


def require_kind(process_office: ProcessOffice, kind: str) -> None:
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
    held = held_for_change(process_office)
    require_kind(held, TerritoryKind.MUNICIPALITY)
    return add_contests(held, add_municipalities(entity_of(held.process)), by)


def add_municipalities(entity_code: str) -> list[Territory]:
    """Every municipality of an entity that INEGI lists, added to the catalogue where missing."""
    add_territories_one_by_one()
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
    give_slugs(missing, entity_code)
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


def give_slugs(places: Sequence[Territory], entity_code: str) -> None:
    """Addresses: the name, with that of the entity where another territory has it already."""
    beside = slugify(entities.name_of(entity_code)) or entity_code
    taken = set(Territory.objects.values_list("slug", flat=True))
    for place in places:
        stem = slugify(place.name)[:100]
        wanted = (stem, f"{stem}-{beside}"[:140], f"{stem}-{beside}"[:130] + f"-{place.number}")
        place.slug = next(slug for slug in wanted if slug not in taken)
        taken.add(place.slug)


# -- the whole entity --------------------------------------------------------------


@transaction.atomic
def take_statewide(*, process_office: ProcessOffice, by: Any) -> int:
    """The one contest of an office that the whole entity elects. Returns: how many are new.

    Raises: ContestsRefused: the process has no entity, or the office is not of the whole entity.
    """
    require_change(by)
    held = held_for_change(process_office)
    require_kind(held, TerritoryKind.ENTITY)
    code = entity_of(held.process)
    places = list(Territory.objects.filter(kind=TerritoryKind.ENTITY, entity_code=code))
    if not places:
        raise ContestsRefused(_("«%(code)s» no es la clave de una entidad.") % {"code": code})
    return add_contests(held, places, by)


# -- any contest ----------------------------------------------------------------------------------


def usual_seats(office: Office, territory: Territory) -> int | None:
    """People whom an actor postulates for an office, as far as the catalogues say; else None."""
    if office.code == COUNCILLORS:
        return territory.majority_councillors
    return 1


def add_contests(process_office: ProcessOffice, territories: Sequence[Territory], by: Any) -> int:
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
    if new:
        log(process_office, CONTESTS_ADDED, user=by, data={"cuantos": len(new)})
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
def set_seats(
    *,
    process_office: ProcessOffice,
    seats: Mapping[int, int | None],
    by: Any,
    opened: Mapping[int, int | None] | None = None,
) -> int:
    """Change the number of seats of many contests of an office. Returns: how many changed.

    Args:
        seats: contest (id) → people whom each actor postulates; None: not known yet.
        opened: the same, as whoever changes them saw it.

    Raises:
        SeatsMoved: somebody else changed one of them since it was seen.
        ContestsRefused: a number that cannot be, or a contest that is not of this office.
    """
    require_change(by)
    held = held_for_change(process_office)
    contests = held.contests.select_related("territory").select_for_update(of=("self",))
    known = contests.in_bulk(list(seats))
    problems = list(dict.fromkeys(_problems_of_seats(seats, known)))
    if problems:
        raise ContestsRefused(*problems)
    moved = {
        pk: known[pk].seats
        for pk, number in seats.items()
        if opened is not None and known[pk].seats not in {opened.get(pk), number}
    }
    if moved:
        raise SeatsMoved(moved, *(_moved_in_words(known[pk]) for pk in moved))
    changed, before = [], {}
    for pk, number in seats.items():
        if known[pk].seats != number:
            before[known[pk].territory.name] = [known[pk].seats, number]
            known[pk].seats = number
            changed.append(known[pk])
    Contest.objects.bulk_update(changed, ["seats"])
    if changed:
        log(held, SEATS_CHANGED, user=by, data={"cuantos": len(changed), "lugares": before})
    return len(changed)


def _problems_of_seats(
    seats: Mapping[int, int | None], known: Mapping[int, Contest]
) -> Iterable[str]:
    for pk, number in seats.items():
        if pk not in known:
            yield _("Una de estas elecciones ya no está: vuelve a abrir la lista.")
        elif number is not None and not 1 <= number <= MOST_SEATS:
            said = _("%(place)s: escribe un número de 1 a %(most)s, o deja vacío.")
            yield said % {"place": known[pk].territory.name, "most": MOST_SEATS}


def _moved_in_words(contest: Contest) -> str:
    said = _(
        "%(place)s: otra persona lo cambió mientras lo editabas, y ahora dice «%(now)s». Si guardas"
        " otra vez, queda lo que escribiste tú."
    )
    return said % {"place": contest.territory.name, "now": contest.seats or ""}


@transaction.atomic
def remove_contests(*, process_office: ProcessOffice, contest_ids: Collection[int], by: Any) -> int:
    """Remove contests of an office in which nobody stands. Returns: how many were there.

    Raises: ContestsRefused: with every contest in which somebody stands, or stood.
    """
    require_change(by)
    locked = ProcessOffice.objects.select_related("process", "office").select_for_update(
        of=("self",)
    )
    held = locked.filter(pk=process_office.pk).first()
    if held is None:
        return 0
    chosen = held.contests.filter(pk__in=contest_ids).select_related("territory")
    found = list(chosen.order_by("territory__sort_key"))
    problems = standing_in_words(found, standing(held))
    if problems:
        raise ContestsRefused(*problems)
    if found:
        names = [contest.territory.name for contest in found]
        Contest.objects.filter(pk__in=[contest.pk for contest in found]).delete()
        log(held, CONTESTS_REMOVED, user=by, data={"cuantos": len(names), "lugares": names})
    return len(found)


def standing_in_words(contests: Iterable[Contest], numbers: Mapping[int, int]) -> list[str]:
    """Why each contest in which somebody stands cannot be removed."""
    return [
        ngettext(
            "%(place)s tiene una candidatura registrada: no se puede quitar.",
            "%(place)s tiene %(number)s candidaturas registradas: no se puede quitar.",
            numbers[contest.territory_id],
        )
        % {"place": contest.territory.name, "number": numbers[contest.territory_id]}
        for contest in contests
        if numbers.get(contest.territory_id)
    ]
