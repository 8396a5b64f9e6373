"""A real site under attack: how fast a page answers meanwhile, and the memory of its processes.

`python -m tests.attacks.scene NAME …` prints a JSON object with a session key of each account.
"""

import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.site.workers import workers_of
from tests.waiting import pause

# How long a page may take on a busy machine when nobody attacks it, in seconds.
NOISE = 0.03
MEGABYTE = 1024


def _status(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _parents() -> dict[int, int]:
    found: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                found[int(folder.name)] = int(_status(int(folder.name))["PPid"])
            except (OSError, KeyError):
                continue
    return found


@dataclass
class Memory:
    """The most that processes held while they were watched, in MB."""

    workers: dict[int, float] = field(default_factory=dict)
    children: dict[int, float] = field(default_factory=dict)
    children_together: float = 0


@dataclass
class Scene:
    """gunicorn as `make run` and the image start it, with the demonstration loaded."""

    port: int
    env: dict[str, str]
    server: subprocess.Popen[bytes]
    log: Path
    sessions: dict[str, str]
    passwords: dict[str, str]
    memory: Memory = field(default_factory=Memory)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cookie(self, username: str) -> str:
        """The Cookie header of a signed-in account of the demonstration."""
        return f"sessionid={self.sessions[username]}"

    def ask(self, path: str, *, timeout: float = 60, **headers: str) -> tuple[int, bytes]:
        """Send one request on a connection of its own; return the status and the body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def send(
        self,
        path: str,
        *,
        user: str,
        fields: dict[str, str],
        files: dict[str, tuple[str, bytes]],
        timeout: float = 90,
        **headers: str,
    ) -> tuple[int, bytes]:
        """Send a form with files as a signed-in account; return the status and the body."""
        token, boundary = "x" * 32, "----conoceles"
        parts: list[bytes] = []
        for name, value in {**fields, "csrfmiddlewaretoken": token}.items():
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
            parts.append(f"{head}{value}\r\n".encode())
        for name, (filename, content) in files.items():
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; '
            head += f'filename="{filename}"\r\nContent-Type: image/jpeg\r\n\r\n'
            parts += [head.encode(), content, b"\r\n"]
        body = b"".join(parts) + f"--{boundary}--\r\n".encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(
                "POST",
                path,
                body,
                {
                    "Content-Type": f"multipart/form-data; boundary={boundary}",
                    "Cookie": f"{self.cookie(user)}; csrftoken={token}",
                    **headers,
                },
            )
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def time_of(self, path: str) -> float:
        """How long one request of an anonymous visitor takes, in seconds."""
        start = time.perf_counter()
        status, _body = self.ask(path)
        assert status == 200, f"{path} answered {status}"
        return time.perf_counter() - start

    def usual_time(self, path: str) -> float:
        """The slowest of a few requests without an attack, in seconds; at least `NOISE`."""
        for _warm in range(4):
            self.time_of(path)
        return max(NOISE, *(self.time_of(path) for _time in range(12)))

    def slowest_during(
        self, attack: Callable[[], None], path: str, *, rounds: int = 3, enough: float = 0
    ) -> float:
        """The slowest answer of a page while the attack runs, in the best of some rounds.

        Args:
            attack: what the clients do; it returns when they are done, or raises if they failed.
            rounds: the most rounds that are tried.
            enough: no more rounds are tried after an answer this fast, in seconds.
        """
        best = float("inf")
        for _round in range(rounds):
            best = min(best, self._slowest_of_a_round(attack, path))
            if best <= enough:
                break
        return best

    def _slowest_of_a_round(self, attack: Callable[[], None], path: str) -> float:
        failed: list[BaseException] = []

        def run() -> None:
            try:
                attack()
            except BaseException as error:  # noqa: BLE001 (raised below, in the main thread)
                failed.append(error)

        attacker = threading.Thread(target=run, daemon=True)
        times: list[float] = []
        with self.watched_memory():
            attacker.start()
            pause(0.05)
            while attacker.is_alive() or not times:
                times.append(self.time_of(path))
                pause(0.02)
            attacker.join()
        if failed:
            raise failed[0]
        return max(times)

    def workers(self) -> set[int]:
        """The ids of gunicorn's workers."""
        return workers_of(self.server.pid)

    def worker_memory_mb(self) -> float:
        """The most that any worker has ever held in memory, in MB."""
        self._look()
        return max(self.memory.workers.values(), default=0)

    @contextmanager
    def watched_memory(self) -> Iterator[Memory]:
        """Look at the processes all the time; `memory` keeps the maximum of each."""
        over = threading.Event()

        def watch() -> None:
            while not over.wait(0.05):
                self._look()

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield self.memory
        finally:
            over.set()
            watcher.join()
            self._look()

    def _look(self) -> None:
        parents = _parents()
        now = 0.0
        for pid in parents:
            # The processes from this one up to gunicorn's first: two for a worker, more for others.
            line = [pid]
            while len(line) < 8 and line[-1] in parents and line[-1] != self.server.pid:
                line.append(parents[line[-1]])
            if line[-1] != self.server.pid or len(line) == 1:
                continue
            try:
                status = _status(pid)
                peak = int(status["VmHWM"].split()[0]) / MEGABYTE
                held = int(status["VmRSS"].split()[0]) / MEGABYTE
            except (OSError, KeyError):
                continue
            if len(line) == 2:
                self.memory.workers[pid] = max(peak, self.memory.workers.get(pid, 0))
            else:
                self.memory.children[pid] = max(peak, self.memory.children.get(pid, 0))
                now += held
        self.memory.children_together = max(self.memory.children_together, now)


def at_once(clients: int, act: Callable[[int], None]) -> None:
    """Run `act` in so many threads at the same time; raise the first failure."""
    failed: list[BaseException] = []
    ready = threading.Barrier(clients)

    def run(number: int) -> None:
        ready.wait()
        try:
            act(number)
        except BaseException as error:  # noqa: BLE001 (raised below)
            failed.append(error)

    threads = [
        threading.Thread(target=run, args=(number,), daemon=True) for number in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


def _sessions(usernames: list[str]) -> dict[str, str]:
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from cms.accounts.models import User

    made: dict[str, str] = {}
    for user in User.objects.filter(username__in=usernames):
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        made[user.username] = str(session.session_key)
    return made


if __name__ == "__main__":
    import django

    django.setup()
    sys.stdout.write(json.dumps(_sessions(sys.argv[1:])))
