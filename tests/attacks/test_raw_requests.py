"""The real server answers bytes that no client library would send, or closes the connection."""

import re
import socket
from collections.abc import Iterator

from tests.attacks.scene import Scene

HOST = b"Host: 127.0.0.1"
PATHS = (b"/", b"/buscar/?q=agua", b"/api/v1/candidaturas/", b"/captura/", b"/admin/", b"/static/x")
# A server answers 501 to what it does not support (RFC 9110, 15.6.2): this is not an error.
NOT_IMPLEMENTED = 501


def _lines(path: bytes) -> Iterator[bytes]:
    """Odd request lines; a valid header follows each."""
    yield from (
        b"GET " + path + end + b" HTTP/1.1"
        for end in (
            *(
                b"\x00",
                b"%00",
                b"%",
                b"%zz",
                b"%FF",
                b"\xff\xfe",
                b"\xc3\xb1",
                b"?q=\xff",
                b"?q=%FF",
            ),
            *(b"?q=" + b"a" * 7900, b"?q=" + b"a" * 9000, b"?" + b"a=1&" * 1500, b"#x", b"?a[]=1"),
            *(b"?q=%ED%A0%80", b"?q=%C0%80", b"\\..\\x", b"/../../etc/passwd", b"//evil/", b";x=1"),
        )
    )
    yield from (
        method + b" " + path + b" HTTP/1.1"
        for method in (
            b"TRACE",
            b"CONNECT",
            b"FOO",
            b"get",
            b"G\x00T",
            b"PUT",
            b"DELETE",
            b"OPTIONS",
        )
    )
    yield from (
        b"GET " + path + version
        for version in (b"", b" HTTP/0.9", b" HTTP/9.9", b" HTTP/1.1 x", b" http/1.1", b" HTTP/1.0")
    )
    yield from (
        b"GET http://127.0.0.1" + path + b" HTTP/1.1",
        b"GET * HTTP/1.1",
        b" " + path,
        b"\xff",
    )


def _headers() -> Iterator[bytes]:
    """Odd headers; a valid request line precedes each."""
    hosts = (b"", b"evil", b"a b", b"[::1", b"x" * 300, b"\xc3\xb1")
    yield from (b"Host: " + host for host in hosts)
    yield from (b"", HOST + b"\r\n" + HOST, HOST + b"\r\nHost: evil")
    odd = (
        *(
            b"X: \x00",
            b"X\x00: 1",
            b"X : 1",
            b": 1",
            b"X",
            b" X: 1",
            b"X: 1\n Y: 2",
            b"X: \xff\xfe",
        ),
        *(b"X: " + b"a" * 9000, b"\r\n".join(b"X%d: 1" % n for n in range(300)), b"Cookie: \xff"),
        *(b"Cookie: sessionid=\xc3\xb1", b'Cookie: sessionid="\\000"', b"Cookie: " + b"a=b;" * 900),
        *(b"Content-Type: x; charset=hex", b"Content-Type: x; charset*=nada'x'y"),
        *(b"Accept-Language: \xff" + b"x" * 900, b"If-None-Match: \xff", b"Range: bytes=9-1"),
        *(b"Expect: 100-continue", b"Expect: x", b"Upgrade: h2c\r\nConnection: Upgrade"),
        *(b"X-Forwarded-For: \xff", b"X-Forwarded-Proto: x", b"X_Forwarded_For: 1.2.3.4"),
        *(b"Transfer-Encoding: gzip", b"Transfer-Encoding: chunked\r\nContent-Length: 4"),
        *(b"Content-Length: -1", b"Content-Length: x", b"Content-Length: " + b"9" * 400),
        *(b"Content-Length: 0\r\nContent-Length: 9", b"Content-Length: 1e1", b"Content-Length: "),
    )
    yield from (HOST + b"\r\n" + header for header in odd)


def _bodies() -> Iterator[bytes]:
    """Headers and bodies of odd forms."""
    kinds = (b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=x", b"text/x")
    chunks = (
        b"zz\r\n",
        b"-1\r\n\r\n",
        b"5\r\nabc\r\n0\r\n\r\n",
        b"f" * 40 + b"\r\n",
        b"0\r\nX: \x00\r\n\r\n",
    )
    for kind in kinds:
        head = HOST + b"\r\nContent-Type: " + kind + b"\r\n"
        for body in (b"a=%00", b"\x00" * 9, b"a=\xff", b"--x\r\n\r\n", b"login=a&password=b"):
            yield head + b"Content-Length: %d\r\n\r\n" % len(body) + body
        for chunk in chunks:
            yield head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk


def _requests(cookies: list[bytes]) -> Iterator[bytes]:
    for path in PATHS:
        for line in _lines(path):
            yield line + b"\r\n" + HOST + b"\r\n\r\n"
    for cookie in cookies:
        for path in PATHS[1:5]:
            good = b"GET " + path + b" HTTP/1.1\r\n"
            for header in _headers():
                yield good + header + b"\r\n" + cookie + b"\r\n"
        for body in _bodies():
            yield b"POST /acceso/ HTTP/1.1\r\n" + cookie + body


def _status(scene: Scene, sent: bytes) -> int | None:
    """The status of the answer; None when the connection was closed without an answer."""
    with socket.create_connection(("127.0.0.1", scene.port), timeout=30) as client:
        answer = b""
        try:
            client.sendall(sent)
            client.shutdown(socket.SHUT_WR)
            while b"\r\n" not in answer and (piece := client.recv(65536)):
                answer += piece
        except ConnectionError:
            pass
    assert b"Traceback" not in answer, sent[:200]
    found = re.match(rb"HTTP/1\.[01] (\d{3})", answer)
    return int(found[1]) if found else None


def test_no_bytes_bring_the_server_down(scene: Scene) -> None:
    workers = scene.workers()
    cookies = [
        b"",
        *(
            f"Cookie: {scene.cookie(name)}\r\n".encode()
            for name in ("administracion", "enlace.pan")
        ),
    ]
    answers = [(_status(scene, sent), sent) for sent in _requests(cookies)]
    statuses = {status for status, _sent in answers}
    faults = [
        (status, sent[:300])
        for status, sent in answers
        if (status or 0) >= 500 and status != NOT_IMPLEMENTED
    ]

    assert len(answers) > 600
    assert {200, 400, 404, 405, 414} <= statuses
    assert faults == []
    assert scene.ask("/buscar/?q=agua")[0] == 200
    assert scene.workers() == workers
