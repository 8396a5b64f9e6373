"""Groups of the CMS, one per role of the institute, made after migrating. See `grants`."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain, count
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from cms.accounts.first_grants import FIRST_GRANTS
from cms.accounts.grants import Grant, Where, moved_models, permission_over, registered
from cms.accounts.models import GrantMade, Role, RoleGroup
from cms.catalogs.first_data import when_migrated

# What a group is called when it is made. Staff may call it something else afterwards.
GROUP_OF_ROLE: dict[Role, str] = {
    Role.ADMINISTRATOR: "Administración",
    Role.INTERNAL_BODY: "Instancia interna",
    Role.CURRICULAR_REVIEWER: "Revisión curricular",
    Role.IDENTITY_REVIEWER: "Revisión de identidad",
    Role.COMMUNICATION: "Comunicación Social",
    Role.OBSERVER: "Consulta",
}


def group_of(role: str) -> Group | None:
    """The group of a role, whatever staff call it; None for a role that has none."""
    return Group.objects.filter(role_group__role=role).first()


@when_migrated("wagtailcore.Page", "wagtailcore.Collection", "accounts.RoleGroup")
@transaction.atomic
def ensure_groups(sender: Any = None, **kwargs: Any) -> None:
    """Receiver of post_migrate: make the groups that are missing, and give what is new."""
    groups = {role: group_of(role) or _adopted(role) or _made(role) for role in GROUP_OF_ROLE}
    _follow_moved_models()
    made = set(GrantMade.objects.values_list("role", "permission", "where"))
    for grant in sorted(registered()):
        is_new = (grant.role, grant.permission, grant.where) not in made
        if is_new and _give(groups[grant.role], grant):
            _remember([grant])


def _made(role: Role) -> Group:
    name = GROUP_OF_ROLE[role]
    names = chain([name], (f"{name} {number}" for number in count(2)))
    free = next(name for name in names if not Group.objects.filter(name=name).exists())
    group = Group.objects.create(name=free)
    RoleGroup.objects.create(role=role, group=group)
    return group


def _adopted(role: Role) -> Group | None:
    """The group of an installation that is older than `RoleGroup`; None where there is none.

    It has the name that it was made with. Where staff renamed it, it is the group that the role's
    accounts are in: `set_role` puts them in one group only.
    """
    free = Group.objects.filter(role_group=None)
    group = free.filter(name=GROUP_OF_ROLE[role]).first()
    if group is None and not GrantMade.objects.filter(role=role).exists():
        renamed = free.exclude(name__in=GROUP_OF_ROLE.values()).filter(user__role=role).distinct()
        group = renamed.get() if renamed.count() == 1 else None
    if group is not None:
        RoleGroup.objects.create(role=role, group=group)
        _remember(grant for grant in FIRST_GRANTS if grant.role == role)
    return group


def _remember(grants: Iterable[Grant]) -> None:
    GrantMade.objects.bulk_create(
        [
            GrantMade(role=grant.role, permission=grant.permission, where=grant.where)
            for grant in grants
        ],
        ignore_conflicts=True,
    )


def _follow_moved_models() -> None:
    """Remember what was granted over a model that changed its application by its name of now."""
    for before, now in moved_models().items():
        for made in GrantMade.objects.filter(permission__startswith=before.partition(".")[0]):
            grant = Grant(Role(made.role), made.permission, Where(made.where))
            if grant.model == before:
                _remember([replace(grant, permission=permission_over(now, grant.action))])
                made.delete()


def _give(group: Group, grant: Grant) -> bool:
    """Give a permission to a group; says whether there is such a permission, and its place."""
    permission = Permission.objects.filter(
        content_type__app_label=grant.app_label, codename=grant.codename
    ).first()
    if permission is None:
        return False
    if grant.where == Where.EVERYWHERE:
        group.permissions.add(permission)
        return True
    if grant.where == Where.PAGE_TREE:
        tree = Page.get_first_root_node()
        if tree is not None:
            GroupPagePermission.objects.get_or_create(group=group, page=tree, permission=permission)
        return tree is not None
    collection = Collection.get_first_root_node()
    if collection is not None:
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=collection, permission=permission
        )
    return collection is not None
