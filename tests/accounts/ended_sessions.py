"""What the tests of ended sessions share: addresses of the site, and signing in again."""

import re
from html import unescape

from django.urls import get_resolver
from django.urls.resolvers import URLPattern

from tests import second_factors

WORD = "zopilotetecleado"
PASSWORDS = {
    "enlace.pd": "palabra-de-prueba-1",
    "enlace.ps": "palabra-de-prueba-2",
    "revision.uno": "palabra-de-prueba-3",
    "root": "palabra-de-prueba-4",
}


def patterns(below, resolver=None, path="", namespaces=()):
    """(view name, pattern, path pattern) of every address below a path."""
    for pattern in (resolver or get_resolver()).url_patterns:
        whole = path + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            if whole.startswith(below):
                yield ":".join([*namespaces, pattern.name or ""]), pattern, whole
        else:
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from patterns(below, pattern, whole, inner)


def sealed_in(response):
    """The sealed form that a page carries along; empty when it carries none."""
    found = re.search(r'name="escrito" value="([^"]+)"', response.content.decode())
    return unescape(found[1]) if found else ""


def sign_in(client, username, response=None, **more):
    """Send the sign-in form of a page with what it carries, and go where it leads."""
    data = {"login": username, "password": PASSWORDS[username], **more}
    if response is not None:
        data["escrito"] = sealed_in(response)
        assert data["escrito"], "nothing is carried along"
    answer = second_factors.enter(client, data)
    while answer.status_code == 302:
        answer = client.get(answer["Location"])
    return answer
