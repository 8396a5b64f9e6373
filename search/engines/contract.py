"""What a search engine must do. Whatever is the same for every engine stands above: labels of
facets, rows of hits, fragments and corrections are assembled once, in `search.services`.

The tests of this contract are `tests/search/test_contract.py`; they run for every engine that
`search.engines` names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from search.query import SearchQuery
from search.reading import Reading

# Facet → value, as the parameter of the facet takes it → how many candidacies have it.
Counts = Mapping[str, Mapping[str, int]]
# The frequency of a term that is too common to be searched.
TOO_COMMON = -1
# Of a relaxed search, the first word counts so much more: whoever asks for something names it first
# («refugios para mujeres», «vivienda digna para familias»).
FIRST_SAYS_MORE = 1.3
# What was answered without the index that should have known, or with one that is late, is kept no
# longer than this.
UNTIL_KNOWN = timedelta(seconds=30)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What an engine found.

    Attributes:
        ids: the candidacies of the page that was asked for, in the order of the query.
        total: how many candidacies pass the filters.
        matched: how many there are without any filter.
        counts: of every facet; the filter of a facet does not count for that facet itself. A value
            that no candidacy has may be left out, and unknown answers are counted nowhere.
        lexemes: the stems of the words that were looked for, as `conoceles_vector` makes them; a
            word of an answer is marked when it has one of these stems. Those that nobody writes
            may be left out.
        near: for each suspect of the reading that seems a misspelt name, the words of public names
            that may have been meant, each with whether it sounds the same. Both are folded.
        only_common: every word was too common to be searched; then nothing was found.
        frequencies: for each wanted term, how many of all that is public hold it; TOO_COMMON for a
            term that is too common to be searched. Filled when fewer match than the reading's
            `wants_frequencies`; an engine may stop counting at some thousands.
        public: how many candidacies are public in all; filled with `frequencies`.
        bearers: how many of those who match have every wanted term in their name; filled with
            `frequencies`.
        versions: of each id, the version of the public row that was indexed. An engine that reads
            the rows themselves says nothing.
    """

    ids: tuple[int, ...] = ()
    total: int = 0
    matched: int = 0
    counts: Counts = field(default_factory=dict)
    lexemes: tuple[str, ...] = ()
    near: Mapping[str, tuple[tuple[str, bool], ...]] = field(default_factory=dict)
    only_common: bool = False
    frequencies: tuple[int, ...] = ()
    public: int = 0
    bearers: int = 0
    versions: Mapping[int, int] = field(default_factory=dict)


class Engine(Protocol):
    """Finds and counts candidacies; knows nothing of how they are shown."""

    name: str

    def find(self, query: SearchQuery, reading: Reading) -> Found:
        """Find what is public at `query.at`, and nothing else.

        Where the answers of an office are not public any more, only the register is searched, and
        its candidacies have no value of the questionnaires' facets (ADR 0008).

        Args:
            query: the process, the filters, the order and the page. Its text was read already.
            reading: what to look for: every wanted term and no excluded one; everything when no
                term is wanted. With a correction, also those who bear the names that may have been
                meant, beside the words that were kept; whoever bears the likeliest comes first.
                With `tiers`, every term of one of them is enough; whoever has every term of the
                first comes first, and terms that are rare, near each other and in fields of weight
                decide among the others (`worth`). Counts are of all that is found in this way.

        Orders: "relevancia" (names weigh more than the register, that more than answers of high
        weight, and these more than the others; ties fall by a lot that favours nobody, always the
        same), "boleta" (territory, office, actor, list) and "nombre" (Spanish order). Without an
        order: "relevancia" when something is wanted, else "boleta".

        Raises:
            django.db.DatabaseError, or the engine's own error, when it cannot answer.
        """
        ...
