"""Malformed requests to every address; each number always gives the same request.

`request_number(n, addresses, ids)` makes request n again, so that a failure can be repeated.
"""

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.contrib.admindocs.views import simplify_regex
from django.urls import URLPattern, get_resolver
from django.urls.resolvers import RegexPattern

SEED = 2024
CANARY = "canario"

# Refused before any view; only one address of ten has them, so that most requests reach a view.
REFUSED = ("%00", "a%00b", "%C0%80", "%ED%A0%80", "%FF%FE", "%F0%28%8C%BC", "palabra" * 1400)
# Bytes of an address, percent-encoded or raw.
TEXTS: tuple[str, ...] = (
    *("%zz", "%", "%25%30%30", "%EF%BF%BD", "%EF%BF%BF"),
    *("agua%E2%80%8Bpotable", "%E2%80%AE%E2%80%AEevil", "e" + "%CC%81" * 900, "%C3%B1" * 300),
    *("a" * 300, "ab-" * 200, "1" * 400, "-1", "0", "9" * 20, "1e309", "NaN", "0x1F", "-0"),
    *("%D9%A3%D9%A4", "%EF%BC%91", "1.5", "true", "null", "None", "[]", "{}", "[[[" * 200),
    *("'", '"', "%27%20OR%201%3D1--", "%3Cscript%3E", "..%2F..%2Fetc%2Fpasswd", "....//", "%5C"),
    *("%0d%0aX-Evil:1", "%{7*7}", "{{7*7}}", "${7*7}", "%s%s%n", "+", "%20", "", "*", "?", "#"),
    *("2024-02-31", "9999999999-01-01", "0001-01-01", "10000-13-40", "live", "latest", "__all__"),
)
NUMBERS: tuple[str, ...] = (
    *("0", "1", "2", "-1", "99999", "2147483648", "9223372036854775808", "9" * 25, "9" * 400),
    *("abc", "1.0", "%D9%A3", "%EF%BC%91", "0" * 60 + "1", "1 ", "+1", ""),
)
PARAMETERS: tuple[str, ...] = (
    *("q", "p", "page", "pagina", "por_pagina", "proceso", "municipio", "cargo", "actor", "sexo"),
    *("edad", "grado", "orden", "next", "id", "ids", "ordering", "locale", "page_type", "type"),
    *("content_type", "parent_page_id", "collection_id", "tag", "uploaded_file_id", "offset"),
    *("limit", "fields", "child_of", "descendant_of", "search", "for_explorer", "has_children"),
    *("user_perms", "multiple", "chosen", "mode", "in_preview_panel", "export", "timestamp_after"),
    *("timestamp_before", "action", "user", "object_type", "label", "hide_commenting_actions"),
    *("allow_external_link", "link_text", "link_url", "target_pages[]", "results_only", "usage"),
    *("is_searching", "per_page", "estado", "actor_politico", "paso", "seccion", "campo", "focus"),
    *("created_at_from", "created_at_to", "task", "reviewable", "position", "format", "download"),
    *("expired", "result_format", "select_format", "alt_text", "as_object", "f", "tz", CANARY),
)
FIELDS: tuple[str, ...] = (
    *("title", "slug", "name", "username", "login", "password", "email", "body", "comment", "file"),
    *("files[]", "fotografia", "version", "seal", "observations", "reason", "next", "id", "action"),
    *("go_live_at", "expire_at", "collection", "tags", "q", "url", "page", "chooser", "locale"),
    *("propuesta_1", "historia_profesional", "correo_publico", "cursos", "grado_estudios", "paso"),
    *("action-publish", "action-submit", "revision", "form-TOTAL_FORMS", "form-INITIAL_FORMS"),
    *("question", "answer", "wagtail_site_name", "restriction_type", "groups", "color", "key"),
    *("position", "is_searching", "new_title", "new_slug", "destination", "cascade", "items"),
)
# Decoded values, which a program that is not a browser may send in a form.
VALUES: tuple[str, ...] = (
    *("\x00", "a\x00b", "\ud800", "\udfff\ud800", "e" + "\u0301" * 3000, "\u202e\u2066evil"),
    *("x" * 10_000, "9" * 400, "-1", "NaN", "1e999", "[[[[" * 100, '{"a":' * 500, "\ufeff", ""),
    *("2024-02-31", "99999-01-01", "25:61", "<svg onload=1>", "a\r\nb: c", "\u200b", "😀" * 500),
    *("on", "null", "[]", "{}", "{'", "0", "1", "9223372036854775808", "../../x", "ﷺ" * 300),
)
METHODS: tuple[str, ...] = ("GET",) * 54 + ("POST",) * 34 + ("HEAD",) * 3
METHODS += ("OPTIONS", "PUT", "PATCH", "PATCH", "DELETE", "TRACE", "FOO", "get", "CONNECT")
# First part of an address → the roles that can do most there.
ABLE = {
    "admin": ("superuser", "administracion", "comunicacion", "revision_curricular"),
    "captura": ("liaison",),
    "": ("anonymous",),
}
HEADERS: Mapping[str, tuple[str, ...]] = {
    "HTTP_IF_NONE_MATCH": ('"', "W/", '*, "x', "\x00", '"' * 500, "é"),
    "HTTP_IF_MODIFIED_SINCE": ("ayer", "Thu, 99 Foo 99999 99:99:99 GMT", "\x00", "0"),
    "HTTP_RANGE": ("bytes=9-1", "bytes=-", "bytes=" + "0-1," * 400, "lines=1", "bytes=9" * 50),
    "HTTP_ACCEPT": ("*", "text/html;q=x", "application/*+xml;;;", "a/b" * 900, "", ";q=1", "\x00"),
    "HTTP_ACCEPT_LANGUAGE": ("x" * 900, "es-" * 300, "*;q=2", "\x00", "zz;q=nan", "é"),
    "HTTP_ACCEPT_ENCODING": ("gzip;q=9", "x" * 900, "\x00"),
    "HTTP_HOST": ("", "..", "a b", "evil:99999", "[::1", "\x00", "x" * 300, "a@b", "é.mx"),
    "HTTP_X_FORWARDED_FOR": ("x", "1.2.3.4" * 90, "\x00", "::ffff:1.2.3.4.5", "unknown", ","),
    "HTTP_X_FORWARDED_PROTO": ("https,http", "ftp", ""),
    "HTTP_X_FORWARDED_HOST": ("evil", "\x00"),
    "HTTP_X_REQUESTED_WITH": ("XMLHttpRequest",),
    "HTTP_HX_REQUEST": ("true", "\x00"),
    "HTTP_HX_CURRENT_URL": ("http://[", "x" * 900),
    "HTTP_HX_TRIGGERING_EVENT": ("{", "null"),
    "HTTP_REFERER": ("http://[::", "\x00", "x" * 3000, "javascript:1"),
    "HTTP_ORIGIN": ("null", "http://[", "é"),
    "HTTP_USER_AGENT": ("", "\x00", "é" * 400, "x" * 9000),
    "HTTP_AUTHORIZATION": ("Basic !!!", "Basic " + "A" * 900, "Bearer", "\x00"),
    "HTTP_X_CSRFTOKEN": ("", "x" * 900, "\x00", "é"),
    "HTTP_EXPECT": ("100-continue", "x"),
    "HTTP_COOKIE": ("sessionid", "=", ";;;", "a=b; " * 300, 'x="\\000"', "csrftoken=é", "x" * 5000),
}
SESSIONS = ("", "x", "'", "x" * 900, '"\\000\\000"', "../../x", "é", "%00", "-1", "0" * 32)
CONTENT_TYPES = (
    *("", "x", "text/plain", "application/xml", "application/json", "multipart/form-data"),
    *("multipart/form-data; boundary=", "multipart/form-data; boundary=" + "x" * 300),
    *("multipart/form-data; boundary=é", "application/x-www-form-urlencoded; charset=utf-16"),
    *("application/x-www-form-urlencoded; charset=nada", "application/json; charset=nada"),
    "text/plain; charset=\x00",
    "text/plain; charset*=nada'x'y",
    *(f"multipart/form-data; boundary=limite; charset={name}" for name in ("hex", "idna", "utf-7")),
    *("application/x-www-form-urlencoded; charset=undefined", "a/b;" * 300, "/", ";"),
)
JSON_BODIES: tuple[str, ...] = (
    *("", "{", "[]", "null", "1", '"x"', "NaN", '{"a":1}{', "[" * 5000, '{"a":' * 900, "1e999"),
    *(
        '{"\\u0000":"\\u0000"}',
        '{"a":"\\ud800"}',
        "9" * 5000,
        '{"id":[{}]}',
        '{"ids":null}',
        "\x00",
    ),
    *('{"seal":1,"observations":"x"}', '{"position":-1}', '[{"x":{}}]', "\ufeff{}"),
)
_NAMED = re.compile(r"<(?:(\w+):)?(\w+)>")


