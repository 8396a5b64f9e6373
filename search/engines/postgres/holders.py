"""Which candidacies have each value of each facet, in the memory of each process.

The database finds candidacies by their words. How many of them have each value is counted here, with
one bit for each candidacy: to group what was found took the database as long as to find it.
A change of a candidacy changes its bits alone; what the database says of values is never guessed.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from threading import Lock
from typing import Any, NamedTuple, TypeVar

import orjson

from cms.catalogs import prepared
from cms.catalogs.remembered import Remembered
from cms.published import scope, versions
from search.engines.contract import Counts
from search.query import AGE_BANDS

MOST_BYTES = 32 * 1024 * 1024
# What a candidacy takes with its values, which it shares with others, and a value with its bits.
BYTES_OF_A_CANDIDACY, BYTES_OF_A_VALUE = 400, 300
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
# (facet, value)
Value = tuple[str, str]
_Row = tuple[int, int, str, str, str, str, str, int | None]


class Candidacy(NamedTuple):
    """The place of a candidacy's bits, its office of the process, and its values.

    `own` are those of the questionnaires' facets, which count where answers are public.
    """

    place: int
    office: int
    values: tuple[Value, ...]
    own: tuple[Value, ...]


@dataclass(frozen=True)
class Holders:
    """Who of a process may be found, and who has each value.

    Attributes:
        places: how many bits a set has.
        offices, values, own: sets by office of the process and by value, as in `Candidacy`.
        reading: what all of it is as new as (`versions.readings`).
    """

    candidacies: Mapping[int, Candidacy] = field(default_factory=dict)
    places: int = 0
    offices: Mapping[int, Bits] = field(default_factory=dict)
    values: Mapping[Value, Bits] = field(default_factory=dict)
    own: Mapping[Value, Bits] = field(default_factory=dict)
    reading: int = 0

    @property
    def bytes(self) -> int:
        """About how much memory it takes."""
        sets = len(self.offices) + len(self.values) + len(self.own)
        of_a_set = BYTES_OF_A_VALUE + self.places // 8
        return BYTES_OF_A_CANDIDACY * len(self.candidacies) + of_a_set * sets

    def set_of(self, candidacies: Iterable[int]) -> Bits:
        """The set of these candidacies. Raises: KeyError: one of them is not known."""
        known = self.candidacies
        return _bits([known[one].place for one in candidacies], self.places)

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
        candidacies = dict(self.candidacies)
        left = {key: one for key in changed if (one := candidacies.pop(key, None)) is not None}
        place = count(self.places)
        offices: dict[int, list[int]] = {}
        values: dict[Value, list[int]] = {}
        own: dict[Value, list[int]] = {}
        share: dict[object, Any] = {}
        for row in rows:
            old = left.get(row[0])
            one = _candidacy(row, next(place) if old is None else old.place, share)
            candidacies[row[0]] = one
            offices.setdefault(one.office, []).append(one.place)
            for value in one.values:
                values.setdefault(value, []).append(one.place)
            for value in one.own:
                own.setdefault(value, []).append(one.place)
        places = next(place)
        stay = ~_bits([one.place for one in left.values()], places)
        return Holders(
            candidacies,
            places,
            _with(self.offices, stay, offices, places),
            _with(self.values, stay, values, places),
            _with(self.own, stay, own, places),
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
            for (facet, value), bits in sets.items():
                seen = everyone if facet not in passing else _but(passing, facet, found)
                if number := (bits & seen & among).bit_count():
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


def _bits(places: Collection[int], size: int) -> Bits:
    """The set of these places."""
    written = bytearray(b"0" * (size + 1))
    for place in places:
        written[~place] = _ONE
    return int(written, 2)


def _with(
    sets: Mapping[K, Bits], stay: Bits, added: Mapping[K, list[int]], places: int
) -> dict[K, Bits]:
    """Sets without those who do not stay, and with those who are added."""
    kept = {key: bits & stay for key, bits in sets.items()}
    for key, some in added.items():
        kept[key] = kept.get(key, 0) | _bits(some, places)
    return kept


def _candidacy(row: _Row, place: int, share: dict[object, Any]) -> Candidacy:
    """A row as it is kept.

    Args:
        share: what equal parts of rows became: thousands have the same values.
    """
    _key, office, facets, municipality, role, actor, sex, age = row
    own = share.get(facets)
    if own is None:
        own = share[facets] = tuple(orjson.loads(facets).items())
    named = (
        ("municipio", municipality),
        ("cargo", role),
        ("actor", actor),
        ("sexo", sex),
        ("edad", "" if age is None else _band(age)),
    )
    values = tuple(share.setdefault(value, value) for value in named if value[1])
    return Candidacy(place, office, values, own)


def _band(age: int) -> str:
    """The age band of an age; "" when it is in none."""
    return next(
        (name for name, (youngest, oldest) in AGE_BANDS.items() if youngest <= age <= oldest), ""
    )


_held: Remembered[int, tuple[tuple[int, int, int], Holders]] = Remembered(
    MOST_BYTES, lambda _process, held: held[1].bytes
)
# What several threads miss at once is made once.
_making = Lock()


def holders_of(process_pk: int) -> Holders:
    """Who has each value (one query after a change, none while nothing changed).

    The page that is being made depends on all of it. Elsewhere it is read anew each time.
    """
    names = (versions.SITE, versions.process(process_pk), versions.rows(process_pk))
    scope.depends_on(*names)
    if not scope.is_open():
        return Holders().with_rows(_read(process_pk), (), 0)
    held = _held.get(process_pk)
    if held is not None and held[0] == tuple(map(versions.of, names)):
        return held[1]
    with _making:
        return _made(process_pk, names)


def _made(process_pk: int, names: tuple[str, str, str]) -> Holders:
    # What is read after these is as new as they, or newer.
    reading = versions.readings()
    site, process, rows = map(versions.of, names)
    held = _held.get(process_pk)
    if held is not None and held[0] == (site, process, rows):
        return held[1]
    made = None
    if held is not None and held[0][:2] == (site, process):
        changed = versions.candidacies_changed_after(held[1].reading)
        if len(changed) <= MOST_CHANGED:
            made = held[1].with_rows(_read(process_pk, changed), changed, reading)
    if made is None:
        made = Holders().with_rows(_read(process_pk), (), reading)
    _held.keep(process_pk, ((site, process, rows), made))
    return made


def with_newer(held: Holders, process_pk: int, candidacies: Collection[int]) -> Holders:
    """The same with candidacies that became public since (one query)."""
    newer = [key for key in candidacies if key not in held.candidacies]
    return held.with_rows(_read(process_pk, newer), newer, held.reading)


def _read(process_pk: int, some: Collection[int] | None = None) -> list[_Row]:
    keys = None if some is None else list(some)
    with prepared.cursor() as cursor:
        cursor.execute(_ROWS, [process_pk, keys, keys])
        rows: list[_Row] = cursor.fetchall()
    return rows


def forget() -> None:
    """Know nothing, as a process that has just started."""
    _held.forget()
