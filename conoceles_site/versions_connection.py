"""Asks the database which versions changed, from a loop that waits for many things (ADR 0042)."""

import selectors
import threading
import time
from collections.abc import Callable
from typing import Any, ClassVar, Protocol

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import pq

from cms.published import versions

RECONNECT_SECONDS = 1.0
_STATEMENT = b"versions"
_QUESTION = versions.QUESTION.format("$1::pg_snapshot").encode()


class Done(Protocol):
    """Is told that everything is known again, or that no answer came."""

    def __call__(self, *, learned: bool) -> None: ...


class VersionsConnection:
    """A connection that is asked one question at a time. All but `_connect` runs in the loop.

    When anything goes wrong it is given up, and made anew in a thread.
    """

    # A reading takes a tenth of a millisecond; one that takes this long is not waited for.
    PATIENCE: ClassVar[float] = 0.5

    def __init__(self, poller: Any, defer: Callable[..., None]) -> None:
        """Args: poller: of the loop. defer: calls a function in the loop, from any thread."""
        self._poller = poller
        self._defer = defer
        self._database: psycopg.Connection[Any] | None = None
        self._fileno = -1
        self._is_connecting = False
        self._connect_after = float("-inf")
        self._question: versions.Question | None = None
        self._done: Done | None = None

    @property
    def is_ready(self) -> bool:
        """Whether it is connected; otherwise a thread begins to connect, if it is time."""
        may_connect = self._database is None and not self._is_connecting
        if may_connect and time.monotonic() >= self._connect_after:
            self._is_connecting = True
            threading.Thread(target=self._connect, daemon=True).start()
        return self._database is not None

    def ask(self, done: Done) -> bool:
        """Send the question. Returns: False if somebody else is asking, or it cannot be sent."""
        if self._database is None:
            return False
        question = versions.begin_question()
        if question is None:
            return False
        self._question, self._done = question, done
        server = self._database.pgconn
        try:
            sees = None if question.sees is None else question.sees.encode()
            server.send_query_prepared(_STATEMENT, [sees])
            server.flush()
        except psycopg.Error:
            self._give_up()
        return True

    def give_up_if_late(self) -> None:
        """Wait no longer for an answer that does not come."""
        asked = self._question
        if asked is not None and time.monotonic() - asked.begun > self.PATIENCE:
            self._give_up()

    def _arrived(self, _fileno: int) -> None:
        """Something came from the server: an answer, or the end of the connection."""
        if self._database is None:
            return
        server = self._database.pgconn
        try:
            server.consume_input()
            if server.is_busy() or self._question is None:
                return
            found = _rows(server)
        except psycopg.Error:
            self._give_up()
            return
        if found is None:
            self._give_up()
            return
        self._end(learned=versions.end_question(self._question, found))

    def _end(self, *, learned: bool) -> None:
        done, self._question, self._done = self._done, None, None
        if done is not None:
            done(learned=learned)

    def _give_up(self) -> None:
        database, self._database = self._database, None
        self._connect_after = time.monotonic() + RECONNECT_SECONDS
        if database is not None:
            self._poller.unregister(self._fileno)
            database.close()
        if self._question is not None:
            versions.end_question(self._question, None)
            self._end(learned=False)

    # -- in a thread --------------------------------------------------------------------------

    def _connect(self) -> None:
        made: psycopg.Connection[Any] | None = None
        try:
            parameters = connections[DEFAULT_DB_ALIAS].get_connection_params()
            parameters.pop("cursor_factory", None)
            made = psycopg.connect(**parameters, autocommit=True)
            prepared = made.pgconn.prepare(_STATEMENT, _QUESTION)
            made.pgconn.nonblocking = 1
            if prepared.status != pq.ExecStatus.COMMAND_OK:
                made.close()
                made = None
        except psycopg.Error:
            made = None
        self._defer(self._connected, made)

    def _connected(self, made: psycopg.Connection[Any] | None) -> None:
        self._is_connecting = False
        self._database = made
        if made is None:
            self._connect_after = time.monotonic() + RECONNECT_SECONDS
        else:
            # Kept, since a connection that broke does not know its own any more.
            self._fileno = made.fileno()
            self._poller.register(self._fileno, selectors.EVENT_READ, self._arrived)


def _rows(server: Any) -> versions.Found | None:
    """The rows of an answer that is complete; None if it is an error."""
    result = server.get_result()
    while server.get_result() is not None:
        pass
    if result is None or result.status != pq.ExecStatus.TUPLES_OK:
        return None

    def text(row: int, column: int) -> str | None:
        value = result.get_value(row, column)
        return None if value is None else bytes(value).decode()

    return [
        (text(row, 0), int(text(row, 1) or 0), text(row, 2) or "") for row in range(result.ntuples)
    ]
