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
from cms.portal import portraits
from cms.portal.templatetags import portal
from search.result import FacetValue, FoundCandidacy, Hit

Values = tuple[FacetValue, ...]
_CANDIDACIES = '<span class="visually-hidden"> candidaturas</span></span></label>'


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
    pieces: list[str] = []
    for value, label, total, is_chosen in values:
        state = " checked" if is_chosen else "" if total else " disabled"
        before, after = _box(facet, value, label)
        pieces += (before, state, after, str(total) if total < 1000 else f"{total:,}", _CANDIDACIES)
    return "".join(pieces)


@lru_cache(maxsize=2000)  # Several processes' values, none of which comes from an address.
def _box(facet: str, value: str, label: str) -> tuple[str, str]:
    """The box of a value up to its state, and from there to the number of who has it."""
    name, key = escape(facet), escape(value)
    return (
        f'<label class="check"><input type="checkbox" id="f-{name}-{key}" name="{name}"'
        f' value="{key}"',
        f'><span class="check__label">{escape(label)}</span><span class="check__count">',
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
    row, fragments = hit
    passages = "".join([f"{_where(fragment.where)}{fragment.html}</p>" for fragment in fragments])
    return (
        f'<li class="result">{portraits.portrait(row)}\n<div class="result__body">'
        f'<h2 class="result__name"><a href="{row.get_absolute_url()}">{escape(row.name)}'
        f'</a></h2>\n<p class="result__meta">{_contest(row.office.name, row.territory.name)}'
        f"{_notes(row)}</p>\n{portal.actor_mark(row.actor, 'shown')}\n{passages}\n</div></li>"
    )


@lru_cache(maxsize=500)  # As many as the questions of all questionnaires.
def _where(said: str) -> str:
    """The beginning of a passage."""
    return f'<p class="passage"><span class="passage__where">{escape(said)}</span>'


@lru_cache(maxsize=2000)  # Several processes' contests.
def _contest(office: str, territory: str) -> str:
    return f"<span>{escape(office)}, {escape(territory)}</span>"


def _notes(row: FoundCandidacy) -> str:
    notes = ["Suplente"] if row.seat_kind == SeatKind.ALTERNATE else []
    if row.state == CandidacyState.ENDED:
        notes.append(portal.no_longer(row))
    elif not row.has_answers:
        notes.append("Sin información capturada")
    return "".join(f"<span>{note}</span>" for note in notes)
