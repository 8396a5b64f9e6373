"""What one approval makes stale, of 10,000 pages that are kept; and whether all the rest is right.

Two servers are asked for every page: one that has kept them since before the approval, and one that
starts after it and renders them all.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bench.databases import ROOT
from bench.generated_pages import VALIDATOR
from bench.load import Answer, request, run
from bench.pages_servers import COUNTED, OURS, QUERIES_HEADER, gunicorn, megabytes

# The versions are read in one query.
QUERIES_OF_A_KEPT_ANSWER = 1
# In megabytes: all pages fit, so that whatever is rendered again was stale.
LARGE_STORE = "512"


class Approver:
    """A validator in another process, who approves what they are told to."""

    def __init__(self, env: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.approve_at_once", VALIDATOR],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._read()

    def _read(self) -> str:
        if self._process.stdout is None:
            raise LookupError("the process has no output")
        return str(self._process.stdout.readline())

    def approve(self, submission: dict[str, Any]) -> None:
        """Approve a submission; when this returns, it was committed at this very moment.

        Raises: RuntimeError, with the refusal.
        """
        if self._process.stdin is None:
            raise LookupError("the process has no input")
        order = {"id": submission["id"], "seal": submission["seal"], "do": "approve", "at": 0}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        said = json.loads(self._read())
        if said["outcome"] != "done":
            raise RuntimeError(said)

    def leave(self) -> None:
        self._process.kill()
        self._process.wait()


@contextmanager
def approver(env: dict[str, str]) -> Iterator[Approver]:
    """A validator who is ready."""
    made = Approver(env)
    try:
        yield made
    finally:
        made.leave()


@dataclass
class Reading:
    """What a server answered to every address.

    Attributes:
        rendered: the addresses whose answer was not kept.
    """

    digests: dict[str, bytes] = field(default_factory=dict)
    rendered: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def take(self, answer: Answer) -> None:
        """Keep one answer."""
        address = answer.asked.split(b" ", 2)[1].decode()
        self.digests[address] = hashlib.sha256(answer.body).digest()
        if int(answer.header(QUERIES_HEADER) or 0) > QUERIES_OF_A_KEPT_ANSWER:
            self.rendered.add(address)
        if answer.status != 200:
            self.problems.append(f"{address}: {answer.status}")


def read_all(port: int, addresses: Iterable[str]) -> Reading:
    """Ask for every address once, uncompressed."""
    reading = Reading()
    asked = (request(address, encodings="identity") for address in addresses)
    load = run(port, asked, take=reading.take)
    reading.problems += load.failures
    return reading


@dataclass(frozen=True)
class Invalidation:
    """What came of it.

    Attributes:
        pages: how many are asked.
        not_kept: how many of them were rendered again although nothing had changed.
        stale: how many an approval made stale; of those, the candidacy's own is one.
        wrong: how many differ afterwards from a fresh rendering.
        worker: megabytes of a worker whose store is full.
    """

    pages: int
    not_kept: int
    stale: int
    wrong: int
    worker: float
    problems: list[str]


def measure(env: dict[str, str], scene: dict[str, Any]) -> Invalidation:
    """Ask for all pages, approve one, ask for all again; then as many fresh renderings."""
    addresses, submission = scene["candidacies"], scene["submissions"][0]
    # One worker, which is not replaced, so that its store is the only one.
    alone = ("--workers", "1", "--max-requests", "0")
    large = {**env, "CONOCELES_PAGES_MEGABYTES": LARGE_STORE}
    with gunicorn(COUNTED, large, *alone) as server, approver(env) as validator:
        first = read_all(server.port, addresses)
        again = read_all(server.port, addresses)
        validator.approve(submission)
        after = read_all(server.port, addresses)
    # A store of the usual size, which is full before it has all of them.
    with gunicorn(OURS, env, *alone) as server:
        fresh = read_all(server.port, addresses)
        worker = max(megabytes(pid) for pid in server.workers())
    problems = first.problems + again.problems + after.problems + fresh.problems
    if after.digests[submission["page"]] == again.digests[submission["page"]]:
        problems.append("la página aprobada no cambió")
    wrong = [address for address, body in fresh.digests.items() if after.digests[address] != body]
    return Invalidation(
        pages=len(addresses),
        not_kept=len(again.rendered),
        stale=len(after.rendered - again.rendered),
        wrong=len(wrong),
        worker=worker,
        problems=problems + [f"distinta de nueva: {address}" for address in wrong[:3]],
    )
