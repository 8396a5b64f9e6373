"""What a group may do, as texts that can be compared between versions of the code."""

from django.contrib.auth.models import Group


def permissions_of(group: Group) -> list[str]:
    """The permissions of a group: everywhere, on pages and on collections."""
    own = group.permissions.values_list("content_type__app_label", "codename")
    pages = group.page_permissions.values_list("page__path", "permission__codename")
    collections = group.collection_permissions.values_list(
        "collection__path", "permission__codename"
    )
    return sorted(
        [".".join(permission) for permission in own]
        + [f"page {path} {codename}" for path, codename in pages]
        + [f"collection {path} {codename}" for path, codename in collections]
    )
