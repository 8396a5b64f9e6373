"""The record of imports was in another application: an upgrade keeps its rows and permissions."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from cms.accounts.models import GrantMade, Role
from cms.catalogs.models import Process
from cms.imports.models import ImportRecord

pytestmark = pytest.mark.django_db
BEFORE = [("imports", None), ("publication", "0001_initial")]
NOW = [("imports", "0001_initial"), ("publication", "0002_imports_have_a_room")]


def migrate(targets: list[tuple[str, str | None]]) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    ContentType.objects.clear_cache()


def names_of(permissions: Iterator[Permission]) -> set[str]:
    return {f"{held.content_type.app_label}.{held.codename}" for held in permissions}


def test_rows_and_permissions_follow_the_record_there_and_back(process: Process) -> None:
    record = ImportRecord.objects.create(
        process=process,
        command="import_conoceles",
        profile="ine-2022",
        source="candidaturas.csv",
        sha256="a" * 64,
        operator="innovacion",
        counts={"created": 3},
    )
    staff, others = Group.objects.get(name="Administración"), Group.objects.create(name="Guardias")
    ours = Permission.objects.filter(content_type__app_label="imports")
    staff.permissions.remove(ours.get(codename="change_importrecord"))
    others.permissions.add(ours.get(codename="view_importrecord"))
    held = set(staff.permissions.values_list("pk", flat=True))

    migrate(BEFORE)
    with connection.cursor() as cursor:
        cursor.execute("select id, source from publication_importrecord")
        assert cursor.fetchall() == [(record.pk, "candidaturas.csv")]
    assert names_of(others.permissions.all()) == {"publication.view_importrecord"}

    migrate(NOW)
    assert list(ImportRecord.objects.values_list("pk", "counts")) == [(record.pk, {"created": 3})]
    assert names_of(others.permissions.all()) == {"imports.view_importrecord"}
    assert set(staff.permissions.values_list("pk", flat=True)) == held


def test_what_was_granted_before_the_move_counts_as_granted() -> None:
    made = GrantMade.objects.filter(permission__endswith="importrecord")
    assert {(row.role, row.permission) for row in made} == {
        (role, f"imports.{action}_importrecord")
        for role in (Role.ADMINISTRATOR, Role.INTERNAL_BODY)
        for action in ("add", "change", "view")
    }
