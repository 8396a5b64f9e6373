"""The catalogues that rows of candidacies refer to, and the dates that decide what may be seen.

Pages join them to their rows in memory: a ballot would read the same actor a hundred times.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TypeVar

import orjson
from django.db import connection, models

from cms.catalogs.models import (
    Office,
    PoliticalActor,
    Process,
    ProcessOffice,
    Territory,
    TerritoryKind,
)
from cms.published import scope, versions
from cms.published.by_version import RememberedByVersion
from cms.published.models import PublishedCandidacy, Visibility

MOST_BYTES = 16 * 1024 * 1024
# What a row of the catalogues takes as a model, with its texts.
BYTES_OF_A_MODEL = 3000
BYTES_OF_A_CONTEST = 400

M = TypeVar("M", bound=models.Model)
T = TypeVar("T")
_SQL = """
select 'Process', to_jsonb(p)::text from catalogs_process p where p.id = %(process)s
union all
select 'Office', to_jsonb(o)::text from catalogs_office o
union all
select 'PoliticalActor', to_jsonb(a)::text from catalogs_politicalactor a
where a.process_id = %(process)s
union all
select 'Territory', to_jsonb(t)::text from catalogs_territory t
union all
select 'Contest', jsonb_build_array(o.office_id, c.territory_id, c.seats, c.covers)::text
from catalogs_contest c
join catalogs_processoffice o on o.id = c.process_office_id
where o.process_id = %(process)s
"""


@dataclass(frozen=True, slots=True)
class ContestHeld:
    """What a territory elects of an office.

    Attributes:
        office, territory: keys of the catalogues.
        seats: people whom each actor postulates; None if it was not said.
        covers: CVEGEO of the municipalities of a district.
    """

    office: int
    territory: int
    seats: int | None
    covers: tuple[str, ...]


@dataclass(frozen=True)
class Catalogues:
    """A process, its actors, its contests, and all offices and territories, by key."""

    process: Process
    offices: Mapping[int, Office]
    actors: Mapping[int, PoliticalActor]
    territories: Mapping[int, Territory]
    contests: tuple[ContestHeld, ...] = ()

    @cached_property
    def entity_code(self) -> str:
        """The entity of the process, or the only one in which it is held; otherwise empty."""
        held = {self.territories[one.territory].entity_code for one in self.contests}
        return self.process.entity_code or (held.pop() if len(held) == 1 else "")

    @cached_property
    def held_in(self) -> Mapping[int, tuple[ContestHeld, ...]]:
        """Territory → its contests, in the order of the ballot."""
        found: dict[int, list[ContestHeld]] = {}
        for one in sorted(self.contests, key=lambda one: self.offices[one.office].ballot_order):
            found.setdefault(one.territory, []).append(one)
        return {territory: tuple(contests) for territory, contests in found.items()}

    def ballot_place(self, slug: str) -> Territory | None:
        """The territory of a ballot by the slug of its address; None when there is none.

        It is one that has contests, or a municipality of the entity: of another entity it is none.
        """
        place = next((one for one in self.territories.values() if one.slug == slug), None)
        if place is None or place.pk in self.held_in:
            return place
        is_own = place.entity_code == self.entity_code or not self.entity_code
        return place if is_own and place.kind == TerritoryKind.MUNICIPALITY else None

    def complete(self, row: PublishedCandidacy) -> PublishedCandidacy:
        """The row with what it refers to, so that reading its names asks the database nothing.

        Raises: KeyError: something is missing.
        """
        row.process = self.process
        row.office = self.offices[row.office_id]
        row.actor = self.actors[row.actor_id]
        row.territory = self.territories[row.territory_id]
        return row


@dataclass(frozen=True)
class Dates:
    """When the information of a process is public.

    Attributes:
        offices: of the process, by key.
        edges: the instants, in order, at which a date changes what may be seen.
    """

    offices: Mapping[int, ProcessOffice]
    edges: tuple[datetime, ...]

    def next_edge(self, after: datetime) -> datetime | None:
        """The next instant at which a date changes what may be seen; None if there is none."""
        return next((edge for edge in self.edges if edge > after), None)


_catalogues: RememberedByVersion[int, Catalogues] = RememberedByVersion(
    MOST_BYTES,
    lambda found: (
        BYTES_OF_A_MODEL * (len(found.actors) + len(found.territories) + 20)
        + BYTES_OF_A_CONTEST * len(found.contests)
    ),
)
_dates: RememberedByVersion[int, Dates] = RememberedByVersion(
    MOST_BYTES, lambda found: BYTES_OF_A_MODEL * len(found.offices)
)


def of_process(process_pk: int) -> Catalogues:
    """The catalogues of a process (one query, or none while they are remembered).

    Raises: KeyError: there is no such process.
    """
    names = (versions.SITE, versions.process(process_pk))
    return _catalogues.get(process_pk, names, lambda: read(process_pk))


def read(process_pk: int) -> Catalogues:
    """The catalogues of a process as they are now (one query)."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"process": process_pk})
        rows = [(kind, orjson.loads(columns)) for kind, columns in cursor.fetchall()]

    def of(model: type[M]) -> dict[int, M]:
        fields = model._meta.concrete_fields
        names = [field.attname for field in fields]
        return {
            columns["id"]: model.from_db(
                connection.alias,
                names,
                [field.to_python(columns[name]) for field, name in zip(fields, names, strict=True)],
            )
            for kind, columns in rows
            if kind == model.__name__
        }

    contests = tuple(
        ContestHeld(office, territory, seats, tuple(covers))
        for kind, columns in rows
        if kind == "Contest"
        for office, territory, seats, covers in [columns]
    )
    return Catalogues(
        of(Process)[process_pk], of(Office), of(PoliticalActor), of(Territory), contests
    )


def joined(process_pk: int, join: Callable[[Catalogues], T]) -> T:
    """What rows of a process become with what they refer to (one query, or none).

    Args:
        join: raises KeyError when something is missing. What was added after the versions were
            read, and before the rows were, is so read anew.
    """
    try:
        return join(of_process(process_pk))
    except KeyError:
        return join(read(process_pk))


def dates_of(process_pk: int) -> Dates:
    """When the information of a process is public (one query, or none while it is remembered)."""
    names = (versions.SITE, versions.process(process_pk))
    return _dates.get(process_pk, names, lambda: read_dates(process_pk))


def read_dates(process_pk: int) -> Dates:
    """The dates of a process as they are now (one query)."""
    found = Visibility.objects.filter(process_office__process=process_pk)
    periods = list(found.select_related("process_office"))
    edges = {
        edge
        for one in periods
        for during in (one.register_during, one.answers_during)
        for edge in (during.lower, during.upper)
        if edge is not None
    }
    return Dates(
        {one.process_office_id: one.process_office for one in periods}, tuple(sorted(edges))
    )


def office_of(row: PublishedCandidacy) -> ProcessOffice:
    """The office of the process for which a row stands (one query, or none)."""
    pk = row.process_id
    known = dates_of(pk).offices.get(row.process_office_id)
    # It may have been added after the versions were read, and before the row was.
    return read_dates(pk).offices[row.process_office_id] if known is None else known


def note_dates(process_pk: int, at: datetime) -> None:
    """Note that a page shows what the dates of a process let it show at an instant."""
    if scope.is_open():
        scope.visible_until(dates_of(process_pk).next_edge(at))
