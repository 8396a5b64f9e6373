"""Groups of the CMS, one per role of the institute; made after migrating, never overwritten."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from cms.accounts.models import Role
from cms.catalogs.first_data import when_migrated

GROUP_OF_ROLE: dict[Role, str] = {
    Role.ADMINISTRATOR: "Administración",
    Role.INTERNAL_BODY: "Instancia interna",
    Role.CURRICULAR_REVIEWER: "Revisión curricular",
    Role.COMMUNICATION: "Comunicación Social",
    Role.OBSERVER: "Consulta",
}
EDITORS = frozenset({Role.ADMINISTRATOR, Role.COMMUNICATION})
# What each role keeps in the CMS besides content: application → models.
KEPT_BY_ROLE: dict[Role, dict[str, tuple[str, ...]]] = {
    Role.ADMINISTRATOR: {
        "catalogs": (
            "process",
            "processoffice",
            "politicalactor",
            "territory",
            "office",
            "portalsettings",
        ),
        "questionnaires": ("questionnairedefinition", "processquestionnaire"),
        "privacy": ("simplifiednotice",),
        "publication": ("importrecord",),
    },
    # Source: work plan 1 (notices, follow-up).
    Role.INTERNAL_BODY: {"privacy": ("simplifiednotice",), "publication": ("importrecord",)},
}


def _permission(app: str, model: str, action: str) -> Permission | None:
    return Permission.objects.filter(
        content_type__app_label=app, codename=f"{action}_{model}"
    ).first()


def _give_admin_access(group: Group) -> None:
    kind, _created = ContentType.objects.get_or_create(app_label="wagtailadmin", model="admin")
    access, _created = Permission.objects.get_or_create(
        content_type=kind,
        codename="access_admin",
        defaults={"name": "Can access Wagtail admin"},
    )
    group.permissions.add(access)


def _let_edit_content(group: Group) -> None:
    root = Page.get_first_root_node()
    collection = Collection.get_first_root_node()
    if root is None or collection is None:
        return
    for codename in ("add_page", "change_page", "publish_page"):
        permission = Permission.objects.get(
            content_type__app_label="wagtailcore", codename=codename
        )
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
    for app, model in (("wagtailimages", "image"), ("wagtaildocs", "document")):
        for action in ("add", "change", "choose"):
            found = _permission(app, model, action)
            if found is not None:
                GroupCollectionPermission.objects.get_or_create(
                    group=group, collection=collection, permission=found
                )


def _let_keep(group: Group, kept: dict[str, tuple[str, ...]]) -> None:
    for app, models in kept.items():
        for model in models:
            for action in ("add", "change", "view"):
                found = _permission(app, model, action)
                if found is not None:
                    group.permissions.add(found)


@when_migrated("wagtailcore.Page", "wagtailcore.Collection")
def ensure_groups(sender: Any = None, **kwargs: Any) -> None:
    """Receiver of post_migrate: make the groups that are missing."""
    for role, name in GROUP_OF_ROLE.items():
        group, created = Group.objects.get_or_create(name=name)
        if not created:
            continue
        _give_admin_access(group)
        if role in EDITORS:
            _let_edit_content(group)
        _let_keep(group, KEPT_BY_ROLE.get(role, {}))
