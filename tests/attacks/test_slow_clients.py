"""Silent, slow or broken clients do not hold up the others, and each gets its answer."""

import contextlib
import json
import re
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from tests.attacks.scene import Scene
from tests.waiting import pause

PAGE = "/municipios/"
SECONDS = 1.5
# There are two workers of four threads each: eight such clients once stopped the site.
CROWDS = (8, 200)


@contextlib.contextmanager
def open_sockets(scene: Scene, count: int, first: bytes = b"") -> Iterator[list[socket.socket]]:
    """Open `count` connections and send the first bytes on each."""
    with contextlib.ExitStack() as stack:
        sockets = []
        for _client in range(count):
            sock = socket.create_connection(("127.0.0.1", scene.port), timeout=60)
            stack.enter_context(sock)
            sock.sendall(first)
            sockets.append(sock)
        yield sockets


def keep_sending(sockets: list[socket.socket], piece: bytes) -> None:
    """Send a piece on each connection, again and again, for `SECONDS`."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        for sock in sockets:
            sock.sendall(piece)
        pause(0.5)


def crowd(count: int, first: bytes, piece: bytes = b"") -> Callable[[Scene], Callable[[], None]]:
    """Clients that send some first bytes, and then go on slowly or not at all."""

    def attack_on(scene: Scene) -> Callable[[], None]:
        def attack() -> None:
            with open_sockets(scene, count, first) as sockets:
                keep_sending(sockets, piece)

        return attack

    return attack_on


HEAD = b"GET /buscar/?q=agua HTTP/1.1\r\nHost: localhost\r\n"
POST = (
    b"POST /acceso/ HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n"
)
WAYS = {
    "silent": (b"", b""),
    "heads without end": (HEAD, b"X-a: b\r\n"),
    "bodies a byte at a time": (POST + b"Content-Length: 1000000\r\n\r\n", b"a"),
    "chunks a byte at a time": (POST + b"Transfer-Encoding: chunked\r\n\r\nfffff\r\n", b"a"),
    "bodies that were promised": (POST + b"Expect: 100-continue\r\nContent-Length: 9\r\n\r\n", b""),
    "no HTTP at all": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"\x00"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("count", CROWDS)
def test_slow_clients_cost_the_others_nothing(scene: Scene, way: str, count: int) -> None:
    first, piece = WAYS[way]
    usual = scene.usual_time(PAGE)
    attack = crowd(count, first, piece)(scene)
    slowest = scene.slowest_during(attack, PAGE, enough=5 * usual)
    assert slowest <= 5 * usual, (slowest, usual)
    assert scene.worker_memory_mb() < 400


def test_slow_readers_cost_the_others_nothing(scene: Scene) -> None:
    """They ask for more bytes than the system's buffers hold, and read none of them."""
    usual = scene.usual_time(PAGE)
    ask = f"GET {largest_static_file(scene)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() * 100
    with contextlib.ExitStack() as stack:
        for _client in range(16):
            stack.enter_context(unread(scene, ask))
        # First their requests are served as any other; then the buffers are full.
        pause(SECONDS)
        slowest = scene.slowest_during(lambda: pause(SECONDS), PAGE, enough=5 * usual)
    assert slowest <= 5 * usual, (slowest, usual)
    assert scene.worker_memory_mb() < 400


@contextlib.contextmanager
def unread(scene: Scene, request: bytes) -> Iterator[socket.socket]:
    """A connection with a very small window that has sent a request and reads no answer."""
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.settimeout(60)
        sock.connect(("127.0.0.1", scene.port))
        sock.sendall(request)
        yield sock


def largest_static_file(scene: Scene) -> str:
    html = scene.ask(PAGE)[1].decode()
    paths = set(re.findall(r'"(/static/[^"?]+)"', html))
    return max(paths, key=lambda path: len(scene.ask(path)[1]))


def answer_to(scene: Scene, request: bytes, *, half_close: bool = False) -> tuple[int, str, str]:
    """The status, head and body of the answer to raw bytes, read until the server closes."""
    with socket.create_connection(("127.0.0.1", scene.port), timeout=60) as sock:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            sock.sendall(request)
        if half_close:
            sock.shutdown(socket.SHUT_WR)
        received = b""
        while piece := sock.recv(65536):
            received += piece
    head, _, body = received.decode(errors="replace").partition("\r\n\r\n")
    return int(head.split()[1]), head, body


