"""Which candidacies use their own account, for the liaison that helps them."""

from collections.abc import Collection

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from cms.candidacies.selectors import own_accounts_in_force


class Activation(TextChoices):
    """How far the own account of a candidacy is."""

    NONE = "sin_cuenta", _("Todavía sin cuenta propia")
    WAITING = "sin_activar", _("No ha activado su cuenta")
    ACTIVE = "activa", _("Usa su propia cuenta")


def of(candidacies: Collection[int]) -> dict[int, Activation]:
    """The activation of each candidacy that has an account (one query)."""
    known = (
        own_accounts_in_force()
        .filter(candidacy_id__in=candidacies)
        .annotate(waits=Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX))
    )
    return {
        candidacy: Activation.WAITING if waits else Activation.ACTIVE
        for candidacy, waits in known.values_list("candidacy_id", "waits")
    }
