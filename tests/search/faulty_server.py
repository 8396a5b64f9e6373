"""A server between the site and the search server, which fails in the ways that servers fail."""

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Seconds, longer than a citizen is let wait, and a little less.
WAITS = {"late": 10.0, "sluggish": 0.6}
HTML = b"<!doctype html><title>502 Bad Gateway</title>"
NONSENSE = {
    "html": (200, "text/html", HTML),
    "gateway": (502, "text/html", HTML),
    "no-json": (200, "application/json", b"<html>"),
    "not-a-search": (200, "application/json", b'{"ok": true}'),
    "list": (200, "application/json", b"[]"),
    "red": (503, "application/json", b'{"error": {"type": "no_shard_available"}, "status": 503}'),
    "full": (429, "application/json", b'{"error": {"type": "rejected"}, "status": 429}'),
    "partial": (
        200,
        "application/json",
        b'{"timed_out": true, "_shards": {"failed": 0}, "hits": {"hits": []}}',
    ),
    "refuses": (
        400,
        "application/json",
        b'{"error": {"type": "parsing_exception"}, "status": 400}',
    ),
}


class FaultyServer(ThreadingHTTPServer):
    """Passes requests on to a search server or, when `fault` says so, fails them.

    Attributes:
        fault: "" or what happens: a name of NONSENSE, "silent" (no answer comes), "dripping" (the
            answer comes a letter at a time and never ends), "late" and "sluggish" (the true answer
            comes after a while: WAITS), "cut" (the connection is closed), "silent-later" (only the
            first search is answered).
        searches: how many searches arrived.
    """

    daemon_threads = True

    def __init__(self, upstream: str) -> None:
        self.upstream = upstream
        self.fault = ""
        self.searches = 0
        self.is_over = threading.Event()
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: FaultyServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    do_HEAD = do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

    def log_message(self, *args: object) -> None:
        pass

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.searches += self.path.partition("?")[0].endswith("_search")
        fault = self.server.fault
        if fault in NONSENSE:
            self._say(*NONSENSE[fault])
        elif fault == "silent" or (fault == "silent-later" and self.server.searches > 1):
            self.server.is_over.wait()
            self.close_connection = True
        elif fault == "dripping":
            self._drip()
        elif fault == "cut" or (fault in WAITS and self.server.is_over.wait(WAITS[fault])):
            self.close_connection = True
        else:
            self._pass_on(body)

    def _say(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _drip(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", "1000000")
        self.end_headers()
        while not self.server.is_over.wait(0.02):
            try:
                self.wfile.write(b" ")
            except OSError:
                break
        self.close_connection = True

    def _pass_on(self, body: bytes) -> None:
        request = urllib.request.Request(
            self.server.upstream + self.path,
            data=body or None,
            method=self.command,
            headers={"content-type": self.headers.get("content-type", "application/json")},
        )
        try:
            with urllib.request.urlopen(request) as answer:
                self._say(answer.status, answer.headers["content-type"], answer.read())
        except urllib.error.HTTPError as error:
            self._say(error.code, error.headers["content-type"], error.read())


@contextmanager
def faulty_server(upstream: str) -> Iterator[FaultyServer]:
    server = FaultyServer(upstream)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.is_over.set()
        server.shutdown()
        thread.join()
        server.server_close()
