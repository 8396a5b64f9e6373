"""The context of the results page: heading, facets, chips and pages."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.safestring import SafeString

from cms.catalogs.common_words import has_none_but_common
from cms.catalogs.models import SeatKind
from cms.catalogs.spanish import fold
from cms.portal import municipalities, result_markup
from cms.published import selectors
from search.parameters import ORDERS
from search.query import SearchQuery
from search.result import FacetValue, SearchResult

# The order of the fixed facets; those of the questionnaires follow in their own order.
FIRST_FACETS = ("cargo", "municipio", "actor", "edad", "sexo")
SHOWN_FIRST = 6
ORDER_LABELS = {
    "relevancia": "Parecido a tu búsqueda",
    "boleta": "Orden de la boleta",
    "nombre": "Nombre",
}

# Facets that the help names, each as people write it in the box.
WRITTEN_FACETS = {"municipio": "municipio", "actor": "partido", "cargo": "cargo"}
_WORD = re.compile(r"[^\W_]+")
_QUOTED = re.compile(r'"([^"]*)"')
_TOTAL = attrgetter("total")
_Values = tuple[FacetValue, ...]
_Chosen = dict[str, list[FacetValue]]


@dataclass(frozen=True)
class Chip:
    """A filter in use, and the address without it."""

    label: str
    address: str


def last_page(query: SearchQuery, found: SearchResult) -> int:
    """The number of the last page; the first one when nothing was found."""
    return max(1, -(-found.total // query.page_size))


def beyond(parameters: QueryDict, query: SearchQuery, found: SearchResult) -> dict[str, Any]:
    """The context of a page of results after the last one."""
    last = last_page(query, found)
    address = _address(parameters, pagina=[str(last)])
    return {"query": query, "last": last, "last_address": address, "kept": _kept(parameters)}


def context(parameters: QueryDict, query: SearchQuery, found: SearchResult) -> dict[str, Any]:
    """The context of the results page."""
    last = last_page(query, found)
    head = heading(query, found)
    names = _names(found)
    chosen = {
        name: values
        for name in found.facets
        if (values := [value for value in found.facets[name] if value.chosen])
    }
    return {
        "query": query,
        "result": found,
        "heading": head,
        "title": _title(head, query, chosen, last),
        "has_alternates": any(hit.row.seat_kind == SeatKind.ALTERNATE for hit in found.hits),
        "hits": result_markup.results(found.hits),
        # None if nothing was found and no filter could be the reason.
        "facets": _facets(found, names) if found.total or chosen else SafeString(""),
        "chips": _chips(parameters, names, chosen) if chosen else [],
        "examples": _examples(found),
        "without_filters": _address(parameters, drop={*names, "pagina"}),
        "pages": _pages(parameters, query.page, last),
        "orders": _options(tuple(_orders(query)), query.order),
        "kept": _kept(parameters),
        "kept_filters": _kept(parameters, *names),
        **(_meant(parameters, query, found) if found.meant else {}),
        **({} if found.hits else _nothing_found(query, found)),
    }


def _meant(parameters: QueryDict, query: SearchQuery, found: SearchResult) -> dict[str, Any]:
    """What is said when another spelling of the text was searched."""
    return {
        "misspelt": _misspelt(query.text, found.meant),
        "meant_address": _address(parameters, drop={"pagina"}, q=[found.meant]),
    }


def _nothing_found(query: SearchQuery, found: SearchResult) -> dict[str, Any]:
    """What stands in the place of the results."""
    return {
        "places": [] if found.total else _places(query, found),
        "is_empty": not found.total and not selectors.tally(process=query.process).active,
        "searched": _in_quotes(query.text),
        "says_nothing": bool(query.text) and has_none_but_common(query.text),
        "several_words": len(_WORD.findall(query.text)) > 1,
    }


def _kept(parameters: QueryDict, *names: str) -> list[tuple[str, str]]:
    """What a form of the page sends along: the text, the process, and these filters."""
    return [
        (name, value)
        for name in ("q", "proceso", *names)
        for value in parameters.getlist(name)
        if value
    ]


def _examples(found: SearchResult) -> list[str]:
    """Filters as they can be written in the box, with values of this process."""
    shortest = {
        name: min((value.label for value in found.facets.get(name, ())), key=len, default="")
        for name in WRITTEN_FACETS
    }
    return [f"{WRITTEN_FACETS[name]}:{label.lower()}" for name, label in shortest.items() if label]


def _orders(query: SearchQuery) -> list[str]:
    return list(ORDERS) if query.text else ["boleta", "nombre"]


@lru_cache(maxsize=20)  # Each order is one of a few.
def _options(orders: tuple[str, ...], chosen: str) -> SafeString:
    return result_markup.options([(value, ORDER_LABELS[value]) for value in orders], chosen)


def _places(query: SearchQuery, found: SearchResult) -> list[FacetValue]:
    """Municipalities with a name like the text that found nothing."""
    places = found.facets.get("municipio", ())
    return municipalities.nearest(places, query.text, name_of=lambda place: place.label)


def _title(head: str, query: SearchQuery, chosen: _Chosen, last: int) -> str:
    """The title of the window: the heading, then the filters and the page in use."""
    parts = [head, *(value.label for values in chosen.values() for value in values)]
    if query.page > 1:
        parts.append(f"página {query.page} de {last}")
    return ", ".join(parts)


def heading(query: SearchQuery, found: SearchResult) -> str:
    """The page's heading is the answer: «212 candidaturas hablan de «agua potable»».

    A candidacy that was found by name does not speak of the text, so it only «coincide»; when some
    of the words may be missing, it does so in part.
    """
    noun = "candidatura" if found.total == 1 else "candidaturas"
    count = f"{found.total:,}" if found.total else "Ninguna"
    text = _in_quotes(found.meant or query.text)
    if not text or (not found.total and has_none_but_common(text)):
        return f"{count} {noun}" if found.total else "Ninguna candidatura"
    if not found.total:
        return f"Ninguna candidatura habla de «{text}»"
    matches = "coincide" if found.total == 1 else "coinciden"
    if found.left_out:
        return f"{count} {noun} {matches} al menos en parte con «{text}»"
    if found.suggestion or not all(hit.fragments for hit in found.hits):
        return f"{count} {noun} {matches} con «{text}»"
    return f"{count} {noun} {'habla' if found.total == 1 else 'hablan'} de «{text}»"


def _in_quotes(text: str) -> str:
    """A text as it stands between «»: its own quotes are “”, and one left open is not shown.

    Nor is the sign of words that were all excluded, and so were searched.
    """
    shown = _QUOTED.sub(r"“\1”", text).replace('"', "")
    words = shown.split()
    if words and all(word.startswith("-") for word in words):
        words = [word.lstrip("-") for word in words]
    return " ".join(words)


def _misspelt(text: str, meant: str) -> str:
    """The words of a text that another spelling replaces: «electrisidad», «publiko»."""
    kept = {fold(word) for word in _WORD.findall(meant)}
    words = dict.fromkeys(word for word in _WORD.findall(text) if fold(word) not in kept)
    return " ni ".join(f"«{word}»" for word in words)


def _facets(found: SearchResult, names: list[str]) -> SafeString:
    return result_markup.facets(
        (name, found.facet_titles[name], *_first_and_rest(found.facets[name])) for name in names
    )


def _names(found: SearchResult) -> list[str]:
    """The facets in the order of the page."""
    first = [name for name in FIRST_FACETS if name in found.facets]
    return [*first, *(name for name in found.facets if name not in FIRST_FACETS)]


def _first_and_rest(values: _Values) -> tuple[_Values, _Values]:
    """The values that are always visible, and those behind «Ver más»."""
    if len(values) <= SHOWN_FIRST + 2:
        return values, ()
    first = _first(values)
    return (
        tuple(value for value in values if value.value in first),
        tuple(value for value in values if value.value not in first),
    )


def _first(values: _Values) -> set[str]:
    """The values that are always visible: those chosen, and the most frequent."""
    chosen = [value for value in values if value.chosen]
    others = [value for value in values if not value.chosen] if chosen else values
    frequent = sorted(others, key=_TOTAL, reverse=True)
    return {value.value for value in [*chosen, *frequent][: max(SHOWN_FIRST, len(chosen))]}


def _address(parameters: QueryDict, *, drop: Collection[str] = (), **changes: list[str]) -> str:
    kept = {name: values for name, values in parameters.lists() if name not in drop}
    return f"?{urlencode(kept | changes, doseq=True)}"


def _chips(parameters: QueryDict, names: list[str], chosen: _Chosen) -> list[Chip]:
    chips: list[Chip] = []
    for name in names:
        values = chosen.get(name, [])
        for value in values:
            others = [one.value for one in values if one.value != value.value]
            address = _address(parameters, drop={"pagina"}, **{name: others})
            chips.append(Chip(value.label, address))
    return chips


def _pages(parameters: QueryDict, page: int, last: int) -> dict[str, Any]:
    near = sorted({1, last, *range(max(1, page - 2), min(last, page + 2) + 1)})
    parts = {
        name: urlencode({name: values}, doseq=True) for name, values in parameters.lists() if values
    }

    def address(number: int) -> str:
        return f"?{'&'.join({**parts, 'pagina': f'pagina={number}'}.values())}"

    return {
        "numbers": result_markup.page_numbers([(number, address(number)) for number in near], page),
        "last": last,
        "previous": address(page - 1) if page > 1 else "",
        "next": address(page + 1) if page < last else "",
    }
