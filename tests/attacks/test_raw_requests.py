"""The real server gives a known answer to bytes that no client library would send."""

import re
import socket
from collections.abc import Iterator

from tests.attacks.scene import Scene

HOST = b"Host: 127.0.0.1"
PATHS = (b"/", b"/buscar/?q=agua", b"/api/v1/candidaturas/", b"/captura/", b"/admin/", b"/static/x")
# The answers of the six paths to a visitor who did not sign in, in their order.
Six = tuple[int, int, int, int, int, int]
SERVED: Six = (200, 200, 200, 302, 302, 301)
# What follows the path is another path, where there is nothing; it is a longer text to search for.
ELSEWHERE: Six = (404, 200, 404, 404, 301, 404)

# What follows a path → the answers, or the answer of every path.
ENDS: dict[bytes, int | Six] = {
    **dict.fromkeys((b"\x00", b"%00", b"\xff\xfe", b"\xc3\xb1", b"?q=\xff", b"?q=%FF"), 400),
    **dict.fromkeys((b"?q=%ED%A0%80", b"?q=%C0%80", b"?" + b"a=1&" * 1500), 400),
    **dict.fromkeys((b"%", b"%zz", b"\\..\\x", b"/../../etc/passwd", b";x=1"), ELSEWHERE),
    b"%FF": (404, 400, 404, 404, 301, 404),
    b"//evil/": (404, 200, 404, 404, 302, 404),
    **dict.fromkeys((b"?q=" + b"a" * 7900, b"#x", b"?a[]=1"), SERVED),
    b"?q=" + b"a" * 9000: 414,
}
METHODS: dict[bytes, int | Six] = {
    **dict.fromkeys((b"TRACE", b"CONNECT", b"FOO", b"PUT", b"DELETE"), 405),
    **dict.fromkeys((b"get", b"G\x00T"), 400),
    # The API describes itself; a page says which methods it has.
    b"OPTIONS": (204, 204, 200, 204, 204, 204),
}
VERSIONS: dict[bytes, int | Six] = {
    **dict.fromkeys((b"", b" HTTP/0.9", b" HTTP/9.9", b" HTTP/1.1 x", b" http/1.1"), 400),
    b" HTTP/1.0": SERVED,
}


def _lines() -> Iterator[tuple[bytes, int]]:
    """Odd request lines, each followed by a valid header, and the answer to each."""
    for place, path in enumerate(PATHS):
        lines: dict[bytes, int | Six] = {
            **{b"GET " + path + end + b" HTTP/1.1": status for end, status in ENDS.items()},
            **{method + b" " + path + b" HTTP/1.1": had for method, had in METHODS.items()},
            **{b"GET " + path + version: status for version, status in VERSIONS.items()},
            b"GET http://127.0.0.1" + path + b" HTTP/1.1": SERVED,
            **dict.fromkeys((b"GET * HTTP/1.1", b" " + path, b"\xff"), 400),
        }
        for line, status in lines.items():
            expected = status if isinstance(status, int) else status[place]
            yield line + b"\r\n" + HOST + b"\r\n\r\n", expected
        # The header came with HTTP/1.1, which demands it (RFC 9112, 3.2).
        yield b"GET " + path + b" HTTP/1.0\r\n\r\n", SERVED[place]
        for target in (path, b"http://127.0.0.1" + path):
            yield b"GET " + target + b" HTTP/1.1\r\nX: 1\r\n\r\n", 400


# Account → the answers of the second to the fifth path to it.
ACCOUNTS = {
    "": (200, 200, 302, 302),
    "administracion": (200, 200, 302, 200),
    "enlace.pan": (200, 200, 200, 403),
}
AS_USUAL, SIGNED_OUT = "as usual", "as to a visitor who did not sign in"
# Headers that follow a valid request line → the answer.
HOSTS: dict[bytes, int | str] = {
    **dict.fromkeys((b"", b"evil", b"a b", b"[::1", b"x" * 300, b"\xc3\xb1"), 400),
    b"127.0.0.1\r\n" + HOST: 400,
    b"127.0.0.1\r\nHost: evil": 400,
}
HEADERS: dict[bytes, int | str] = {
    **dict.fromkeys((b"X: \x00", b"X\x00: 1", b"X : 1", b": 1", b"X", b" X: 1"), 400),
    **dict.fromkeys((b"X: 1\n Y: 2", b"Transfer-Encoding: gzip"), 400),
    **dict.fromkeys((b"X: \xff\xfe", b"Accept-Language: \xff" + b"x" * 900), AS_USUAL),
    **dict.fromkeys((b"If-None-Match: \xff", b"Range: bytes=9-1"), AS_USUAL),
    **dict.fromkeys((b"Expect: 100-continue", b"Upgrade: h2c\r\nConnection: Upgrade"), AS_USUAL),
    **dict.fromkeys((b"X-Forwarded-For: \xff", b"X-Forwarded-Proto: x"), AS_USUAL),
    b"X_Forwarded_For: 1.2.3.4": AS_USUAL,
    # With two headers of this name, the cookie of the session is not understood.
    **dict.fromkeys((b"Cookie: \xff", b"Cookie: sessionid=\xc3\xb1"), SIGNED_OUT),
    **dict.fromkeys((b'Cookie: sessionid="\\000"', b"Cookie: " + b"a=b;" * 900), SIGNED_OUT),
    **dict.fromkeys((b"X: " + b"a" * 9000, b"\r\n".join(b"X%d: 1" % n for n in range(300))), 431),
    **dict.fromkeys((b"Content-Type: x; charset=hex", b"Content-Type: x; charset*=nada'x'y"), 400),
    b"Expect: x": 417,
    b"Transfer-Encoding: chunked\r\nContent-Length: 4": 400,
    **dict.fromkeys((b"Content-Length: -1", b"Content-Length: x", b"Content-Length: 1e1"), 400),
    **dict.fromkeys((b"Content-Length: ", b"Content-Length: 0\r\nContent-Length: 9"), 400),
    b"Content-Length: " + b"9" * 400: 413,
}


