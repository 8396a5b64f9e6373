"""Which manuals there are, and who reads each."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cms.accounts.models import Role, User
from cms.accounts.permissions import may_administer


@dataclass(frozen=True)
class Manual:
    """A manual.

    Attributes:
        slug: the name of its file, and its part of the address.
        name: as menus and lists say it.
        roles: whose manual it is. Administrators, who teach the others, read all of them.
    """

    slug: str
    name: Promise
    roles: frozenset[Role]


MANUALS: Final = (
    Manual("candidatura", _("Manual de la candidatura"), frozenset({Role.CANDIDATE})),
    Manual("enlace", _("Manual del enlace"), frozenset({Role.LIAISON})),
    Manual("administracion", _("Manual de administración"), frozenset({Role.ADMINISTRATOR})),
    Manual(
        "instancia-interna", _("Manual de la instancia interna"), frozenset({Role.INTERNAL_BODY})
    ),
    Manual(
        "revision",
        _("Manual de revisión"),
        frozenset({Role.CURRICULAR_REVIEWER, Role.IDENTITY_REVIEWER, Role.INTERNAL_BODY}),
    ),
    Manual(
        "cuestionarios",
        _("Manual de cuestionarios"),
        frozenset({Role.ADMINISTRATOR, Role.INTERNAL_BODY}),
    ),
    Manual("comunicacion", _("Manual de Comunicación Social"), frozenset({Role.COMMUNICATION})),
    Manual("consulta", _("Manual de consulta"), frozenset({Role.OBSERVER})),
    Manual("cuenta", _("Tu cuenta y tu contraseña"), frozenset(Role)),
)


def manuals_of(user: Any) -> list[Manual]:
    """The manuals that an account reads, its own first."""
    if not isinstance(user, User) or not user.is_active:
        return []
    own = [manual for manual in MANUALS if user.role in manual.roles]
    if not may_administer(user):
        return own
    return own + [manual for manual in MANUALS if manual not in own]
