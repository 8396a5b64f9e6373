"""Caddy in front of both halves, with the repository's Caddyfile, as in compose.yaml."""

import contextlib
import http.client
import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.database_server import ROOT
from tests.waiting import free_port, wait_until

PUBLIC, INTERNAL = "publico.localhost", "interno.localhost"


@dataclass(frozen=True)
class Answer:
    """An answer of the site, with its body read."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Visitor:
    """A client with its own IP address and cookies, which trusts Caddy's certificate."""

    host: str
    port: int
    trusted: Path
    address: str = "127.0.0.1"
    cookies: dict[str, str] = field(default_factory=dict)

    def connect(self, *protocols: str) -> ssl.SSLSocket:
        context = ssl.create_default_context(cafile=str(self.trusted))
        if protocols:
            context.set_alpn_protocols(list(protocols))
        plain = socket.create_connection(
            ("127.0.0.1", self.port), timeout=60, source_address=(self.address, 0)
        )
        return context.wrap_socket(plain, server_hostname=self.host)

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, form: dict[str, str], **headers: str) -> Answer:
        own = {
            "X-CSRFToken": self.cookies.get("csrftoken", ""),
            "Origin": f"https://{self.host}:{self.port}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return self._ask("POST", path, urlencode(form), {**own, **headers})

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection(self.host, self.port)
        connection.sock = self.connect()
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, {"Cookie": cookies, **sent})
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer


def require_caddy() -> str:
    """The path of Caddy; if it is not installed, the tests are skipped, and fail in CI."""
    found = shutil.which("caddy")
    if found is None and os.environ.get("CI"):
        pytest.fail("caddy is not installed")
    if found is None:
        pytest.skip("Falta caddy: apt-get install caddy")
    return found


@dataclass(frozen=True)
class Front:
    """The running Caddy."""

    https: int
    http: int
    trusted: Path

    def visitor(self, host: str, address: str = "127.0.0.1") -> Visitor:
        return Visitor(host, self.https, self.trusted, address)


@contextlib.contextmanager
def caddy(folder: Path, *, public: int, internal: int, static: Path) -> Iterator[Front]:
    """Run Caddy on free ports, with its own certificates, in front of two ports of gunicorn."""
    program = require_caddy()
    https, plain = free_port(), free_port()
    env = {
        **os.environ,
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "CADDY_HTTPS_PORT": str(https),
        "CADDY_HTTP_PORT": str(plain),
        "CADDY_TLS": "tls internal",
        "CADDY_OPTIONS": "skip_install_trust",
        "CONOCELES_BASE_URL": f"https://{PUBLIC}",
        "CONOCELES_INTERNAL_URL": f"https://{INTERNAL}",
        "CONOCELES_PUBLIC_UPSTREAM": f"127.0.0.1:{public}",
        "CONOCELES_INTERNAL_UPSTREAM": f"127.0.0.1:{internal}",
        "CONOCELES_STATIC_ROOT": str(static),
    }
    log = folder / "caddy.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [program, "run", "--config", str(ROOT / "Caddyfile"), "--adapter", "caddyfile"],
            env=env,
            stdout=output,
            stderr=output,
        )
    front = Front(https, plain, folder / "data/caddy/pki/authorities/local/root.crt")

    def serves() -> bool:
        assert process.poll() is None, log.read_text()
        try:
            return all(front.visitor(host).get("/healthz").status for host in (PUBLIC, INTERNAL))
        except (OSError, ssl.SSLError):
            return False

    try:
        wait_until(serves, seconds=60, what="Caddy does not serve")
        yield front
    finally:
        process.terminate()
        process.wait(30)
