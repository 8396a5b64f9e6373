"""What nobody does in the CMS, whatever their permissions: superusers included."""

from typing import Any, ClassVar

from wagtail.permission_policies import ModelPermissionPolicy


class _WithoutSome(ModelPermissionPolicy):
    """The permissions of Django, except some actions that are nobody's."""

    refused: ClassVar[frozenset[str]] = frozenset()

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action not in self.refused and bool(super().user_has_permission(user, action))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


class NeverDeleted(_WithoutSome):
    """What candidacies hang from: it is corrected, and not deleted. AR 7, 41."""

    refused = frozenset({"delete"})


class WrittenOnce(_WithoutSome):
    """What others refer to by its text: a change is a new version."""

    refused = frozenset({"change", "delete"})


class ReadOnly(_WithoutSome):
    """Evidence that the system itself writes. AR 7, 41."""

    refused = frozenset({"add", "change", "delete"})
