"""Versions of what public pages show, and their reading (ADR 0042).

A version is a number that triggers of the database change in the transaction that changes what it
stands for. Each process of the web server knows all of them, and asks at each request which ones
changed since it last asked: one short query, however many pages depend on the answer.
"""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections

from cms.catalogs.database_patience import no_longer_than, silence
from cms.published.models import PublishedCandidacy

# Settings of the portal, processes, offices, actors and territories.
SITE: Final = "site"
# News, pages of text, images and documents.
EDITORIAL: Final = "editorial"
# The lists of words of the search.
WORDS: Final = "words"

# Numbers above this are registration keys of an export, not places on a list.
LAST_PLACE = 99
# A database that takes longer than this to fail says nothing: a thread goes on asking, and requests
# do not. One that refuses at once is asked by every request: it may be back, and something may have
# been withdrawn.
REFUSES_WITHIN_SECONDS = 1.0
# How long a request waits for the reading of another one: how long the database may be silent and
# as long as this; and while it fails, when a database that is back answers within that time.
PATIENCE_SECONDS = 1.0
PATIENCE_WHILE_FAILING_SECONDS = 0.25
# How often a request that waits looks whether the database fails by now.
_LOOK_SECONDS = 0.05
# Its one parameter is what the asker saw last (pg_snapshot), or null.
QUESTION = "SELECT name, version, sees FROM published_versions({})"


def process(pk: int) -> str:
    """Of a process: its offices and their dates, and what it asks."""
    return f"process-{pk}"


def rows(process_pk: int) -> str:
    """Of everything that is public of a process's candidacies."""
    return f"rows-{process_pk}"


def territory(process_pk: int, territory_pk: int) -> str:
    """Of the cards of a territory's candidacies: what its ballot shows of them."""
    return f"territory-{process_pk}-{territory_pk}"


def candidacy(pk: int) -> str:
    """Of everything that is public of a candidacy."""
    return f"candidacy-{pk}"


def seat(row: PublishedCandidacy) -> str:
    """Of the cards of those who compete for the same seat."""
    number = row.list_number
    place = "" if number is None or number > LAST_PLACE else number
    return f"seat-{_contest(row)}-{row.principle}-{row.seat_kind}-{place}"


def formula(row: PublishedCandidacy) -> str:
    """Of the cards of a holder and of the alternate."""
    number = "" if row.list_number is None else row.list_number
    return f"formula-{_contest(row)}-{row.principle}-{row.actor_id}-{number}"


def _contest(row: PublishedCandidacy) -> str:
    return f"{row.process_id}-{row.office_id}-{row.territory_id}"


class OutOfReach(Exception):
    """The database does not answer, so nobody knows whether something changed."""


