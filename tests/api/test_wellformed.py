"""Malformed requests are refused properly: with problems under /api/, with pages elsewhere."""

import json
import subprocess
import sys

import pytest
from django.db import DataError, connection, transaction
from django.test import Client

from conoceles_site import wellformed
from tests import database_server
from tests.database_server import ROOT

pytestmark = pytest.mark.django_db

SECURITY = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy",
            "Cross-Origin-Opener-Policy", "Permissions-Policy", "X-Frame-Options")  # fmt: skip


@pytest.fixture(autouse=True)
def requests_as_they_are_served(monkeypatch) -> None:
    """Make the test client use our class of requests, as the server does."""
    monkeypatch.setattr("django.test.client.WSGIRequest", wellformed.Utf8Request)


def assert_refused_properly(response, status: int) -> str:
    """The answer has the status and the security headers, is not cached, and is in Spanish."""
    assert response.status_code == status
    assert "no-store" in response["Cache-Control"]
    for name in SECURITY:
        assert response.has_header(name), name
    text = response.content.decode()
    assert "Traceback" not in text
    assert "Bad Request" not in text
    if response.request["PATH_INFO"].startswith("/api/"):
        assert response["Content-Type"] == "application/problem+json"
        assert response["Access-Control-Allow-Origin"] == "*"
        body = json.loads(text)
        assert body["status"] == status
        assert body["detail"]
        # Only what is wrong with parameters is also told one by one.
        assert set(body) - {"errores"} == {"type", "title", "status", "detail", "instance"}
    else:
        assert response["Content-Type"].startswith("text/html")
        assert '<html lang="es-MX"' in text
        assert "<h1>" in text
    return text


PLACES = pytest.mark.parametrize("path", ["/api/v1/candidaturas/", "/api/nada", "/buscar/", "/"])


@PLACES
@pytest.mark.parametrize("host", ["otro.example", "..", "a b", "[::1", "é.mx", "a@b", ""])
def test_a_wrong_host_is_refused(process, settings, path, host) -> None:
    settings.ALLOWED_HOSTS = ["conoceles.example"]
    for changes in ({}, {"SECURE_SSL_REDIRECT": True}):
        for name, value in changes.items():
            setattr(settings, name, value)
        response = Client(raise_request_exception=True).get(path, HTTP_HOST=host)
        assert "nombre" in assert_refused_properly(response, 400)


@PLACES
def test_a_too_long_address_is_refused(client, process, path) -> None:
    assert_refused_properly(client.get(path, {"q": "agua " * 3000}), 414)
    assert_refused_properly(client.get(path + "x" * 9000), 414)


@PLACES
@pytest.mark.parametrize("end", ["?q=%00", "?q=a%00b", "?%00=1", "%00", "a%00b/", "?proceso=%00"])
def test_a_zero_byte_in_the_address_is_refused(client, process, path, end) -> None:
    assert "nulo" in assert_refused_properly(client.get(path + end), 400)


@PLACES
@pytest.mark.parametrize("end", ["?q=%FF", "?q=%C0%80", "?q=%ED%A0%80", "?q=educaci%F3n"])
def test_a_query_that_is_not_utf8_is_refused(client, process, path, end) -> None:
    assert "UTF-8" in assert_refused_properly(client.get(path + end), 400)


@pytest.mark.parametrize("path", ["/buscar/%FF%FE/", "/api/v1/%C3%28/", "/noticias/%E9/"])
def test_a_path_that_is_not_utf8_answers_404(client, process, path) -> None:
    assert_refused_properly(client.get(path), 404)


@PLACES
def test_percent_signs_that_encode_nothing_are_read_as_percent_signs(client, process, path) -> None:
    assert client.get(path + "?q=100%&p=%zz").status_code == client.get(path).status_code


@PLACES
def test_too_many_parameters_are_refused(client, process, path) -> None:
    text = assert_refused_properly(client.get(path + "?" + "&".join(["a="] * 1500)), 400)
    assert "parámetros" in text