BROKEN = {
    "address too long": (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
    "address without end": (b"GET /" + b"a" * 100_000, 414),
    "header too large": (HEAD + b"Cookie: " + b"a" * 9000 + b"\r\n\r\n", 431),
    "headers without end": (HEAD + b"X-a: bbbbbbbbbbbbbbbbbbbbbbbbb\r\n" * 4000, 431),
    "too many headers": (HEAD + b"X-a: b\r\n" * 150 + b"\r\n", 431),
    "no HTTP": (b"hola\r\n\r\n", 400),
    "lone line feeds": (b"GET / HTTP/1.1\nHost: localhost\n\n", 400),
    "unknown version": (b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", 400),
    "two hosts": (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    "header without colon": (HEAD + b"nada\r\n\r\n", 400),
    "body of two lengths": (POST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
    "length and chunks": (
        POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    ),
    "chunk of no size": (POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
    "body too large": (POST + b"Content-Length: 99999999999\r\n\r\n", 413),
    "chunk too large": (POST + b"Transfer-Encoding: chunked\r\n\r\n3ffffff\r\n", 413),
    "unknown coding": (POST + b"Transfer-Encoding: magic\r\n\r\n", 501),
    "unknown expectation": (POST + b"Expect: magic\r\nContent-Length: 1\r\n\r\na", 417),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_request_is_answered_with_a_page(scene: Scene, name: str) -> None:
    request, expected = BROKEN[name]
    status, head, body = answer_to(scene, request)
    assert status == expected
    assert '<html lang="es-MX">' in body
    assert "Content-Security-Policy: default-src 'self'" in head
    assert "no-store" in head
    assert "Traceback" not in body
    assert "gunicorn" not in body.lower()


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (b"GET /api/v1/" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET /api/v1/ HTTP/1.1\r\nCookie: " + b"a" * 9000 + b"\r\n\r\n", 431),
        (b"GET /api/v1/ HTTP/1.1\r\nnada\r\n\r\n", 400),
    ],
)
def test_a_broken_request_to_the_api_is_answered_with_a_problem(
    scene: Scene, request_: bytes, expected: int
) -> None:
    status, head, body = answer_to(scene, request_)
    assert status == expected
    assert "application/problem+json" in head
    assert json.loads(body)["status"] == expected
    assert json.loads(body)["detail"]


def test_pipelined_requests_are_answered_in_order(scene: Scene) -> None:
    ask = b"GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
    chunked = POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n"
    last = ask % (b"/nada/", b"Connection: close\r\n")
    requests = ask % (b"/healthz", b"") + chunked + ask % (b"/healthz", b"") + last
    with socket.create_connection(("127.0.0.1", scene.port), timeout=60) as sock:
        # The pieces end anywhere, so that no request arrives whole.
        for start in range(0, len(requests), 37):
            sock.sendall(requests[start : start + 37])
            pause(0.005)
        received = b""
        while piece := sock.recv(65536):
            received += piece
    statuses = [int(digits) for digits in re.findall(rb"HTTP/1\.1 (\d{3})", received)]
    assert statuses == [200, 403, 200, 404]


def test_a_client_that_closes_its_half_of_the_connection_still_gets_the_answer(
    scene: Scene,
) -> None:
    request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    status, _head, body = answer_to(scene, request, half_close=True)
    assert status == 200
    assert "ok" in body.split()


def test_a_client_that_expects_100_continue_gets_it_before_it_sends_the_body(
    scene: Scene,
) -> None:
    with socket.create_connection(("127.0.0.1", scene.port), timeout=60) as sock:
        sock.sendall(POST + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        assert sock.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(b"a=b")
        assert sock.recv(12) == b"HTTP/1.1 403"


def test_a_slow_reader_gets_everything(scene: Scene) -> None:
    path = largest_static_file(scene)
    whole = scene.ask(path)[1]
    ask = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n"
    requests = f"{ask}\r\n".encode() * 99 + f"{ask}Connection: close\r\n\r\n".encode()
    with unread(scene, requests) as sock:
        pause(1)
        received = bytearray()
        while piece := sock.recv(4096):
            received += piece
    assert received.count(whole) == 100
