"""Keeps the index as the public rows are: changes, rebuilds, and repairs of what differs.

Whoever writes to the index reads the rows and writes their documents while it holds a lock of the
database, batch by batch. So what is written last is what was read last, and no withdrawn candidacy
comes back because two processes wrote at the same time.

What the index holds is compared by the marks of the documents, and not by the versions of the rows:
a row may be rewritten in its version, a catalogue may change what the documents take from it, and a
row that was withdrawn and comes back begins anew.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

from django.db import connection, transaction

from cms.published.selectors import searched
from search.engines.elasticsearch import index, schema
from search.engines.elasticsearch.documents import document_of, marks, rows_to_index
from search.engines.elasticsearch.errors import Unavailable

BATCH = 200
# The queue of the jobs that write changes. While it holds one, the index is behind.
QUEUE = "search"
# After filling a new index, what changed meanwhile is compared so many times at most.
MOST_COMPARISONS = 5
# Advisory locks of the database.
WRITING = 7_120_240_611
REBUILDING = 7_120_240_612

Progress = Callable[[int, int], None]


class RebuildUnderWay(Exception):
    """Another process is rebuilding the index."""


@dataclass(frozen=True)
class Difference:
    """In what an index differs from the public rows: ids of candidacies.

    Attributes:
        documents: how many candidacies the index holds.
        missing: public rows that it does not hold.
        stale: rows of which it holds another document.
        gone: what it holds of rows that are not there any more.
    """

    documents: int
    missing: tuple[int, ...] = ()
    stale: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()

    @property
    def candidacy_ids(self) -> tuple[int, ...]:
        return (*self.missing, *self.stale, *self.gone)


def index_candidacies(candidacy_ids: Iterable[int]) -> int:
    """Make the index hold the present rows of these candidacies, and nothing of those without one.

    Searches see it when this returns: they ask PostgreSQL while its job is not done.

    Returns: to how many indexes it was written: none when there is none, since the rebuild that
    makes the first one reads every row; two while there is a rebuild.
    Raises: Unavailable; NotIndexed.
    """
    most = 0
    for batch in _batches(candidacy_ids):
        with _writing():
            targets = index.written_to()
            _write(batch, targets)
            for target in targets:
                index.refresh(target)
            most = max(most, len(targets))
    return most


def rebuild(progress: Progress = lambda done, total: None) -> int:
    """Make the index anew beside the one in use, and put it in its place when it is complete.

    Searches go on meanwhile, and changes are written to both.

    Args:
        progress: told how many candidacies are done, and of how many.

    Returns: how many candidacies the new index holds.
    Raises: Unavailable; NotIndexed; RebuildUnderWay.
    """
    with _only_rebuild(), _instead_of_failed_jobs():
        with _writing():
            name = index.create()
        try:
            _fill(progress)
            return _put_in_use(name)
        except BaseException:
            _forget(name)
            raise


def _fill(progress: Progress) -> None:
    """Write every public row to the new index."""
    ids = list(searched().order_by("candidacy_id").values_list("candidacy_id", flat=True))
    for done, batch in enumerate(_batches(ids)):
        progress(done * BATCH, len(ids))
        with _writing():
            _write(batch, [index.under_way()])
    progress(len(ids), len(ids))


def _put_in_use(name: str) -> int:
    """Compare the new index with the rows once more, and let searches read it."""
    for _comparison in range(MOST_COMPARISONS):
        with _writing():
            found = _difference(index.under_way())
            if not found.candidacy_ids:
                index.put_in_use(name)
                return found.documents
        for batch in _batches(found.candidacy_ids):
            with _writing():
                _write(batch, [index.under_way()])
    raise Unavailable("incomplete_index")


def _forget(name: str) -> None:
    """Remove an index that was not completed, where the server still answers."""
    try:
        index.remove(name)
    except Unavailable:
        return  # The next rebuild removes it.


def difference() -> Difference:
    """In what the index in use differs from the public rows now. Raises: Unavailable."""
    with _writing():
        return _difference(schema.alias())


def reconcile() -> Difference:
    """Repair whatever differs; returns what differed.

    Raises: Unavailable; NotIndexed.
    """
    with _instead_of_failed_jobs():
        found = difference()
        if found.candidacy_ids:
            index_candidacies(found.candidacy_ids)
    return found


@contextmanager
def _instead_of_failed_jobs() -> Iterator[None]:
    """Do what failed jobs were to do, and forget them if it succeeds.

    While there is one the index does not answer searches.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select id from procrastinate_jobs where queue_name = %s and status = 'failed'", [QUEUE]
        )
        failed = [job for [job] in cursor.fetchall()]
    yield
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from procrastinate_jobs where id = any (%s) and status = 'failed'", [failed]
        )


def _difference(target: str) -> Difference:
    held, rows = index.marks(target), marks()
    return Difference(
        documents=len(held),
        missing=tuple(sorted(rows.keys() - held.keys())),
        stale=tuple(sorted(pk for pk in rows.keys() & held.keys() if rows[pk] != held[pk])),
        gone=tuple(sorted(held.keys() - rows.keys())),
    )


def _write(candidacy_ids: Sequence[int], targets: Sequence[str]) -> None:
    """Write the present rows of candidacies; the caller holds the lock."""
    if not targets:
        return
    turn = _turn()
    rows = list(rows_to_index(candidacy_ids))
    documents = [document_of(row) for row in rows]
    gone = sorted(set(candidacy_ids) - {row.candidacy_id for row in rows})
    for target in targets:
        index.write(target, documents, gone, turn=turn)


def _turn() -> int:
    """Microseconds by the clock of the database, for whoever holds the lock."""
    with connection.cursor() as cursor:
        cursor.execute("select (extract(epoch from clock_timestamp()) * 1000000)::bigint")
        [turn] = cursor.fetchone()
    return int(turn)


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    iterator = iter(ids)
    while batch := list(islice(iterator, BATCH)):
        yield batch


@contextmanager
def _writing() -> Iterator[None]:
    """Be the only process that reads rows to write them to the index."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [WRITING])
        yield


@contextmanager
def _only_rebuild() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [REBUILDING])
        [is_ours] = cursor.fetchone()
    if not is_ours:
        raise RebuildUnderWay
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [REBUILDING])
