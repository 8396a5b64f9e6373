"""The default installation: what compose.yaml and the Caddyfile promise."""

import os
import re
import subprocess

import pytest
import yaml

from tests.database_server import ROOT
from tests.site.front import require_caddy

OURS = ("public", "internal", "worker")


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]


@pytest.mark.parametrize("name", OURS)
def test_nothing_serves_before_the_migrations_are_done(services, name):
    waits = services[name]["depends_on"]
    assert waits["migrate"]["condition"] == "service_completed_successfully"
    assert waits["database"]["condition"] == "service_healthy"
    assert "migrate" not in services["migrate"]["depends_on"]


def test_the_search_server_starts_only_when_asked_for_and_nothing_waits_for_it(services):
    assert services["elasticsearch"]["profiles"] == ["elasticsearch"]
    assert not any("elasticsearch" in one.get("depends_on", {}) for one in services.values())


def test_the_worker_is_asked_for_its_own_health(services):
    assert services["worker"]["healthcheck"]["test"][-1] == "conoceles_site.worker_health"
    assert "HEALTHCHECK" in (ROOT / "Dockerfile").read_text()


def test_only_caddy_listens_to_the_outside(services):
    outside = {
        name
        for name, service in services.items()
        for port in service.get("ports", [])
        if not port.startswith("127.0.0.1:")
    }
    assert outside == {"caddy"}


def test_the_public_half_does_not_have_the_key_of_the_answers(services):
    holders = {
        name
        for name, service in services.items()
        if "CONOCELES_ENCRYPTION_KEY" in service.get("environment", {})
    }
    assert holders == {"migrate", "internal", "worker"}


@pytest.mark.parametrize(
    "name",
    [
        *("CONOCELES_BASE_URL", "CONOCELES_INTERNAL_URL", "REDIS_URL", "EMAIL_URL"),
        *("DEFAULT_FROM_EMAIL", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS"),
        *("ELASTICSEARCH_URL", "ELASTICSEARCH_API_KEY", "ELASTICSEARCH_USER"),
        *("ELASTICSEARCH_PASSWORD", "ELASTICSEARCH_CA", "ELASTICSEARCH_MILLISECONDS"),
        *("ELASTICSEARCH_PREFIX", "ELASTICSEARCH_SHARDS", "ELASTICSEARCH_REPLICAS"),
        *("SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD", "CONOCELES_PROXIES"),
    ],
)
def test_every_setting_is_passed_on_and_documented(services, name):
    for service in OURS:
        assert name in services[service]["environment"], service
    for document in ("README.md", "docs/operacion.md"):
        assert name in (ROOT / document).read_text(), document


def test_every_variable_of_compose_is_in_the_runbook():
    compose = (ROOT / "compose.yaml").read_text()
    runbook = (ROOT / "docs" / "operacion.md").read_text()
    names = set(re.findall(r"\$\{([A-Z_0-9]+)", compose))
    assert {name for name in names if name not in runbook} == set()


def test_services_have_more_time_to_stop_than_gunicorn_takes(services):
    from conoceles_site import gunicorn

    for name in ("public", "internal"):
        assert int(services[name]["stop_grace_period"].rstrip("s")) > gunicorn.graceful_timeout


@pytest.mark.parametrize("tls", ["", "tls internal", "tls correo@example.mx"])
def test_the_caddyfile_is_valid(tls, tmp_path):
    done = subprocess.run(
        [
            *(require_caddy(), "adapt", "--config", str(ROOT / "Caddyfile")),
            *("--adapter", "caddyfile", "--validate"),
        ],
        env={
            **os.environ,
            "XDG_DATA_HOME": str(tmp_path),
            "XDG_CONFIG_HOME": str(tmp_path),
            "CONOCELES_BASE_URL": "https://conoceles.example.mx",
            "CONOCELES_INTERNAL_URL": "https://interno.example.mx",
            "CADDY_TLS": tls,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert '"dial":"public:8000"' in done.stdout
