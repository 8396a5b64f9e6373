"""Grants over the admin, its content, and the catalogues.

Rooms register their own; these are of rooms that know no roles: the CMS itself, and whatever stands
below accounts or serves the public.
"""

from cms.accounts import grants
from cms.accounts.grants import Where
from cms.accounts.models import STAFF_ROLES, Role

EDITORS = (Role.ADMINISTRATOR, Role.COMMUNICATION)


def register_all() -> None:
    """Register them, when the application starts."""
    grants.register(*STAFF_ROLES, models=["wagtailadmin.admin"], actions=["access"])
    grants.register(
        *EDITORS,
        models=["wagtailcore.page"],
        actions=["add", "change", "publish"],
        where=Where.PAGE_TREE,
    )
    grants.register(
        *EDITORS,
        models=["wagtailimages.image", "wagtaildocs.document"],
        actions=["add", "change", "choose"],
        where=Where.COLLECTIONS,
    )
    grants.register(
        Role.ADMINISTRATOR,
        models=[
            "catalogs.process",
            "catalogs.processoffice",
            "catalogs.contest",
            "catalogs.politicalactor",
            "catalogs.territory",
            "catalogs.office",
            "catalogs.portalsettings",
            "catalogs.termrules",
        ],
    )
    grants.register(
        Role.ADMINISTRATOR,
        models=[
            "catalogs.synonymgroup",
            "catalogs.hypocoristic",
            "catalogs.protectedword",
            "catalogs.holiday",
        ],
        actions=["add", "change", "view", "delete"],
    )
