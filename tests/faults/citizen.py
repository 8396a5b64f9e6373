"""A citizen who asks for everything in turns, again and again, in a process of their own.

`python -m tests.faults.citizen` is that process: the real Django application, asked without a
network. It is told where its search server is by a line of its input, and prints each round.
"""

import json
import re
import select
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import django

from tests.database_server import ROOT
from tests.waiting import wait_until

_CANDIDACY = re.compile(r"/candidaturas/(\d+)/")
EVERYBODY = "todas"


@dataclass(frozen=True)
class Answer:
    """What was asked, and answered.

    Attributes:
        what: a name of `addresses`.
        began, seconds: by the clock that all processes of the machine share.
        shown: the candidacies that it names.
        total, facets: where it counts: how many there are, and by the values of each facet.
    """

    what: str
    status: int
    began: float
    seconds: float
    shown: list[int]
    total: int | None
    facets: dict[str, dict[str, int]]


def addresses(candidacy: str) -> dict[str, tuple[str, dict[str, str]]]:
    """What is asked in each round: name → address, headers; `candidacy` is «7/su-nombre»."""
    number = candidacy.partition("/")[0]
    api = "/api/v1/candidaturas"
    return {
        "página": ("/buscar/?q=agua+segura", {}),
        "fragmento": ("/buscar/?q=agua+segura&sexo=mujer", {"HX-Request": "true"}),
        EVERYBODY: (f"{api}/?q=agua+segura&por_pagina=100", {}),
        "facetas": (f"{api}/?por_pagina=1", {}),
        "sugerencias": ("/api/v1/sugerencias/?q=persona+fic", {}),
        "candidatura": (f"/candidaturas/{candidacy}/", {}),
        "dentro": (f"/candidaturas/{candidacy}/?q=agua", {}),
        "dentro, API": (f"{api}/{number}/?q=agua", {}),
        "similares": (f"{api}/{number}/similares/", {}),
    }


class Citizen:
    """The process, as a test sees it.

    Attributes:
        rounds: all that was asked since `begin`, round by round.
    """

    def __init__(self, env: dict[str, str], log: Path) -> None:
        """Args: log: where its site writes what went wrong."""
        self.rounds: list[list[Answer]] = []
        self._is_paused = True
        with log.open("w") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__],
                cwd=ROOT,
                env=env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    def begin(self, url: str, candidacy: str) -> None:
        """Ask from now on, as a site that was just started with this search server."""
        self.rounds = []
        self._tell({"url": url, "candidacy": candidacy})
        self.goes_round()

    def pause(self) -> list[Answer]:
        """Ask no more; return all that was answered since it began."""
        self._tell({"url": None, "candidacy": ""})
        wait_until(lambda: self._is_paused or self._ended(), what="the citizen goes on")
        return [answer for round_ in self.rounds for answer in round_]

    def goes_round(self) -> list[Answer]:
        """Wait for a whole round that begins after now, and return its answers."""
        now = time.monotonic()

        def whole() -> list[list[Answer]]:
            return [round_ for round_ in self.rounds if round_[0].began > now]

        wait_until(lambda: whole() or self._ended(), what="the citizen waits")
        assert not self._ended(), "the citizen has ended"
        return whole()[0]

    def leave(self) -> None:
        self._process.kill()
        self._process.wait()
        self._listening.join()

    def _ended(self) -> bool:
        return self._process.poll() is not None

    def _tell(self, order: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._is_paused = False
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said = json.loads(line)
            if said:
                self.rounds.append([Answer(**one) for one in said])
            else:
                self._is_paused = True


def _asked(client: Any, what: str, address: str, headers: dict[str, str]) -> Answer:
    began = time.monotonic()
    response = client.get(address, headers=headers)
    body = response.content.decode()
    seconds = time.monotonic() - began
    is_json = response.headers.get("content-type", "").startswith("application/json")
    said = json.loads(body) if is_json and response.status_code == 200 else {}
    facets = said.get("facetas", {}) if isinstance(said, dict) else {}
    return Answer(
        what=what,
        status=response.status_code,
        began=began,
        seconds=seconds,
        shown=sorted({int(number) for number in _CANDIDACY.findall(body)}),
        total=said.get("total") if isinstance(said, dict) else None,
        facets={
            name: {value["valor"]: value["total"] for value in values}
            for name, values in facets.items()
        },
    )


def _follow(order: dict[str, Any]) -> None:
    """Be a site that was just started with that search server."""
    from django.conf import settings

    from search.engines import fallback
    from search.engines.breaker import Breaker
    from search.engines.elasticsearch import client

    client.forget()
    fallback.breaker = Breaker()
    settings.ELASTICSEARCH_URL = order["url"]


def main() -> None:
    """Ask until the input ends."""
    django.setup()
    from django.test import Client

    client = Client(raise_request_exception=False)
    order: dict[str, Any] = {"url": None}
    while True:
        if order["url"] is None or select.select([sys.stdin], [], [], 0)[0]:
            line = sys.stdin.readline()
            if not line:
                return
            order = json.loads(line)
            if order["url"] is None:
                sys.stdout.write("[]\n")
                sys.stdout.flush()
                continue
            _follow(order)
        asked = addresses(order["candidacy"])
        answers = [_asked(client, what, *how) for what, how in asked.items()]
        sys.stdout.write(json.dumps([asdict(answer) for answer in answers]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
