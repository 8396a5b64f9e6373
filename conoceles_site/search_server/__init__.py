"""A real search server for tests, benchmarks and the demonstration.

It is OpenSearch, which Maven Central distributes and which searches as Elasticsearch does. It
listens on this machine only and asks for no password: a real installation uses its own server.
"""

import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conoceles_site.search_server.fetching import (
    SearchServerError,
    cache_folder,
    jars,
    java,
    one_at_a_time,
)

__all__ = ["SearchServer", "SearchServerError", "start"]

HOST = "127.0.0.1"
# The runner listens on the port after the one it is told, and on none above 9299.
PORTS = range(9202, 9300)
START_SECONDS = 120
STOP_SECONDS = 20
# What is said of a shard that was looked for and can be put nowhere.
LOST = {"no", "no_valid_shard_copy"}
MEMORY = "512m"
_RUNNER = "org.codelibs.opensearch.runner.OpenSearchRunner"
_CONFIGURATION = """\
discovery.type: single-node
network.host: 127.0.0.1
transport.port: "0"
# A full disk of a developer's machine must not stop the tests.
cluster.routing.allocation.disk.threshold_enabled: false
"""


@dataclass(frozen=True)
class SearchServer:
    """A server that runs: where it answers, and the process and the cluster that it is."""

    folder: Path
    port: int
    pid: int
    cluster: str

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def is_running(self) -> bool:
        """Whether the process is alive; it may be starting, or ending."""
        process = Path(f"/proc/{self.pid}")
        try:
            command = (process / "cmdline").read_bytes()
            state = (process / "stat").read_text().rpartition(")")[2].split()[0]
            threads = len(list((process / "task").iterdir()))
        except OSError:
            return False
        # It holds its port until its last thread has ended, after the process itself.
        is_ended = state == "Z" and threads == 1
        # While a process becomes Java it has no command; neither has it while it ends.
        return not is_ended and (not command or self.cluster.encode() in command.split(b"\0"))

    def answers(self) -> bool:
        """Whether this very cluster answers, and has found what it holds, or that it is lost."""
        settled = "/_cluster/health?wait_for_no_initializing_shards=true&timeout=1s"
        try:
            health = self._asked(settled)
            is_found = health["status"] != "red" or self._has_lost_what_it_misses()
        except (OSError, ValueError):
            return False
        return is_found and bool(health["cluster_name"] == self.cluster)

    def _has_lost_what_it_misses(self) -> bool:
        """Whether no copy is left of the shards that it misses, or none may be put anywhere."""
        shards = self._asked("/_cat/shards?format=json&h=index,shard,prirep,state")
        missing = [
            {"index": one["index"], "shard": int(one["shard"]), "primary": True}
            for one in shards
            if (one["prirep"], one["state"]) == ("p", "UNASSIGNED")
        ]
        explained = [self._asked("/_cluster/allocation/explain", shard) for shard in missing]
        return bool(missing) and {one.get("can_allocate") for one in explained} <= LOST

    def _asked(self, address: str, body: Any = None) -> Any:
        request = urllib.request.Request(  # noqa: S310 (our own)
            f"{self.url}{address}",
            data=json.dumps(body).encode() if body else None,
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=3) as answer:  # noqa: S310 (our own)
            return json.load(answer)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self._signal(signal.SIGKILL)
        self._wait_for_its_end(STOP_SECONDS)

    def stop(self) -> None:
        """Ask it to end; after a while, kill it."""
        self._signal(signal.SIGTERM)
        if not self._wait_for_its_end(STOP_SECONDS):
            self.kill()

    def _signal(self, number: int) -> None:
        if self.is_running():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def _wait_for_its_end(self, seconds: float) -> bool:
        give_up = time.monotonic() + seconds
        while self.is_running():
            if time.monotonic() > give_up:
                return False
            # Its parent has to take note of its end; it is this process, or the system.
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self.pid, os.WNOHANG)
            time.sleep(0.05)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, os.WNOHANG)
        return True


def running(folder: Path) -> SearchServer | None:
    """The server of a folder, if its process is alive."""
    server = _last(folder)
    return server if server is not None and server.is_running() else None


def _last(folder: Path) -> SearchServer | None:
    """The server that ran last in a folder."""
    try:
        said = json.loads((folder / "server.json").read_text())
    except (OSError, ValueError):
        return None
    return SearchServer(folder, said["port"], said["pid"], said["cluster"])


def start(folder: Path, *, port: int | None = None) -> SearchServer:
    """The server of a data folder, which is started unless it runs; what it holds stays.

    Args:
        port: where to answer, if it is free; without it, where it answered before.

    Raises: SearchServerError, with what to do.
    """
    with one_at_a_time(folder / "server.lock"):
        server = running(folder)
        if server is not None:
            _wait_until_it_answers(server)
            return server
        before = _last(folder)
        with _reserved(port or (before.port if before else PORTS[0])) as chosen:
            server = _launch(folder, chosen, before)
            _wait_until_it_answers(server)
    return server


def _launch(folder: Path, chosen: int, before: SearchServer | None) -> SearchServer:
    configuration = folder / "config"
    configuration.mkdir(parents=True, exist_ok=True)
    (configuration / "opensearch.yml").write_text(_CONFIGURATION)
    cluster = before.cluster if before else f"conoceles-{uuid.uuid4().hex[:12]}"
    runtime = java()
    class_path = ":".join(f"{folder_of_jars}/*" for folder_of_jars in (jars(), *runtime.jars))
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [
                *(str(runtime.program), f"-Xms{MEMORY}", f"-Xmx{MEMORY}", *runtime.options),
                *("-cp", class_path, _RUNNER),
                *("-basePath", folder, "-confPath", configuration, "-dataPath", folder / "data"),
                *("-numOfNode", "1", "-baseHttpPort", str(chosen - 1)),
                *("-clusterName", cluster, "-printOnFailure"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
            # Ctrl-C is for whoever started it, who stops it then.
            start_new_session=True,
        )
    server = SearchServer(folder, chosen, process.pid, cluster)
    said = {"port": chosen, "pid": process.pid, "cluster": cluster}
    (folder / "server.json").write_text(json.dumps(said))
    return server


@contextlib.contextmanager
def _reserved(preferred: int) -> Iterator[int]:
    """A free port, which no other start on this machine takes before this server listens on it."""
    folder = cache_folder() / "ports"
    folder.mkdir(parents=True, exist_ok=True)
    ports: list[int] = [preferred, *PORTS]
    for port in ports:
        with (folder / str(port)).open("w") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                with socket.socket() as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind((HOST, port))
            except OSError:
                continue
            yield port
            return
    raise SearchServerError(
        f"No hay un puerto libre de {PORTS[0]} a {PORTS[-1]} para el servidor de búsqueda."
    )


def _wait_until_it_answers(server: SearchServer) -> None:
    give_up = time.monotonic() + START_SECONDS
    while not server.answers():
        if not server.is_running() or time.monotonic() > give_up:
            server.stop()
            raise SearchServerError(
                f"El servidor de búsqueda no inició; lee {server.folder / 'server.log'}."
            )
        time.sleep(0.1)
