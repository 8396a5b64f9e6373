"""Which candidacies have each value of each facet, in the memory of each process.

The database finds candidacies by their words. How many of them have each value is counted here,
with one bit for each candidacy: to group what was found took the database longer than to find it.
The sets are as new as the versions of the page that is being made (ADR 0042); after a change, only
the candidacies that changed are read again.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from threading import Lock
from typing import TypeVar

import orjson

from cms.catalogs import prepared
from cms.published import scope, versions
from cms.published.by_version import RememberedByVersion
from search.engines.contract import Counts
from search.query import AGE_BANDS

MOST_BYTES = 32 * 1024 * 1024
# What the place of a candidacy takes, and a value besides its bits.
BYTES_OF_A_CANDIDACY, BYTES_OF_A_VALUE = 150, 300
# More changed candidacies than these are an import: everything is read again.
MOST_CHANGED = 500

_ROWS = """
select p.candidacy_id, p.process_office_id, p.facets_as_text,
    case when t.kind = 'municipio' then coalesce(nullif(t.cvegeo, ''), t.slug) else '' end,
    o.code, a.key, p.sex, p.age
from published_publishedcandidacy as p
join catalogs_territory as t on t.id = p.territory_id
join catalogs_office as o on o.id = p.office_id
join catalogs_politicalactor as a on a.id = p.actor_id
where p.process_id = %s and p.state = 'activa'
    and (%s::bigint[] is null or p.candidacy_id = any(%s::bigint[]))
