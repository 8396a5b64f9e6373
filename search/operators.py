"""Filters written in the search box: «agua municipio:saltillo», «partido:"Partido del Desierto"».

They become filters like those of the form, so that they are seen, counted and taken away in the
same way. A value is in quotes, or is the longest run of words that is one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA

from cms.catalogs.spanish import fold
from search.vocabulary import Facet

# How people also call a facet.
ALSO = {"partido": "actor", "coalicion": "actor", "mpio": "municipio", "puesto": "cargo"}
# So many filters of a text are read; no text that is searched has room for many more.
MOST_FILTERS = 10
# The longest value has so many words.
MOST_WORDS = 12
# A value that is nearly one of the list is taken for it; one that is less so is only named.
NEARLY = 0.8
SIMILAR = 0.5
# Values of a short list are spelt out to whoever writes a wrong one.
MOST_SPELT_OUT = 8

_OPERATOR = re.compile(r"(?<!\S)(-?)([^\W\d_]+):\s*", re.UNICODE)
_QUOTED = re.compile(r'["«“„]([^"»”]*)["»”]')
_WORDS = re.compile(rf"\S+(?:\s+\S+){{0,{MOST_WORDS - 1}}}")
_LOOSE_OR = re.compile(r"^(?:OR\s+)+|(?:\s+OR)+$|^OR$|(?<=\sOR)(?:\s+OR)+(?=\s)", re.IGNORECASE)


@dataclass
class TypedFilters:
    """What is left of a text, the filters that were written in it, and what is said of them."""

    text: str
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Value:
    """A value as it was typed, and where it ends in the text; `meant` if it is one of the list."""

    typed: str
    end: int
    meant: str | None = None


def take_filters(text: str, facets: Mapping[str, Facet]) -> TypedFilters:
    """Take the filters out of a text. Never fails: what is no filter is left, and said.

    Args:
        facets: of the process, by name.
    """
    found = TypedFilters("")
    left: list[str] = []
    place = number = 0
    for operator in _OPERATOR.finditer(text):
        name = ALSO.get(fold(operator[2]), fold(operator[2]))
        if operator.start() < place or name not in facets or number == MOST_FILTERS:
            continue
        value = _value(text, operator.end(), facets[name])
        left.append(text[place : operator.start()])
        place, number = value.end, number + 1
        left.append(_applied(found, operator, facets[name], value))
    if not number:
        return TypedFilters(text)
    left.append(text[place:])
    found.text = _LOOSE_OR.sub("", " ".join(" ".join(left).split())).strip()
    return found


def _value(text: str, start: int, facet: Facet) -> _Value:
    """The value that begins at a place of the text: in quotes, or the longest that fits."""
    if quoted := _QUOTED.match(text, start):
        return _Value(quoted[1].strip(), quoted.end(), facet.value_of(quoted[1]))
    run = _WORDS.match(text, start)
    if run is None:
        return _Value("", start)
    ends = [word.end() for word in re.finditer(r"\S+", run[0])]
    words = run[0].split()
    for place, word in enumerate(words):
        if place and (word[0] in '-"«“„' or word in {"OR", "or"} or _OPERATOR.match(f"{word} ")):
            ends, words = ends[:place], words[:place]
            break
    for number in range(len(words), 0, -1):
        typed = " ".join(words[:number]).rstrip(".,;")
        if (meant := facet.value_of(typed)) is not None:
            return _Value(typed, start + ends[number - 1], meant)
    return _Value(words[0].rstrip(".,;"), start + ends[0])


def _applied(found: TypedFilters, operator: re.Match[str], facet: Facet, value: _Value) -> str:
    """Add a filter to those found; what of it is to be searched as words instead."""
    written = operator[2].lower()
    if not value.typed:
        found.remarks.append(f"Después de «{written}:» falta el valor.")
        return ""
    if operator[1]:
        found.remarks.append(
            f"Un filtro no se excluye con un guion: se buscó sin «-{written}:{value.typed}»."
        )
        return ""
    meant, similarity = value.meant, 1.0
    if meant is None:
        meant, similarity = _nearest(value.typed, facet)
    if meant is not None and similarity >= NEARLY:
        found.filters[facet.name] = tuple(
            dict.fromkeys((*found.filters.get(facet.name, ()), meant))
        )
        if value.meant is None:
            label = facet.label_of(meant)
            found.remarks.append(f"No hay «{value.typed}» en «{written}»; se usó «{label}».")
        return ""
    said = f"No hay «{value.typed}» en «{written}»; se buscó como palabra."
    if meant is not None:
        said += f" Lo más parecido es «{facet.label_of(meant)}»."
    elif len(facet.terms) <= MOST_SPELT_OUT:
        said += f" Usa {', '.join(f'«{term.label}»' for term in facet.terms)}."
    found.remarks.append(said)
    return value.typed


def _nearest(typed: str, facet: Facet) -> tuple[str | None, float]:
    """The value whose spelling is most like what was typed, and how like it is, from 0 to 1."""
    best = process.extractOne(
        fold(typed),
        list(facet.spellings),
        scorer=OSA.normalized_similarity,
        score_cutoff=SIMILAR,
    )
    return (None, 0.0) if best is None else (facet.spellings[best[0]], best[1])
