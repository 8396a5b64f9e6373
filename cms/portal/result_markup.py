"""Markup of which a page of results holds dozens: people, and values of filters.

Each piece of a template costs as much time as a whole line here, and a search that nobody asked
before spent most of its time on these. Whatever is not written here is escaped here.
"""

from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString, mark_safe

from cms.catalogs.models import CandidacyState, SeatKind
from cms.portal.templatetags import portal
from search.result import FacetValue, FoundCandidacy, Hit


def facet_values(facet: str, values: tuple[FacetValue, ...]) -> SafeString:
    """The boxes of some values of a facet; one that nobody has cannot be chosen."""
    return mark_safe("".join(_facet_value(facet, value) for value in values))  # noqa: S308


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
