"""Actions that nobody may do in the CMS, not even a superuser."""

from typing import Any, ClassVar

from wagtail.permission_policies import ModelPermissionPolicy


class _WithoutSome(ModelPermissionPolicy):
    """Django's permissions, except for some actions that are refused to everybody."""

    refused: ClassVar[frozenset[str]] = frozenset()

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action not in self.refused and bool(super().user_has_permission(user, action))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


class NeverDeleted(_WithoutSome):
    """For rows that candidacies refer to: they are corrected, and never deleted.

    Source: LGA 7, 41 (acts are documented and can be traced).
    """

    refused = frozenset({"delete"})


class OnlyCorrected(_WithoutSome):
    """For a catalogue that the product brings: no row is added or deleted by hand."""

    refused = frozenset({"add", "delete"})


class WrittenOnce(_WithoutSome):
    """For texts that other rows refer to by their content: a change makes a new version."""

    refused = frozenset({"change", "delete"})


class ReadOnly(_WithoutSome):
    """For evidence that the system itself writes.

    Source: LGA 7, 41 (acts are documented and can be traced).
    """

    refused = frozenset({"add", "change", "delete"})
