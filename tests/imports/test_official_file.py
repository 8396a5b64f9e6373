"""An official export of INE, read by its path: 479 candidacies of six states."""

import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from wagtail.models import Page, Revision

from cms.candidacies.models import CandidacyPage, Person
from cms.catalogs.models import PortalSettings, Process
from cms.imports.models import ImportRecord
from cms.publication.search_index import search_indexes
from cms.published.models import PublishedCandidacy
from cms.published.selectors import visible_candidacies
from cms.questionnaires.models import CurricularQuestionnairePage, Questionnaire
from tests.imports.conftest import read_csv, write_csv

pytestmark = pytest.mark.django_db


def test_every_candidacy_comes_in_with_its_texts(official_file, bring_in) -> None:
    report = bring_in(official_file)

    assert (report.created, report.candidacies, report.with_texts) == (479, 479, 327)
    assert (report.encoding, report.separator, report.profile) == ("utf-8", ",", "ine-2022")
    assert CandidacyPage.objects.filter(office__code="presidencia_municipal").count() == 245
    assert Person.objects.count() == CandidacyPage.objects.count() == 479
    assert CurricularQuestionnairePage.objects.filter(live=True).count() == 327
    assert not any(Page.find_problems())


def test_it_is_public_at_once_and_says_what_the_file_says(official_file, bring_in) -> None:
    bring_in(official_file)
    rows = {row["ID_FILA"]: row for row in read_csv(official_file)}
    published = {row.external_id: row for row in visible_candidacies()}

    assert published.keys() == rows.keys()
    assert Counter(bool(row.answers) for row in published.values()) == {True: 327, False: 152}
    for external_id, row in published.items():
        source = rows[external_id]
        answers = {answer["pregunta"]: answer["respuesta"] for answer in row.answers}
        assert row.name == " ".join(source["NOMBRE_CANDIDATO"].split())
        assert str(row.age) == source["EDAD"]
        assert row.get_sex_display().upper() == source["SEXO"]
        assert answers.get("propuesta_1", "") == source["PROPUESTA_1"].replace("\r\n", "\n").strip()


def test_the_search_s_indexes_are_left_as_they_were(official_file, bring_in) -> None:
    before = search_indexes()

    bring_in(official_file)

    assert before
    assert search_indexes() == before
    with connection.cursor() as cursor:
        for name in before:
            cursor.execute("select gin_clean_pending_list(%s::regclass)", [name])
            assert cursor.fetchone() == (0,)


def test_again_nothing_is_written(official_file, bring_in, database_print) -> None:
    bring_in(official_file)
    before = database_print()

    report = bring_in(official_file)

    assert (report.created, report.updated, report.unchanged) == (0, 0, 479)
    assert database_print() == before


def test_in_another_order_nothing_is_written(
    official_file, bring_in, database_print, tmp_path: Path
) -> None:
    bring_in(official_file)
    before = database_print()

    report = bring_in(write_csv(tmp_path / "otro.csv", read_csv(official_file)[::-1]))

    assert (report.unchanged, report.not_applied, report.errors) == (479, [], [])
    assert database_print() == before


def test_without_identifiers_each_is_known_by_position_and_name(
    official_file, bring_in, tmp_path: Path
) -> None:
    bring_in(official_file)
    rows = read_csv(official_file)
    for row in rows:
        del row["ID_FILA"]

    report = bring_in(write_csv(tmp_path / "sin.csv", rows))

    assert (report.created, report.updated, report.unchanged) == (0, 0, 479)


@pytest.mark.parametrize("new_id", [None, "OTRO-1"], ids=["same id", "another id"])
def test_another_person_at_the_same_position_is_said_and_not_applied(
    official_file, bring_in, database_print, tmp_path: Path, new_id
) -> None:
    bring_in(official_file)
    before = database_print()
    rows = read_csv(official_file)
    place = next(i for i, row in enumerate(rows) if row["CARGO"] == "PRESIDENCIA MUNICIPAL")
    rows[place]["NOMBRE_CANDIDATO"] = "HORTENSIA MEZQUITE LLANO"
    rows[place]["ID_FILA"] = new_id or rows[place]["ID_FILA"]

    report = bring_in(write_csv(tmp_path / "relevo.csv", rows))

    assert [note.name for note in report.not_applied] == ["HORTENSIA MEZQUITE LLANO"]
    assert (report.created, report.updated, report.unchanged) == (0, 0, 478)
    assert database_print() == before


