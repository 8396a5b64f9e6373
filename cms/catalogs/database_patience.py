"""How long a database that says nothing is waited for (ADR 0042).

A server that died refuses connections. One that hangs, or a network that lost it, keeps them open
and says nothing, and would hold a thread for as long as it does.
"""

import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import errors

# How often a connection that waits looks whether something interrupted it.
_INTERVAL_SECONDS = 0.1
_limit: ContextVar[float | None] = ContextVar("database_patience", default=None)


@contextmanager
def no_longer_than(seconds: float | None) -> Iterator[None]:
    """Wait for each answer inside for so long at most; None changes nothing."""
    token = _limit.set(seconds if seconds is not None else _limit.get())
    try:
        yield
    finally:
        _limit.reset(token)


class PatientConnection(psycopg.Connection[Any]):
    """A connection that ends when an answer does not come in time.

    Attributes:
        patience: seconds for any answer; None is without limit. `no_longer_than` shortens it.
    """

    patience: float | None = None

    def wait(
        self, gen: Any, interval: float = _INTERVAL_SECONDS, timeout: float | None = None
    ) -> Any:
        """What psycopg calls to wait. Raises ConnectionTimeout."""
        limits = [limit for limit in (self.patience, _limit.get()) if limit is not None]
        watched = self._watched(gen, time.monotonic() + min(limits)) if limits else gen
        return super().wait(watched, interval, timeout)

    def _watched(self, gen: Any, until: float) -> Generator[Any, Any, Any]:
        """The same, but it fails when it is late, or when others found out that it will be.

        psycopg wakes it up at each interval, also when nothing came.
        """
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if not ready and (time.monotonic() > until or silence.spares):
                    # Nobody knows what the server did with the statement.
                    self.close()
                    raise errors.ConnectionTimeout("the server says nothing")
                wanted = gen.send(ready)
        except StopIteration as ended:
            return ended.value


@dataclass
class Silence:
    """Whether this process knows that the database says nothing now.

    Attributes:
        is_known: nobody but the listener need try.
        listener: the thread that goes on asking; None if there is none.
    """

    is_known: bool = False
    listener: int | None = None

    @property
    def spares(self) -> bool:
        """Whether the calling thread is spared from trying."""
        return self.is_known and self.listener != threading.get_ident()

    def begins(self) -> None:
        """The calling thread listens from now on."""
        self.listener = threading.get_ident()

    def ends(self) -> None:
        """The database answers, or it refuses, which takes nobody's time."""
        self.is_known, self.listener = False, None


silence = Silence()
