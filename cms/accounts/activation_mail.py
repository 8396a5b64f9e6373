"""The mail that brings the link of an account. It leaves at most once: see `notifications`."""

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.accounts import activation
from cms.accounts.activation_models import ActivationLink, LinkState, Way
from cms.accounts.models import User
from cms.notifications.kinds import Message, NotificationKind
from cms.notifications.services import notify


def _recipients(link_id: int) -> list[int]:
    return [link_id]


def _message(link_id: int, _recipient: int) -> Message | None:
    """The mail, or None if nobody may have it any more. The link's days count from here on."""
    link = ActivationLink.objects.select_related("user").filter(pk=link_id).first()
    at = timezone.now()
    if link is None or link.way != Way.MAIL or link.state(at) != LinkState.OPEN:
        return None
    user = link.user
    if not (user.is_active and user.email) or user.has_usable_password():
        return None
    whom = activation.whom_of(user)
    if whom.is_closed:
        return None
    link.expires_at = at + activation.lasts()
    link.save(update_fields=["expires_at"])
    context = {
        "whom": whom,
        "address": activation.address_of(activation.code_of(link)),
        "until": link.expires_at,
    }
    return Message(
        address=user.email,
        subject=_("Activa tu cuenta de Conóceles"),
        body=render_to_string("account/activation_mail.txt", context),
    )


NOTIFICATION = NotificationKind("activacion", _recipients, _message, at_most_once=True)


@transaction.atomic
def invite(*, user: User, by: User) -> bool:
    """Mail an account the link with which its owner chooses a password.

    Returns: whether it is sent; not to an account that is closed, or that its owner activated.

    Raises: activation.NotYourAccounts.
    """
    links = activation.make_links(users=[user], way=Way.MAIL, at=timezone.now(), by=by)
    for link in links:
        notify(kind=NOTIFICATION.key, about=link.pk)
    return bool(links)
