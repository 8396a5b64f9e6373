"""How many requests a second each page takes, beside a bare Django view of the same bytes.

Each page is measured *kept* (asked before), *revalidated* (304) and *new* (not made before), in
turns with the bare view, in one run. What is new is asked in two ways: on connections that stay
open, as from a proxy, and each time on a connection of its own, as from somebody who just came. The
bare view is served by our own worker and, beside what is new, by gunicorn's as it comes.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from bench.load import Load, ask, request, run
from bench.pages_servers import (
    BARE,
    BARE_FOLDER,
    OURS,
    Server,
    computing_seconds,
    gunicorn,
    postgres_pid,
)

ROUNDS, SECONDS = 3, 1.5
# Enough requests for each worker to have answered each of these addresses.
KEPT_ADDRESSES, ASKED_BEFORE = 20, 12
# gunicorn's own threaded worker, with as many processes and threads.
PLAIN = ("--worker-class", "gthread")
SEARCH, API = "/buscar/?q={}", "/api/v1/candidaturas/?q={}"


@dataclass
class Subject:
    """A kind of page: its kept addresses, and how addresses are found that nobody keeps.

    Attributes:
        bare: what the bare view answers in its place: the name of a file.
        expected: the only status that is right.
        rates: requests a second in each round, by what was asked.
        computed: seconds of computing of the server and its database, of all rounds together.
        answered: how many requests those were.
        problems: what went wrong, in words.
    """

    name: str
    kept: list[str]
    new: Callable[[], Iterator[str]] | None = None
    expected: int = 200
    rates: dict[str, list[float]] = field(default_factory=dict)
    computed: dict[str, float] = field(default_factory=dict)
    answered: dict[str, int] = field(default_factory=dict)
    size: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def bare(self) -> str:
        return "404" if self.expected == 404 else self.name

    def rate(self, what: str) -> float:
        """The requests a second of all rounds together; 0 if it was not measured."""
        rates = self.rates.get(what, [])
        return sum(rates) / len(rates) if rates else 0.0

    def cost_of_new(self, of: str = "") -> float:
        """How many bare answers a new page costs; `of` is " to comers" or nothing."""
        return self.rate(f"bare{of}") / self.rate(f"new{of}")

    def cost_over_plain(self) -> float:
        """The same over gunicorn as it comes, each on a connection of its own."""
        return self.rate("plain to comers") / self.rate("new to comers")

    def computing(self, what: str) -> float:
        """Milliseconds of computing of a request; 0 if it was not measured."""
        answered = self.answered.get(what, 0)
        return self.computed[what] / answered * 1000 if answered else 0.0

    def take(self, what: str, load: Load, computed: float, expected: int) -> None:
        """Keep what came of a round."""
        self.rates.setdefault(what, []).append(load.a_second)
        self.computed[what] = self.computed.get(what, 0.0) + computed
        self.answered[what] = self.answered.get(what, 0) + load.done
        wrong = {status for status in load.statuses if status != expected}
        if wrong or load.failures:
            self.problems.append(f"{self.name}, {what}: {dict(load.statuses)} {load.failures[:3]}")


def subjects(scene: dict[str, Any], database: str) -> list[Subject]:
    """The pages that are compared, over what `bench.generated_pages` published.

    Args:
        database: where the ballots are made stale, as an address.
    """
    from bench.search_load import texts

    candidacies, ballots = list(scene["candidacies"]), list(scene["ballots"])
    words = [quote(text) for text in texts(20_000, seed=11)]
    unknown = (f"/no-existe/{random.Random(5).random()}-{number}/" for number in range(10**6))
    others = iter(candidacies[1000:])
    searched, asked = map(SEARCH.format, words[100:10_000]), map(API.format, words[10_000:])

    def all_ballots() -> Iterator[str]:
        _change_all_ballots(database)
        return iter(ballots)

    return [
        Subject("candidacy", candidacies[:KEPT_ADDRESSES], lambda: others),
        Subject("ballot", ballots[:1], all_ballots),
        Subject("home", ["/"]),
        Subject("search", [SEARCH.format(word) for word in words[:10]], lambda: searched),
        Subject("api", [API.format(word) for word in words[10:20]], lambda: asked),
        Subject("unknown", ["/no-existe/"], lambda: unknown, expected=404),
    ]


def _change_all_ballots(database: str) -> None:
    """Make every ballot stale, as a change of somebody on each does: there are too few of them."""
    with psycopg.connect(database) as connection:
        connection.execute(
            "update published_version set token = token + 1, changed_by = pg_current_xact_id()"
            " where name like 'territory-%'"
        )


@contextmanager
def bare_view(
    env: dict[str, str], folder: Path, bodies: dict[str, bytes], *options: str
) -> Iterator[Server]:
    """The bare site, which answers these bodies by their names."""
    folder.mkdir(exist_ok=True)
    for name, body in bodies.items():
        (folder / name).write_bytes(body)
    bare_env = {**env, BARE_FOLDER: str(folder)}
    with gunicorn(BARE, bare_env, *options, probe="/404") as server:
        yield server


def measure(env: dict[str, str], folder: Path, scene: dict[str, Any]) -> list[Subject]:
    """Measure every page in turns with the bare view."""
    found = subjects(scene, env["DATABASE_URL"])
    with gunicorn(OURS, env) as ours:
        _warm(ours.port, scene)
        bodies = {}
        for subject in found:
            body = ask(ours.port, subject.kept[0]).body
            bodies[subject.bare], subject.size = body, len(body)
        with (
            bare_view(env, folder, bodies) as bare,
            bare_view(env, folder, bodies, *PLAIN) as plain,
        ):
            for server in (bare, plain):
                # Whatever a process does the first time.
                run(server.port, iter([request("/404")] * 2000))
            for _round in range(ROUNDS):
                for subject in found:
                    _one_round(subject, ours, bare, plain)
    return found


def _warm(port: int, scene: dict[str, Any]) -> None:
    """What a process does once: templates, first connections, what it keeps in memory."""
    some = [*scene["candidacies"][500:700], *scene["ballots"][1:2] * 8, *["/"] * 20]
    some += [SEARCH.format("agua"), API.format("agua"), "/no-existe/"] * 20
    run(port, map(request, some))


def _one_round(subject: Subject, ours: Server, bare: Server, plain: Server) -> None:
    kept = [request(address) for address in subject.kept]
    run(ours.port, iter(kept * ASKED_BEFORE))
    _timed(subject, "bare", bare, cycle([request(f"/{subject.bare}")]), subject.expected)
    _timed(subject, "kept", ours, cycle(kept), subject.expected)
    if subject.expected == 200:
        known = [(address, ask(ours.port, address).header("etag")) for address in subject.kept]
        again = [request(address, If_None_Match=etag) for address, etag in known]
        _timed(subject, "again", ours, cycle(again), 304)
    if subject.new is not None:
        _timed(subject, "new", ours, map(request, subject.new()), subject.expected)
        to_comers = cycle([_of_a_comer(f"/{subject.bare}")])
        _timed(subject, "bare to comers", bare, to_comers, subject.expected)
        _timed(subject, "plain to comers", plain, to_comers, subject.expected)
        new = map(_of_a_comer, subject.new())
        _timed(subject, "new to comers", ours, new, subject.expected)


def _of_a_comer(path: str) -> bytes:
    return request(path, Connection="close")


def _timed(
    subject: Subject, what: str, server: Server, asked: Iterator[bytes], expected: int
) -> None:
    roots = [server.pid, *([database] if (database := postgres_pid()) else [])]
    before = computing_seconds(*roots)
    load = run(server.port, asked, seconds=SECONDS)
    subject.take(what, load, computing_seconds(*roots) - before, expected)


def new_home(
    env: dict[str, str], change: Callable[[], None], *, times: int = 30
) -> dict[str, float]:
    """Milliseconds of a home page right after something of the site changed, and of a kept one.

    Both are asked one by one: after a change all addresses are new at once, so there is no rate.
    """
    with gunicorn(OURS, env) as ours:
        run(ours.port, iter([request("/")] * 40))
        new, kept = 0.0, 0.0
        for _time in range(times):
            change()
            begin = time.perf_counter()
            ask(ours.port, "/")
            new += time.perf_counter() - begin
            run(ours.port, iter([request("/")] * 8))
            begin = time.perf_counter()
            ask(ours.port, "/")
            kept += time.perf_counter() - begin
    return {"new": new / times * 1000, "kept": kept / times * 1000}
