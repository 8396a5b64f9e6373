"""What each role may do in the CMS: every room registers its own part when it starts.

Grants are given after migrating, each of them once (ADR 0034). The table `GrantMade` remembers all
that were ever given, so an upgrade gives what is new and never gives back what staff took away;
nothing here takes away what staff gave.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices

from cms.accounts.models import CAPTURE_ROLES, Role

KEEP = ("add", "change", "view")


class Where(TextChoices):
    """What a permission is given over."""

    EVERYWHERE = ""
    PAGE_TREE = "paginas"
    COLLECTIONS = "colecciones"


@dataclass(frozen=True, order=True)
class Grant:
    """A permission of a role.

    Attributes:
        permission: "app_label.codename". It may not exist, or not yet: then nothing is given.
        where: the whole tree of pages and the root collection are where Wagtail keeps permissions
            over content.
    """

    role: Role
    permission: str
    where: Where = Where.EVERYWHERE

    @property
    def app_label(self) -> str:
        return self.permission.partition(".")[0]

    @property
    def codename(self) -> str:
        return self.permission.partition(".")[2]

    @property
    def action(self) -> str:
        return self.codename.partition("_")[0]

    @property
    def model(self) -> str:
        """The "app_label.model" that the permission is about."""
        return f"{self.app_label}.{self.codename.partition('_')[2]}"


_registered: set[Grant] = set()
_moved: dict[str, str] = {}


def permission_over(model: str, action: str) -> str:
    """The "app_label.codename" of an action over a model, named as "app_label.model"."""
    app_label, _dot, name = model.lower().partition(".")
    return f"{app_label}.{action}_{name}"


def grants_over(
    roles: Iterable[Role],
    models: Iterable[str],
    actions: Iterable[str] = KEEP,
    where: Where = Where.EVERYWHERE,
) -> set[Grant]:
    """The grants of these actions over these models, named as "app_label.model"."""
    return {
        Grant(role, permission_over(model, action), where)
        for role in roles
        for model in models
        for action in actions
    }


def register(
    *roles: Role,
    models: Iterable[str],
    actions: Iterable[str] = KEEP,
    where: Where = Where.EVERYWHERE,
) -> None:
    """Say, from a room's `apps.py`, what roles may do with the room's models.

    Raises: ValueError for a role that captures, since it never enters the admin.
    """
    if outside := CAPTURE_ROLES.intersection(roles):
        raise ValueError(f"{sorted(outside)} never enter the admin: nothing can be granted to them")
    _registered.update(grants_over(roles, models, actions, where))


def model_moved(before: str, now: str) -> None:
    """Say that a model changed its application: what was granted over it is not granted anew.

    Args:
        before, now: "app_label.model".
    """
    _moved[before.lower()] = now.lower()


def registered() -> frozenset[Grant]:
    """Every grant of the rooms that are installed."""
    return frozenset(_registered)


def moved_models() -> dict[str, str]:
    """Where each model that changed its application is now."""
    return dict(_moved)
