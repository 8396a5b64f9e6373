"""Real gunicorn for the measurements, and the memory of its processes."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bench.databases import ROOT
from bench.load import HOST, ask

START_SECONDS = 60
# The header in which a counted answer says its queries, and the variable with the folder of the
# bodies of the bare view. They are here since to import either application sets it up.
QUERIES_HEADER = "X-Queries"
BARE_FOLDER = "BENCH_BARE_FOLDER"
OURS = "conoceles_site.wsgi:application"
COUNTED = "bench.pages_counted:application"
BARE = "bench.pages_bare:application"
CONFIGURATIONS = {
    OURS: "conoceles_site.gunicorn",
    # Answers that the loop takes from the store would not say how many queries they took.
    COUNTED: "bench.pages_bare_server",
    BARE: "bench.pages_bare_server",
}


@dataclass(frozen=True)
class Server:
    """A running gunicorn."""

    pid: int
    port: int

    def workers(self) -> list[int]:
        """The ids of its workers."""
        return children(self.pid)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def gunicorn(
    application: str, env: dict[str, str], *options: str, probe: str = "/healthz"
) -> Iterator[Server]:
    """A site with the project's own configuration of gunicorn, on a free port.

    Args:
        probe: an address that it answers.
    """
    port = _free_port()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", application),
                *("--config", f"python:{CONFIGURATIONS[application]}"),
                *("--bind", f"{HOST}:{port}"),
                *options,
            ],
            cwd=ROOT,
            env=env,
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for(port, probe, process, log)
            yield Server(process.pid, port)
        finally:
            process.terminate()
            try:
                process.wait(START_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(port: int, probe: str, process: subprocess.Popen[bytes], log: IO[bytes]) -> None:
    give_up = time.monotonic() + START_SECONDS
    while True:
        try:
            ask(port, probe)
        except OSError:
            if process.poll() is not None or time.monotonic() > give_up:
                log.seek(0)
                sys.exit(f"gunicorn no inició: {log.read()[-2000:].decode()}")
            time.sleep(0.1)
        else:
            return


@contextmanager
def queue_worker(env: dict[str, str]) -> Iterator[int]:
    """The process of the queue, as `make run` starts it; its id."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "procrastinate", "worker", "--concurrency", "2"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def children(pid: int) -> list[int]:
    """The ids of the processes that a process started and that live."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, task.read_text().split())
    return found


def tree(pid: int) -> list[int]:
    """A process and all that came of it."""
    return [pid, *(one for child in children(pid) for one in tree(child))]


def megabytes(*pids: int) -> float:
    """The memory of processes: shared pages count in parts (PSS), so that sums are right."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue  # It has ended meanwhile.
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def computing_seconds(*roots: int) -> float:
    """What processes and all that came of them have computed until now, those too that ended."""
    ticks = 0
    for pid in [pid for root in roots for pid in tree(root)]:
        try:
            text = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            continue  # It has ended meanwhile.
        # utime, stime, and those of the processes that it has waited for.
        ticks += sum(map(int, text.rpartition(")")[2].split()[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def postgres_pid() -> int:
    """The process id of the embedded server; 0 where another one is used."""
    from conoceles_site import embedded_postgres
    from conoceles_site.settings.database import USES_EMBEDDED_POSTGRES
    from conoceles_site.settings.environment import DATA_DIR

    if not USES_EMBEDDED_POSTGRES:
        return 0
    cluster = embedded_postgres.cluster_folder(DATA_DIR)
    return int((cluster / "postmaster.pid").read_text().split()[0])


def production(data_dir: Path, env: dict[str, str]) -> dict[str, str]:
    """The environment of an installation behind a proxy, with its static files collected."""
    made = {
        **env,
        "CONOCELES_DATA_DIR": str(data_dir),
        "CONOCELES_STATIC_ROOT": str(data_dir / "static"),
        "DJANGO_SETTINGS_MODULE": "conoceles_site.settings.production",
        "DJANGO_SECRET_KEY": secrets.token_urlsafe(50),
        "CONOCELES_ENCRYPTION_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "localhost",
        "CONOCELES_BASE_URL": "https://localhost",
    }
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
        cwd=ROOT,
        env=made,
        check=True,
    )
    return made
