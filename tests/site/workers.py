"""A connection to each process of a running site, so that a test can ask every one of them."""

import http.client
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.waiting import wait_until

# Connections go to whichever process is faster: after these many, each has one.
ATTEMPTS = 400


@dataclass(frozen=True)
class Answer:
    """What a process answered, uncompressed."""

    status: int
    headers: dict[str, str]
    text: str
    seconds: float


class Reader:
    """A visitor whose connection one process of the site serves."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._connection.connect()
        self.ask("/healthz")

    @property
    def own_port(self) -> int:
        return int(self._connection.sock.getsockname()[1])

    def ask(self, path: str) -> Answer:
        """One answer. Raises OSError or HTTPException when the connection ends."""
        begun = time.monotonic()
        self._connection.request("GET", path, headers={"Host": "localhost"})
        response = self._connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        text = response.read().decode()
        return Answer(response.status, headers, text, time.monotonic() - begun)

    def leave(self) -> None:
        self._connection.close()


def workers_of(pid: int) -> set[int]:
    """The processes that a gunicorn has started."""
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def all_workers_of(pid: int, workers: int = 2) -> set[int]:
    """The processes that a gunicorn starts with: one may answer before the other is there."""
    wait_until(lambda: len(workers_of(pid)) == workers, what="there are not all processes")
    return workers_of(pid)


def _serving(port: int, visitor: int) -> str:
    """The inode of the socket with which a site serves a visitor, both named by their ports."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        here, there = (int(address.partition(":")[2], 16) for address in fields[1:3])
        if (here, there) == (port, visitor):
            return fields[9]
    raise LookupError(visitor)


def _holder(inode: str, pids: set[int]) -> int:
    """The process that has a socket open."""
    for pid in pids:
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            try:
                if str(descriptor.readlink()) == f"socket:[{inode}]":
                    return pid
            except FileNotFoundError:
                continue
    raise LookupError(inode)


@contextmanager
def readers(pid: int, port: int, *, workers: int = 2) -> Iterator[list[Reader]]:
    """A reader for each process of a gunicorn."""
    pids = all_workers_of(pid, workers)
    found: dict[int, Reader] = {}
    surplus: list[Reader] = []
    for _attempt in range(ATTEMPTS):
        reader = Reader(port)
        holder = _holder(_serving(port, reader.own_port), pids)
        if holder in found:
            surplus.append(reader)
        found.setdefault(holder, reader)
        if len(found) == workers:
            break
    for reader in surplus:
        reader.leave()
    assert set(found) == pids, "a process serves nobody"
    try:
        yield list(found.values())
    finally:
        for reader in found.values():
            reader.leave()
