"""The day on which campaigns close: many read, some search, programs ask, and someone approves.

Of all requests, 80 % read one of 5,000 addresses, few of them often (a Zipf law), 10 % search for
one of 500 texts, and 10 % ask the API. Every second an approval happens, and a checker reads the
approved page and its ballot right after it was committed, on several connections.
"""

import random
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import accumulate
from multiprocessing import get_context
from typing import Any
from urllib.parse import quote

from bench.load import Load, ask, request, run
from bench.pages_invalidation import Approver, approver
from bench.pages_servers import OURS, gunicorn, megabytes, postgres_pid, queue_worker, tree

SECONDS, ADDRESSES, SEARCHES = 30, 5_000, 500
# The day began hours ago: before it is measured, the same mix is asked for this long.
WARMING_SECONDS = 15
READING, SEARCHING = 0.8, 0.1
# Connections of the checker for each page, so that each worker is asked.
READERS = 6
MEMORY_EVERY = 5
NOT_ANSWERED = b"Sin informaci\xc3\xb3n capturada"


def asked(scene: dict[str, Any], seed: int) -> Iterator[bytes]:
    """The requests, one after the other, without an end."""
    from bench.search_load import texts

    chance = random.Random(seed)
    pages = ["/", "/municipios/", *scene["ballots"], *scene["candidacies"]][:ADDRESSES]
    read = [request(address) for address in pages]
    weights = list(accumulate(1 / rank for rank in range(1, len(read) + 1)))
    searches = [request(f"/buscar/?q={quote(text)}") for text in texts(SEARCHES, seed=21)]
    numbers = [address.split("/")[2] for address in scene["candidacies"][:ADDRESSES]]
    places = [address.split("/")[2] for address in scene["ballots"]]
    api = [
        *(request(f"/api/v1/candidaturas/{number}/") for number in numbers),
        *(request(f"/api/v1/candidaturas/?municipio={place}") for place in places * 20),
    ]
    while True:
        kind = chance.random()
        if kind < READING:
            yield chance.choices(read, cum_weights=weights)[0]
        elif kind < READING + SEARCHING:
            yield chance.choice(searches)
        else:
            yield chance.choice(api)


def load(port: int, scene: dict[str, Any], seconds: float) -> Load:
    """Runs in a process of its own."""
    return run(port, asked(scene, seed=7), seconds=seconds)


@dataclass
class Mix:
    """What came of it.

    Attributes:
        stale: pages that were older than their approval.
        checked: how many answers the checker read.
        worker, system: the most megabytes of a worker, and of all processes together.
    """

    load: Load = field(default_factory=Load)
    approvals: int = 0
    checked: int = 0
    stale: list[str] = field(default_factory=list)
    worker: float = 0.0
    system: float = 0.0


def measure(env: dict[str, str], scene: dict[str, Any]) -> Mix:
    """Run the mix."""
    mix, postgres = Mix(), postgres_pid()
    fork = get_context("fork")
    with (
        ProcessPoolExecutor(1, mp_context=fork) as other,
        gunicorn(OURS, env) as server,
        queue_worker(env) as worker,
        approver(env) as validator,
    ):
        roots = [server.pid, worker, *([postgres] if postgres else [])]
        run(server.port, asked(scene, seed=3), seconds=WARMING_SECONDS)
        running = other.submit(load, server.port, scene, SECONDS)
        for number, submission in enumerate(scene["submissions"][1:SECONDS]):
            begin = time.monotonic()
            if running.done():
                break
            _approve_and_check(mix, validator, submission, server.port)
            if number % MEMORY_EVERY == 0:
                mix.worker = max(mix.worker, *(megabytes(pid) for pid in server.workers()))
                everything = [pid for root in roots for pid in tree(root)]
                mix.system = max(mix.system, megabytes(*everything))
            _wait_for_the_next_second(begin, running)
        mix.load = running.result()
    return mix


def _wait_for_the_next_second(begin: float, running: "Future[Load]") -> None:
    while time.monotonic() < begin + 1 and not running.done():
        time.sleep(0.02)


def _approve_and_check(
    mix: Mix, validator: Approver, submission: dict[str, Any], port: int
) -> None:
    validator.approve(submission)
    mix.approvals += 1
    marker = submission["marker"].encode()
    for address in (submission["page"], submission["ballot"]):
        for _reader in range(READERS):
            try:
                answer = ask(port, address, encodings="identity")
            except OSError as error:
                mix.stale.append(f"{address}: {error}")
                continue
            mix.checked += 1
            is_page = address == submission["page"]
            is_new = marker in answer.body if is_page else NOT_ANSWERED not in answer.body
            if answer.status != 200 or not is_new:
                mix.stale.append(f"{address}: {answer.status}")
