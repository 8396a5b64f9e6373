"""Permissions of the roles: given once after migrating; what staff changed stays changed."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.sql import emit_post_migrate_signal
from wagtail.models import GroupCollectionPermission, GroupPagePermission, Page

from cms.accounts import grants
from cms.accounts.grants import Where
from cms.accounts.groups import GROUP_OF_ROLE, ensure_groups, group_of
from cms.accounts.models import GrantMade, Role, RoleGroup
from cms.accounts.services import create_staff, set_role

pytestmark = pytest.mark.django_db

CATALOGUES = (
    "contest",
    "office",
    "politicalactor",
    "portalsettings",
    "process",
    "processoffice",
    "termrules",
    "territory",
)
KEPT = {
    Role.ADMINISTRATOR: (
        *(f"catalogs.{name}" for name in CATALOGUES),
        "imports.importpolicy",
        "imports.importrecord",
        "imports.upload",
        "privacy.simplifiednotice",
        "questionnaires.processquestionnaire",
        "questionnaires.questionnairedefinition",
        "reports.followuprule",
    ),
    Role.INTERNAL_BODY: ("imports.importrecord", "privacy.simplifiednotice"),
}
# Lists of words for the search, and of holidays, which may also be deleted.
WORDS = ("holiday", "hypocoristic", "protectedword", "synonymgroup")
EDITORS = {Role.ADMINISTRATOR, Role.COMMUNICATION}


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test registers is forgotten after it."""
    monkeypatch.setattr(grants, "_registered", set(grants._registered))
    monkeypatch.setattr(grants, "_moved", dict(grants._moved))


def held(group: Group) -> set[tuple[str, str]]:
    """Every permission of a group: over everything, over pages and over collections."""
    found = {
        ("", f"{given.content_type.app_label}.{given.codename}")
        for given in group.permissions.select_related("content_type")
    }
    for kind, model in (("page", GroupPagePermission), ("collection", GroupCollectionPermission)):
        rows = model.objects.filter(group=group).select_related("permission", kind)
        assert all(getattr(row, kind).is_root() for row in rows)
        found |= {(kind, row.permission.codename) for row in rows}
    return found


def expected(role: Role) -> set[tuple[str, str]]:
    found = {("", "wagtailadmin.access_admin")}
    for model in KEPT.get(role, ()):
        app_label, name = model.split(".")
        found |= {("", f"{app_label}.{action}_{name}") for action in ("add", "change", "view")}
    if role == Role.ADMINISTRATOR:
        found |= {
            ("", f"catalogs.{action}_{name}")
            for name in WORDS
            for action in ("add", "change", "view", "delete")
        }
        found |= {
            ("", f"questionnaires.{action}_definitiondraft") for action in ("add", "change", "view")
        }
        found |= {
            ("", f"imports.{action}_ownprofile") for action in ("add", "change", "view", "delete")
        }
    if role == Role.INTERNAL_BODY:
        found |= {("", "imports.view_importpolicy"), ("", "imports.view_upload")}
        found.add(("", "questionnaires.view_definitiondraft"))
    if role in {Role.ADMINISTRATOR, Role.INTERNAL_BODY}:
        found |= {
            ("", f"{app}.{action}_{model}")
            for action in ("change", "view")
            for app, model in (("questionnaires", "definitionchange"), ("capture", "advicerequest"))
        }
        found |= {("", f"candidacies.{action}_reopening") for action in ("add", "view")}
        found.add(("", "candidacies.change_candidateaccount"))
    if role in {Role.ADMINISTRATOR, Role.INTERNAL_BODY, Role.OBSERVER}:
        found.add(("", "reports.view_progress"))
    if role in EDITORS:
        found |= {("page", f"{action}_page") for action in ("add", "change", "publish")}
        found |= {
            ("collection", f"{action}_{model}")
            for action in ("add", "change", "choose")
            for model in ("image", "document")
        }
    return found


def as_before_the_table() -> None:
    """The installation as the first version left it: groups with permissions, and no record."""
    GrantMade.objects.all().delete()
    RoleGroup.objects.all().delete()


def permission(name: str) -> Permission:
    app_label, codename = name.split(".")
    return Permission.objects.get(content_type__app_label=app_label, codename=codename)


def a_new_permission(codename: str = "print_process") -> Permission:
    kind = ContentType.objects.get(app_label="catalogs", model="process")
    return Permission.objects.create(content_type=kind, codename=codename, name=codename)


def migrate() -> None:
    """What every room does at the end of each `manage.py migrate`."""
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")


def test_a_new_installation_gives_each_role_exactly_this() -> None:
    for role, name in GROUP_OF_ROLE.items():
        assert held(Group.objects.get(name=name)) == expected(role), role


