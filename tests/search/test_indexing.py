"""The index follows the public rows: what is written, rebuilt and repaired on a real server."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from cms.publication.services import write_published
from cms.published.models import PublishedCandidacy
from search.engines.elasticsearch import index, indexing, schema, tasks
from search.engines.elasticsearch.documents import document_of, rows_to_index
from search.engines.elasticsearch.errors import NotIndexed, Unavailable
from tests.waiting import free_port

pytestmark = pytest.mark.django_db


def held() -> dict[int, int]:
    """What the index in use holds: candidacy → version."""
    server = index.patient()
    server.indices.refresh(index=schema.alias())
    columns = [{"field": "candidacy"}, {"field": "version"}]
    found = server.search(index=schema.alias(), size=100, docvalue_fields=columns)["hits"]["hits"]
    return {hit["fields"]["candidacy"][0]: hit["fields"]["version"][0] for hit in found}


def waiting() -> list[tuple[str, dict[str, Any]]]:
    """The jobs of the index that wait, in order."""
    jobs = ProcrastinateJob.objects.filter(status="todo", task_name__in=tasks.INDEXING)
    return list(jobs.order_by("pk").values_list("task_name", "args"))


@pytest.fixture
def rows(publish: Callable[..., PublishedCandidacy]) -> list[PublishedCandidacy]:
    """Three public rows that the index does not hold yet."""
    return [
        publish(name=name, texts={"propuesta_1": "Agua limpia."})
        for name in ("Ana Lira", "Berta Mora", "Clara Nava")
    ]


def test_a_document_holds_what_is_searched_and_no_contact(
    make_candidacy: Callable[..., Any], process: Any, actor: Any
) -> None:
    candidacy = make_candidacy(name="Ma. Luisa Peña Ortíz", list_number=2)
    [row] = rows_to_index([candidacy.pk])

    document = document_of(row)

    # The server itself copies what is searched to these two.
    assert set(document) == set(schema.mappings()["properties"]) - {"everything", "registered"}
    assert document["name"] == ["Ma. Luisa Peña Ortíz", "maria luisa pena ortiz"]
    assert (document["process"], document["municipality"]) == (str(process.pk), "05033")
    assert (document["office"], document["actor"]) == ("presidencia_municipal", actor.key)


def test_the_order_of_ballots_is_that_of_postgresql(
    publish: Callable[..., PublishedCandidacy],
) -> None:
    for changes in (
        {"name": "Ana", "cvegeo": "05030", "list_number": 10},
        {"name": "Zoe", "cvegeo": "05030", "list_number": 2, "seat_kind": "suplente"},
        {"name": "Zoe", "cvegeo": "05030", "list_number": 2},
        {"name": "Ñico", "cvegeo": "05030"},
        {"name": "Nico", "cvegeo": "05002"},
        {"name": "Eva", "cvegeo": "05030", "office": "regiduria", "list_number": 1},
    ):
        publish(**changes)
    rows = rows_to_index(PublishedCandidacy.objects.values_list("pk", flat=True))

    by_document = [row.pk for row in sorted(rows, key=lambda row: document_of(row)["by_ballot"])]

    order = (
        "territory__sort_key",
        "office__ballot_order",
        "actor__ballot_order",
        "actor__key",
        "list_number",  # PostgreSQL puts nulls last.
        "seat_kind",
        "sort_key",
        "candidacy_id",
    )
    assert by_document == list(
        PublishedCandidacy.objects.order_by(*order).values_list("pk", flat=True)
    )


def test_what_changes_is_written_and_what_is_gone_is_taken_out(
    search_index: Any, rows: list[PublishedCandidacy]
) -> None:
    first, second, third = rows
    assert indexing.index_candidacies([first.pk, second.pk, third.pk]) == 1
    assert held() == {first.pk: 1, second.pk: 1, third.pk: 1}

    PublishedCandidacy.objects.filter(pk=second.pk).update(version=2)
    PublishedCandidacy.objects.filter(pk=third.pk).delete()
    indexing.index_candidacies([first.pk, second.pk, third.pk])

    assert held() == {first.pk: 1, second.pk: 2}


def test_a_document_that_arrives_late_undoes_nothing(
    search_index: Any, rows: list[PublishedCandidacy]
) -> None:
    [row, other, *_rest] = rows
    turn = indexing._turn()
    late = document_of(rows_to_index([row.pk]).get())
    late_other = document_of(rows_to_index([other.pk]).get())
    PublishedCandidacy.objects.filter(pk=row.pk).update(version=2)
    indexing.index_candidacies([row.pk, other.pk])
    PublishedCandidacy.objects.filter(pk=other.pk).delete()
    indexing.index_candidacies([other.pk])

    index.write(schema.alias(), [late], [], turn=turn)
    index.write(schema.alias(), [late_other], [], turn=turn)
    index.write(schema.alias(), [], [row.pk], turn=turn)

    assert held() == {row.pk: 2}


def test_what_was_withdrawn_and_is_published_again_is_indexed_anew(
    search_index: Any, rows: list[PublishedCandidacy]
) -> None:
    """Its row begins with the first version again, after one that the index holds or held."""
    first, second, _third = rows
    again = [PublishedCandidacy.objects.get(pk=row.pk) for row in (first, second)]
    PublishedCandidacy.objects.update(version=5)
    indexing.index_candidacies([first.pk, second.pk])
    PublishedCandidacy.objects.all().delete()
    indexing.index_candidacies([first.pk])
    for row in again:
        row.save(force_insert=True)
    indexing.index_candidacies([first.pk, second.pk])

    assert held() == {first.pk: 1, second.pk: 1}
    assert indexing.difference() == indexing.Difference(documents=2)


def write_another_text(row: PublishedCandidacy) -> None:
    """As after an upgrade that changes which answers weigh more."""
    PublishedCandidacy.objects.filter(pk=row.pk).update(text_high_weight="", text_low_weight="Luz.")


def publish_another_row(row: PublishedCandidacy) -> None:
    """Withdrawn and published again: another text, and the same version."""
    PublishedCandidacy.objects.filter(pk=row.pk).delete()
    row.text_high_weight = "Luz."
    row.save(force_insert=True)


def _in_catalogue(name: str, **changes: Any) -> Callable[[PublishedCandidacy], None]:
    def change(row: PublishedCandidacy) -> None:
        of_row = getattr(row, name)
        type(of_row).objects.filter(pk=of_row.pk).update(**changes)

    return change


@pytest.mark.parametrize(
    "change",
    [
        write_another_text,
        publish_another_row,
        _in_catalogue("actor", key="otra"),
        _in_catalogue("actor", ballot_order=77),
        _in_catalogue("office", code="otro"),
        _in_catalogue("office", ballot_order=77),
        _in_catalogue("territory", cvegeo="05999"),
        _in_catalogue("territory", sort_key="otro"),
        _in_catalogue("territory", kind="distrito"),
    ],
)
def test_what_is_in_the_index_is_repaired_whatever_changed_and_though_its_job_was_lost(
    search_index: Any, rows: list[PublishedCandidacy], change: Any
) -> None:
    """Also when the version of the row is the same."""
    row = rows[0]
    PublishedCandidacy.objects.exclude(pk=row.pk).delete()
    indexing.index_candidacies([row.pk])
    assert indexing.difference() == indexing.Difference(documents=1)

    change(row)

    assert indexing.reconcile() == indexing.Difference(documents=1, stale=(row.pk,))
    assert indexing.reconcile() == indexing.Difference(documents=1)


def test_a_rebuild_takes_in_what_changes_meanwhile(
    search_index: Any, rows: list[PublishedCandidacy]
) -> None:
    first, second, third = rows
    indexing.index_candidacies([row.pk for row in rows])
    before = index.ours()

    def change(done: int, total: int) -> None:
        """Once every row was written: one is withdrawn, another one published anew."""
        if done == total:
            PublishedCandidacy.objects.filter(pk=first.pk).delete()
            PublishedCandidacy.objects.filter(pk=second.pk).update(version=2)
            assert held() == {first.pk: 1, second.pk: 1, third.pk: 1}  # Searches go on.
            assert indexing.index_candidacies([second.pk]) == 2

    assert indexing.rebuild(change) == 2

    assert held() == {second.pk: 2, third.pk: 1}
    [after] = index.ours()
    assert [after] != before
    assert index.written_to() == [schema.alias()]


def test_a_rebuild_that_fails_leaves_the_index_in_use_as_it_was(
    search_index: Any, rows: list[PublishedCandidacy]
) -> None:
    indexing.index_candidacies([rows[0].pk])
    before = index.ours()

    def fail(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        indexing.rebuild(fail)

    assert index.ours() == before
    assert held() == {rows[0].pk: 1}


def test_an_index_that_is_not_there_is_not_made_by_a_change(
    search_index: Any, rows: list[PublishedCandidacy]
) -> None:
    for name in index.ours():
        index.remove(name)

    assert indexing.index_candidacies([rows[0].pk]) == 0

    assert index.ours() == []


def test_reconciling_repairs_what_is_missing_stale_or_gone(
    search_index: Any, rows: list[PublishedCandidacy]
) -> None:
    first, second, third = rows
    indexing.index_candidacies([second.pk, third.pk])
    PublishedCandidacy.objects.filter(pk=second.pk).update(version=2)
    PublishedCandidacy.objects.filter(pk=third.pk).delete()

    found = indexing.reconcile()

    assert found == indexing.Difference(
        documents=2, missing=(first.pk,), stale=(second.pk,), gone=(third.pk,)
    )
    assert held() == {first.pk: 1, second.pk: 2}
    assert indexing.reconcile() == indexing.Difference(documents=2)


def test_publishing_enqueues_one_job_with_the_id_alone(
    search_index: Any, make_candidacy: Callable[..., Any]
) -> None:
    candidacy = make_candidacy()
    PublishedCandidacy.objects.update(nickname="otro")
    write_published(candidacy_ids=[candidacy.pk])

    assert waiting() == [("search.index_candidacy", {"candidacy_id": candidacy.pk})]


def test_many_changes_at_once_are_jobs_of_many_candidacies(
    search_index: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "BATCH", 15)

    tasks.enqueue(list(range(1, 32)))

    assert waiting() == [
        ("search.index_candidacies", {"candidacy_ids": list(range(1, 16))}),
        ("search.index_candidacies", {"candidacy_ids": list(range(16, 31))}),
        ("search.index_candidacies", {"candidacy_ids": [31]}),
    ]


def test_a_name_of_the_catalogue_that_no_row_repeats_is_indexed_anew(
    search_index: Any, make_candidacy: Callable[..., Any], actor: Any
) -> None:
    """The order on the ballot is in the documents only."""
    candidacy = make_candidacy()
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")

    actor.ballot_order = 9
    actor.save()

    assert waiting() == [("search.index_candidacy", {"candidacy_id": candidacy.pk})]


def test_without_a_search_server_nothing_is_enqueued(make_candidacy: Callable[..., Any]) -> None:
    make_candidacy()
    assert waiting() == []


def test_no_worker_takes_a_job_before_the_change_that_it_has_to_read_is_committed(
    settings: Any, committed: None
) -> None:
    """Otherwise it would index the row of before, and the change would have no job."""
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"
    tasks.enqueue([7])
    other = connection.copy()

    def taken() -> Any:
        with other.cursor() as cursor:
            cursor.execute("select id from procrastinate_fetch_job_v2(null, null)")
            return cursor.fetchone()[0]

    try:
        with transaction.atomic():
            tasks.enqueue([7])
            assert taken() is None
        assert taken() is not None
        tasks.enqueue([7])  # The first job may have read the row already.
    finally:
        other.close()
    assert waiting() == [("search.index_candidacy", {"candidacy_id": 7})]


def test_a_job_that_fails_beside_one_of_a_later_change_leaves_it_to_that_one(
    settings: Any,
) -> None:
    settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(Unavailable):
        tasks.index_candidacy(7)
    tasks.enqueue([7])
    assert tasks.index_candidacy(7) == 0


@pytest.mark.parametrize(
    ("failure", "attempts", "seconds"),
    [
        (Unavailable("ConnectionError"), 0, 5),
        (Unavailable("ConnectionError"), 3, 40),
        (Unavailable("cluster_block_exception"), 299, 300),
        (Unavailable("ConnectionError"), 300, None),
        (NotIndexed(7, 400, "mapper_parsing_exception"), 4, 80),
        (NotIndexed(7, 400, "mapper_parsing_exception"), 5, None),
    ],
)
def test_a_change_waits_for_a_day_and_a_refused_document_for_minutes(
    failure: Exception, attempts: int, seconds: int | None
) -> None:
    job = Job(id=1, queue="search", lock=None, queueing_lock=None, task_name="", attempts=attempts)

    with time_machine.travel("2026-01-01T00:00:00+00:00", tick=False):
        decision = tasks.Patiently().get_retry_decision(exception=failure, job=job)
        now = timezone.now()

    at = None if decision is None else decision.retry_at
    assert at == (None if seconds is None else now + timedelta(seconds=seconds))
