"""Everything that an anonymous visitor can read: all public addresses, found by following links."""

import html
import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urldefrag, urljoin

# Threads that ask for addresses; the server under test has the same number.
THREADS = 4
FIRST = (
    "/",
    "/robots.txt",
    "/sitemap.xml",
    "/actores.css",
    "/acceso/",
    "/healthz",
    "/readyz",
    "/buscar/",
    "/api/v1/",
    "/api/v1/esquema/",
    "/buscar/no-existe/",
)
# Of the internal half, only the page to sign in answers an anonymous visitor.
INTERNAL = ("/captura/", "/admin/", "/acceso/")
ORDERS = ("relevancia", "boleta", "nombre")
_ADDRESSES = re.compile(r'(?:href|src|action)="([^"]+)"|<loc>([^<]+)</loc>|"(https?://[^"\s]+)"')


@dataclass(frozen=True)
class Answer:
    """An answer: its status, its headers and body as text in lower case, and its body as bytes."""

    status: int
    text: str
    content: bytes


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Do not follow redirects: their target is read from the headers, as in any other answer."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect)


def read(address: str) -> Answer:
    """Ask for an address without a cookie."""
    try:
        with _opener.open(address, timeout=30) as response:
            status, headers, content = response.status, response.headers, response.read()
    except urllib.error.HTTPError as refused:
        status, headers, content = refused.code, refused.headers, refused.read()
    return Answer(status, f"{headers}{content.decode('utf-8', 'replace')}".lower(), content)


def _read_all(addresses: Iterable[str]) -> dict[str, Answer]:
    asked = sorted(addresses)
    with ThreadPoolExecutor(THREADS) as threads:
        return dict(zip(asked, threads.map(read, asked), strict=True))


def _leads_to(base: str, address: str, answer: Answer) -> set[str]:
    """The addresses of this site that an answer names, without those of searches."""
    text = answer.content.decode("utf-8", "replace")
    found = set()
    for groups in _ADDRESSES.findall(text):
        link = urldefrag(urljoin(address, html.unescape("".join(groups))))[0]
        path = link.removeprefix(base)
        if link.startswith(f"{base}/") and "?" not in link and not path.startswith(INTERNAL):
            found.add(link)
    return found


def searches(base: str) -> set[str]:
    """Addresses of the search page and of the API, with each value of each parameter and page."""
    everything = json.loads(read(f"{base}/api/v1/candidaturas/?por_pagina=100").content)
    queries = {f"orden={order}" for order in ORDERS}
    for name, values in everything["facetas"].items():
        queries |= {f"{name}={quote(value['valor'])}" for value in values}
    for process in json.loads(read(f"{base}/api/v1/procesos/").content):
        queries.add(f"proceso={process['slug']}")
    pages = -(-everything["total"] // 100)
    queries = {f"{query}&por_pagina=100" for query in queries}
    queries |= {f"por_pagina=100&pagina={number + 1}" for number in range(pages)}
    return {
        f"{base}{path}?{query}"
        for query in queries
        for path in ("/buscar/", "/api/v1/candidaturas/")
    }


def _is_of_another(address: str, candidacy: int) -> bool:
    numbers = re.findall(r"/candidaturas/(\d+)/", address)
    return any(int(number) != candidacy for number in numbers)


def crawl(base: str, candidacy: int | None = None) -> dict[str, Answer]:
    """Every public address with its answer: from links, the sitemap and the API.

    With a candidacy: without the pages of the others, which are most of the addresses.
    """
    index = json.loads(read(f"{base}/api/v1/").content)
    waiting = {base + path for path in FIRST} | searches(base)
    waiting |= {f"{base}/api/v1/{name}/" for name in index}
    found: dict[str, Answer] = {}
    while waiting:
        fresh = _read_all(waiting)
        found |= fresh
        linked = {
            link for address, answer in fresh.items() for link in _leads_to(base, address, answer)
        }
        linked |= {
            f"{base}/api/v1/candidaturas/{number}/"
            for link in linked
            for number in re.findall(r"/candidaturas/(\d+)/", link)
        }
        waiting = linked - found.keys()
        if candidacy is not None:
            waiting = {address for address in waiting if not _is_of_another(address, candidacy)}
    return found


def leaks(base: str, words: Iterable[str], *, candidacy: int | None = None) -> list[str]:
    """Where an anonymous visitor reads one of these words, or finds a candidacy by it.

    `candidacy` as in `crawl`.
    """
    words = list(words)
    answers = crawl(base, candidacy)
    statuses = {address: answer.status for address, answer in answers.items()}
    broken = {address: status for address, status in statuses.items() if status >= 500}
    assert not broken, broken
    found = [
        f"{word} in {address}"
        for address, answer in answers.items()
        for word in words
        if word in answer.text
    ]
    for word in words:
        listed = json.loads(read(f"{base}/api/v1/candidaturas/?q={quote(word)}").content)
        page = read(f"{base}/buscar/?q={quote(word)}")
        named = re.findall(r'href="/candidaturas/\d+/', page.text)
        if listed["total"] or listed["resultados"] or named or page.status != 200:
            found.append(f"{word} finds somebody")
    return found
