"""What a group may do, in words that stay the same from one version to the next."""

from django.contrib.auth.models import Group


def permissions_of(group: Group) -> list[str]:
    """Of the group itself, on pages and on collections."""
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
