"""How much of a process can be read: of each municipality, and in all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from cms.catalogs.models import CandidacyState, Territory, TerritoryKind
from cms.published import catalogues, places
from cms.published.places import Places

_SQL = """
select c.territory_id,
    count(*) filter (where c.state = %(active)s and v.register_during @> %(at)s),
    count(*) filter (where c.state = %(active)s and c.published_at is not null
        and v.answers_during @> %(at)s),
    sum(c.answers_count) filter (where c.state = %(active)s and c.published_at is not null
        and v.answers_during @> %(at)s),
    max(c.updated_at)
from published_publishedcandidacy c
join published_visibility v on v.process_office_id = c.process_office_id
where c.process_id = %(process)s
group by c.territory_id
"""
_Row = tuple[int, int, int, int | None, datetime]


@dataclass(frozen=True)
class Figures:
    """How much there is to read: registered, with and without information, answers."""

    registered: int
    informed: int
    answers: int

    @property
    def silent(self) -> int:
        return self.registered - self.informed


@dataclass(frozen=True)
class Tally:
    """What is public of a process at an instant, all from the same cut.

    Attributes:
        active: territory → active candidacies, of each that has any.
        last_publication: when something public changed for the last time; None if nothing is.
    """

    process_pk: int
    active: Mapping[int, int]
    figures: Figures
    last_publication: datetime | None

    def municipalities(self) -> list[tuple[str, str, str, int]]:
        """(name, slug, CVEGEO, active candidacies) of each that has any, in Spanish order.

        One query, or none while the catalogues are remembered.
        """
        return catalogues.joined(
            self.process_pk, lambda known: _municipalities(known.territories, self.active)
        )

    def places(self) -> Places:
        """Where the process is held, with the active candidacies of each place.

        One query, or none while the catalogues are remembered.
        """
        return catalogues.joined(self.process_pk, lambda known: places.of(known, self.active))


def of_process(process_pk: int, *, at: datetime) -> Tally:
    """What is public of a process at an instant (one query)."""
    given: dict[str, Any] = {
        "process": process_pk,
        "at": at,
        "active": CandidacyState.ACTIVE.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, given)
        rows: list[_Row] = cursor.fetchall()
    return Tally(
        process_pk,
        active={territory: registered for territory, registered, *_rest in rows if registered},
        figures=Figures(
            registered=sum(row[1] for row in rows),
            informed=sum(row[2] for row in rows),
            answers=sum(row[3] or 0 for row in rows),
        ),
        last_publication=max((row[4] for row in rows), default=None),
    )


def _municipalities(
    territories: Mapping[int, Territory], active: Mapping[int, int]
) -> list[tuple[str, str, str, int]]:
    places = [(territories[key], total) for key, total in active.items()]
    return [
        (place.name, place.slug, place.cvegeo, total)
        for place, total in sorted(places, key=lambda pair: pair[0].sort_key)
        if place.kind == TerritoryKind.MUNICIPALITY
    ]