"""
_ONE = ord("1")

K = TypeVar("K")

# A set of candidacies: the bit of the place of each.
Bits = int
# A facet, and one of its values.
Value = tuple[str, str]
# Municipality, office, actor, sex and age of a candidacy.
_Fixed = tuple[str, str, str, str, int | None]
_Row = tuple[int, int, str, _Fixed]


@dataclass(frozen=True)
class Holders:
    """Who of a process may be found, and who has each value.

    Attributes:
        places: the bit of each candidacy. size: how many bits a set has.
        offices, values, own: sets by office of the process, by value of the facets that every
            process has, and by value of those of its questionnaires.
        reading: what all of it is as new as (`versions.readings`).
    """

    places: Mapping[int, int] = field(default_factory=dict)
    size: int = 0
    offices: Mapping[int, Bits] = field(default_factory=dict)
    values: Mapping[Value, Bits] = field(default_factory=dict)
    own: Mapping[Value, Bits] = field(default_factory=dict)
    reading: int = 0

    @property
    def bytes(self) -> int:
        """About how much memory it takes."""
        sets = len(self.offices) + len(self.values) + len(self.own)
        of_a_set = BYTES_OF_A_VALUE + self.size // 8
        return BYTES_OF_A_CANDIDACY * len(self.places) + of_a_set * sets

    def set_of(self, candidacies: Iterable[int]) -> Bits:
        """The set of these candidacies. Raises: KeyError: one of them is not known."""
        return _bits(map(self.places.__getitem__, candidacies), self.size)

    def those_of(self, offices: Iterable[int]) -> Bits:
        """All candidacies of some offices of the process."""
        found = 0
        for office in offices:
            found |= self.offices.get(office, 0)
        return found

    def with_rows(self, rows: Iterable[_Row], changed: Collection[int], reading: int) -> "Holders":
        """The same with other candidacies.

        Args:
            rows: those of the candidacies that changed, as they are now.
            changed: the keys of all that changed, those too that are public no more.
        """
        places = dict(self.places)
        left = {key: place for key in changed if (place := places.pop(key, None)) is not None}
        free = count(self.size)
        offices: dict[int, list[int]] = {}
        values: dict[Value, list[int]] = {}
        own: dict[Value, list[int]] = {}
        for key, office, facets, fixed in rows:
            place = places[key] = left[key] if key in left else next(free)
            offices.setdefault(office, []).append(place)
            for value in _values(fixed):
                values.setdefault(value, []).append(place)
            for value in orjson.loads(facets).items():
                own.setdefault(value, []).append(place)
        size = next(free)
        stay = ~_bits(left.values(), size)
        return Holders(
            places,
            size,
            _with(self.offices, stay, offices, size),
            _with(self.values, stay, values, size),
            _with(self.own, stay, own, size),
            reading,
        )

    def counted(
        self,
        found: Bits,
        with_answers: Bits,
        filters: Mapping[str, tuple[str, ...]],
    ) -> tuple[int, Counts]:
        """How many pass every filter, and how many each value has.

        The filter of a facet does not count for the facet itself.

        Args:
            found: who was found, whatever the filters.
            with_answers: whose answers are public.
        """
        passing = {
            facet: self._having(facet, chosen, with_answers)
            for facet, chosen in filters.items()
            if chosen
        }
        everyone = found
        for some in passing.values():
            everyone &= some
        counts: dict[str, dict[str, int]] = {}
        for sets, among in ((self.values, found), (self.own, found & with_answers)):
            seen = everyone & among
            seen_of = {facet: _but(passing, facet, found) & among for facet in passing}
            for (facet, value), bits in sets.items():
                if number := (bits & seen_of.get(facet, seen)).bit_count():
                    counts.setdefault(facet, {})[value] = number
        return everyone.bit_count(), counts

    def _having(self, facet: str, chosen: tuple[str, ...], with_answers: Bits) -> Bits:
        """Who has one of these values."""
        found = 0
        for value in chosen:
            found |= self.values.get((facet, value), 0)
            found |= self.own.get((facet, value), 0) & with_answers
        return found


def _but(passing: Mapping[str, Bits], facet: str, found: Bits) -> Bits:
    """Who was found and passes every filter but one."""
    for other, some in passing.items():
        if other != facet:
            found &= some
    return found


def _bits(places: Iterable[int], size: int) -> Bits:
    """The set of these places."""
    written = bytearray(b"0" * (size + 1))
    for place in places:
        written[~place] = _ONE
    return int(written, 2)


def _with(
    sets: Mapping[K, Bits], stay: Bits, added: Mapping[K, list[int]], size: int
) -> dict[K, Bits]:
    """Sets without those who do not stay, and with those who are added."""
    kept = {key: bits & stay for key, bits in sets.items()}
    for key, places in added.items():
        kept[key] = kept.get(key, 0) | _bits(places, size)
    return kept


def _values(fixed: _Fixed) -> Iterator[Value]:
    """The values of the facets that every process has."""
    municipality, office, actor, sex, age = fixed
    if municipality:
        yield "municipio", municipality
    yield "cargo", office
    yield "actor", actor
    if sex:
        yield "sexo", sex
    if age is not None and (band := _band(age)):
        yield "edad", band


def _band(age: int) -> str:
    """The age band of an age; "" when it is in none."""
    return next(
        (name for name, (youngest, oldest) in AGE_BANDS.items() if youngest <= age <= oldest), ""
    )


_held: RememberedByVersion[int, Holders] = RememberedByVersion(
    MOST_BYTES, lambda holders: holders.bytes
)
# What several threads miss at once is made once.
_making = Lock()


def holders_of(process_pk: int) -> Holders:
    """Who has each value (one query after a change, none while nothing changed).

    The page that is being made depends on all of it. Elsewhere it is read anew each time.
    """
    names = (versions.SITE, versions.process(process_pk), versions.rows(process_pk))
    return _held.get(process_pk, names, lambda: _made(process_pk, names))


def _made(process_pk: int, names: tuple[str, str, str]) -> Holders:
    if not scope.is_open():
        return Holders().with_rows(_read(process_pk), (), 0)
    with _making:
        held = _held.peek(process_pk, names)
        return held or _newest(process_pk, names)


def _newest(process_pk: int, names: tuple[str, str, str]) -> Holders:
    # What is read after this is as new, or newer.
    reading = versions.readings()
    latest = _held.latest(process_pk)
    if latest is not None:
        # Where offices, actors or territories changed, so may values of those that did not.
        (site, process, _rows), held = latest
        changed = versions.candidacies_changed_after(held.reading)
        is_same = (site, process) == tuple(map(versions.of, names[:2]))
        if is_same and len(changed) <= MOST_CHANGED:
            return held.with_rows(_read(process_pk, changed), changed, reading)
    return Holders().with_rows(_read(process_pk), (), reading)


def with_newer(held: Holders, process_pk: int, candidacies: Collection[int]) -> Holders:
    """The same with candidacies that became public since (one query)."""
    newer = [key for key in candidacies if key not in held.places]
    return held.with_rows(_read(process_pk, newer), newer, held.reading)


def _read(process_pk: int, some: Collection[int] | None = None) -> list[_Row]:
    keys = None if some is None else list(some)
    with prepared.cursor() as cursor:
        cursor.execute(_ROWS, [process_pk, keys, keys])
        return [(*row[:3], row[3:]) for row in cursor.fetchall()]
