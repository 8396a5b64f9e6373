"""What a request asks for, and what is answered to it from the store (ADR 0042).

Nothing here asks the database: whoever calls has read the versions. Middleware calls it for any web
server, and the web worker for requests that need nothing else.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import unquote_plus

from django.conf import settings

from api.headers import CORS
from api.problems import PREFIX as API
from cms.published import caching, versions
from conoceles_site import encodings, page_store
from conoceles_site.page_store import Entry
from conoceles_site.wellformed import is_plain

# First parts of addresses whose answers are not kept here: private ones, and files.
NOT_KEPT = frozenset(
    {"acceso", "captura", "ayuda", "admin", "documentos", "fotos", "media", "static"}
    | {"robots.txt", "favicon.ico", "healthz", "readyz"}
)
# Caches may keep it in another way than pages, so only the answer itself says in which.
STYLE_SHEET = "actores.css"
# The parameters that the pages below each first part read; None: all of them.
READ: dict[str, frozenset[str] | None] = {
    "api": None,
    "buscar": None,
    "municipios": frozenset({"municipio", "proceso"}),
    "candidaturas": frozenset({"q"}),
    STYLE_SHEET: frozenset({"v"}),
}
LONGEST_TAG = 800
# A longer query is not kept: nobody may fill the store with addresses of their own making.
LONGEST_QUERY = 1500
REDIRECTS = frozenset({301, 302})
_BETWEEN_NAMES = "+"
_VARY = ("Vary", "Accept-Encoding")


@dataclass(frozen=True, slots=True)
class Asked:
    """What counts of a request. Texts are empty where it has no such header.

    Attributes:
        host: whatever stands for the name of the site; without one nothing is kept.
        path: decoded, with its first slash. query: as it was sent.
        copies: the entity tags of the visitor's copies (If-None-Match).
        content_type: of a body, which no reader sends.
    """

    method: str
    scheme: str
    host: str
    path: str
    query: str
    accept: str
    accept_encoding: str
    copies: str
    content_type: str

    @property
    def first_part(self) -> str:
        return self.path[1:].partition("/")[0]

    @property
    def may_be_kept(self) -> bool:
        """Whether it reads an address whose answers may be kept, and is well formed."""
        return (
            self.method in {"GET", "HEAD"}
            and self.first_part not in NOT_KEPT
            and bool(self.host)
            and not self.content_type
            and len(self.query) <= LONGEST_QUERY
            and is_plain(self.query)
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with all its headers. `route` is for the log; empty where it is not known."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    route: str


def address_of(asked: Asked) -> str:
    """What an answer depends on in the request: scheme, host, path, and the parameters that count.

    In the API also whether JSON is accepted, since its answer depends on that.
    """
    accepted = _unusual(asked.accept) if asked.first_part == "api" else ""
    query = read_of_the_query(asked)
    half = "all" if settings.SERVE_INTERNAL_SITE else "public"
    parts = (asked.scheme, asked.host, settings.PUBLIC_BASE_URL, half, accepted, asked.path, query)
    return "\n".join(parts)


def read_of_the_query(asked: Asked) -> str:
    """The parameters that the page reads, as they were sent; their names count decoded."""
    read = READ.get(asked.first_part, frozenset())
    if not asked.query or read is None:
        return asked.query
    parts = asked.query.split("&")
    return "&".join(part for part in parts if unquote_plus(part.partition("=")[0]) in read)


def address_of_nowhere(asked: Asked) -> str:
    """The address under which the page of all addresses that lead nowhere is kept."""
    return "\n".join((asked.scheme, asked.host, "404"))


def _unusual(accepted: str) -> str:
    """The media types that a client accepts; nothing if it is plain that JSON is one of them."""
    takes_json = not accepted or "*/*" in accepted or "application/json" in accepted
    return "" if takes_json and "q=0" not in accepted else accepted


def holds(entry: Entry, asked: Asked) -> bool:
    """Whether nothing that the answer shows has changed, and no date has passed."""
    return (
        entry.until > time.time()
        and all(versions.of(name) == version for name, version in entry.versions)
        and fits(entry.status, asked)
    )


def fits(status: int, asked: Asked) -> bool:
    """Whether an answer is the same for all queries of its address.

    A redirect carries the whole query on, also what no page reads.
    """
    return status not in REDIRECTS or asked.query == read_of_the_query(asked)


# -- entity tags ----------------------------------------------------------------------------------


def tag_of(address: str, until: float, known: Mapping[str, int]) -> str:
    """The entity tag of an answer: until when it holds, of what versions, and a digest of them.

    So any process, also one that never made the page, can say that a copy is still right. Nobody
    can make such a tag up: versions are random, and not public.
    """
    edge = "" if until == float("inf") else str(int(until))
    digest = _digest(address, edge, known)
    tag = f"{edge}.{_BETWEEN_NAMES.join(sorted(known))}.{digest}"
    return f'W/"{tag}"' if len(tag) <= LONGEST_TAG else f'W/"..{digest}"'


def _digest(address: str, edge: str, known: Mapping[str, int]) -> str:
    versions_of = (f"{name}={version}" for name, version in sorted(known.items()))
    whole = "\n".join((page_store.release(), address, edge, *versions_of))
    return sha256(whole.encode()).hexdigest()[:24]


def _edge_if_right(tag: str, address: str) -> float | None:
    """Until when the copy with this tag is what the page is now; None if it is not."""
    edge, _, rest = tag.partition(".")
    names, _, digest = rest.rpartition(".")
    if not names or len(tag) > LONGEST_TAG or (edge and not edge.isdecimal()):
        return None
    until = float(edge) if edge else float("inf")
    known = {name: versions.of(name) for name in names.split(_BETWEEN_NAMES)}
    is_right = until > time.time() and digest == _digest(address, edge, known)
    return until if is_right else None


def _has_copy(asked: Asked, tag: str) -> bool:
    sent = asked.copies
    return bool(sent and tag) and (tag[2:] in sent or sent.strip() == "*")


# -- answers --------------------------------------------------------------------------------------


def confirmed(asked: Asked, address: str) -> Answer | None:
    """304 if one of the visitor's copies is what the page is, by the versions alone; else None."""
    if asked.first_part == STYLE_SHEET:
        return None
    for tag in asked.copies.split('"')[1::2]:
        edge = _edge_if_right(tag, address)
        if edge is not None:
            control = caching.UNTIL_AN_EDGE if _is_near(edge) else caching.PUBLIC
            cors = CORS.items() if asked.path.startswith(API) else ()
            headers = [("ETag", f'W/"{tag}"'), ("Cache-Control", control), _VARY, *cors]
            return Answer(304, headers, b"", "")
    return None


