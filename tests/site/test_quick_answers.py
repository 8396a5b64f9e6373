"""What the loop of the web worker answers is what a thread would answer, to the byte."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import database_server, own_database
from tests.site.servers import gunicorn

DATABASE = "quick"
# A request that says that it has no body is left to a thread.
BY_A_THREAD = "Content-Length: 0\r\n"
PATHS = (
    "/",
    "/municipios/torreon/",
    "/buscar/?q=agua",
    "/noticias/",
    "/api/v1/municipios/",
    "/no-existe/",
    "/tampoco.php",
)
HEADERS = (
    "",
    "Accept-Encoding: br\r\n",
    "Accept-Encoding: gzip\r\n",
    "Accept-Encoding: zstd;q=0.5, identity;q=0\r\n",
)


@pytest.fixture(scope="module")
def port(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server with one process, whose loop answers what is kept."""
    folder: Path = tmp_path_factory.mktemp("quick")
    env = own_database.create_with_demo(DATABASE, folder)
    with gunicorn(env, "--workers", "1", "--threads", "1") as (_process, port):
        for path in PATHS:
            for headers in HEADERS:
                send(port, request(path, headers))
        yield port
    own_database.drop(DATABASE)


def request(path: str, headers: str = "", *, method: str = "GET", version: str = "1.1") -> bytes:
    return f"{method} {path} HTTP/{version}\r\nHost: localhost\r\n{headers}\r\n".encode()


def send(port: int, *requests: bytes, answers: int = 1, seconds: float = 20) -> bytes:
    """What comes back on one connection, until the server closes it or stops writing."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as sock:
        sock.sendall(b"".join(requests))
        found = b""
        while True:
            sock.settimeout(seconds if found.count(b"HTTP/1.") < answers else 0.3)
            try:
                piece = sock.recv(1 << 18)
            except TimeoutError:
                return found
            if not piece:
                return found
            found += piece


def parts(answer: bytes) -> tuple[str, dict[str, str], bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    headers.pop("Date")
    return status, headers, body


def test_what_is_kept_is_answered_while_every_thread_is_busy(port: int) -> None:
    name = database_server.own_name(DATABASE)
    with database_server.connect(name) as connection, connection.transaction():
        connection.execute("lock table published_publishedcandidacy in access exclusive mode")
        with socket.create_connection(("127.0.0.1", port)) as waiting:
            waiting.sendall(request("/buscar/?q=pozo"))
            for path in PATHS:
                assert b"HTTP/1.1 " in send(port, request(path), seconds=8)
            waiting.settimeout(0.2)
            with pytest.raises(TimeoutError):
                waiting.recv(1)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_loop_and_a_thread_answer_the_same(port: int, path: str, method: str) -> None:
    for headers in HEADERS:
        quick = parts(send(port, request(path, headers, method=method)))
        thread = parts(send(port, request(path, headers + BY_A_THREAD, method=method)))
        assert quick == thread


def test_a_copy_is_confirmed_by_both(port: int) -> None:
    tag = parts(send(port, request("/municipios/torreon/")))[1]["ETag"]
    for sent in (tag, f'"x", {tag}', "*"):
        copy = f"If-None-Match: {sent}\r\n"
        quick = parts(send(port, request("/municipios/torreon/", copy)))
        thread = parts(send(port, request("/municipios/torreon/", copy + BY_A_THREAD)))
        assert quick == thread
        assert quick[0] == "HTTP/1.1 304 Not Modified"
        assert quick[2] == b""


def test_requests_behind_each_other_are_answered_in_their_order(port: int) -> None:
    asked = [request(path) for path in ("/", "/noticias/", "/no-existe/", "/", "/healthz")]
    found = send(port, *asked, answers=len(asked))
    assert re.findall(rb"HTTP/1\.1 (\d+)", found) == [b"200", b"200", b"404", b"200", b"200"]


def test_a_visitor_who_wants_no_more_is_let_go(port: int) -> None:
    for asked in (request("/", "Connection: close\r\n"), request("/", version="1.0")):
        answer = send(port, asked, answers=2)
        _status, headers, body = parts(answer)
        assert (headers["Connection"], len(body)) == ("close", int(headers["Content-Length"]))


def test_somebody_with_a_session_gets_nothing_that_is_kept(port: int) -> None:
    headers = parts(send(port, request("/", "Cookie: sessionid=x\r\n")))[1]
    assert headers["Cache-Control"] == "private, no-store"
    headers = parts(send(port, request("/", "Cookie: other=x\r\n")))[1]
    assert headers["Cache-Control"].startswith("public")


def test_what_is_not_plain_is_left_to_a_thread(port: int) -> None:
    """An address in percent signs, another host, a body, a method that changes something."""
    assert parts(send(port, request("/%6Eoticias/")))[0] == "HTTP/1.1 200 OK"
    assert b" 400 " in send(port, b"GET / HTTP/1.1\r\nHost: otro.example\r\n\r\n")[:15]
    assert b" 405 " in send(port, request("/", "Content-Length: 0\r\n", method="POST"))[:15]
    assert b" 400 " in send(port, b"GET / HTTP/1.1\r\n\r\n")[:15]
