"""Public addresses of the portal. Editorial pages are Wagtail's own."""

from collections.abc import Callable

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from cms.catalogs.public_paths import (
    ACTOR_COLOURS,
    CANDIDACY,
    FAVICON,
    MUNICIPALITIES,
    MUNICIPALITY,
    PHOTOGRAPH,
    ROBOTS,
    SEARCH,
    SHORT_CANDIDACY,
    SITEMAP,
    PublicPath,
)
from cms.portal import views


class PhotographName(StringConverter):
    """`<uuid>.jpg`, `<uuid>-208.avif`, or `<uuid>-s.jpg` of an approved photograph."""

    regex = (
        r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:-(?:s|[1-9][0-9]{0,2}))?\.(?:avif|webp|jpg)"
    )


register_converter(PhotographName, "photograph")


def _served(page: PublicPath, view: Callable[..., HttpResponseBase]) -> URLPattern:
    return path(page.route, view, name=page.name)


urlpatterns = [
    _served(SEARCH, views.search_page),
    _served(MUNICIPALITIES, views.municipality_list),
    _served(MUNICIPALITY, views.municipality),
    _served(SHORT_CANDIDACY, views.candidacy),
    _served(CANDIDACY, views.candidacy),
    _served(PHOTOGRAPH, views.photograph),
    _served(ACTOR_COLOURS, views.actor_colours),
    _served(SITEMAP, views.sitemap),
    _served(FAVICON, views.favicon),
    _served(ROBOTS, views.robots),
]