@dataclass
class _Known:
    """What this process of the server knows. Whoever holds `lock` asks and writes."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    versions: dict[str, int] = field(default_factory=dict)
    # In which reading each version was last seen to change.
    changed_in: dict[str, int] = field(default_factory=dict)
    reading: int = 0
    # What the database showed when it was last asked (pg_snapshot), and which database that was.
    sees: str | None = None
    database: int = 0
    # When the last reading that succeeded began (seconds of the monotonic clock).
    begun: float = float("-inf")
    # Whether the last reading failed; and whether a thread that holds `lock` goes on asking.
    is_failing: bool = False
    is_listening: bool = False


_known = _Known()
# Name, version, and, in the row without a name, what the database showed.
Found = list[tuple[str | None, int, str]]


def refresh(*, is_worth_waiting: bool = True) -> int:
    """Learn what changed until now (one query, shared by requests that wait for the same answer).

    Args:
        is_worth_waiting: whether the request could be answered also without the database. If it
            could, and the database is silent, the request looks for a moment whether it is back.
    Returns: the number of this reading, for `unchanged_since`.
    Raises: OutOfReach
    """
    known, arrived = _known, time.monotonic()
    while not known.lock.acquire(blocking=False):
        is_silent = known.is_failing and known.is_listening
        if (is_silent and not is_worth_waiting) or time.monotonic() - arrived > _patience(known):
            raise OutOfReach
        if known.lock.acquire(timeout=_LOOK_SECONDS):
            break
    if known.begun <= arrived:
        _ask(known)
    reading = known.reading
    known.lock.release()
    return reading


def _patience(known: _Known) -> float:
    if known.is_failing:
        return PATIENCE_WHILE_FAILING_SECONDS
    return PATIENCE_SECONDS + settings.DATABASE_SILENT_SECONDS


def _ask(known: _Known) -> None:
    """Read, holding the lock. If that fails, nobody holds it, or the thread that listens."""
    begun = time.monotonic()
    try:
        _learn(known, _newest(known), begun)
    except (OperationalError, InterfaceError) as error:
        known.is_failing = True
        if time.monotonic() - begun > REFUSES_WITHIN_SECONDS:
            _listen(known)
        else:
            known.lock.release()
        raise OutOfReach from error
    except BaseException:
        known.lock.release()
        raise


def _newest(known: _Known) -> Found:
    found = _answer(known.sees)
    if known.sees is not None and _identity(found) != known.database:
        known.sees = None
        found = _answer(None)
    return found


# -- a database that says nothing -----------------------------------------------------------------


def is_listening() -> bool:
    """Whether a thread waits for a database that says nothing, or not in time."""
    return _known.is_listening


def is_failing() -> bool:
    """Whether the last reading failed."""
    return _known.is_failing


def _listen(known: _Known) -> None:
    """Have a thread ask on, until the database answers or refuses. It takes the lock over."""
    known.is_listening = True
    threading.Thread(target=_ask_on, args=[known], daemon=True).start()


def _ask_on(known: _Known) -> None:
    silence.begins()
    try:
        while True:
            begun = time.monotonic()
            try:
                _learn(known, _newest(known), begun)
            except (OperationalError, InterfaceError):
                known.is_failing = True
                # Where it takes connections, only this question has to wait.
                silence.is_known = connections[DEFAULT_DB_ALIAS].connection is None
                connections[DEFAULT_DB_ALIAS].close()
                if time.monotonic() - begun < REFUSES_WITHIN_SECONDS:
                    return
            else:
                return
    finally:
        silence.ends()
        known.is_listening = False
        known.lock.release()
        connections[DEFAULT_DB_ALIAS].close()


# -- for who waits by other means -----------------------------------------------------------------


@dataclass(frozen=True)
class Question:
    """A question to the database that its asker waits for by other means than `refresh`."""

    begun: float
    sees: str | None


def begin_question() -> Question | None:
    """Ask without waiting: the caller sends `QUESTION`, and must call `end_question`.

    Returns: None while somebody else is asking.
    """
    if not _known.lock.acquire(blocking=False):
        return None
    return Question(time.monotonic(), _known.sees)


def end_question(question: Question, found: Found | None, *, is_late: bool = False) -> bool:
    """Learn what was answered; None: nothing was. Returns: whether everything is known again.

    Args:
        is_late: no answer came in time, so a thread has to find out whether the database is silent.
    """
    known = _known
    if found is None and is_late:
        _listen(known)
        return False
    try:
        if found is None:
            return False
        if question.sees is not None and _identity(found) != known.database:
            known.sees = None
            return False
        _learn(known, found, question.begun)
        return True
    finally:
        known.lock.release()


# -- the reading ----------------------------------------------------------------------------------


def _answer(seen: str | None) -> Found:
    """Ask the database; a connection that was lost meanwhile is made anew, once.

    The query itself shows whether the connection lives, so Django need not ask that before it.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    is_new = connection.connection is None
    connection.health_check_done = True  # type: ignore[attr-defined]
    try:
        return _fetch(seen)
    except (OperationalError, InterfaceError) as error:
        is_silent = isinstance(error.__cause__, psycopg.errors.ConnectionTimeout)
        if is_new or is_silent or connection.in_atomic_block:
            raise
        connection.close()
    return _fetch(seen)


def _fetch(seen: str | None) -> Found:
    limit = no_longer_than(settings.DATABASE_SILENT_SECONDS)
    with limit, connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(QUESTION.format("%s"), [seen])
        found: Found = cursor.fetchall()
    return found


def _identity(found: Found) -> int:
    return next(version for name, version, _sees in found if name is None)


def _learn(known: _Known, found: Found, begun: float) -> None:
    """Know what a reading that began then has found."""
    versions = {name: version for name, version, _sees in found if name is not None}
    if known.sees is None:
        versions = {**dict.fromkeys(known.versions, 0), **versions}
    changed = {name: new for name, new in versions.items() if known.versions.get(name, 0) != new}
    if changed:
        known.reading += 1
        known.versions.update(changed)
        known.changed_in.update(dict.fromkeys(changed, known.reading))
    known.sees = next(sees for name, _version, sees in found if name is None)
    known.database = _identity(found)
    known.begun = begun
    known.is_failing = False


def of(name: str) -> int:
    """A version as this process of the server knows it (no query); 0 if it never changed."""
    return _known.versions.get(name, 0)


def unchanged_since(reading: int, names: Iterable[str]) -> dict[str, int] | None:
    """The versions of `names`, if none of them was seen to change after a reading; else None."""
    changed_in = _known.changed_in
    found = {name: of(name) for name in names}
    # Asked last: a change that is being learned now has its number before anybody may rely on it.
    return None if any(changed_in.get(name, 0) > reading for name in found) else found


def seconds_since_reading() -> float:
    """How old the newest knowledge of this process is; infinite while there is none."""
    return time.monotonic() - _known.begun


def forget() -> None:
    """Know nothing, as a process that has just started."""
    global _known  # noqa: PLW0603
    _known = _Known()
