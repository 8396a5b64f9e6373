"""The lists of municipalities and their map, which change less often than the pages that show them.

Each is written once for the municipalities that it shows.
"""

from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from cms.catalogs.public_paths import MUNICIPALITY
from cms.published.places import Place

Places = tuple[Place, ...]
# Of the processes that are read at the same time.
_LISTS = 16


@lru_cache(maxsize=_LISTS)
def options(places: Places) -> SafeString:
    """The names that a browser offers while somebody types."""
    return format_html_join("", '<option value="{}">', ((place.name,) for place in places))


@lru_cache(maxsize=_LISTS)
def links(places: Places, *, counts: bool = True) -> SafeString:
    """A link to each ballot, with the number of people on it.

    Args:
        counts: whether to say how many; before anything is public there is nothing to count.
    """
    return format_html_join(
        "",
        '<li><a href="{}">{}{}</a></li>',
        (
            (MUNICIPALITY.path(place.slug), place.name, _count(place.total) if counts else "")
            for place in places
        ),
    )


def _count(total: int | None) -> SafeString | str:
    if total is None:
        return ""
    if not total:
        return mark_safe(
            '<span class="municipalities__none">ninguna<span class="visually-hidden">'
            " candidatura</span></span>"
        )
    number = f"{total:,}"
    return format_html(
        '<span>{}<span class="visually-hidden"> candidatura{}</span></span>',
        number,
        "" if total == 1 else "s",
    )


@lru_cache(maxsize=_LISTS)
def shapes(places: tuple[tuple[str, Place | None], ...]) -> SafeString:
    """The municipalities of a map, as links where they have a ballot.

    Args:
        places: the path of each shape, and its municipality.
    """
    return format_html_join("\n", "{}", ((_shape(path, place),) for path, place in places))


def _shape(path: str, place: Place | None) -> SafeString:
    if place is None:
        return format_html('<path class="map__elsewhere" d="{}"/>', path)
    return format_html(
        '<a href="{}" aria-label="{}"><path d="{}"><title>{}</title></path></a>',
        MUNICIPALITY.path(place.slug),
        place.name,
        path,
        place.name,
    )
