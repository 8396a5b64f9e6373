"""What the database said of terms before: their stems, and how many candidacies hold each.

Every search is a new one, but its words are not. To ask for the stems of a word and for which of
them anybody writes, and to count a word again, takes as long as to find who holds it.
"""

import sys
from bisect import bisect
from collections.abc import Mapping, Sequence
from datetime import datetime

from cms.catalogs.remembered import Remembered
from cms.published import catalogues, scope, versions
from cms.published.by_version import with_versions
from search.reading import Phrase, Reading, Term

MOST_BYTES = 4 * 1024 * 1024
# What a term takes besides its letters: tuples within tuples.
BYTES_OF_A_PHRASE = 300

# The queries of terms, as the database's type `terms` has them: by what they are, of each term.
Queries = Mapping[str, Sequence[str | None]]
_OfTerm = tuple[tuple[str, str | None], ...]
# A term with those of its phrases that are synonyms, and those of these that are names.
_Term = tuple[Term, Term, tuple[Phrase, ...]]
# The process, its versions and the period between two dates; and the term.
_Key = tuple[int, int, int, int, _Term]


def _bytes_of(key: _Key, value: _OfTerm | int) -> int:
    phrases = key[4][0]
    letters = sum(len(spelling) for phrase in phrases for word in phrase for spelling in word)
    queries = 0 if isinstance(value, int) else sum(sys.getsizeof(query) for _what, query in value)
    return letters + queries + BYTES_OF_A_PHRASE * (1 + len(phrases))


_queries: Remembered[_Key, _OfTerm] = with_versions(Remembered(MOST_BYTES, _bytes_of))
_frequencies: Remembered[_Key, int] = with_versions(Remembered(MOST_BYTES, _bytes_of))


def _keys(process_pk: int, at: datetime, reading: Reading) -> list[_Key]:
    """A key for each wanted term; none where no page is made, and nothing is remembered."""
    if not scope.is_open():
        return []
    names = (versions.process(process_pk), versions.rows(process_pk))
    scope.depends_on(*names)
    period = bisect(catalogues.dates_of(process_pk).edges, at)
    process, rows = map(versions.of, names)
    synonyms = reading.synonyms or ((),) * len(reading.wanted)
    return [
        (
            *(process_pk, process, rows, period),
            (term, of_term, tuple(one for one in of_term if one in reading.nicknames)),
        )
        for term, of_term in zip(reading.wanted, synonyms, strict=True)
    ]


class KnownTerms:
    """What is known of the terms of one reading, and learnt of them.

    It is made before the database is asked, so that what it learns is as new as its versions.
    """

    def __init__(self, process_pk: int, at: datetime, reading: Reading) -> None:
        self._keys = _keys(process_pk, at, reading)

    def queries(self) -> Queries | None:
        """Of all terms; None unless those of each are known."""
        found = [_queries.get(key) for key in self._keys]
        known = [dict(of_term) for of_term in found if of_term is not None]
        if not known or len(known) < len(found):
            return None
        return {what: [of_term[what] for of_term in known] for what in known[0]}

    def frequencies(self) -> list[int | None]:
        """Of each term; None where it is not known. Where no page is made, an empty list."""
        return [_frequencies.get(key) for key in self._keys]

    def learn_queries(self, queries: Queries) -> None:
        """Remember the queries of every term."""
        for place, key in enumerate(self._keys):
            _queries.keep(key, tuple((what, some[place]) for what, some in queries.items()))

    def learn_frequencies(self, frequencies: Sequence[int]) -> None:
        """Remember how many hold each term."""
        if self._keys:  # Otherwise there are more frequencies than keys.
            _frequencies.keep_many(dict(zip(self._keys, frequencies, strict=True)))
