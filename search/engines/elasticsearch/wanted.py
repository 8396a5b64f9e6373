"""What a reading looks for, as Elasticsearch takes it.

Whether a hit has a word is asked of one field that holds everything; how much the word counts, of
each field by its weight. So a search with many words and synonyms stays within the number of
clauses that servers take.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

from elasticsearch.dsl import query

from cms.catalogs.spanish import fold
from search.engines.contract import FIRST_SAYS_MORE
from search.query import SearchQuery
from search.reading import Phrase, Reading, Term, Word

# Part of what other fields add to the field that counts most.
TIE_BREAKER = 0.2
# Words that stand together count so much more, up to so many words apart.
TOGETHER, APART = 0.5, 8
# The forms that were typed count a little more than other forms of the same words.
EXACT = 0.1
# A word that means the same as what was typed counts so much of how rare the typed one is, and what
# was typed never less than so much of it; without a count, of how rare words usually are.
SYNONYM, TYPED, USUAL_RARITY = 0.4, 0.5, 2.5
# Whoever bears the name comes before everybody else, and a whole tier before the rest.
NAMED, FIRST_TIER = 10_000.0, 1_000.0
MOST_SPELLINGS_OF_A_PHRASE = 8
# In a search with more words, synonyms find and do not count: servers take 1,024 clauses.
MOST_COUNTING = 40


# The very word in the register counts so much; another word of its stem («ecologista», of
# «ecología») no more than in the answers.
IN_REGISTER = 4.0


@dataclass(frozen=True)
class Half:
    """What is searched of an office: everything or, once its answers are over, the register.

    Attributes:
        held: the field with all that is searched.
        weights: field → how much a word counts there: in the name, the register, and the answers
            by their weight; a name that only has the stem of a word («Campa», of «campo») counts
            little, since whoever bears the word itself comes first anyway. A word said often in a
            lighter field does not outweigh a heavier one.
    """

    held: str
    weights: Mapping[str, float]

    def weighted(self, factor: float, suffix: str = "") -> list[str]:
        return [f"{name}{suffix}^{weight * factor:g}" for name, weight in self.weights.items()]


REGISTER = Half("registered", {"name": 0.3, "register": 1.5})
WHOLE = Half("everything", {**REGISTER.weights, "high": 2.0, "low": 0.4})


@dataclass(frozen=True)
class Public:
    """What is public at the instant of a search: the offices as the index names them.

    Attributes:
        whole: those whose answers are public. register_only: those whose answers are over.
        common: the folded words that are too common to be searched.
    """

    whole: tuple[str, ...]
    register_only: tuple[str, ...]
    common: frozenset[str] = frozenset()

    def said(self, terms: Sequence[Term]) -> dict[int, Term]:
        """The terms that hold a word worth searching, by their positions."""
        kept = {
            place: tuple(phrase for phrase in term if any(map(self._says, phrase)))
            for place, term in enumerate(terms)
        }
        return {place: term for place, term in kept.items() if term}

    def _says(self, word: Word) -> bool:
        return word[0] not in self.common


def everybody_public(asked: SearchQuery, public: Public) -> query.Query:
    """Whoever is public in the process."""
    offices = query.Terms(window=[*public.whole, *public.register_only])
    return query.Bool(filter=[query.Term(process=str(asked.process.pk)), offices])


def wanted(asked: SearchQuery, reading: Reading, public: Public) -> query.Query:
    """Whoever has what the reading asks for; everybody when it asks for nothing."""
    if not reading.wanted:
        return everybody_public(asked, public)
    excluded = public.said(reading.excluded).values()
    found = _in_halves(
        public,
        lambda half: {
            "filter": [_needed(reading, public, half)],
            "must_not": [held(term, half.held) for term in excluded],
            "should": [
                *_counting(reading, public, half),
                *_better(asked, reading, public, half),
            ],
        },
    )
    return query.Bool(filter=[query.Term(process=str(asked.process.pk))], must=[found])


def held_in_public(term: Term, public: Public) -> query.Query:
    """Whoever has a term in what is public of them."""
    return _in_halves(public, lambda half: {"filter": [held(term, half.held)]})


def _in_halves(public: Public, clauses: Callable[[Half], dict[str, Any]]) -> query.Query:
    """In everything of the offices whose answers are public, and in the register of the others."""
    halves = [
        query.Bool(must=[query.Bool(**clauses(half))], filter=[query.Terms(window=[*offices])])
        for offices, half in ((public.whole, WHOLE), (public.register_only, REGISTER))
        if offices
    ]
    return query.Bool(should=halves, minimum_should_match=1)


# --- what is needed


def _needed(reading: Reading, public: Public, half: Half) -> query.Query:
    """The text as it was typed or, where there is a correction, as it may have been meant."""
    every = {place: held(term, half.held) for place, term in public.said(reading.wanted).items()}
    tiers = [frozenset(every) & frozenset(tier) for tier in reading.tiers or (every,)]
    ways = [_one_of(tiers, every)] if every else []
    if reading.correction is not None:
        kept = public.said(reading.correction.kept).values()
        names = map(_bearers, reading.correction.names)
        ways.append(query.Bool(filter=[*names, *(held(term, half.held) for term in kept)]))
    return query.Bool(should=ways, minimum_should_match=1)


def _one_of(tiers: Sequence[frozenset[int]], every: Mapping[int, query.Query]) -> query.Query:
    """Every term of one of the tiers.

    What tiers have in common is asked once, and so is the term that most of the others have, or
    else twenty tiers would ask for each word ten times.
    """
    common = frozenset.intersection(*tiers)
    needed = [every[place] for place in sorted(common)]
    rest = [tier - common for tier in tiers]
    if not all(rest):
        return query.Bool(filter=needed)
    places = sorted(frozenset.union(*rest))
    first = max(places, key=lambda place: sum(place in tier for tier in rest))
    with_it = [tier - {first} for tier in rest if first in tier]
    without = [tier for tier in rest if first not in tier]
    ways = [query.Bool(filter=[every[first], _one_of(with_it, every)]), _one_of(without, every)]
    return query.Bool(filter=needed, should=ways, minimum_should_match=1)


def held(term: Term, field: str) -> query.Query:
    """Whoever has any of the phrases of a term in a field."""
    clauses = [
        query.Q("match_phrase" if len(phrase) > 1 else "match", **{field: spelling})
        for phrase in term
        for spelling in _spellings(phrase)
    ]
    return query.Bool(should=clauses, minimum_should_match=1)


def _bearers(names: Sequence[str]) -> query.Query:
    """Those who bear one of the names (folded words), exactly."""
    return query.Terms(name__words=list(names))


def _spellings(phrase: Phrase) -> list[str]:
    """The ways to write a phrase that differ in the index, where both numbers of a word are one.

    Common words have no place of their own in the index, so they need none here.
    """
    ways = product(*map(_roots, phrase))
    return [" ".join(words) for words in islice(ways, MOST_SPELLINGS_OF_A_PHRASE)]


def _roots(word: Word) -> list[str]:
    roots: list[str] = []
    for spelling in dict.fromkeys(map(fold, word)):
        if not any(_is_other_number(spelling, root) for root in roots):
            roots.append(spelling)
    return roots


def _is_other_number(one: str, other: str) -> bool:
    plural, singular = (one, other) if len(one) >= len(other) else (other, one)
    return plural in {f"{singular}s", f"{singular}es"} or (
        plural.endswith("ces") and singular == f"{plural[:-3]}z"
    )


# --- what counts


def _counting(reading: Reading, public: Public, half: Half) -> list[query.Query]:
    """How much each term counts, where a hit has it; and a whole tier before the rest."""
    synonyms = reading.synonyms or ((),) * len(reading.wanted)
    terms = public.said(reading.wanted)
    if sum(len(phrase) for term in terms.values() for phrase in term) > MOST_COUNTING:
        terms = {place: _typed(term, synonyms[place]) for place, term in terms.items()}
    counting = [
        _term(
            term,
            half,
            [phrase for phrase in synonyms[place] if phrase not in reading.nicknames],
            says=FIRST_SAYS_MORE if place in [tier[0] for tier in reading.tiers[:1]] else 1,
            rarity=reading.worth[place] if reading.worth else USUAL_RARITY,
        )
        for place, term in terms.items()
    ]
    if reading.correction is not None:
        kept = public.said(reading.correction.kept).values()
        counting += [_term(term, half) for term in kept]
    if reading.tiers:
        tier = [held(terms[place], half.held) for place in reading.tiers[0] if place in terms]
        counting.append(query.ConstantScore(filter=query.Bool(filter=tier), boost=FIRST_TIER))
    return counting


def _typed(term: Term, synonyms: Term) -> Term:
    """The phrases of a term that do not only mean the same; all when it has no others."""
    return tuple(phrase for phrase in term if phrase not in synonyms) or term


def _term(
    term: Term,
    half: Half,
    synonyms: Sequence[Phrase] = (),
    *,
    says: float = 1,
    rarity: float = 0,
) -> query.Query:
    """Any of the phrases; the one that counts most decides.

    Synonyms count less than what was typed, all of them as much, however rare each is, and not in
    names: nobody called Campos comes first when «agricultura» was typed and «campo» only means the
    same.
    """
    typed = tuple(phrase for phrase in term if phrase not in synonyms)
    clauses: list[query.Query] = [
        query.MultiMatch(
            query=spelling,
            fields=half.weighted(says),
            **({"type": "phrase"} if len(phrase) > 1 else _OF_ONE_WORD),
        )
        for phrase in typed
        for spelling in _spellings(phrase)
    ]
    clauses += [
        query.Match(register__exact={"query": spelling, "boost": IN_REGISTER * says})
        for phrase in typed
        if len(phrase) == 1
        for spelling in dict.fromkeys(map(fold, phrase[0]))
    ]
    if synonyms:
        clauses += [
            query.ConstantScore(filter=held(phrases, name), boost=weight * rarity * factor)
            for phrases, factor in ((typed, TYPED), (tuple(synonyms), SYNONYM))
            for name, weight in half.weights.items()
            if name != "name"
        ]
    return query.DisMax(queries=clauses, tie_breaker=TIE_BREAKER)


_OF_ONE_WORD: dict[str, Any] = {"type": "cross_fields", "tie_breaker": TIE_BREAKER}


def _better(asked: SearchQuery, reading: Reading, public: Public, half: Half) -> list[query.Query]:
    """What makes a hit come before others, and nobody needs."""
    better: list[query.Query] = []
    if reading.likeliest:
        named = _bearers(reading.likeliest)
        better.append(query.ConstantScore(filter=named, boost=NAMED))
    words = [term[0][0][0] for term in public.said(reading.wanted).values() if len(term[0]) == 1]
    if len(words) > 1:
        near = half.weighted(TOGETHER)
        text = " ".join(words)
        better.append(query.MultiMatch(query=text, type="phrase", slop=APART, fields=near))
    typed = _as_typed(asked.text, set(words))
    if typed:
        better.append(query.MultiMatch(query=typed, fields=half.weighted(EXACT, ".exact")))
    return better


def _as_typed(text: str, words: set[str]) -> str:
    """The wanted words with the tildes that were typed."""
    separated = "".join(char if char.isalnum() else " " for char in text)
    return " ".join(word for word in separated.split() if fold(word) in words)
