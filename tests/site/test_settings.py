"""Settings of production: variables have the effect that an installer expects, or are refused."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from conoceles_site import embedded_postgres
from conoceles_site.settings import environment
from conoceles_site.settings.environment import https_origins
from tests.database_server import ROOT

PRINT = """
import json, django
django.setup()
from django.conf import settings
names = ("CSRF_TRUSTED_ORIGINS", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS",
         "SECURE_HSTS_PRELOAD", "SECURE_SSL_REDIRECT", "DEFAULT_FROM_EMAIL", "SERVER_EMAIL",
         "PUBLIC_BASE_URL", "INTERNAL_BASE_URL", "DEMO_ALLOWED")
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def production(code: str = PRINT, **environment: str) -> subprocess.CompletedProcess[str]:
    given = {
        "DJANGO_SETTINGS_MODULE": "conoceles_site.settings.production",
        "DJANGO_SECRET_KEY": secrets.token_urlsafe(50),
        "CONOCELES_ENCRYPTION_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "conoceles.example.mx",
    }
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **given, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("hosts", "origins"),
    [
        (["conoceles.example.mx"], ["https://conoceles.example.mx"]),
        ([".example.mx"], ["https://*.example.mx", "https://example.mx"]),
        (["a.mx", ".b.mx", "*"], ["https://a.mx", "https://*.b.mx", "https://b.mx"]),
    ],
)
def test_forms_are_accepted_from_the_names_of_the_site(hosts, origins):
    assert https_origins(hosts) == origins


def test_a_form_from_a_subdomain_is_accepted(rf):
    """Django itself reads the origins in this way."""
    from django.middleware.csrf import CsrfViewMiddleware
    from django.test import override_settings

    request = rf.post("/acceso/", headers={"origin": "https://interno.example.mx"})
    with override_settings(CSRF_TRUSTED_ORIGINS=https_origins([".example.mx"])):
        checks: Any = CsrfViewMiddleware(lambda _request: None)
        assert checks._origin_verified(request)
        request.META["HTTP_ORIGIN"] = "https://example.mx.otro.mx"
        assert not checks._origin_verified(request)


