"""The addresses of the public pages. No other module spells them.

The portal serves them, and every room may link to them. The internal half does not load the routes
of the portal, so it cannot ask Django for an address.
"""

import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

# Characters that an address holds as they are (RFC 3986, 2.3): most values have no others.
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]*")
_PARAMETER = re.compile(r"<(?:\w+:)?\w+>")


@cache
def _pattern(route: str) -> tuple[str, int]:
    """The path of a route, to be filled with texts, and how many those are."""
    fixed = [part.replace("%", "%%") for part in _PARAMETER.split(route)]
    return f"/{'%s'.join(fixed)}", len(fixed) - 1


@dataclass(frozen=True)
class PublicPath:
    """The address of one kind of public page.

    Attributes:
        name: what templates and the URL configuration call it.
        route: Django's pattern, from the root and without the first slash.
    """

    name: str
    route: str

    def path(self, *values: object) -> str:
        """The path from the root of the public site.

        Args:
            values: of the parameters of the route, in their order.

        Raises:
            TypeError: there are more values than parameters, or fewer.
        """
        pattern, number = _pattern(self.route)
        if len(values) != number:
            raise TypeError(f"«{self.name}» takes {number} values, not {len(values)}.")
        texts = tuple(map(str, values))
        if not _UNRESERVED.fullmatch("".join(texts)):
            texts = tuple(quote(text, safe="") for text in texts)
        return pattern % texts

    @property
    def slug(self) -> str:
        """The slug of the CMS page that lives at this address, right below the home page."""
        return self.route.rstrip("/")


HOME = PublicPath("home", "")
SEARCH = PublicPath("search", "buscar/")
MUNICIPALITIES = PublicPath("municipalities", "municipios/")
MUNICIPALITY = PublicPath("municipality", "municipios/<slug:slug>/")
CANDIDACY = PublicPath("candidacy", "candidaturas/<int:candidacy_id>/<slug:slug>/")
# Without the slug. It redirects to the full address.
SHORT_CANDIDACY = PublicPath("short_candidacy", "candidaturas/<int:candidacy_id>/")
PHOTOGRAPH = PublicPath("photograph", "fotos/<photograph:name>")
ACTOR_COLOURS = PublicPath("actor_colours", "actores.css")
SITEMAP = PublicPath("sitemap", "sitemap.xml")
ROBOTS = PublicPath("robots", "robots.txt")
FAVICON = PublicPath("favicon", "favicon.ico")
API = PublicPath("api", "api/v1/")

# Pages of the CMS. Their address is their slug, which they get when a site is created.
NEWS = PublicPath("news", "noticias/")
QUESTIONS = PublicPath("questions", "preguntas/")
PRIVACY = PublicPath("privacy", "privacidad/")
ACCESSIBILITY = PublicPath("accessibility", "accesibilidad/")

PUBLIC_PATHS = {
    page.name: page
    for page in (
        HOME,
        SEARCH,
        MUNICIPALITIES,
        MUNICIPALITY,
        CANDIDACY,
        SHORT_CANDIDACY,
        PHOTOGRAPH,
        ACTOR_COLOURS,
        SITEMAP,
        ROBOTS,
        FAVICON,
        API,
        NEWS,
        QUESTIONS,
        PRIVACY,
        ACCESSIBILITY,
    )
}
