"""Three hundred people who write at the same time: each on a connection, all in one loop.

An editor saves again and again at an interval, whatever the server does: if it falls behind, what
is due waits. One who loses the connection sends the same again.
"""

import heapq
import io
import random
import re
import select
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from PIL import Image

from bench.generated_closing import PHOTOGRAPH_SECTION, QUESTION, SECTION
from bench.load import PIECE, Answer, Visitor

PATIENCE_SECONDS = 60.0
# How long an editor waits before sending again a photograph for which the server had no room.
AGAIN_SECONDS = 2.0
TOKEN = "c" * 32
BOUNDARY = "limite-del-cierre"
# What `cms.catalogs.pictures.refusals.Busy` says.
BUSY = b"Espera unos segundos"
SAVED = re.compile(rb'name="version" value="(\d+)"')


def photograph(seed: int) -> bytes:
    """A photograph of a telephone: 12 megapixels, about one megabyte."""
    chance = random.Random(seed)
    grain = Image.effect_noise((375, 500), 40 + chance.random() * 20)
    file = io.BytesIO()
    grain.resize((3000, 4000)).convert("RGB").save(file, "JPEG", quality=80)
    return file.getvalue()


@dataclass
class Editor:
    """Somebody who writes, and what they know.

    Attributes:
        texts: what the answer may be in the database: the last text that was acknowledged, and
            those sent after it.
        photograph_at, sends_at: when it is time for it; infinite: never.
        asked: what is under way: `save`, `photograph`, `send`, or nothing.
    """

    candidacy: int
    session: str
    version: int
    answers: dict[str, str]
    questionnaire: str
    texts: list[str] = field(default_factory=list)
    has_photograph: bool = False
    is_sent: bool = False
    photograph_at: float = float("inf")
    sends_at: float = float("inf")
    asked: str = ""
    since: float = 0.0
    visitor: Visitor | None = None

    def __post_init__(self) -> None:
        self.texts = self.texts or [self.answers[QUESTION]]

    @property
    def has_plans(self) -> bool:
        """Whether they still want to upload a photograph, or to send."""
        return min(self.photograph_at, self.sends_at) < float("inf")

    def save(self, text: str) -> bytes:
        """The request that saves a section while somebody types."""
        self.texts.append(text)
        form = {**self.answers, QUESTION: text, "version": self.version}
        body = urlencode({**form, "cuestionario": self.questionnaire, "csrfmiddlewaretoken": TOKEN})
        return self._request(f"{SECTION}/guardar/", body.encode(), "HX-Request: true")

    def send(self) -> bytes:
        """The request that sends the questionnaire."""
        form = {"confirmo": "si", "version": self.version, "cuestionario": self.questionnaire}
        body = urlencode({**form, "csrfmiddlewaretoken": TOKEN}).encode()
        return self._request("revisar/", body)

    def upload(self, content: bytes) -> bytes:
        """The request that uploads a photograph."""
        parts = {"csrfmiddlewaretoken": TOKEN, "version": str(self.version), "quedarse": "1"}
        lines = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in parts.items()
        ]
        lines.append(
            f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=fotografia_archivo;"
            " filename=yo.jpg\r\nContent-Type: image/jpeg\r\n\r\n"
        )
        body = "".join(lines).encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        return self._request(f"{PHOTOGRAPH_SECTION}/", body, kind=kind)

    def _request(
        self,
        path: str,
        body: bytes,
        *headers: str,
        kind: str = "application/x-www-form-urlencoded",
    ) -> bytes:
        lines = [
            f"POST /captura/{self.candidacy}/{path} HTTP/1.1",
            "Host: localhost",
            "X-Forwarded-Proto: https",
            "Referer: https://localhost/captura/",
            "Accept: text/html",
            f"Cookie: sessionid={self.session}; csrftoken={TOKEN}",
            f"Content-Type: {kind}",
            f"Content-Length: {len(body)}",
            *headers,
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + body

    def acknowledged(self) -> dict[str, Any]:
        """What `generated_closing.compare` reads."""
        return {
            "candidacy": self.candidacy,
            "version": self.version,
            "texts": self.texts,
            "photograph": self.has_photograph,
            "sent": self.is_sent,
        }


@dataclass
class Result:
    """What came of it.

    Attributes:
        times: seconds of each save that was acknowledged.
        busy: how often the server had no room for a photograph.
        waited: how often somebody was told to try again, and did.
        refused: what was neither done nor an error of the server, in words.
    """

    statuses: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    photographs: int = 0
    sent: int = 0
    busy: int = 0
    reconnected: int = 0
    waited: int = 0
    refused: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def a_second(self) -> float:
        return len(self.times) / self.seconds if self.seconds else 0.0


class Hour:
    """Editors at work for some time.

    Args:
        waits: whether they try again when the service is out of reach (503): else it is a failure.
    """

    def __init__(
        self,
        port: int,
        editors: list[Editor],
        *,
        interval: float,
        seconds: float,
        waits: bool = False,
    ) -> None:
        self.port, self.editors, self.interval, self.waits = port, editors, interval, waits
        # Before the clock: to make them takes seconds where the machine is busy.
        self.pictures = [photograph(seed) for seed in range(4)]
        self.begin = time.monotonic()
        self.end = self.begin + seconds
        self.result = Result()
        self.poll = select.epoll()
        self.by_number: dict[int, Editor] = {}
        self.due: list[tuple[float, int]] = []
        # Those who were told to try again, in the order in which they do.
        self.later: deque[tuple[float, Editor]] = deque()
        self.words = random.Random(17)
        self.counter: Iterator[int] = iter(range(10**9))

    def run(self) -> Result:
        """Work until the time is over, and until those who wanted to send have sent."""
        for place, editor in enumerate(self.editors):
            if not editor.is_sent:
                first = self.begin + self.interval * place / len(self.editors)
                heapq.heappush(self.due, (first, place))
        while self._goes_on():
            self._begin_what_is_due()
            for number, _event in self.poll.poll(self._pause()):
                self._read(self.by_number[number])
        self.result.seconds = min(time.monotonic(), self.end) - self.begin
        for editor in self.by_number.values():
            self._let_go(editor)
        self.poll.close()
        return self.result

    def _goes_on(self) -> bool:
        under_way = [editor for editor in self.by_number.values() if editor.asked]
        if time.monotonic() > self.end + PATIENCE_SECONDS:
            for one in under_way:
                self.result.failures.append(f"{one.candidacy}: {one.asked} sin respuesta")
            return False
        return bool(self.due or under_way)

    def _pause(self) -> float:
        wait = self.due[0][0] - time.monotonic() if self.due and not self.later else 0.05
        return min(0.5, max(0.0, wait))

    def _begin_what_is_due(self) -> None:
        now = time.monotonic()
        while self.later and self.later[0][0] <= now:
            _when, editor = self.later.popleft()
            if editor.visitor is not None:
                editor.visitor.ask(editor.visitor.asked)
        while self.due and self.due[0][0] <= now:
            due, place = heapq.heappop(self.due)
            editor = self.editors[place]
            if editor.asked:
                heapq.heappush(self.due, (now + 0.01, place))
            elif editor.is_sent or (now >= self.end and not editor.has_plans):
                continue
            elif editor.photograph_at <= now:
                editor.photograph_at = float("inf")
                heapq.heappush(self.due, (now, place))
                self._ask(editor, "photograph", editor.upload(self.pictures[place % 4]))
            else:
                heapq.heappush(self.due, (due + self.interval, place))
                self._ask(editor, "save", editor.save(self._text()))

    def _text(self) -> str:
        words = " ".join(self.words.choices(("agua", "parque", "escuela", "camino"), k=70))
        return f"Propuesta número {next(self.counter)} de {self.words.random()}: {words}."

    def _ask(self, editor: Editor, what: str, request: bytes) -> None:
        editor.asked, editor.since = what, time.monotonic()
        if editor.visitor is None:
            self._connect(editor)
        if editor.visitor is not None:
            editor.visitor.ask(request)

    def _connect(self, editor: Editor) -> None:
        editor.visitor = Visitor(self.port)
        number = editor.visitor.socket.fileno()
        self.by_number[number] = editor
        self.poll.register(number, select.EPOLLIN)

    def _let_go(self, editor: Editor) -> None:
        if editor.visitor is not None:
            editor.visitor.socket.close()
            editor.visitor = None

    def _read(self, editor: Editor) -> None:
        visitor = editor.visitor
        if visitor is None:
            return
        try:
            data = visitor.socket.recv(PIECE)
        except OSError:
            data = b""
        if not data:
            self._again(editor, visitor.asked)
            return
        visitor.arrived += data
        answer = visitor.answer()
        if answer is not None:
            self._take(editor, answer)

    def _again(self, editor: Editor, request: bytes) -> None:
        """The connection was lost: on a new one, ask again what was under way."""
        self.later = deque(waiting for waiting in self.later if waiting[1] is not editor)
        if editor.visitor is not None:
            number = editor.visitor.socket.fileno()
            self.poll.unregister(number)
            del self.by_number[number]
        self._let_go(editor)
        if editor.asked:
            self.result.reconnected += 1
            self._connect(editor)
            if editor.visitor is not None:
                editor.visitor.ask(request)

    def _take(self, editor: Editor, answer: Answer) -> None:
        self.result.statuses[answer.status] += 1
        if self.waits and answer.status == 503:
            self.result.waited += 1
            self.later.append((time.monotonic() + AGAIN_SECONDS, editor))
            return
        asked, editor.asked = editor.asked, ""
        if answer.status >= 500:
            self.result.failures.append(f"{editor.candidacy}: {asked}: {answer.status}")
        elif asked == "save":
            self._saved(editor, answer)
        elif asked == "photograph":
            self._uploaded(editor, answer)
        elif asked == "send" and answer.header("location").endswith("/acuse/"):
            editor.is_sent = True
            self.result.sent += 1
        else:
            self.result.refused.append(f"{editor.candidacy}: {asked}: {answer.status}")

    def _saved(self, editor: Editor, answer: Answer) -> None:
        version = SAVED.search(answer.body)
        if answer.status != 200 or version is None:
            said = answer.body.decode(errors="replace")[:120]
            self.result.refused.append(f"{editor.candidacy}: save: {answer.status} {said}")
            return
        editor.version, editor.texts = int(version[1]), editor.texts[-1:]
        if time.monotonic() <= self.end:
            self.result.times.append(time.monotonic() - editor.since)
        if editor.has_photograph and editor.sends_at <= time.monotonic():
            editor.sends_at = float("inf")
            self._ask(editor, "send", editor.send())

    def _uploaded(self, editor: Editor, answer: Answer) -> None:
        if answer.status == 302:
            editor.has_photograph = True
            self.result.photographs += 1
        elif BUSY in answer.body:
            self.result.busy += 1
            editor.photograph_at = time.monotonic() + AGAIN_SECONDS
        else:
            self.result.refused.append(f"{editor.candidacy}: photograph: {answer.status}")
