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

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections

from cms.catalogs import prepared
from cms.published.models import PublishedCandidacy

# Settings of the portal, processes, offices, actors and territories.
SITE: Final = "site"
# News, pages of text, images and documents.
EDITORIAL: Final = "editorial"
# The lists of words of the search.
WORDS: Final = "words"

_CANDIDACY: Final = "candidacy-"
# Numbers above this are registration keys of an export, not places on a list.
LAST_PLACE = 99
# A database that takes longer than this to fail is asked again after as long. One that refuses at
# once is asked by every request: it may be back, and something may have been withdrawn.
RETRY_SECONDS = 1.0
# How long a request waits for the reading of another one; and while the database fails, when a
# reading may take as long as a connection that nobody refuses.
PATIENCE_SECONDS = 5.0
PATIENCE_WHILE_FAILING_SECONDS = 0.25
# SQLSTATE of a connection that broke (class 08), and of a server that stops or starts.
_AWAY = ("08", "57P01", "57P02", "57P03")
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
    return f"{_CANDIDACY}{pk}"


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


class Refused(OutOfReach):
    """The database lives, and answers others: something may change that this process never sees."""


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
    # Seconds of the monotonic clock: when the last reading that succeeded began; until when a
    # database that failed is not asked again.
    begun: float = float("-inf")
    silent_until: float = float("-inf")
    # Whether the last reading failed.
    is_failing: bool = False


_known = _Known()
# Name, version, and, in the row without a name, what the database showed.
Found = list[tuple[str | None, int, str]]


def refresh() -> int:
    """Learn what changed until now (one query, shared by requests that wait for the same answer).

    Returns: the number of this reading, for `unchanged_since`.
    Raises: OutOfReach
    """
    arrived = time.monotonic()
    patience = PATIENCE_WHILE_FAILING_SECONDS if _known.is_failing else PATIENCE_SECONDS
    if not _known.lock.acquire(timeout=patience):
        # It says nothing: until it does, nobody else waits for as long.
        _known.is_failing = True
        raise OutOfReach
    try:
        if _known.begun <= arrived:
            _ask(arrived)
        return _known.reading
    finally:
        _known.lock.release()


def _ask(arrived: float) -> None:
    if arrived < _known.silent_until:
        raise OutOfReach
    begun = time.monotonic()
    try:
        found = _answer(_known.sees)
        if _known.sees is not None and _identity(found) != _known.database:
            _known.sees = None
            found = _answer(None)
    except (OperationalError, InterfaceError) as error:
        _known.is_failing = True
        failed = time.monotonic()
        if failed - begun > RETRY_SECONDS:
            _known.silent_until = failed + RETRY_SECONDS
        raise (OutOfReach if _is_away(error) else Refused) from error
    _known.begun = begun
    _learn(found)


def _is_away(error: Exception) -> bool:
    """Whether the server did not answer, or is stopping or starting: nobody can commit now."""
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(_AWAY)


@dataclass(frozen=True)
class Question:
    """A question to the database that its asker waits for by other means than `refresh`."""

    begun: float
    sees: str | None


def begin_question() -> Question | None:
    """Ask without waiting: the caller sends `QUESTION`, and must call `end_question`.

    Returns: None while somebody else is asking, or the database is known to be silent.
    """
    begun = time.monotonic()
    if begun < _known.silent_until or not _known.lock.acquire(blocking=False):
        return None
    return Question(begun, _known.sees)


def end_question(question: Question, found: Found | None) -> bool:
    """Learn what was answered; None: nothing was. Returns: whether everything is known again."""
    try:
        if found is None:
            return False
        if question.sees is not None and _identity(found) != _known.database:
            _known.sees = None
            return False
        _known.begun = question.begun
        _learn(found)
        return True
    finally:
        _known.lock.release()


def _answer(seen: str | None) -> Found:
    """Ask the database; a connection that was lost meanwhile is made anew, once.

    The query itself shows whether the connection lives, so Django need not ask that before it.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    is_new = connection.connection is None
    connection.health_check_done = True  # type: ignore[attr-defined]
    try:
        return _fetch(seen)
    except (OperationalError, InterfaceError):
        if is_new or connection.in_atomic_block:
            raise
        connection.close()
    return _fetch(seen)


def _fetch(seen: str | None) -> Found:
    with prepared.cursor() as cursor:
        cursor.execute(QUESTION.format("%s::pg_snapshot"), [seen])
        found: Found = cursor.fetchall()
    return found


def _identity(found: Found) -> int:
    return next(version for name, version, _sees in found if name is None)


def _learn(found: Found) -> None:
    versions = {name: version for name, version, _sees in found if name is not None}
    if _known.sees is None:
        versions = {**dict.fromkeys(_known.versions, 0), **versions}
    changed = {name: new for name, new in versions.items() if of(name) != new}
    if changed:
        _known.reading += 1
        # First that they changed: whoever sees the new version sees that too, and keeps nothing.
        _known.changed_in.update(dict.fromkeys(changed, _known.reading))
        _known.versions.update(changed)
    _known.sees = next(sees for name, _version, sees in found if name is None)
    _known.database = _identity(found)
    _known.is_failing = False


def of(name: str) -> int:
    """A version as this process of the server knows it (no query); 0 if it never changed."""
    return _known.versions.get(name, 0)


def unchanged_since(reading: int, names: Iterable[str]) -> dict[str, int] | None:
    """The versions of `names`, if none of them was seen to change after a reading; else None."""
    changed_in = _known.changed_in
    found = {name: of(name) for name in names}
    # Asked last: a change that is being learned now has its number before anybody may rely on it.
    return None if any(changed_in.get(name, 0) > reading for name in found) else found


def readings() -> int:
    """How many readings learned of a change until now."""
    return _known.reading


def candidacies_changed_after(reading: int) -> list[int]:
    """The keys of the candidacies that changed after one of `readings` (no query).

    What is read from the database after this was called is as new, or newer.
    """
    # A copy, since another thread may be learning.
    changed_in = list(_known.changed_in.items())
    return [
        int(name.removeprefix(_CANDIDACY))
        for name, changed in changed_in
        if changed > reading and name.startswith(_CANDIDACY)
    ]


def seconds_since_reading() -> float:
    """How old the newest knowledge of this process is; infinite while there is none."""
    return time.monotonic() - _known.begun


def forget() -> None:
    """Know nothing, as a process that has just started."""
    global _known  # noqa: PLW0603
    _known = _Known()
