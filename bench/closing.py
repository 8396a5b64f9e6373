"""The hour at which capture closes: 300 people write, send and upload photographs at once.

`python -m bench closing` measures it: each editor saves every 20 seconds for two minutes, all
upload a photograph in the first minute, a fifth of them sends, and a process of the web server is
killed in the middle. Then the rate is raised until the server falls behind. Afterwards everything
that was acknowledged is looked for in the database, candidacy by candidacy. `--seconds`,
`--editors` and `--step-seconds` (0: the rate is not raised) make it short.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.closing_editors import Editor, Hour, Result
from bench.load import request, run
from bench.pages_servers import (
    OURS,
    Server,
    computing_seconds,
    gunicorn,
    megabytes,
    postgres_pid,
    queue_worker,
    tree,
)

SETTINGS = "conoceles_site.settings.development"
EDITORS, SECONDS, INTERVAL, STEP_SECONDS = 300, 120.0, 20.0, 10.0
# Of the time, when photographs are uploaded, the process is killed, and questionnaires are sent.
PHOTOGRAPHS_WITHIN, KILLED_AT, SENT_FROM, SENT_UNTIL = 0.5, 0.6, 0.5, 0.8
SENDING = 0.2
RATES = (20, 30, 40, 50, 60, 75, 90, 105, 120, 140, 160, 200)
# A rate is kept if the server did so much of it.
KEPT_SHARE = 0.95
LARGEST_SYSTEM, FEWEST_SAVES = 2048, 75
MEMORY_EVERY_SECONDS = 2.0


@dataclass
class Closing:
    """What came of it.

    Attributes:
        raised: saves a second that were wanted, what was done, and the milliseconds of computing
            that each save took of the web server and PostgreSQL together.
        lost: what was acknowledged and is not in the database, in words.
        system: the most megabytes of all processes of the system together.
    """

    hour: Result = field(default_factory=Result)
    raised: list[tuple[float, Result, float]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    system: float = 0.0
    killed: int = 0

    @property
    def most(self) -> float:
        return max((result.a_second for _rate, result, _cost in self.raised), default=0.0)


def _scene(env: dict[str, str], *arguments: str, given: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bench.generated_closing", *arguments],
        env=env,
        input=given,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()[-1]


def _plan(editors: list[Editor], begin: float, seconds: float) -> None:
    """Say when each uploads a photograph, and who sends."""
    chance = random.Random(11)
    for editor in editors:
        editor.photograph_at = begin + chance.random() * seconds * PHOTOGRAPHS_WITHIN
        if chance.random() < SENDING:
            editor.sends_at = begin + chance.uniform(SENT_FROM, SENT_UNTIL) * seconds


@contextmanager
def _watched(closing: Closing, server: Server, worker: int) -> Iterator[None]:
    """Look at the memory of the system while the editors work."""
    over, postgres = threading.Event(), postgres_pid()
    roots = [server.pid, worker, *([postgres] if postgres else [])]

    def watch() -> None:
        while not over.wait(MEMORY_EVERY_SECONDS):
            everything = [pid for root in roots for pid in tree(root)]
            closing.system = max(closing.system, megabytes(*everything))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def kill_a_worker(server: Server) -> int:
    """Kill a process of the web server; says which."""
    workers = server.workers()
    if workers:
        os.kill(workers[0], signal.SIGKILL)
    return workers[0] if workers else 0


def measure(
    env: dict[str, str],
    *,
    editors: int,
    seconds: float,
    step_seconds: float,
    fault: Callable[[Server], int] = kill_a_worker,
    waits: bool = False,
) -> Closing:
    """Run the hour, raise the rate, and compare.

    Args:
        fault: what goes wrong in the middle; says which process was killed.
        waits: whether editors who are told that the service is out of reach (503) try again.
    """
    closing = Closing()
    people = [Editor(**one) for one in json.loads(_scene(env, "make", str(editors)))]
    with gunicorn(OURS, env) as server, queue_worker(env) as worker:
        run(server.port, iter([request("/acceso/")] * 16))
        with _watched(closing, server, worker):
            hour = Hour(
                server.port,
                people,
                interval=min(INTERVAL, seconds / 4),
                seconds=seconds,
                waits=waits,
            )
            _plan(people, hour.begin, seconds)

            def fail() -> None:
                closing.killed = fault(server)

            killer = threading.Timer(seconds * KILLED_AT, fail)
            killer.start()
            closing.hour = hour.run()
            killer.join()
            _raise(closing, server, people, step_seconds)
    said = json.dumps([editor.acknowledged() for editor in people])
    closing.lost = json.loads(_scene(env, "compare", given=said))
    return closing


def _raise(closing: Closing, server: Server, people: list[Editor], seconds: float) -> None:
    roots = [pid for pid in (server.pid, postgres_pid()) if pid]
    for rate in RATES if seconds else ():
        writing = [editor for editor in people if not editor.is_sent]
        interval = len(writing) / rate
        for editor in people:
            editor.photograph_at = editor.sends_at = float("inf")
        before = computing_seconds(*roots)
        result = Hour(server.port, writing, interval=interval, seconds=seconds).run()
        cost = (computing_seconds(*roots) - before) * 1000 / max(1, len(result.times))
        closing.raised.append((rate, result, cost))
        if result.a_second < KEPT_SHARE * rate:
            return
        time.sleep(0.5)


def _milliseconds(result: Result) -> str:
    times = sorted(result.times) or [0.0]
    middle, late = (times[min(len(times) - 1, int(len(times) * at))] for at in (0.5, 0.99))
    return f"p50 {middle * 1000:.0f} ms, p99 {late * 1000:.0f} ms"


def _yes(is_reached: bool) -> str:
    return "sí" if is_reached else "NO"


def print_closing(closing: Closing, *, editors: int, is_raised: bool) -> bool:
    """Print what came of it. Returns: whether every limit was kept."""
    hour = closing.hour
    everything = [hour, *(result for _rate, result, _cost in closing.raised)]
    failures = [failure for result in everything for failure in result.failures]
    refused = [refusal for result in everything for refusal in result.refused]
    print(f"\nCierre de captura: {editors} personas a la vez, {hour.seconds:.0f} s")
    print(
        f"  guardados: {len(hour.times)} ({hour.a_second:.1f} por segundo); {_milliseconds(hour)}"
    )
    print(f"  fotografías: {hour.photographs} de {editors} (sin lugar, y otra vez: {hour.busy})")
    print(f"  envíos: {hour.sent}; proceso terminado a la mitad: {_yes(bool(closing.killed))}")
    print(f"  conexiones perdidas, y otra vez: {sum(one.reconnected for one in everything)}")
    print(f"  errores: {len(failures)} (0) {_yes(not failures)} {failures[:3]}")
    print(f"  rechazos: {len(refused)} (0) {_yes(not refused)} {refused[:3]}")
    kept = not closing.lost
    print(f"  perdido de lo confirmado: {len(closing.lost)} (0) {_yes(kept)} {closing.lost[:3]}")
    small = closing.system < LARGEST_SYSTEM
    print(f"  memoria de todo: {closing.system:.0f} MB (< {LARGEST_SYSTEM}) {_yes(small)}")
    for rate, result, cost in closing.raised:
        done = f"{result.a_second:6.1f}; {_milliseconds(result)}; {cost:.1f} ms de cómputo"
        print(f"  {rate:>4} por segundo: {done}")
    whole = hour.photographs == editors and hour.sent > 0 and bool(closing.killed)
    fast = closing.most >= FEWEST_SAVES or not is_raised
    if is_raised:
        print(f"  guardados por segundo: {closing.most:.0f} (≥ {FEWEST_SAVES}) {_yes(fast)}")
    return not failures and not refused and kept and small and whole and fast


def main(arguments: list[str]) -> int:
    """Measure and print. The exit status says whether every limit was kept."""
    import django

    from conoceles_site import embedded_postgres
    from conoceles_site.settings.database import USES_EMBEDDED_POSTGRES
    from conoceles_site.settings.environment import DATA_DIR

    parser = argparse.ArgumentParser(prog="python -m bench closing")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--editors", type=int, default=EDITORS)
    parser.add_argument("--step-seconds", type=float, default=STEP_SECONDS)
    asked = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if USES_EMBEDDED_POSTGRES:
        embedded_postgres.start(DATA_DIR)
    django.setup()
    from bench.databases import own_database
    from bench.pages_servers import production

    with own_database("bench_closing") as own, tempfile.TemporaryDirectory() as name:
        env = production(Path(name), own)
        closing = measure(
            env, editors=asked.editors, seconds=asked.seconds, step_seconds=asked.step_seconds
        )
    is_kept = print_closing(closing, editors=asked.editors, is_raised=asked.step_seconds > 0)
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
