"""Markup of which a page of results holds dozens: people, and values of filters.

Each piece of a template costs as much time as a whole line here, and a search that nobody asked
before spent most of its time on these. Whatever is not written here is escaped here.
"""

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from cms.catalogs.models import CandidacyState, SeatKind
from cms.portal.templatetags import portal
from search.result import FacetValue, FoundCandidacy, Hit

Values = tuple[FacetValue, ...]


def facets(shown: Iterable[tuple[str, str, Values, Values]]) -> SafeString:
    """The facets of the form.

    Args:
        shown: name and title of each, the values that are always visible, and the others.
    """
    return mark_safe("".join(_facet(*one) for one in shown if one[2]))  # noqa: S308


def _facet(name: str, title: str, first: Values, rest: Values) -> str:
    more = ""
    if rest:
        more = (
            f'<details id="mas-{escape(name)}"><summary>Ver {len(rest):,} más'
            f'<span class="visually-hidden"> de {escape(title.lower())}</span></summary>'
            f"{_facet_values(name, rest)}</details>"
        )
    return (
        f"<fieldset><legend>{escape(title)}</legend><div>{_facet_values(name, first)}{more}"
        "</div></fieldset>\n"
    )


def _facet_values(facet: str, values: Values) -> str:
    """The boxes of some values of a facet; one that nobody has cannot be chosen."""
    return "".join(_facet_value(facet, value) for value in values)


def _facet_value(facet: str, value: FacetValue) -> str:
    begin, label = _box(facet, value.value, value.label)
    state = " checked" if value.chosen else "" if value.total else " disabled"
    return (
        f'{begin}{state}>{label}<span class="check__count">{value.total:,}'
        '<span class="visually-hidden"> candidaturas</span></span></label>'
    )


@lru_cache(maxsize=2000)  # Several processes' values, none of which comes from an address.
def _box(facet: str, value: str, label: str) -> tuple[str, str]:
    """The box of a value up to its state, and its label."""
    name, key = escape(facet), escape(value)
    return (
        f'<label class="check"><input type="checkbox" id="f-{name}-{key}" name="{name}"'
        f' value="{key}"',
        f'<span class="check__label">{escape(label)}</span>',
    )


def options(choices: Iterable[tuple[str, str]], chosen: str) -> SafeString:
    """The options of a list: value and label of each."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, SafeString(" selected") if value == chosen else "", label)
            for value, label in choices
        ),
    )


def page_numbers(pages: list[tuple[int, str]], current: int) -> SafeString:
    """The links to pages of results, in order: number and address of each."""
    items: list[str] = []
    before = 0
    for number, address in pages:
        if number - before > 1:
            items.append('<li aria-hidden="true">…</li>')
        said = f'<span class="visually-hidden">Página </span>{number:,}'
        items.append(
            f'<li><span aria-current="page">{said}</span></li>'
            if number == current
            else f'<li><a href="{escape(address)}">{said}</a></li>'
        )
        before = number
    return mark_safe("".join(items))  # noqa: S308 (escaped above)


def results(hits: tuple[Hit, ...]) -> SafeString:
    """The items of the list of results."""
    return mark_safe("\n".join(map(_result, hits)))  # noqa: S308


def _result(hit: Hit) -> str:
    row = hit.row
    mark = portal.actor_mark(row.actor, "shown")
    passages = "".join(
        f'<p class="passage"><span class="passage__where">{escape(fragment.where)}</span>'
        f"{fragment.html}</p>"
        for fragment in hit.fragments
    )
    return (
        f'<li class="result">{portal.portrait(row)}\n<div class="result__body">'
        f'<h2 class="result__name"><a href="{escape(row.get_absolute_url())}">{escape(row.name)}'
        f'</a></h2>\n<p class="result__meta"><span>{escape(row.office.name)},'
        f" {escape(row.territory.name)}</span>{_notes(row)}</p>\n{mark}\n{passages}\n</div></li>"
    )


def _notes(row: FoundCandidacy) -> str:
    notes = ["Suplente"] if row.seat_kind == SeatKind.ALTERNATE else []
    if row.state == CandidacyState.ENDED:
        notes.append(portal.no_longer(row))
    elif not row.has_answers:
        notes.append("Sin información capturada")
    return "".join(f"<span>{note}</span>" for note in notes)
