"""The two halves as an institute runs them: in production, behind Caddy, with one database."""

import contextlib
import gzip
import http.client
import json
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brotli
import psycopg
import pytest
import zstandard
from django.contrib.admindocs.views import extract_views_from_urlpatterns, simplify_regex

from tests import own_database, second_factors
from tests.publication.newsroom import form_of
from tests.site.front import INTERNAL, PUBLIC, Front, Visitor, caddy, require_caddy
from tests.site.servers import gunicorn

DATABASE = "roles"
PASSWORD = "palabra-de-prueba-9"
MAKE_ACCOUNTS = f"""
import django
django.setup()
from cms.accounts.services import create_staff
from tests.second_factors import give_codes
for name in ("prensa.uno", "prensa.dos"):
    staff = create_staff(username=name, role="comunicacion", password="{PASSWORD}")
    if name == "prensa.uno":
        give_codes(staff)
"""


@dataclass
class Roles:
    """The running halves."""

    env: dict[str, str]
    public: int
    internal: int
    front: Front

    def visitor(self, host: str, address: str = "127.0.0.1") -> Visitor:
        return self.front.visitor(host, address)


def production(env: dict[str, str], data_dir: Path) -> dict[str, str]:
    return env | {
        "DJANGO_SETTINGS_MODULE": "conoceles_site.settings.production",
        "DJANGO_SECRET_KEY": secrets.token_urlsafe(50),
        "CONOCELES_ENCRYPTION_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": f"{PUBLIC},{INTERNAL}",
        "CONOCELES_BASE_URL": f"https://{PUBLIC}",
        "CONOCELES_INTERNAL_URL": f"https://{INTERNAL}",
        "CONOCELES_PROXIES": "1",
        "CONOCELES_SECOND_FACTOR": "on",
        "CONOCELES_STATIC_ROOT": str(data_dir / "static"),
    }


@pytest.fixture(scope="module")
def env(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None
) -> Iterator[dict[str, str]]:
    require_caddy()
    data_dir = tmp_path_factory.mktemp("roles")
    env = production(own_database.create(DATABASE, data_dir), data_dir)
    own_database.run("collectstatic", "--noinput", "--verbosity", "0", env=env)
    subprocess.run(
        [sys.executable, "-c", MAKE_ACCOUNTS], cwd=own_database.ROOT, env=env, check=True
    )
    yield env
    own_database.drop(DATABASE)


@pytest.fixture(scope="module")
def roles(env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Roles]:
    with contextlib.ExitStack() as stack:
        ports = {}
        for role in ("public", "internal"):
            half = {**env, "CONOCELES_ROLE": role}
            if role == "public":
                half["CONOCELES_ENCRYPTION_KEY"] = ""
            ports[role] = stack.enter_context(gunicorn(half))[1]
        front = stack.enter_context(
            caddy(
                tmp_path_factory.mktemp("caddy"),
                public=ports["public"],
                internal=ports["internal"],
                static=Path(env["CONOCELES_STATIC_ROOT"]),
            )
        )
        yield Roles(env, ports["public"], ports["internal"], front)


