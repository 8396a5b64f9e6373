"""The lists of municipalities and their map, which change less often than the pages that show them.

Each is written once for the municipalities that it shows.
"""

from functools import lru_cache

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from cms.catalogs.public_paths import MUNICIPALITY
from cms.portal.municipalities import MunicipalityCount

Municipalities = tuple[MunicipalityCount, ...]
# Of the processes that are read at the same time.
_LISTS = 16


@lru_cache(maxsize=_LISTS)
def options(places: Municipalities) -> SafeString:
    """The names that a browser offers while somebody types."""
    return format_html_join("", '<option value="{}">', ((place.name,) for place in places))


@lru_cache(maxsize=_LISTS)
def links(places: Municipalities) -> SafeString:
    """A link to each ballot, with the number of people on it."""
    return format_html_join(
        "",
        '<li><a href="{}">{}<span>{}<span class="visually-hidden"> candidaturas</span></span></a>'
        "</li>",
        ((MUNICIPALITY.path(place.slug), place.name, f"{place.total:,}") for place in places),
    )


@lru_cache(maxsize=_LISTS)
def shapes(places: tuple[tuple[str, MunicipalityCount], ...]) -> SafeString:
    """The municipalities of the map as links.

    Args:
        places: the path of each shape, and its municipality.
    """
    return format_html_join(
        "\n",
        '<a href="{}" aria-label="{}"><path d="{}"><title>{}</title></path></a>',
        ((MUNICIPALITY.path(place.slug), place.name, path, place.name) for path, place in places),
    )
