"""Asks a web server as much as it can take: many connections, one loop, raw sockets.

A client that decodes nothing takes little of the two cores that it shares with the server.
"""

import re
import select
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

HOST = "127.0.0.1"
CONNECTIONS = 16
# What a browser of today says that it reads.
ENCODINGS = "gzip, deflate, br, zstd"
PIECE = 256 * 1024
PATIENCE_SECONDS = 60
# A request with this header is the last one of its connection.
CLOSE = b"\r\nConnection: close\r\n"
# Statuses without a body.
BODILESS = {204, 304}

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)


def request(path: str, *, encodings: str = ENCODINGS, **headers: str) -> bytes:
    """The bytes of a request, as the proxy in front would pass it on.

    Args:
        headers: further ones, with `_` for `-`.
    """
    lines = [
        f"GET {path} HTTP/1.1",
        "Host: localhost",
        "X-Forwarded-Proto: https",
        f"Accept-Encoding: {encodings}",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, as it came."""

    asked: bytes
    status: int
    head: bytes
    body: bytes
    seconds: float

    def header(self, name: str) -> str:
        """The value of a header; empty when there is none."""
        found = re.search(rf"\r\n{name}: *([^\r]*)".encode(), self.head, re.IGNORECASE)
        return found[1].decode() if found else ""


@dataclass
class Load:
    """What came of a load.

    Attributes:
        times: seconds of each answer.
        failures: what went wrong, in words.
        reconnected: how often a server closed a connection between two answers, as it may.
    """

    statuses: Counter[int] = field(default_factory=Counter)
    size: int = 0
    times: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    reconnected: int = 0
    seconds: float = 0.0

    @property
    def done(self) -> int:
        return len(self.times)

    @property
    def a_second(self) -> float:
        return self.done / self.seconds if self.seconds else 0.0


class Visitor:
    """A connection that asks for one thing after the other."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked = b""
        self.arrived = bytearray()
        self.since = 0.0
        # Whether this connection has answered before: then its server may have closed it.
        self.is_used = False
        self._connect()

    def _connect(self) -> None:
        self.socket = socket.create_connection((HOST, self.port), PATIENCE_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.is_used = False

    def ask(self, what: bytes) -> None:
        """Send a request; a connection that has ended shows it when it is read."""
        self.asked = what
        self.arrived.clear()
        self.since = time.perf_counter()
        try:
            self.socket.sendall(what)
        except OSError:
            if not self.is_used:
                raise

    def again(self) -> None:
        """Ask the same on a new connection."""
        self.socket.close()
        self._connect()
        self.ask(self.asked)

    def answer(self) -> Answer | None:
        """The answer, once all of it has arrived."""
        end = self.arrived.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self.arrived[: end + 2])
        status = int(head[9:12])
        length = _LENGTH.search(head)
        if status in BODILESS:
            is_whole = True
        elif length is not None:
            is_whole = len(self.arrived) - end - 4 >= int(length[1])
        else:
            is_whole = bool(_CHUNKED.search(head)) and self.arrived.endswith(b"0\r\n\r\n")
        if not is_whole:
            return None
        self.is_used = True
        body = bytes(self.arrived[end + 4 :])
        return Answer(self.asked, status, head, body, time.perf_counter() - self.since)


class _Run:
    """One load, while it lasts."""

    def __init__(
        self,
        port: int,
        asked: Iterator[bytes],
        *,
        seconds: float,
        take: Callable[[Answer], None] | None,
    ) -> None:
        self.port, self.asked, self.take = port, asked, take
        self.load = Load()
        self.poll = select.epoll()
        self.visitors: dict[int, Visitor] = {}
        self.begin = time.perf_counter()
        self.end = self.begin + seconds

    def run(self, connections: int) -> Load:
        for _number in range(connections):
            self._next(Visitor(self.port), is_new=True)
        while self.visitors:
            events = self.poll.poll(PATIENCE_SECONDS)
            if not events:
                self.load.failures.append(f"{len(self.visitors)} peticiones sin respuesta")
                break
            for number, _event in events:
                self._read(self.visitors[number])
        self.load.seconds = time.perf_counter() - self.begin
        for visitor in self.visitors.values():
            visitor.socket.close()
        self.poll.close()
        return self.load

    def _next(self, visitor: Visitor, *, is_new: bool = False) -> None:
        what = next(self.asked, None) if time.perf_counter() < self.end else None
        if what is None:
            if not is_new:
                self._forget(visitor)
            visitor.socket.close()
            return
        if is_new:
            self._watch(visitor)
        visitor.ask(what)

    def _watch(self, visitor: Visitor) -> None:
        self.visitors[visitor.socket.fileno()] = visitor
        self.poll.register(visitor.socket.fileno(), select.EPOLLIN)

    def _forget(self, visitor: Visitor) -> None:
        self.poll.unregister(visitor.socket.fileno())
        del self.visitors[visitor.socket.fileno()]

    def _read(self, visitor: Visitor) -> None:
        try:
            data = visitor.socket.recv(PIECE)
        except OSError:
            data = b""
        if not data:
            self._cut(visitor)
            return
        visitor.arrived += data
        answer = visitor.answer()
        if answer is None:
            return
        self.load.statuses[answer.status] += 1
        self.load.size += len(answer.head) + len(answer.body)
        self.load.times.append(answer.seconds)
        if self.take is not None:
            self.take(answer)
        if CLOSE in visitor.asked:
            self._forget(visitor)
            visitor.socket.close()
            self._next(Visitor(self.port), is_new=True)
        else:
            self._next(visitor)

    def _cut(self, visitor: Visitor) -> None:
        """The server closed the connection: an error, unless it had answered and did not begin."""
        self._forget(visitor)
        may_be = visitor.is_used and not visitor.arrived
        try:
            if may_be:
                self.load.reconnected += 1
                visitor.again()
            else:
                self.load.failures.append(f"respuesta cortada: {visitor.asked[:80]!r}")
                visitor = Visitor(self.port)
        except OSError as error:
            self.load.failures.append(f"sin conexión: {error.strerror}")
            return
        if may_be:
            self._watch(visitor)
        else:
            self._next(visitor, is_new=True)


def run(
    port: int,
    asked: Iterator[bytes],
    *,
    seconds: float = float("inf"),
    connections: int = CONNECTIONS,
    take: Callable[[Answer], None] | None = None,
) -> Load:
    """Ask until there is nothing more to ask or the time is over, and wait for what was asked.

    Args:
        take: called with each answer, between two readings: it should be quick.
    """
    return _Run(port, asked, seconds=seconds, take=take).run(connections)


def ask(port: int, path: str, *, encodings: str = ENCODINGS, **headers: str) -> Answer:
    """One answer, on a connection of its own. Raises OSError when there is none."""
    found: list[Answer] = []
    load = run(
        port,
        iter([request(path, encodings=encodings, **headers)]),
        connections=1,
        take=found.append,
    )
    if not found:
        raise OSError(f"{path}: {load.failures}")
    return found[0]
