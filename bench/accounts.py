"""Accounts of 3,400 candidacies: made, printed, and mailed through a server that fails at first.

Real workers do it, and one is killed in the middle of each step. Limits: accounts and sheets within
three minutes; each candidacy has one account, and each message arrives once or is doubtful.

    python -m bench accounts
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from typing import Any

import psycopg

CANDIDACIES = 3_400
LONGEST_SECONDS = 180.0
SETTINGS = "conoceles_site.settings.development"
WORKER = [sys.executable, "manage.py", "procrastinate", "worker", "--one-shot"]
# The server asks to try later, and cuts connections, until it has seen so many attempts.
FAILS_FOR = 300
CUTS_EVERY = 400


class FailingServer:
    """An SMTP server that refuses for a while, and now and then dies after taking a message."""

    def __init__(self) -> None:
        self.seen = 0
        self.taken: Counter[str] = Counter()
        self.cut: set[str] = set()
        self.lock = threading.Lock()

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        with self.lock:
            self.seen += 1
            seen = self.seen
        if seen <= FAILS_FOR:
            return "451 Try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        address = envelope.rcpt_tos[0]
        self.taken[address] += 1
        if sum(self.taken.values()) % CUTS_EVERY == 0:
            self.cut.add(address)
            server.transport.abort()
        return "250 OK"


def prepare() -> None:
    """In a process of its own: candidacies, and the run that makes their accounts."""
    import uuid

    from bench.accounts_scene import scene
    from cms.candidacies.own_accounts import runs

    process, giver = scene(candidacies=CANDIDACIES)
    runs.generate(process=process, by=giver, once=uuid.uuid4())


def ask(kind: str) -> None:
    """In a process of its own: ask for the sheets or the mail of every account."""
    import uuid

    from cms.accounts.models import User
    from cms.candidacies.own_accounts import runs, selectors
    from cms.catalogs.models import Process

    process = Process.objects.get()
    rows = selectors.in_process_order(selectors.candidacies_of(process), by_actor=False)
    users = list(rows.values_list("account", flat=True))
    begin = {"sheets": runs.print_sheets, "mail": runs.mail}[kind]
    by = User.objects.get(role="instancia_interna")
    begin(process=process, users=users, by=by, once=uuid.uuid4())


class Bench:
    """One measurement, in a database of its own."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.connection = psycopg.connect(environment["DATABASE_URL"], autocommit=True)

    def here(self, step: str) -> None:
        """Run a step of this module in a process of its own."""
        command = [sys.executable, "-m", "bench.accounts", step]
        subprocess.run(command, env=self.environment, check=True)

    def one(self, query: str) -> int:
        """The number that a query answers."""
        row = self.connection.execute(query).fetchone()
        return int(row[0]) if row else 0

    def kill_in_the_middle(self, query: str, enough: int) -> None:
        """Start a worker, and kill it once a query counts enough; then queue its job again."""
        worker = subprocess.Popen(
            WORKER, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while self.one(query) < enough and worker.poll() is None:
            time.sleep(0.02)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        self.rescue()

    def rescue(self) -> None:
        """Do what the rescue of stalled jobs does after half a minute, and let waits go by."""
        self.connection.execute(
            "update procrastinate_jobs set status = 'todo', worker_id = null where status = 'doing'"
        )
        self.connection.execute(
            "update procrastinate_jobs set scheduled_at = null where status = 'todo'"
        )

    def work(self) -> None:
        """Have a worker do what is due."""
        subprocess.run(
            [*WORKER, "--concurrency", "4"],
            env=self.environment,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def measure(environment: dict[str, str], server: FailingServer) -> dict[str, Any]:
    """Do everything; returns what there was to count."""
    bench = Bench(environment)
    bench.here("prepare")
    began = time.perf_counter()
    made = "select count(*) from candidacies_candidateaccount"
    bench.kill_in_the_middle(made, CANDIDACIES // 3)
    bench.work()
    generated = time.perf_counter()
    bench.here("sheets")
    linked = "select count(*) from accounts_activationlink where way = 'papel'"
    bench.kill_in_the_middle(linked, CANDIDACIES // 3)
    bench.work()
    printed = time.perf_counter()
    found: dict[str, Any] = {
        "generating_seconds": round(generated - began, 1),
        "printing_seconds": round(printed - generated, 1),
        "accounts": bench.one(made),
        "accounts_of_two": bench.one(
            "select count(*) - count(distinct candidacy_id) from candidacies_candidateaccount"
        ),
        "sheets": bench.one("select pages from candidacies_sheetsfile"),
        "paper_links": bench.one(linked),
    }
    return found | mailed(bench, server)


def mailed(bench: Bench, server: FailingServer) -> dict[str, Any]:
    """Mail everybody, though the server fails and a worker is killed."""
    began = time.perf_counter()
    bench.here("mail")
    sent = "select count(*) from notifications_notification where sent_at is not null"
    bench.kill_in_the_middle(sent, CANDIDACIES // 5)
    waiting = (
        "select count(*) from notifications_notification where sent_at is null"
        " and dropped_at is null and refused_at is null and doubtful_at is null"
    )
    for _round in range(20):
        bench.rescue()
        bench.work()
        if not bench.one(waiting):
            break
    doubtful = "select count(*) from notifications_notification where doubtful_at is not null"
    return {
        "mailing_seconds": round(time.perf_counter() - began, 1),
        "sent": bench.one(sent),
        "doubtful": bench.one(doubtful),
        "neither": bench.one(waiting),
        "arrived": len(server.taken),
        "arrived_twice": sum(number > 1 for number in server.taken.values()),
        "cut_by_the_server": len(server.cut),
    }


def problems_of(found: dict[str, Any]) -> list[str]:
    """Which limits were not kept."""
    seconds = found["generating_seconds"] + found["printing_seconds"]
    rules = {
        f"tardó {seconds:.0f} s": seconds > LONGEST_SECONDS,
        "faltan o sobran cuentas": found["accounts"] != CANDIDACIES or found["accounts_of_two"],
        "faltan o sobran hojas": found["sheets"] != CANDIDACIES,
        "faltan o sobran enlaces": found["paper_links"] != CANDIDACIES,
        "un mensaje llegó dos veces": found["arrived_twice"],
        "un mensaje no se envió ni es dudoso": found["neither"],
        "no cuadran enviados y dudosos": found["sent"] + found["doubtful"] != CANDIDACIES,
        "los cortados no son dudosos": found["doubtful"] < found["cut_by_the_server"],
    }
    return [problem for problem, is_broken in rules.items() if is_broken]


def main() -> int:
    """Measure in a database of its own, with a mail server of its own."""
    from aiosmtpd.controller import Controller

    from bench.databases import own_database
    from tests.waiting import free_port

    server = FailingServer()
    port = free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with own_database("bench_accounts") as environment:
            mail = {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}
            base = {"CONOCELES_BASE_URL": "https://conoceles.example.mx"}
            found = measure({**environment, **mail, **base}, server)
    finally:
        controller.stop()
    print(json.dumps(found, indent=2))
    problems = problems_of(found)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    from conoceles_site import embedded_postgres
    from conoceles_site.settings.database import USES_EMBEDDED_POSTGRES
    from conoceles_site.settings.environment import DATA_DIR

    if USES_EMBEDDED_POSTGRES:
        embedded_postgres.start(DATA_DIR)
    django.setup()
    if sys.argv[1:] == ["prepare"]:
        prepare()
    elif sys.argv[1:]:
        ask(sys.argv[1])
    else:
        sys.exit(main())
