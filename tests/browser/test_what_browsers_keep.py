"""A browser asks each time whether a public page changed (ADR 0043)."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser

from cms.published.caching import PUBLIC

pytestmark = pytest.mark.browser


class Page(BaseHTTPRequestHandler):
    """Answers how often it was asked: below /ours with our header, elsewhere with a part of it."""

    asked = 0

    def do_GET(self) -> None:
        Page.asked += self.path != "/favicon.ico"
        body = str(Page.asked).encode()
        is_ours = self.path.startswith("/ours")
        control = PUBLIC if is_ours else PUBLIC.replace("must-revalidate, ", "")
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", control)
        self.send_header("ETag", f'"{Page.asked}"')
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Nothing on the console."""


@pytest.fixture
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()


def read_twice(chromium: Browser, address: str) -> list[str]:
    """What a script of a page reads that asks twice for the same address."""
    Page.asked = 0
    context = chromium.new_context()
    page = context.new_page()
    page.goto(address)
    read = [
        page.evaluate("address => fetch(address).then(answer => answer.text())", f"{address}/list")
        for _time in range(2)
    ]
    context.close()
    return read


def test_nobody_is_shown_their_own_old_copy_of_a_page(chromium: Browser, server: str) -> None:
    assert read_twice(chromium, f"{server}/ours") == ["2", "3"]


def test_without_must_revalidate_they_would_be(chromium: Browser, server: str) -> None:
    assert read_twice(chromium, f"{server}/others") == ["2", "2"]
