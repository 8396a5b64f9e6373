"""Health checks, roles, what production refuses, and logs without personal data."""

import json
import logging
import os
import string
import subprocess
import sys
from pathlib import Path

import pytest

from conoceles_site.logs import json_formatter

ROOT = Path(__file__).resolve().parents[2]


def test_alive_and_ready(client, process):
    assert client.get("/healthz").status_code == 200
    body = client.get("/readyz").json()
    assert body["listo"] is True
    assert body["dependencias"] == {"base_de_datos": "ok", "archivos": "ok", "migraciones": "ok"}
    assert body["busqueda"] == "postgresql"


def test_probes_need_neither_the_name_of_the_site_nor_https(client, process, settings):
    """The machine itself asks, by its IP address."""
    settings.ALLOWED_HOSTS = ["conoceles.example"]
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz", headers={"host": "127.0.0.1:8000"}).status_code == 200
    assert client.get("/readyz", headers={"host": "10.0.0.7"}).status_code == 200


def test_an_exception_is_logged_by_type_and_frames_without_its_message():
    try:
        raise ValueError("correo@persona.mx ya existe")
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, __file__, 1, "falló", None, (ValueError, error, error.__traceback__)
        )
    line = json_formatter().format(record)
    assert "correo@persona.mx" not in line
    entry = json.loads(line)
    assert entry["exception"] == "ValueError"
    [frame] = entry["frames"]
    where, function = frame.split(" ")
    assert where.startswith(f"{__file__}:")
    assert function == "test_an_exception_is_logged_by_type_and_frames_without_its_message"


def test_an_error_page_shows_neither_values_nor_a_traceback(client, process, monkeypatch):
    from cms.published import selectors

    def fail(*args, **kwargs):
        raise RuntimeError("correo@persona.mx")

    monkeypatch.setattr(selectors, "candidacy", fail)
    client.raise_request_exception = False
    response = client.get("/candidaturas/1/alguien/")
    content = response.content.decode()
    assert response.status_code == 500
    assert "correo@persona.mx" not in content
    assert "Traceback" not in content
    response = client.get("/api/v1/candidaturas/1/")
    assert response.status_code == 500
    assert response["Content-Type"] == "application/problem+json"
    assert "correo@persona.mx" not in response.content.decode()


def python(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


RESOLVE = """
import django; django.setup()
from django.urls import Resolver404, resolve
for path in ("/acceso/", "/captura/", "/admin/", "/buscar/", "/api/v1/"):
    # An address that no other pattern matches is a page of the CMS, or 404.
    try: print(path, "no" if resolve(path).route.startswith("^") else "si")
    except Resolver404: print(path, "no")
"""


def test_the_public_role_has_no_admin_login_nor_session():
    done = python(
        RESOLVE + "from django.conf import settings\n"
        "print(any('Session' in name or 'Authentication' in name for name in settings.MIDDLEWARE))",
        CONOCELES_ROLE="public",
        DJANGO_SETTINGS_MODULE="conoceles_site.settings.test",
    )
    lines = done.stdout.split("\n")
    assert "/buscar/ si" in lines
    assert "/api/v1/ si" in lines
    for closed in ("/acceso/", "/captura/", "/admin/"):
        assert f"{closed} no" in lines
    assert "False" in lines


def test_the_internal_role_has_no_public_pages():
    done = python(
        RESOLVE, CONOCELES_ROLE="internal", DJANGO_SETTINGS_MODULE="conoceles_site.settings.test"
    )
    assert "/captura/ si" in done.stdout
    assert "/buscar/ no" in done.stdout


@pytest.mark.parametrize(
    "missing", ["DJANGO_SECRET_KEY", "CONOCELES_ENCRYPTION_KEY", "ALLOWED_HOSTS"]
)
def test_production_does_not_start_without_its_secrets_and_says_what_to_do(missing):
    given = {
        "DJANGO_SECRET_KEY": "x" * 60,
        "CONOCELES_ENCRYPTION_KEY": string.ascii_letters,
        "ALLOWED_HOSTS": "conoceles.example",
    }
    given[missing] = ""
    done = python(
        "import django; django.setup()",
        DJANGO_SETTINGS_MODULE="conoceles_site.settings.production",
        **given,
    )
    assert done.returncode != 0
    assert f"Falta la variable {missing}." in done.stderr


def test_the_security_policy_is_strict_in_public_and_looser_only_in_the_admin(client, superuser):
    public = client.get("/municipios/")["Content-Security-Policy"]
    assert "unsafe" not in public
    assert "default-src 'self'" in public
    client.force_login(superuser, backend="django.contrib.auth.backends.ModelBackend")
    assert "'unsafe-inline'" in client.get("/admin/")["Content-Security-Policy"]
