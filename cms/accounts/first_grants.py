"""What was granted before `GrantMade` existed. This is history: it never changes.

An installation of then has the groups but no record of its grants. All of these count as given
there, so that those that staff took away since stay away.
"""

from cms.accounts.grants import Grant, Where, grants_over
from cms.accounts.models import Role

_STAFF = (
    Role.ADMINISTRATOR,
    Role.INTERNAL_BODY,
    Role.CURRICULAR_REVIEWER,
    Role.COMMUNICATION,
    Role.OBSERVER,
)
_EDITORS = (Role.ADMINISTRATOR, Role.COMMUNICATION)
_KEPT_BY_ADMINISTRATORS = (
    "catalogs.process",
    "catalogs.processoffice",
    "catalogs.politicalactor",
    "catalogs.territory",
    "catalogs.office",
    "catalogs.portalsettings",
    "questionnaires.questionnairedefinition",
    "questionnaires.processquestionnaire",
)
_KEPT_BY_BOTH = ("privacy.simplifiednotice", "publication.importrecord")

FIRST_GRANTS: frozenset[Grant] = frozenset(
    grants_over(_STAFF, ["wagtailadmin.admin"], ["access"])
    | grants_over(_EDITORS, ["wagtailcore.page"], ["add", "change", "publish"], Where.PAGE_TREE)
    | grants_over(
        _EDITORS,
        ["wagtailimages.image", "wagtaildocs.document"],
        ["add", "change", "choose"],
        Where.COLLECTIONS,
    )
    | grants_over([Role.ADMINISTRATOR], _KEPT_BY_ADMINISTRATORS)
    | grants_over([Role.ADMINISTRATOR, Role.INTERNAL_BODY], _KEPT_BY_BOTH)
)