@pytest.mark.parametrize("path", ["/api/v1/candidaturas/", "/buscar/", "/", "/noticias/"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "FOO"])
def test_a_method_other_than_reading_is_refused(process, path, method) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.generic(method, path, b"{", content_type="application/json")
    assert_refused_properly(response, 405)
    assert response["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["/buscar/", "/municipios/", "/captura/", "/nada/"])
def test_options_names_the_allowed_methods(client, process, path) -> None:
    response = client.options(path)
    assert response.status_code == 204
    assert "GET, HEAD, OPTIONS" in response["Allow"]


@PLACES
def test_head_answers_like_get_without_a_body(client, process, path) -> None:
    got, headed = client.get(path), client.head(path)
    assert (headed.status_code, headed.content) == (got.status_code, b"")
    assert headed["Content-Type"] == got["Content-Type"]


@pytest.mark.parametrize("number", ["-1", "0", "1" * 400, "9" * 9, "1e9", "1.0", "[1]"])
def test_a_value_that_is_not_a_page_number_is_refused(client, process, number) -> None:
    for path in ("/api/v1/candidaturas/", "/buscar/"):
        for name in ("pagina", "por_pagina"):
            text = assert_refused_properly(client.get(path, {name: number}), 400)
            assert name in text


@pytest.mark.parametrize("number", ["9" * 19, "9" * 20, "9" * 5000, "-1", "1.0", "%00", "x"])
def test_a_value_that_is_not_the_number_of_a_candidacy_is_refused(client, process, number) -> None:
    for path in ("/api/v1/candidaturas/", "/candidaturas/"):
        status = 400 if number == "%00" else 404
        assert_refused_properly(client.get(f"{path}{number}/"), status)


def test_a_form_or_json_with_a_zero_byte_is_refused(client, process, superuser) -> None:
    client.force_login(superuser, backend="django.contrib.auth.backends.ModelBackend")
    for path, body, kind in (
        ("/acceso/", b"login=a%00b&password=x", "application/x-www-form-urlencoded"),
        ("/acceso/", b"a%00b=1", "application/x-www-form-urlencoded"),
        ("/admin/dismissibles/", b'{"a": "\\u0000"}', "application/json"),
        ("/admin/dismissibles/", b'{"a": "\x00"}', "application/json"),
    ):
        method = "PATCH" if "json" in kind else "POST"
        response = client.generic(method, path, body, content_type=kind)
        assert "nulo" in refused_by_the_admin(response), path


def refused_by_the_admin(response) -> str:
    assert response.status_code == 400
    return response.content.decode()


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("multipart/form-data", b"x", 400),
        ("multipart/form-data; boundary=", b"x", 400),
        ("multipart/form-data; boundary=\xe9", b"x", 400),
        ("application/x-www-form-urlencoded; charset=utf-16", b"a=1", 400),
        ("application/x-www-form-urlencoded", b"&".join([b"a=1"] * 1500), 413),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(client, process, kind, body, status) -> None:
    assert_refused_properly(client.generic("POST", "/acceso/", body, content_type=kind), status)


@PLACES
@pytest.mark.parametrize(
    "kind", ["x; charset=hex", "x; charset=latin-1", "x; charset=\x00", "x; charset*=nada'x'y"]
)
def test_a_charset_that_is_not_utf8_is_refused(client, process, path, kind) -> None:
    response = client.generic("GET", path + "?q=1", b"x", content_type=kind)
    assert "UTF-8" in assert_refused_properly(response, 400)


def test_a_cookie_with_a_zero_byte_is_ignored(client, process) -> None:
    response = client.get("/captura/", HTTP_COOKIE='sessionid="\\000\\000"; csrftoken="\\000"')
    assert response.status_code == 302


def test_a_value_that_no_column_can_hold_answers_400(client, process, monkeypatch) -> None:
    from cms.published import selectors

    def ask(*_args, **_kwargs):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select %s::integer", ["9" * 30])

    monkeypatch.setattr(selectors, "candidacy", ask)
    assert_refused_properly(client.get("/candidaturas/1/x/"), 400)
    with pytest.raises(DataError):
        ask()


def test_a_query_that_takes_too_long_answers_503(client, process, monkeypatch) -> None:
    from cms.published import selectors

    def ask(*_args, **_kwargs):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("set local statement_timeout = 5")
            cursor.execute("select pg_sleep(9)")

    monkeypatch.setattr(selectors, "candidacy", ask)
    for path in ("/candidaturas/1/x/", "/api/v1/candidaturas/1/"):
        response = client.get(path)
        assert_refused_properly(response, 503)
        assert response["Retry-After"] == "30"


def test_the_server_limits_the_time_of_its_queries() -> None:
    program = (
        "from conoceles_site import wsgi; from django.db import connection;"
        " cursor = connection.cursor(); cursor.execute('show statement_timeout');"
        " print(cursor.fetchone()[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=database_server.environment("postgres", ROOT / "var"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "15s"


def test_a_request_that_makes_wagtail_fail_answers_400(client, process, superuser) -> None:
    client.force_login(superuser, backend="django.contrib.auth.backends.ModelBackend")
    assert_refused_properly(client.get("/admin/images/chooser/chosen/x/"), 400)
    assert client.get("/admin/failwhale/").status_code == 404


def test_an_error_of_our_own_code_answers_500(process, validator, monkeypatch) -> None:
    from cms.moderation import queue

    client = Client(raise_request_exception=False)
    client.force_login(validator, backend="django.contrib.auth.backends.ModelBackend")
    monkeypatch.setattr(queue, "selectors", None)
    assert client.get("/admin/revision/").status_code == 500


def test_the_longest_address_that_the_site_can_make_is_not_too_long(client, process) -> None:
    """Every value of every facet of a large state, and a full text."""
    chosen = [f"municipio=20{number:03}" for number in range(1, 300)]
    address = "/buscar/?" + "&".join([*chosen, "q=" + "%C3%B1" * 200])
    assert len(address) < wellformed.LONGEST_ADDRESS
    assert client.get(address).status_code == 400  # The municipalities are in another state.