def test_settings_that_cannot_be_undone_are_off_by_default():
    cautious = json.loads(production().stdout)
    assert cautious["SECURE_SSL_REDIRECT"] is True
    assert cautious["SECURE_HSTS_SECONDS"] == 31_536_000
    assert cautious["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is False
    assert cautious["SECURE_HSTS_PRELOAD"] is False
    assert cautious["DEMO_ALLOWED"] is False
    bold = json.loads(
        production(
            SECURE_HSTS_INCLUDE_SUBDOMAINS="true",
            SECURE_HSTS_PRELOAD="1",
            SECURE_HSTS_SECONDS="63072000",
            DEFAULT_FROM_EMAIL="Instituto <avisos@example.mx>",
            CONOCELES_BASE_URL="https://conoceles.example.mx/",
        ).stdout
    )
    assert bold["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True
    assert bold["SECURE_HSTS_PRELOAD"] is True
    assert bold["SECURE_HSTS_SECONDS"] == 63_072_000
    assert bold["DEFAULT_FROM_EMAIL"] == bold["SERVER_EMAIL"] == "Instituto <avisos@example.mx>"
    assert bold["INTERNAL_BASE_URL"] == bold["PUBLIC_BASE_URL"] == "https://conoceles.example.mx"


def test_mail_is_sent_from_the_domain_of_the_public_site():
    done = production(CONOCELES_BASE_URL="https://conoceles.example.mx", CONOCELES_ROLE="internal")
    found = json.loads(done.stdout)
    assert found["DEFAULT_FROM_EMAIL"] == "Conóceles <no-responder@conoceles.example.mx>"
    # Without an address of its own, the internal half does not take that of the public half.
    assert found["INTERNAL_BASE_URL"] == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [("CONOCELES_BASE_URL", "conoceles.example.mx"), ("DEFAULT_FROM_EMAIL", "avisos")],
)
def test_a_badly_written_variable_stops_the_start_with_an_example(name, value):
    done = production(**{name: value})
    assert done.returncode != 0
    assert name in done.stderr.splitlines()[-1]
    assert "como" in done.stderr.splitlines()[-1]


READERS: dict[str, Callable[[], object]] = {
    "CONOCELES_HOME_ENTITY": environment.home_entity,
    "TIME_ZONE": environment.time_zone,
    "SECURE_SSL_REDIRECT": lambda: environment.switch("SECURE_SSL_REDIRECT", default=True),
    "CONOCELES_PROXIES": lambda: environment.whole_number(
        "CONOCELES_PROXIES", 0, smallest=0, largest=10
    ),
    "ALLOWED_HOSTS": lambda: environment.host_names(os.environ["ALLOWED_HOSTS"]),
    "DATABASE_URL": lambda: environment.server_address(
        "DATABASE_URL", {"postgres"}, "postgres://usuario:clave@servidor:5432/conoceles"
    ),
}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("CONOCELES_HOME_ENTITY", ["00", "33", "99", "-1", "coahuila", "٠٥"]),
        ("TIME_ZONE", ["Marte/Uno", "../x", "/etc/passwd", "America"]),
        ("SECURE_SSL_REDIRECT", ["quizás", "2", "verdadero", "-"]),
        ("CONOCELES_PROXIES", ["-1", "11", "uno", "1.5", "²", "9" * 5000]),
        ("ALLOWED_HOSTS", [",", "https://a.mx", "a.mx/x", "a.mx b.mx"]),
        ("DATABASE_URL", ["x", "mysql://a:secreta@h/d", "postgres://a:secreta@h:x/d", "//[", "a:"]),
    ],
)
def test_an_odd_value_of_a_variable_is_refused_in_a_sentence_with_its_name(
    monkeypatch, name, values
):
    for value in values:
        monkeypatch.setenv(name, value)
        with pytest.raises(ImproperlyConfigured) as refused:
            READERS[name]()
        assert str(refused.value).startswith(name), value
        assert "secreta" not in str(refused.value)
        assert len(str(refused.value)) < 300


def test_an_empty_variable_counts_as_not_set(monkeypatch):
    for name in READERS:
        monkeypatch.setenv(name, " ")
    assert [read() for read in READERS.values()] == ["05", "America/Monterrey", True, 0, [], ""]
    monkeypatch.setenv("CONOCELES_HOME_ENTITY", "9")
    assert environment.home_entity() == "09"
    monkeypatch.setenv("SECURE_SSL_REDIRECT", "No")
    assert environment.switch("SECURE_SSL_REDIRECT", default=True) is False


@pytest.mark.parametrize(
    "command",
    [
        ["manage.py", "check"],
        ["manage.py", "check", "--settings", "conoceles_site.settings.production"],
        ["-m", "conoceles_site.serve"],
        [
            *("-m", "gunicorn", "conoceles_site.wsgi:application"),
            *("--config", "python:conoceles_site.gunicorn", "--bind", "127.0.0.1:0"),
        ],
    ],
)
def test_every_command_explains_a_wrong_variable_without_a_traceback(command):
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": "postgres://a:secreta@h:x/d"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    [sentence] = done.stderr.splitlines()
    assert sentence.startswith("conoceles: DATABASE_URL está mal escrita")
    assert "secreta" not in done.stderr + done.stdout


@pytest.mark.parametrize("folder", ["/dev/null", "/proc/nada"])
def test_a_data_folder_that_cannot_be_written_is_refused_with_its_variable(folder):
    with pytest.raises(embedded_postgres.EmbeddedPostgresError, match="CONOCELES_DATA_DIR"):
        embedded_postgres.start(Path(folder))


def test_the_site_works_while_the_cache_is_down():
    code = """
import django
django.setup()
from django.core.cache import cache
cache.set("a", 1)
print(cache.get("a", "nada"))
"""
    done = production(code, REDIS_URL="redis://127.0.0.1:1/0")
    assert done.stdout.strip() == "nada", done.stderr


