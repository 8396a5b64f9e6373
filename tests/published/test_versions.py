"""Versions change with what they stand for, whoever changes it, and with nothing else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from cms.published import versions
from cms.published.models import PublishedCandidacy
from tests import database_server

pytestmark = pytest.mark.django_db


@contextmanager
def changing(*names: str) -> Iterator[None]:
    """What happens inside changes exactly these versions."""
    versions.refresh()
    before = dict(versions._known.versions)
    yield
    versions.refresh()
    after = versions._known.versions
    assert {name for name in after if after[name] != before.get(name, 0)} == set(names)


def row_of(candidacy: Any) -> PublishedCandidacy:
    return PublishedCandidacy.objects.get(candidacy_id=candidacy.pk)


def own_names(row: PublishedCandidacy) -> set[str]:
    return {versions.candidacy(row.candidacy_id), versions.rows(row.process_id)}


def card_names(row: PublishedCandidacy) -> set[str]:
    everybody = PublishedCandidacy(**{**vars_of(row), "list_number": None})
    return {
        versions.territory(row.process_id, row.territory_id),
        versions.seat(row),
        versions.seat(everybody),
        versions.formula(row),
    }


def vars_of(row: PublishedCandidacy) -> dict[str, Any]:
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.attname.endswith("_vector")
    }


def test_a_text_changes_its_candidacy_and_the_lists_of_the_process(
    make_candidacy: Callable[..., Any], publish: Callable[..., None]
) -> None:
    candidacy = make_candidacy()
    publish(candidacy)
    row = row_of(candidacy)
    with changing(*own_names(row)):
        publish(candidacy, motivo_cargo="Quiero que el agua llegue a todas las casas. " * 8)


def test_the_first_publication_changes_the_card_too(
    make_candidacy: Callable[..., Any], publish: Callable[..., None]
) -> None:
    candidacy = make_candidacy(list_number=3, office="regiduria")
    row = row_of(candidacy)
    with changing(*own_names(row), *card_names(row)):
        publish(candidacy)


@pytest.mark.parametrize(
    "change",
    [{"name": "Otra Persona"}, {"photo": "x"}, {"state": "baja"}, {"sex": "hombre"}],
)
def test_every_column_of_a_card_changes_the_pages_that_show_it(
    make_candidacy: Callable[..., Any], change: dict[str, str]
) -> None:
    row = row_of(make_candidacy(list_number=3, office="regiduria"))
    with changing(*own_names(row), *card_names(row)):
        PublishedCandidacy.objects.filter(pk=row.pk).update(**change)


def test_a_row_that_moves_changes_the_pages_that_it_leaves(
    make_candidacy: Callable[..., Any],
) -> None:
    before = row_of(make_candidacy(list_number=3, office="regiduria"))
    after = row_of(make_candidacy(list_number=4, office="regiduria"))
    after.candidacy_id = before.candidacy_id
    with changing(*own_names(before), *card_names(before), *card_names(after)):
        PublishedCandidacy.objects.filter(pk=before.pk).update(list_number=4)


def test_a_key_of_a_register_is_no_place_of_a_list(make_candidacy: Callable[..., Any]) -> None:
    row = row_of(make_candidacy(list_number=1204, office="regiduria"))
    assert versions.seat(row).endswith("-propietaria-")
    with changing(*own_names(row), *card_names(row)):
        PublishedCandidacy.objects.filter(pk=row.pk).update(name="Otra Persona")


def test_writing_the_same_row_changes_nothing(make_candidacy: Callable[..., Any]) -> None:
    row = row_of(make_candidacy())
    with changing():
        PublishedCandidacy.objects.filter(pk=row.pk).update(name=row.name, search_vector=None)


def test_what_is_deleted_changes_as_what_is_written(make_candidacy: Callable[..., Any]) -> None:
    row = row_of(make_candidacy())
    with changing(*own_names(row), *card_names(row)):
        row.delete()


def test_dates_and_questions_change_their_process_alone(process: Any) -> None:
    from cms.published.models import PublishedQuestionnaire

    with changing(versions.process(process.pk)):
        process.offices.update(public_until=timezone.now() + timedelta(days=9))
    with changing(versions.process(process.pk)):
        PublishedQuestionnaire.objects.create(process=process, kind="x", version="x-1")
    with changing():
        process.offices.update(visible_from=F("visible_from"))


def test_settings_and_catalogues_change_the_site(process: Any, actor: Any) -> None:
    from cms.catalogs.models import PortalSettings, Territory

    portal = PortalSettings.load()
    portal.institute_name = "Otro Instituto"
    with changing(versions.SITE):
        portal.save()
    with changing():
        portal.save()
    actor.color = "#112233"
    with changing(versions.SITE):
        actor.save()
    with changing(versions.SITE):
        Territory.objects.filter(cvegeo="05033").update(name="San Pedro de las Colonias")


def test_words_and_editorial_pages_have_versions_of_their_own(db: None) -> None:
    from cms.catalogs.models import ProtectedWord
    from cms.portal.models import FaqPage

    with changing(versions.WORDS):
        ProtectedWord.objects.create(word="sindicatura")
    page = FaqPage.objects.get()
    page.title = "Dudas"
    with changing(versions.EDITORIAL):
        page.save()


def test_a_draft_of_an_editorial_page_changes_nothing(db: None) -> None:
    from cms.portal.models import FaqPage

    page = FaqPage.objects.get()
    page.title = "Un borrador"
    with changing():
        page.save_revision()


def test_one_query_says_what_changed(django_assert_num_queries: Any, process: Any) -> None:
    versions.refresh()
    with django_assert_num_queries(1):
        versions.refresh()


@contextmanager
def beside() -> Iterator[psycopg.Connection[Any]]:
    """Another connection to the same database, which commits each statement unless one begins."""
    with database_server.connect(connection.settings_dict["NAME"]) as other:
        yield other


def test_a_change_counts_when_it_is_committed_and_not_before(committed: None) -> None:
    """Two writers of the same version wait for nobody, in whichever order they commit."""
    versions.refresh()
    with beside() as first, beside() as second:
        for writer in (first, second):
            writer.execute("begin")
            writer.execute("select published_change(array['rows-1'])")
        seen = [versions.of("rows-1")]
        for writer in (second, first):
            versions.refresh()
            assert versions.of("rows-1") == seen[-1]
            writer.execute("commit")
            versions.refresh()
            assert versions.of("rows-1") not in seen
            seen.append(versions.of("rows-1"))


def test_a_change_while_a_page_is_made_is_seen(committed: None) -> None:
    reading = versions.refresh()
    assert versions.unchanged_since(reading, ["rows-7"]) == {"rows-7": 0}
    with beside() as other:
        other.execute("select published_change(array['rows-7'])")
    versions.refresh()
    assert versions.unchanged_since(reading, ["rows-7"]) is None
    assert versions.unchanged_since(reading, ["rows-8"]) == {"rows-8": 0}


def test_a_table_that_came_from_a_backup_is_read_as_a_whole(committed: None) -> None:
    """Its rows are of transactions that this server has not had; nothing says that they are new."""
    versions.refresh()
    with beside() as other:
        other.execute(
            "insert into published_version (name, changed_by) values ('rows-9', '999999999999')"
        )
        versions.refresh()
        assert versions.of("rows-9") == 0
        other.execute("alter table published_version rename to published_version_before")
        other.execute(
            "create table published_version (like published_version_before including all)"
        )
        other.execute(
            "insert into published_version (name, token, changed_by) overriding user value"
            " select name, token, changed_by from published_version_before"
        )
    versions.refresh()
    assert versions.of("rows-9") != 0


def test_a_connection_that_was_lost_is_made_anew(
    committed: None, django_assert_num_queries: Any
) -> None:
    """The reading itself shows whether the connection lives, so nothing else asks that."""
    versions.refresh()
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        [lost] = cursor.fetchone()
    with beside() as other:
        other.execute("select pg_terminate_backend(%s, 5000)", [lost])
    with django_assert_num_queries(2, connection=connection):
        versions.refresh()
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        assert cursor.fetchone() != (lost,)


def test_a_database_that_lives_and_refuses_shows_nothing_that_was_kept(
    committed: None, client: Any
) -> None:
    """Others may be committing what this process never sees."""
    assert client.get("/municipios/").status_code == 200
    with beside() as other:
        other.execute(
            f"alter database {connection.settings_dict['NAME']} set lock_timeout = '50ms'"
        )
        connection.close()
        other.execute("begin")
        other.execute("lock table published_version")
        refused = client.get("/municipios/")
        with pytest.raises(versions.Refused):
            versions.refresh()
        other.execute("rollback")
    assert refused.status_code == 503
    assert int(refused["Retry-After"]) > 0
    assert client.get("/municipios/").status_code == 200
