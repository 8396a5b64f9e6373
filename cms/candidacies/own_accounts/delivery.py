"""What people do with accounts that were handed out: confirm that they arrived, revoke links."""

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.accounts import activation, audit
from cms.accounts.activation_models import ActivationLink, Way
from cms.accounts.models import User
from cms.candidacies.own_accounts import receipts, selectors
from cms.candidacies.own_accounts.models import Arrival, Receipt
from cms.candidacies.own_accounts.receipts import Arrived
from cms.catalogs.models import Process


class DeliveryRefused(Exception):
    """A delivery cannot be confirmed as it was said. The message says why, in Spanish."""


@transaction.atomic
def confirm(
    *, process: Process, users: Sequence[int], on: date, received_by: str, by: User
) -> list[Receipt]:
    """Somebody who handed sheets over, or who knows that mail arrived, says so.

    It counts for the link that each account was given last and that has no receipt. The term of the
    candidacy starts with that day, and mail that was doubtful is doubtful no more.

    Args:
        on: the day; not to come, and not before the link was made.
        received_by: who took the sheets.

    Raises: NotYourAccounts, DeliveryRefused.
    """
    activation.require_handing_out(by)
    given = _given(process, users)
    if not given:
        raise DeliveryRefused(
            _("Ninguna de esas cuentas tiene una entrega que confirmar: envíalas o imprímelas.")
        )
    _require_possible(on, given)
    made: list[Receipt] = []
    for way, how in ((Way.PAPER, Arrival.HANDED_OVER), (Way.MAIL, Arrival.SAID)):
        arrived = [Arrived(link.user, link) for link in given if link.way == way]
        at = _instant(on)
        made += receipts.record(arrived, how=how, at=at, received_by=received_by, by=by)
    receipts.settle_doubts([link.pk for link in given])
    said = [(link.user, {"por": str(link.way)}) for link in given]
    audit.record_all(audit.Event.DELIVERED, said, by=by, at=timezone.now())
    return made


def _given(process: Process, users: Sequence[int]) -> list[ActivationLink]:
    """The newest link of each account, where it has no receipt. The accounts are locked."""
    mine = selectors.accounts_of(process).filter(pk__in=users).order_by("pk")
    locked = list(mine.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    newest = ActivationLink.objects.filter(user__in=locked).select_related("user")
    links = {link.user_id: link for link in newest.order_by("pk")}
    known = set(
        Receipt.objects.filter(link__in=[link.pk for link in links.values()]).values_list(
            "link", flat=True
        )
    )
    return [link for link in links.values() if link.pk not in known and link.revoked_at is None]


def _require_possible(on: date, given: Sequence[ActivationLink]) -> None:
    if on > timezone.localdate():
        raise DeliveryRefused(_("Ese día todavía no llega: escribe el día en que se entregó."))
    made = max(timezone.localdate(link.made_at) for link in given)
    if on < made:
        said = _("Se hicieron el %s: no pudieron entregarse antes. Revisa el día.")
        raise DeliveryRefused(said % made.strftime("%d/%m/%Y"))


def _instant(on: date) -> datetime:
    """Now, for today; the noon of another day. The term counts from the day after either."""
    if on == timezone.localdate():
        return timezone.now()
    return timezone.make_aware(datetime.combine(on, time(12)))


@transaction.atomic
def revoke(*, process: Process, users: Sequence[int], by: User) -> int:
    """Make the links of these accounts worthless. Returns how many were good.

    Raises: NotYourAccounts.
    """
    activation.require_handing_out(by)
    mine = list(selectors.accounts_of(process).filter(pk__in=users))
    return activation.revoke_links(users=mine, at=timezone.now(), by=by)