@pytest.mark.parametrize("is_older", [False, True])
def test_what_staff_took_away_stays_away_and_what_they_gave_stays(is_older: bool) -> None:
    group = Group.objects.get(name="Administración")
    group.permissions.remove(permission("catalogs.change_office"))
    GroupPagePermission.objects.filter(group=group, permission__codename="publish_page").delete()
    GroupCollectionPermission.objects.filter(
        group=group, permission__codename="add_document"
    ).delete()
    group.permissions.add(permission("accounts.add_user"))
    kept = held(group)
    if is_older:
        as_before_the_table()

    migrate()
    migrate()

    assert held(group) == kept
    assert ("", "catalogs.change_office") not in kept
    assert ("", "accounts.add_user") in kept
    assert Group.objects.count() == len(GROUP_OF_ROLE)


@pytest.mark.parametrize("is_older", [False, True])
def test_what_is_new_is_given_once(registry: None, is_older: bool) -> None:
    if is_older:
        as_before_the_table()
    grants.register(Role.OBSERVER, models=["catalogs.process"], actions=["print"])
    grants.register(
        Role.OBSERVER, models=["wagtailcore.page"], actions=["lock"], where=Where.PAGE_TREE
    )
    ensure_groups()
    group = group_of(Role.OBSERVER)
    assert group is not None
    assert held(group) == expected(Role.OBSERVER) | {("page", "lock_page")}, "no «print» yet"

    a_new_permission()
    ensure_groups()
    assert ("", "catalogs.print_process") in held(group)

    group.permissions.clear()
    GroupPagePermission.objects.filter(group=group).delete()
    ensure_groups()
    assert held(group) == set()


def test_a_room_that_is_taken_out_is_no_error(registry: None) -> None:
    grants.register(Role.OBSERVER, models=["archives.report"])
    GrantMade.objects.create(role=Role.OBSERVER, permission="gone.view_thing")

    ensure_groups()

    assert held(Group.objects.get(name="Consulta")) == expected(Role.OBSERVER)
    assert not GrantMade.objects.filter(permission__startswith="archives.").exists()


@pytest.mark.parametrize("is_older", [False, True])
def test_a_group_that_staff_renamed_is_still_the_roles(is_older: bool) -> None:
    member = create_staff(username="consulta.uno", role=Role.OBSERVER)
    group = member.groups.get()
    group.name = "Comisión y Consejo"
    group.save()
    if is_older:
        as_before_the_table()

    ensure_groups()

    assert Group.objects.count() == len(GROUP_OF_ROLE)
    assert create_staff(username="consulta.dos", role=Role.OBSERVER).groups.get() == group


def test_a_group_that_staff_deleted_comes_back_with_nothing() -> None:
    Group.objects.get(name="Comunicación Social").delete()

    ensure_groups()

    group = group_of(Role.COMMUNICATION)
    assert group is not None
    assert held(group) == set()


def test_another_group_is_not_taken_for_a_roles() -> None:
    """Neither because of its members, nor because it took the name of a role's group."""
    member = create_staff(username="consulta.uno", role=Role.OBSERVER)
    renamed = member.groups.get()
    Group.objects.get(name="Comunicación Social").delete()
    renamed.name = "Comunicación Social"
    renamed.save()
    set_role(user=member, role=Role.COMMUNICATION)
    member.groups.add(Group.objects.create(name="Guardias"))

    ensure_groups()

    group = group_of(Role.COMMUNICATION)
    assert group is not None
    assert group.name == "Comunicación Social 2"
    assert group_of(Role.OBSERVER) == renamed


def test_a_model_that_changes_its_application_is_not_granted_anew(registry: None) -> None:
    group = Group.objects.get(name="Consulta")
    a_new_permission()
    grants.register(Role.OBSERVER, models=["catalogs.process"], actions=["print"])
    ensure_groups()
    group.permissions.remove(permission("catalogs.print_process"))
    kind = ContentType.objects.create(app_label="archives", model="process")
    Permission.objects.filter(codename="print_process").update(content_type=kind)

    grants.model_moved("catalogs.Process", "archives.Process")
    grants.register(Role.OBSERVER, models=["archives.Process"], actions=["print"])
    ensure_groups()

    assert held(group) == expected(Role.OBSERVER)
    made = GrantMade.objects.filter(role=Role.OBSERVER, permission__endswith=".print_process")
    assert [row.permission for row in made] == ["archives.print_process"]


def test_nothing_can_be_granted_to_whoever_captures() -> None:
    with pytest.raises(ValueError, match="never enter the admin"):
        grants.register(Role.LIAISON, models=["catalogs.process"])


def test_without_pages_yet_what_is_over_them_is_given_later() -> None:
    group = Group.objects.get(name="Comunicación Social")
    as_before_the_table()
    group.delete()
    Page.objects.all().delete()

    ensure_groups()
    assert {where for where, _name in held_of(Role.COMMUNICATION)} == {"", "collection"}

    Page.add_root(title="Raíz", slug="raiz")
    ensure_groups()
    assert held_of(Role.COMMUNICATION) == expected(Role.COMMUNICATION)


def held_of(role: Role) -> set[tuple[str, Any]]:
    group = group_of(role)
    assert group is not None
    return held(group)
