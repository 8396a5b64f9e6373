"""What pages show of candidacies other than their own: the ballot, and who competes with whom.

They are read with SQL and are no models, since a ballot has more than a hundred: to build the query
and the models takes longer than the database needs to answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from cms.catalogs import prepared
from cms.catalogs.models import CandidacyState, Office, PoliticalActor, Territory
from cms.catalogs.public_paths import CANDIDACY
from cms.published import catalogues, versions
from cms.published.catalogues import Catalogues
from cms.published.models import PublishedCandidacy

# Whoever adds a column here adds it to the card in the triggers of versions (migration 0006).
_SQL = """
select c.office_id, c.territory_id, c.actor_id, c.candidacy_id, c.name, c.slug, c.principle,
    c.seat_kind, c.list_number, c.sex, c.state, c.end_cause, c.ended_on,
    case when v.answers_during @> %(at)s then c.photo else '' end,
    c.photo_alt, c.photo_name, c.photo_width,
    c.published_at is not null and v.answers_during @> %(at)s
from published_publishedcandidacy c
join published_visibility v on v.process_office_id = c.process_office_id
    and v.register_during @> %(at)s
where c.process_id = %(process)s and ({condition})
order by c.list_number nulls last, c.seat_kind, c.sort_key
"""
_BALLOT = _SQL.format(condition="c.territory_id = %(territory)s")
# Who competes for the same seat, who shares the formula, who replaced it, and whom it replaced.
# Those of the same place are found first, so that one plan is right whatever is asked («+ 0» keeps
# the planner from the index of the offices).
_BESIDE = _SQL.format(
    condition="""
    c.candidacy_id = any (array(
        select b.candidacy_id from published_publishedcandidacy b
        where b.territory_id = %(territory)s and b.office_id + 0 = %(office)s
            and b.principle = %(principle)s and b.state = %(active)s and (
                b.seat_kind = %(seat)s and (%(place)s::int is null or b.list_number = %(place)s)
                or b.seat_kind <> %(seat)s and b.actor_id = %(actor)s
                and b.list_number is not distinct from %(number)s)
        union all select %(successor)s::bigint union all select %(predecessor)s::bigint))
    and c.candidacy_id <> %(candidacy)s"""
)


@dataclass(frozen=True, slots=True)
class Card:
    """A candidacy as other pages than its own show it, without what is not public any more.

    `photo` is empty where there is no photograph; then nothing else is said of it either.
    """

    office: Office
    territory: Territory
    actor: PoliticalActor
    candidacy_id: int
    name: str
    slug: str
    principle: str
    seat_kind: str
    list_number: int | None
    sex: str
    state: str
    end_cause: str
    ended_on: date | None
    photo: str
    photo_alt: str
    photo_name: str
    photo_width: int
    has_answers: bool

    def get_absolute_url(self) -> str:
        """The path of the candidacy's page."""
        return CANDIDACY.path(self.candidacy_id, self.slug)


class Shown(Protocol):
    """Whoever is shown: on their own page, on another, or among the results of a search."""

    @property
    def name(self) -> str: ...
    @property
    def sex(self) -> str: ...
    @property
    def seat_kind(self) -> str: ...
    @property
    def photo(self) -> str: ...
    @property
    def photo_alt(self) -> str: ...
    @property
    def photo_name(self) -> str: ...
    @property
    def photo_width(self) -> int: ...


def of_ballot(*, process_pk: int, territory_pk: int, at: datetime) -> list[Card]:
    """Everyone on a territory's ballot in the neutral order, ended candidacies too (one query)."""
    return _read(_BALLOT, {"process": process_pk, "territory": territory_pk, "at": at})


def beside(row: PublishedCandidacy, *, at: datetime) -> list[Card]:
    """Who competes for the same seat, shares the formula, or comes before or after (one query)."""
    number = row.list_number
    has_place = number is not None and number <= versions.LAST_PLACE
    given = {
        "process": row.process_id,
        "candidacy": row.candidacy_id,
        "successor": row.superseded_by_id,
        "predecessor": row.supersedes_id,
        "office": row.office_id,
        "territory": row.territory_id,
        "principle": row.principle,
        "active": CandidacyState.ACTIVE.value,
        "seat": row.seat_kind,
        "place": number if has_place else None,
        "number": number,
        "actor": row.actor_id,
        "at": at,
    }
    return _read(_BESIDE, given)


def _read(sql: str, given: Mapping[str, Any]) -> list[Card]:
    with prepared.cursor() as cursor:
        cursor.execute(sql, given)
        rows = cursor.fetchall()

    def cards(found: Catalogues) -> list[Card]:
        offices, territories, actors = found.offices, found.territories, found.actors
        return [
            Card(offices[office], territories[territory], actors[actor], *rest)
            for office, territory, actor, *rest in rows
        ]

    # The database has put them in order within each office and actor.
    return sorted(catalogues.joined(given["process"], cards), key=_of_the_ballot)


def _of_the_ballot(card: Card) -> tuple[int, int, str]:
    return card.office.ballot_order, card.actor.ballot_order, card.actor.key