def addresses() -> list[str]:
    """Every address of the configuration, with <kind:name> where it takes an argument."""
    return sorted(set(_walk(get_resolver(), "")))


def _walk(resolver: Any, start: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        text = str(pattern.pattern)
        if isinstance(pattern.pattern, RegexPattern):
            text = simplify_regex(text).lstrip("/").replace("<var>", "")
        if isinstance(pattern, URLPattern):
            yield f"/{start}{text}"
        else:
            yield from _walk(pattern, start + text)


@dataclass(frozen=True)
class Malformed:
    """One request: the role that sends it, the method, the address and what is sent."""

    number: int
    role: str
    method: str
    path: str
    body: bytes = b""
    content_type: str = "application/x-www-form-urlencoded"
    headers: dict[str, str] = field(default_factory=dict)
    session: str | None = None

    def __str__(self) -> str:
        odd = {name: value[:30] for name, value in self.headers.items()}
        sent = f" {self.content_type[:50]!r} {self.body[:120]!r}" if self.body else ""
        return f"#{self.number} {self.role} {self.method} {self.path[:200]}{sent} {odd or ''}"


def request_number(
    number: int, known: Sequence[str], ids: Sequence[int], roles: Sequence[str]
) -> Malformed:
    """The request of that number; each address is used once before any is used again.

    Args:
        known: the result of `addresses`.
        ids: keys of rows that exist, so that many arguments are valid.
    """
    chance = random.Random(f"{SEED} {number}")
    template = known[number % len(known)]
    # Every role asks for every address; the roles that may do more there ask more often.
    able = [role for role in roles if role in ABLE.get(template.split("/")[1], ())]
    turns = [*roles, *able, *able]
    role = turns[(number // len(known)) % len(turns)]
    method = chance.choice(METHODS)
    path = _filled(template, chance, ids)
    if chance.random() < 0.55:
        path += "?" + _query(chance, ids)
    if chance.random() < 0.1:
        path += chance.choice(("?q=", "/", "?", "&x=")) + chance.choice(REFUSED)
    body, content_type = b"", "application/x-www-form-urlencoded"
    if method in {"POST", "PUT", "PATCH"} or chance.random() < 0.05:
        body, content_type = _body(chance, ids)
    headers: dict[str, str] = {}
    for name in chance.sample(sorted(HEADERS), chance.choice((0, 0, 0, 0, 1, 2))):
        headers[name] = chance.choice(HEADERS[name])
    session = chance.choice(SESSIONS) if chance.random() < 0.04 else None
    return Malformed(number, role, method, path, body, content_type, headers, session)


def _filled(template: str, chance: random.Random, ids: Sequence[int]) -> str:
    """The address with arguments, about two in three of them valid."""

    def value(found: re.Match[str]) -> str:
        kind = found[1] or "str"
        if chance.random() < 0.67:
            return _likely(kind, found[2], chance, ids)
        return chance.choice(NUMBERS if kind == "int" else TEXTS)

    return _NAMED.sub(value, template)


def _likely(kind: str, name: str, chance: random.Random, ids: Sequence[int]) -> str:
    if kind == "int" or name.endswith(("id", "pk", "_a", "_b")):
        return str(chance.choice(ids))
    words = {
        "app_label": ("wagtailcore", "catalogs", "portal", "questionnaires", "privacy", "nada"),
        "model_name": ("page", "process", "newspage", "contentpage", "portalsettings", "nada"),
        "app_name": ("catalogs", "portal"),
        "action": ("delete", "move", "publish", "unpublish", "add_tags"),
        "action_name": ("approve", "reject", "publish", "copy", "move", "delete", "nada"),
    }
    usual = ("san-pedro", "preguntas", "privacidad", "correo_publico", "propuesta_1", "x")
    return chance.choice(words.get(name, usual))


def _query(chance: random.Random, ids: Sequence[int]) -> str:
    parts = []
    for _part in range(chance.choice((1, 1, 2, 3, 6))):
        name = chance.choice(PARAMETERS)
        value = (
            str(chance.choice(ids)) if chance.random() < 0.15 else chance.choice(TEXTS + NUMBERS)
        )
        parts.append(f"{name}={value.replace('#', '%23')}")
    shape = chance.random()
    if shape < 0.05:
        parts = parts * 400
    elif shape < 0.1:
        parts = [part.replace("=", "[a][b]=", 1) for part in parts]
    elif shape < 0.13:
        parts = ["&&==", "=", *parts, "%=%", ";"]
    return "&".join(parts)


def _body(chance: random.Random, ids: Sequence[int]) -> tuple[bytes, str]:
    kinds: list[Callable[[random.Random, Sequence[int]], tuple[bytes, str]]]
    kinds = [_form, _form, _form, _multipart, _multipart, _json, _noise]
    return chance.choice(kinds)(chance, ids)


def _pairs(chance: random.Random, ids: Sequence[int]) -> list[tuple[str, str]]:
    """Names and values of a form; few hold a zero byte, which is refused at once."""
    is_vast = chance.random() < 0.03
    number = 1200 if is_vast else chance.choice((1, 2, 4, 8, 16, 30))
    usable = VALUES if chance.random() < 0.1 else [text for text in VALUES if "\x00" not in text]
    values = [*usable, *map(str, ids)]
    return [
        (chance.choice(FIELDS), chance.choice(values)[: 20_000 // number]) for _ in range(number)
    ]


def _form(chance: random.Random, ids: Sequence[int]) -> tuple[bytes, str]:
    text = "&".join(
        f"{name}={quote(value.encode('utf-8', 'surrogatepass'))}"
        for name, value in _pairs(chance, ids)
    )
    kind = "application/x-www-form-urlencoded"
    return text.encode(), kind if chance.random() < 0.8 else chance.choice(CONTENT_TYPES)


def _multipart(chance: random.Random, ids: Sequence[int]) -> tuple[bytes, str]:
    names = ("a.txt", "../../x.png", "a.jpg", "é" * 200, "", "x.pdf\r\nX: y", "con.csv", ".")
    contents = (b"", b"\x00" * 50, b"\xff\xd8\xff", b"GIF89a", b"%PDF-", b"a;b\r\n1", b"PK\x03\x04")
    parts = b""
    for name, value in _pairs(chance, ids)[:30]:
        disposition = f'form-data; name="{name}"'
        content = value.encode("utf-8", "surrogatepass")
        if chance.random() < 0.4:
            disposition += f'; filename="{chance.choice(names)}"'
            content = chance.choice(contents)
        kind = chance.choice(("", "Content-Type: x\r\n", "Content-Type: image/png\r\n"))
        head = f"Content-Disposition: {disposition}\r\n{kind}\r\n".encode()
        parts += b"--limite\r\n" + head + content + b"\r\n"
    parts += chance.choice((b"--limite--\r\n", b"--limite", b"", b"--otro--\r\n"))
    kind = "multipart/form-data; boundary=limite"
    return parts, kind if chance.random() < 0.8 else chance.choice(CONTENT_TYPES)


def _json(chance: random.Random, ids: Sequence[int]) -> tuple[bytes, str]:
    text = chance.choice(JSON_BODIES)
    if chance.random() < 0.3:
        text = json.dumps(dict(_pairs(chance, ids)))
    return text.encode("utf-8", "surrogatepass"), "application/json"


def _noise(chance: random.Random, _ids: Sequence[int]) -> tuple[bytes, str]:
    return chance.randbytes(chance.choice((0, 1, 50, 4000))), chance.choice(CONTENT_TYPES)