def test_every_bad_row_is_named_and_nothing_is_written(
    official_file, bring_in, database_print, tmp_path: Path
) -> None:
    before = database_print()
    rows = read_csv(official_file)
    rows[10]["CARGO"] = "GRAN VISIR"
    rows[20]["EDAD"] = "abc"
    rows[30]["PROPUESTA_2"] = "x" * 9000
    broken = write_csv(tmp_path / "roto.csv", rows)

    report = bring_in(broken)

    found = [(error.column, error.value[:9]) for error in report.errors]
    assert found == [("CARGO", "GRAN VISI"), ("EDAD", "abc"), ("PROPUESTA_2", "xxxxxxxxx")]
    lines = broken.read_text(encoding="utf-8").split("\n")
    assert all(
        rows[n]["ID_FILA"] in lines[one.row - 1]
        for n, one in zip((10, 20, 30), report.errors, strict=True)
    )
    assert all(error.problem and error.remedy for error in report.errors)
    assert (report.created, report.updated, report.unchanged) == (0, 0, 0)
    assert database_print() == before


def test_semicolons_in_windows_1252_say_the_same(
    official_file, bring_in, database_print, tmp_path: Path
) -> None:
    rows = read_csv(official_file)[:150]
    for row in rows:
        for column, text in row.items():
            row[column] = text.encode("cp1252", errors="replace").decode("cp1252")
    bring_in(write_csv(tmp_path / "a.csv", rows))
    before = database_print()

    report = bring_in(write_csv(tmp_path / "b.csv", rows, encoding="cp1252", separator=";"))

    assert (report.encoding, report.separator) == ("windows-1252", ";")
    assert report.unchanged == 150
    assert database_print() == before


def test_a_byte_order_mark_is_no_part_of_the_header(official_file, bring_in, tmp_path) -> None:
    rows = read_csv(official_file)[:5]

    report = bring_in(write_csv(tmp_path / "bom.csv", rows, encoding="utf-8-sig"))

    assert (report.encoding, report.created) == ("utf-8-sig", 5)


def test_a_rehearsal_counts_and_writes_nothing(official_file, bring_in, database_print) -> None:
    before = database_print()

    report = bring_in(official_file, dry_run=True)

    assert (report.created, report.with_texts) == (479, 327)
    assert not Process.objects.exists()
    assert database_print() == before


def test_without_publishing_the_register_is_public_and_the_answers_wait(
    official_file, bring_in, tmp_path: Path
) -> None:
    rows = read_csv(official_file)[100:200]
    with_texts = sum(bool(row["PROPUESTA_1"]) for row in rows)
    assert with_texts == 87
    path = write_csv(tmp_path / "cien.csv", rows)

    bring_in(path, publish=False)

    assert PublishedCandidacy.objects.count() == 100
    assert not PublishedCandidacy.objects.exclude(answers=[]).exists()
    assert set(Questionnaire.objects.values_list("state", flat=True)) == {"importado"}

    report = bring_in(path, publish=True)

    assert (report.updated, report.unchanged) == (with_texts, 100 - with_texts)
    assert PublishedCandidacy.objects.exclude(answers=[]).count() == with_texts
    assert set(Questionnaire.objects.values_list("state", flat=True)) == {"publicado"}


def test_who_published_what_is_kept_and_only_when_something_changed(
    official_file, bring_in, validator, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "cinco.csv", read_csv(official_file)[:5])
    for _ in range(2):
        bring_in(path, user=validator)

    record = ImportRecord.objects.get()
    assert (record.user, record.published, record.profile) == (validator, True, "ine-2022")
    assert record.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert record.source == "cinco.csv"
    assert record.counts["created"] == 5


def test_the_site_keeps_its_current_process(
    official_file, bring_in, process, tmp_path: Path
) -> None:
    bring_in(write_csv(tmp_path / "una.csv", read_csv(official_file)[:1]), process="pel-2022")

    assert PortalSettings.load().current_process == process


def test_revisions_come_back_as_the_pages_are(official_file, bring_in, tmp_path: Path) -> None:
    bring_in(write_csv(tmp_path / "pocas.csv", read_csv(official_file)[:40]))
    pages = [*CandidacyPage.objects.all(), *CurricularQuestionnairePage.objects.all()]

    for page in pages:
        revision = page.latest_revision
        assert page.live_revision == revision
        again = revision.as_object()
        for field in page._meta.concrete_fields:
            assert getattr(again, field.attname) == getattr(page, field.attname), field.name
    assert Revision.objects.filter(object_id__in=[str(page.pk) for page in pages]).count() == len(
        pages
    )


def test_the_command_prints_one_json_object_and_nothing_else(official_file, capfd, db) -> None:
    call_command("import_conoceles", str(official_file), "--process=pel-2022", "--format=json")

    printed = capfd.readouterr()
    assert printed.err == ""
    told = json.loads(printed.out)
    assert told["candidacies"] == told["created"] == 479
    assert told.keys() == {
        *("process", "profile", "encoding", "separator", "dry_run", "published"),
        *("created", "updated", "unchanged", "candidacies", "with_texts"),
        *("errors", "warnings", "not_applied", "left_alone"),
    }