def written(asked: Asked, address: str, entry: Entry) -> Answer:
    """The answer of an entry: 304 if the visitor has it, else in the encoding they accept."""
    headers = list(entry.headers)
    if entry.status < 400 and _is_near(entry.until):
        headers = [(name, value) for name, value in headers if name != "Cache-Control"]
        headers.append(("Cache-Control", caching.UNTIL_AN_EDGE))
    if entry.tag:
        headers.append(("ETag", entry.tag))
    headers.append(_VARY)
    if _has_copy(asked, entry.tag):
        of_copy = [item for item in headers if not item[0].startswith("Content-T")]
        return Answer(304, of_copy, b"", entry.route)
    encoding, body = _body(asked, address, entry)
    headers.append(("Content-Length", str(len(body))))
    if encoding != encodings.IDENTITY:
        headers.append(("Content-Encoding", encoding))
    return Answer(entry.status, headers, b"" if asked.method == "HEAD" else body, entry.route)


def _body(asked: Asked, address: str, entry: Entry) -> tuple[str, bytes]:
    if encodings.IDENTITY in entry.bodies:
        return encodings.IDENTITY, entry.bodies[encodings.IDENTITY]
    encoding = encodings.negotiate(asked.accept_encoding)
    body = entry.body_in(encoding)
    if body is None:
        body = encodings.compress(entry.body_in(encodings.IDENTITY) or b"", encoding)
        page_store.keep(address, entry.with_body(encoding, body))
    return encoding, body


def _is_near(edge: float) -> bool:
    return edge - time.time() < caching.SHARED_SECONDS
