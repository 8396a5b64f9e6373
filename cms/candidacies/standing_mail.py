"""What liaisons are told by e-mail of their candidacies: an end, its reversal, a replacement.

What was done together, such as the end of a slate, is one message. ADR 0058.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy

from cms.accounts.models import Role, User
from cms.candidacies.ending_models import StandingChange, StatusChange
from cms.candidacies.models import CandidacyPage
from cms.candidacies.selectors import capturable_by, capturers_of_any
from cms.catalogs.addresses import internal_url
from cms.notifications.kinds import Message, NotificationKind
from cms.notifications.services import notify

MOST_NAMED: Final = 40
_SUBJECTS: Final = {
    StandingChange.ENDED.value: gettext_lazy("El Instituto dio de baja candidaturas a tu cargo"),
    StandingChange.REINSTATED.value: gettext_lazy(
        "Una candidatura a tu cargo está activa de nuevo"
    ),
    StandingChange.REPLACED.value: gettext_lazy("Sustituyeron una candidatura a tu cargo"),
}


def tell(changes: Sequence[StatusChange]) -> None:
    """Queue the mail about changes that were made together, in the transaction that makes them.

    Args:
        changes: of one kind, by one account, with the same moment.
    """
    if changes:
        notify(kind=NOTIFICATION.key, about=min(change.pk for change in changes))


def _together(first_pk: int) -> QuerySet[StatusChange]:
    """The changes that were made with this one."""
    first = StatusChange.objects.filter(pk=first_pk)
    same = {name: Subquery(first.values(name)[:1]) for name in ("change", "at", "by_name")}
    return StatusChange.objects.filter(
        pk__gte=first_pk, candidacy__process__rehearsal_of=None, **same
    )


def _recipients(first_pk: int) -> Iterable[int]:
    """The liaisons of the actors. Nobody is written to about a rehearsal."""
    candidacies = CandidacyPage.objects.filter(pk__in=_together(first_pk).values("candidacy"))
    able = capturers_of_any(candidacies).filter(role=Role.LIAISON).exclude(email="")
    return able.values_list("pk", flat=True)


def _message(first_pk: int, user_id: int) -> Message | None:
    """The mail to one liaison: what is still so, of the candidacies that it still captures.

    It says nothing that the public page does not say: no reason and no agreement.
    """
    user = User.objects.filter(pk=user_id, is_active=True).exclude(email="").first()
    if user is None:
        return None
    later = StatusChange.objects.filter(candidacy=OuterRef("candidacy")).order_by("-pk")
    still_so = (
        _together(first_pk)
        .filter(candidacy__in=capturable_by(user).values("pk"))
        .annotate(last=Subquery(later.values("pk")[:1]))
        .filter(pk=F("last"))
    )
    told = list(
        still_so.select_related(
            "candidacy__office", "candidacy__territory", "candidacy__process", "successor"
        ).order_by("candidacy__territory__sort_key", "candidacy__office__ballot_order", "pk")
    )
    if not told:
        return None
    context = {
        "change": told[0].change,
        "process": told[0].candidacy.process,
        "count": len(told),
        "told": told[:MOST_NAMED],
        "more": len(told) > MOST_NAMED,
        "address": internal_url(reverse("capture:candidacies")),
    }
    return Message(
        address=user.email,
        subject=str(_SUBJECTS[told[0].change]),
        body=render_to_string("candidacies/standing_mail.txt", context),
    )


NOTIFICATION = NotificationKind("candidatura_cambio", _recipients, _message)