def _headers(account: str, cookie: bytes) -> Iterator[tuple[bytes, int]]:
    odd = {b"Host: " + host: status for host, status in HOSTS.items()}
    odd |= {HOST + b"\r\n" + header: status for header, status in HEADERS.items()}
    # An empty line ends the headers before the host is named.
    odd[b""] = 400
    for place, path in enumerate(PATHS[1:5]):
        by_words = {AS_USUAL: ACCOUNTS[account][place], SIGNED_OUT: ACCOUNTS[""][place]}
        for header, status in odd.items():
            sent = b"GET " + path + b" HTTP/1.1\r\n" + header + b"\r\n" + cookie + b"\r\n"
            yield sent, status if isinstance(status, int) else by_words[status]


FORM = b"application/x-www-form-urlencoded"
KINDS = (FORM, b"multipart/form-data; boundary=x", b"text/x")
BODIES = (b"a=%00", b"\x00" * 9, b"a=\xff", b"--x\r\n\r\n", b"login=a&password=b")
# Chunks of a body → the answer; None where it is that of a form.
CHUNKS: dict[bytes, int | None] = {
    **dict.fromkeys((b"zz\r\n", b"-1\r\n\r\n", b"5\r\nabc\r\n0\r\n\r\n"), 400),
    b"f" * 40 + b"\r\n": 413,
    b"0\r\nX: \x00\r\n\r\n": None,
}


def _forms(account: str, cookie: bytes) -> Iterator[tuple[bytes, int]]:
    """Odd forms sent to the page to sign in, without the token of a form."""
    # Who is in already is led on; unless another name is sent, since then the account changed.
    usual = 302 if account else 403
    for kind in KINDS:
        head = (
            b"POST /acceso/ HTTP/1.1\r\n" + cookie + HOST + b"\r\nContent-Type: " + kind + b"\r\n"
        )
        for body in BODIES:
            changes_account = account and kind == FORM and body.startswith(b"login=")
            sent = head + b"Content-Length: %d\r\n\r\n" % len(body) + body
            yield sent, 409 if changes_account else usual
        for chunk, status in CHUNKS.items():
            sent = head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk
            yield sent, usual if status is None else status


def _requests(scene: Scene) -> Iterator[tuple[bytes, int]]:
    yield from _lines()
    for account in ACCOUNTS:
        cookie = f"Cookie: {scene.cookie(account)}\r\n".encode() if account else b""
        yield from _headers(account, cookie)
        yield from _forms(account, cookie)


def _status(scene: Scene, sent: bytes) -> int | None:
    """The status of the first answer; None when the connection was closed without an answer."""
    with socket.create_connection(("127.0.0.1", scene.port), timeout=30) as client:
        answer = b""
        try:
            client.sendall(sent)
            client.shutdown(socket.SHUT_WR)
            while piece := client.recv(65536):
                answer += piece
        except ConnectionError:
            pass
    assert b"Traceback" not in answer, sent[:200]
    statuses = [int(digits) for digits in re.findall(rb"^HTTP/1\.[01] (\d{3})", answer, re.M)]
    # 100 only tells the client to go on.
    return next((status for status in statuses if status != 100), None)


def test_every_odd_request_has_its_answer_and_brings_no_worker_down(scene: Scene) -> None:
    workers = scene.workers()
    asked = list(_requests(scene))
    wrong = [
        f"{status}, expected {expected}: {sent[:300]!r}"
        for sent, expected in asked
        if (status := _status(scene, sent)) != expected
    ]

    assert len(asked) == 840
    assert not wrong, "\n".join(wrong)
    assert scene.ask("/buscar/?q=agua")[0] == 200
    assert scene.workers() == workers