def directly(port: int, host: str, paths: list[str]) -> dict[str, http.client.HTTPResponse]:
    """The answers of a half when it is reached without Caddy, on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    found = {}
    for path in paths:
        connection.request("GET", path, headers={"Host": host, "X-Forwarded-Proto": "https"})
        found[path] = response = connection.getresponse()
        response.text = response.read().decode(errors="replace")  # type: ignore[attr-defined]
    connection.close()
    return found


def internal_paths() -> list[str]:
    """Every address of the internal half, with values for its parameters."""
    from conoceles_site import urls

    found = extract_views_from_urlpatterns(urls._internal())
    return sorted(
        {re.sub(r"<[^>]*>", "1", simplify_regex(regex)) for _view, regex, *_rest in found}
    )


def test_the_public_half_answers_no_address_of_the_internal_half(roles: Roles) -> None:
    paths = internal_paths()
    assert {"/acceso/", "/admin/", "/captura/"} <= set(paths)
    answers = directly(roles.public, PUBLIC, paths)
    # The address without a final slash is led to the one with it, which does not exist either.
    without_slash = "/admin/pages/create/1/1"
    statuses = {path: answer.status for path, answer in answers.items()}
    assert statuses == dict.fromkeys(paths, 404) | {without_slash: 301}
    [with_slash] = directly(roles.public, PUBLIC, [f"{without_slash}/"]).values()
    assert with_slash.status == 404
    assert not any(answer.headers.get("Set-Cookie") for answer in answers.values())
    through = roles.visitor(PUBLIC)
    for path in ("/acceso/", "/admin/", "/captura/"):
        assert through.get(path).status == 404
        assert through.post(path, {"login": "prensa.uno", "password": PASSWORD}).status == 404
    assert through.cookies == {}


def test_an_error_page_links_only_to_addresses_that_are_served(roles: Roles) -> None:
    pages = ["/buscar/", "/municipios/", "/noticias/", "/api/v1/", "/nada/"]
    for path, answer in directly(roles.internal, INTERNAL, pages).items():
        assert answer.status == 404, path
    text: Any = directly(roles.internal, INTERNAL, ["/nada/"])["/nada/"]
    own = [
        link
        for link in re.findall(r'\s(?:href|action)="([^"#]+)"', text.text)
        if not link.startswith((f"https://{PUBLIC}/", "/static/"))
    ]
    assert set(own) == {"/acceso/"}
    assert directly(roles.internal, INTERNAL, own)["/acceso/"].status == 200
    assert f'href="https://{PUBLIC}/' in text.text
    public: Any = directly(roles.public, PUBLIC, ["/nada/"])["/nada/"]
    assert "/acceso/" not in public.text


def test_one_process_may_serve_both_halves(env: dict[str, str]) -> None:
    with gunicorn({**env, "CONOCELES_ROLE": "all"}) as (_process, port):
        found = directly(port, PUBLIC, ["/acceso/", "/municipios/", "/captura/", "/readyz"])
    assert [answer.status for answer in found.values()] == [200, 200, 302, 200]


def test_pages_are_sent_over_http_2_and_compressed(roles: Roles) -> None:
    visitor = roles.visitor(PUBLIC)
    with visitor.connect("h2", "http/1.1") as connection:
        assert connection.selected_alpn_protocol() == "h2"
        assert connection.version() == "TLSv1.3"
    plain = visitor.get("/municipios/", Accept_Encoding="identity")
    packed = visitor.get("/municipios/", Accept_Encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    older = visitor.get("/municipios/", Accept_Encoding="gzip, deflate, br")
    assert older.headers["Content-Encoding"] == "br"
    assert brotli.decompress(older.body) == plain.body
    modern = visitor.get("/municipios/", Accept_Encoding="gzip, deflate, br, zstd")
    assert modern.headers["Content-Encoding"] == "zstd"
    assert zstandard.decompress(modern.body) == plain.body
    assert len(modern.body) < len(plain.body) / 2
    assert modern.headers.get_all("Vary") == ["Accept-Encoding"]
    assert plain.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert plain.headers["Server"] is None


def test_private_pages_are_neither_compressed_nor_kept_behind_the_proxy(roles: Roles) -> None:
    visitor = roles.visitor(INTERNAL)
    for path in ("/acceso/", "/captura/", "/admin/", "/admin/no/hay/", "/acceso"):
        found = visitor.get(path, Accept_Encoding="gzip, deflate, br, zstd")
        assert found.headers["Content-Encoding"] is None, path
        assert found.headers["Cache-Control"] == "private, no-store", path


def test_a_request_without_tls_is_redirected(roles: Roles) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", roles.front.http, timeout=60)
    connection.request("GET", "/municipios/", headers={"Host": PUBLIC})
    response = connection.getresponse()
    assert response.status == 308
    assert response.headers["Location"].startswith(f"https://{PUBLIC}")
    connection.close()


def test_static_files_are_kept_for_a_year_and_sent_compressed(roles: Roles) -> None:
    visitor = roles.visitor(PUBLIC)
    page = visitor.get("/municipios/").text
    sheet = re.search(r'"(/static/css/[^"]+\.[0-9a-f]{12}\.css)"', page)
    assert sheet is not None
    found = visitor.get(sheet.group(1), Accept_Encoding="gzip")
    assert found.status == 200
    assert found.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert found.headers["Content-Encoding"] == "gzip"
    rules = gzip.decompress(found.body)
    assert b"@import" not in rules
    modern = visitor.get(sheet.group(1), Accept_Encoding="gzip, deflate, br, zstd")
    assert modern.headers["Content-Encoding"] == "br"
    assert brotli.decompress(modern.body) == rules
    assert found.headers["X-Content-Type-Options"] == "nosniff"
    unhashed = visitor.get(re.sub(r"\.[0-9a-f]{12}\.", ".", sheet.group(1)))
    assert unhashed.headers["Cache-Control"] == "public, max-age=3600"
    for path in ("/static/nada.css", "/static/../Caddyfile", "/static/%2e%2e/settings.py"):
        assert visitor.get(path).status == 404, path


def sign_in(visitor: Visitor, username: str, password: str, **headers: str) -> int:
    visitor.get("/acceso/")
    form = {"login": username, "password": password}
    return visitor.post("/acceso/", form, **headers).status


def test_visitors_behind_the_proxy_are_told_apart_even_if_they_forge_headers(
    roles: Roles,
) -> None:
    guesser = roles.visitor(INTERNAL, "127.0.0.1")
    answers = []
    for number in range(7):
        forged = f"10.0.0.{number}"
        answers.append(
            sign_in(
                guesser,
                "prensa.dos",
                f"adivinada-{number}",
                X_Forwarded_For=forged,
                Forwarded=forged,
            )
        )
    assert answers == [200] * 5 + [429] * 2
    assert sign_in(guesser, "prensa.dos", PASSWORD, X_Forwarded_For="10.9.9.9") == 429

    owner = roles.visitor(INTERNAL, "127.0.0.2")
    assert sign_in(owner, "prensa.dos", PASSWORD) == 302


def test_news_published_on_the_internal_half_appears_on_the_public_half(roles: Roles) -> None:
    editor = roles.visitor(INTERNAL, "127.0.0.3")
    assert sign_in(editor, "prensa.uno", PASSWORD) == 302
    assert editor.get("/admin/").status == 302, "the password alone opens nothing"
    assert editor.post("/acceso/segundo-paso/", {"code": second_factors.code()}).status == 302
    with psycopg.connect(roles.env["DATABASE_URL"]) as connection:
        row = connection.execute("select page_ptr_id from portal_newsindexpage").fetchone()
    assert row is not None
    form = form_of("Debate en Saltillo", "debate", **{"action-publish": "1"})
    sent = editor.post(f"/admin/pages/add/portal/newspage/{row[0]}/", form)
    assert sent.status == 302, sent.text

    visitor = roles.visitor(PUBLIC)
    note = visitor.get("/noticias/debate/")
    assert note.status == 200
    assert "Texto de Debate en Saltillo" in note.text
    assert 'href="/noticias/debate/"' in visitor.get("/noticias/").text
    listed = json.loads(visitor.get("/api/v1/noticias/").text)
    assert "/noticias/debate/" in json.dumps(listed)
    assert f"https://{PUBLIC}" in visitor.get("/sitemap.xml").text
    assert visitor.cookies == {}
