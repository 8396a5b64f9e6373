"""The places in which a process is held, with how many people stand in each. Pure.

They come from the contests of the process; one in which somebody stands is among them in any case.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cms.catalogs.models import Territory, TerritoryKind
from cms.published.catalogues import Catalogues, ContestHeld


@dataclass(frozen=True, slots=True)
class Place:
    """A place with a ballot of its own.

    Attributes:
        total: active candidacies that are public; None: a municipality without contests of its own,
            which has parts of districts.
    """

    name: str
    slug: str
    cvegeo: str
    total: int | None


@dataclass(frozen=True, slots=True)
class Elected:
    """An office that a place elects.

    Attributes:
        target: as it follows «candidata»: «a la presidencia municipal».
        seats: people whom each actor postulates; None if it was not said.
    """

    name: str
    code: str
    target: str
    seats: int | None


@dataclass(frozen=True, slots=True)
class Places:
    """Where a process is held, each kind in Spanish order.

    Attributes:
        entity_code: INEGI, two digits; empty if the process is not of one entity.
    """

    entity_code: str
    municipalities: tuple[Place, ...]
    districts: tuple[Place, ...]
    wider: tuple[Place, ...]

    @property
    def all(self) -> tuple[Place, ...]:
        return self.municipalities + self.districts + self.wider


def of(known: Catalogues, active: Mapping[int, int]) -> Places:
    """The places of a process.

    Args:
        active: territory → active candidacies that are public.
    """
    keys = {*known.held_in, *active}
    covers = [one.covers for one in known.contests if _is_district(known, one)]
    # While some districts do not say what they cover, a list of municipalities would lack some.
    covered = {cvegeo for one in covers for cvegeo in one} if all(covers) else set()
    parts = {one.pk for one in known.territories.values() if covered and one.cvegeo in covered}
    found = sorted((known.territories[key] for key in keys | parts), key=lambda one: one.sort_key)

    def of_kinds(*kinds: str) -> tuple[Place, ...]:
        return tuple(
            Place(one.name, one.slug, one.cvegeo, active.get(one.pk, 0) if one.pk in keys else None)
            for one in found
            if one.kind in kinds
        )

    return Places(
        known.entity_code,
        of_kinds(TerritoryKind.MUNICIPALITY),
        of_kinds(TerritoryKind.DISTRICT),
        of_kinds(TerritoryKind.CONSTITUENCY, TerritoryKind.ENTITY),
    )


def _is_district(known: Catalogues, contest: ContestHeld) -> bool:
    return known.territories[contest.territory].kind == TerritoryKind.DISTRICT


def elected_in(known: Catalogues, territory_pk: int) -> list[Elected]:
    """What a territory elects, in the order of the ballot."""
    return [
        Elected(office.name, office.code, office.target, one.seats)
        for one in known.held_in.get(territory_pk, ())
        for office in [known.offices[one.office]]
    ]


def beside(known: Catalogues, territory: Territory) -> tuple[list[Place], list[Place]]:
    """Who else asks for the vote of a municipality: its districts, and what is wider.

    Of a district, the municipalities that it has a part of, and what is wider.
    """
    held = known.held_in
    if territory.kind == TerritoryKind.MUNICIPALITY:
        near = [pk for pk in held if any(territory.cvegeo in one.covers for one in held[pk])]
        near = near if territory.cvegeo else []
    else:
        covers = {cvegeo for one in held.get(territory.pk, ()) for cvegeo in one.covers}
        near = [one.pk for one in known.territories.values() if covers and one.cvegeo in covers]
    wide = {TerritoryKind.CONSTITUENCY.value, TerritoryKind.ENTITY.value}
    wider = [pk for pk in held if known.territories[pk].kind in wide and pk != territory.pk]
    return _named(known, near), _named(known, wider)


def _named(known: Catalogues, keys: Iterable[int]) -> list[Place]:
    places = sorted((known.territories[key] for key in keys), key=lambda one: one.sort_key)
    return [Place(one.name, one.slug, one.cvegeo, None) for one in places]