def test_queries_have_a_time_limit_in_the_server_and_not_in_commands():
    code = """
from {module}
from django.conf import settings
print(settings.DATABASES["default"]["OPTIONS"])
"""
    served = production(code.format(module="conoceles_site.wsgi import application")).stdout
    assert "statement_timeout=15s" in served
    command = production("import django; django.setup()" + code.format(module="os import path"))
    assert "statement_timeout" not in command.stdout
    assert "connect_timeout" in command.stdout


def test_processes_that_start_at_once_read_the_same_whole_secret(tmp_path: Path) -> None:
    program = """
import secrets, sys
from conoceles_site.settings.environment import generated_secret
made = secrets.token_urlsafe
def slowly(size):
    print("making it", flush=True)
    sys.stdin.readline()
    return made(size)
secrets.token_urlsafe = slowly
print(generated_secret("clave"))
"""

    def start() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={**os.environ, "CONOCELES_DATA_DIR": str(tmp_path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    interrupted = start()
    assert interrupted.stdout is not None
    assert interrupted.stdout.readline() == "making it\n"
    said, _ = start().communicate("\n")
    secret = said.removeprefix("making it\n")

    assert len(secret.strip()) == 67
    assert interrupted.communicate("\n")[0] == secret
    assert [file.name for file in (tmp_path / "keys").iterdir()] == ["clave"]


SEARCH = """
import json, django
django.setup()
from django.conf import settings
print(json.dumps({name: value for name, value in vars(settings._wrapped).items()
                  if name.startswith("ELASTICSEARCH")}))
"""


def test_a_search_server_is_set_in_the_environment(tmp_path):
    authority = tmp_path / "autoridad.pem"
    authority.write_text("-----BEGIN CERTIFICATE-----")
    said = production(
        SEARCH,
        ELASTICSEARCH_URL="https://buscador.example.mx:9200",
        ELASTICSEARCH_USER="conoceles",
        ELASTICSEARCH_PASSWORD="secreta",
        ELASTICSEARCH_CA=str(authority),
        ELASTICSEARCH_MILLISECONDS="250",
        ELASTICSEARCH_PREFIX="ensayo_2",
        ELASTICSEARCH_SHARDS="3",
        ELASTICSEARCH_REPLICAS="1",
    )

    assert json.loads(said.stdout) == {
        "ELASTICSEARCH_URL": "https://buscador.example.mx:9200",
        "ELASTICSEARCH_API_KEY": "",
        "ELASTICSEARCH_USER": "conoceles",
        "ELASTICSEARCH_PASSWORD": "secreta",
        "ELASTICSEARCH_CA": str(authority),
        "ELASTICSEARCH_SECONDS": 0.25,
        "ELASTICSEARCH_PREFIX": "ensayo_2",
        "ELASTICSEARCH_SHARDS": 3,
        "ELASTICSEARCH_REPLICAS": 1,
    }


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"ELASTICSEARCH_URL": "buscador:9200"}, "ELASTICSEARCH_URL está mal escrita"),
        ({"ELASTICSEARCH_USER": "x"}, "falta una de las dos"),
        ({"ELASTICSEARCH_PASSWORD": "x"}, "falta una de las dos"),
        (
            {
                "ELASTICSEARCH_API_KEY": "x",
                "ELASTICSEARCH_USER": "x",
                "ELASTICSEARCH_PASSWORD": "secreta",
            },
            "escribe una sola",
        ),
        ({"ELASTICSEARCH_CA": "/no/existe.pem"}, "un archivo PEM que existe"),
        ({"ELASTICSEARCH_MILLISECONDS": "0"}, "un número de 50 a 60000"),
        ({"ELASTICSEARCH_PREFIX": "Conóceles"}, "lleva minúsculas sin acento"),
    ],
)
def test_a_search_server_that_is_set_wrongly_stops_the_start(given, told):
    said = production(SEARCH, **given)

    assert said.returncode == 1
    assert told in said.stderr
    assert "secreta" not in said.stderr
