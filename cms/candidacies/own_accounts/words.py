"""Whom an account is for, in words: on its activation page, its mail, its sheet and its receipt."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from cms.accounts.activation import Whom
from cms.accounts.models import Role, User
from cms.candidacies.models import CandidacyPage, CandidateAccount
from cms.catalogs.models import CandidacyState


def whom_of(user: User) -> Whom:
    """Whom an account that captures is for. `cms.accounts.activation` asks."""
    return whom_of_each([user])[user.pk]


def whom_of_each(users: Collection[User]) -> dict[int, Whom]:
    """Whom each of these accounts is for (at most three queries)."""
    own = CandidateAccount.objects.filter(user__in=[user.pk for user in users]).select_related(
        "candidacy__office", "candidacy__territory", "candidacy__actor", "candidacy__process"
    )
    whom = {one.user_id: _of_candidacy(one) for one in own}
    liaisons = [user.pk for user in users if user.role == Role.LIAISON]
    scopes: dict[int, list[str]] = {}
    found = User.objects.filter(pk__in=liaisons).order_by("pk", "scopes__actor__ballot_order")
    for pk, actor in found.values_list("pk", "scopes__actor__name"):
        scopes.setdefault(pk, []).append(actor or "")
    for user in users:
        if user.pk not in whom:
            facts = tuple(_("Enlace de %s") % name for name in scopes.get(user.pk, ()) if name)
            whom[user.pk] = Whom(user.get_full_name() or user.username, facts)
    return whom


def _of_candidacy(own: CandidateAccount) -> Whom:
    candidacy = own.candidacy
    return Whom(
        name=candidacy.name,
        facts=(
            position_of(candidacy),
            candidacy.territory.name,
            candidacy.actor.name,
            candidacy.process.name,
        ),
        consequence=_(
            "Desde el día siguiente corre tu plazo para responder el cuestionario. Al entrar verás"
            " hasta qué día tienes."
        ),
        is_closed=own.revoked_at is not None or candidacy.state != CandidacyState.ACTIVE,
    )


def position_of(candidacy: CandidacyPage) -> str:
    """«Regiduría, propietaria, lugar 3»."""
    parts = [candidacy.office.name, candidacy.get_seat_kind_display()]
    if candidacy.list_number:
        parts.append(_("lugar %d") % candidacy.list_number)
    return ", ".join(str(part) for part in parts)
