"""Another e-mail of one's own account: it counts once a link that was sent there is opened.

Until then notices and links go where they went, and the owner is told there that somebody asked.
ADR 0056.
"""

from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.accounts import audit, services, throttle
from cms.accounts.keys import Unreadable, seal, unseal
from cms.accounts.links import LASTS, REMEMBERED, LinkNotGood
from cms.accounts.models import AccountEvent, FormerEmail, User
from cms.accounts.told import FORMER
from cms.catalogs.addresses import internal_url
from cms.notifications.kinds import Message, NotificationKind
from cms.notifications.mail import mail_is_sent
from cms.notifications.services import notify

PURPOSE = "new e-mail"
# In place of the key of an account: the address that is to be confirmed.
ASKED = FORMER


@transaction.atomic
def ask_for_another(*, user: User, email: str) -> bool:
    """Queue the mail with which the owner of an address says that it is theirs.

    An installation without a mail server changes the address at once: it could never be confirmed.

    Returns: whether there is something to confirm.
    Raises: throttle.TooManyAttempts.
    """
    if email == user.email:
        return False
    if not mail_is_sent():
        services.change_own_email(user=user, email=email)
        return False
    throttle.count_new_address(user)
    _asked_by(user).delete()
    event = audit.record(audit.Event.EMAIL_ASKED, account=user, by=user)
    FormerEmail.objects.create(event=event, sealed=seal(PURPOSE, email))
    notify(kind=NOTIFICATION.key, about=event.pk)
    return True


def _asked_by(user: User) -> QuerySet[FormerEmail]:
    return FormerEmail.objects.filter(event__event=audit.Event.EMAIL_ASKED, event__account=user.pk)


def _recipients(event_id: int) -> list[int]:
    """The account, at the address that it has, and the address that it asks for."""
    account = AccountEvent.objects.get(pk=event_id).account
    return [ASKED, account]


def _message(event_id: int, recipient: int) -> Message | None:
    """The mail with the link, and the one that says that somebody asked; None if it is too late."""
    try:
        asked, user, email = _still_good(event_id)
    except LinkNotGood:
        return None
    if recipient == ASKED:
        token = seal(PURPOSE, f"{event_id} {user.password_mark}")
        context = {
            "user": user,
            "address": internal_url(reverse("new_email_arrived", args=[token])),
            "until": asked.made_at + LASTS,
        }
        return Message(
            address=email,
            subject=_("Confirma tu correo para Conóceles"),
            body=render_to_string("account/new_email_mail.txt", context),
        )
    if not user.email:
        return None
    return Message(
        address=user.email,
        subject=_("Un cambio por confirmar en tu cuenta de Conóceles"),
        body=render_to_string("account/new_email_asked_mail.txt", {"user": user}),
    )


NOTIFICATION = NotificationKind("correo_por_confirmar", _recipients, _message, kept=REMEMBERED)


def _still_good(event_id: int, *, lock: bool = False) -> tuple[FormerEmail, User, str]:
    """What was asked for, by whom, and the address. Raises: LinkNotGood."""
    rows = FormerEmail.objects.filter(pk=event_id, event__event=audit.Event.EMAIL_ASKED)
    if lock:
        rows = rows.select_for_update(of=("self",))
    asked = rows.select_related("event").first()
    if asked is None or timezone.now() >= asked.made_at + LASTS:
        raise LinkNotGood
    user = User.objects.filter(pk=asked.event.account, is_active=True).first()
    if user is None:
        raise LinkNotGood
    try:
        return asked, user, unseal(PURPOSE, asked.sealed, max_age=REMEMBERED)
    except Unreadable as error:
        raise LinkNotGood from error


def _opened(token: str, *, lock: bool = False) -> tuple[FormerEmail, User, str]:
    try:
        event_id, password_mark = unseal(PURPOSE, token, max_age=LASTS).split()
    except (Unreadable, ValueError) as error:
        raise LinkNotGood from error
    asked, user, email = _still_good(int(event_id), lock=lock)
    if user.password_mark != password_mark:
        raise LinkNotGood
    return asked, user, email


def owner_of(token: str) -> User:
    """The account of a link, without using the link up. Raises: LinkNotGood."""
    return _opened(token)[1]


@transaction.atomic
def confirm(*, token: str) -> User:
    """The address is the account's from now on; the one before is told. The link is used up.

    Raises: LinkNotGood.
    """
    asked, user, email = _opened(token, lock=True)
    asked.delete()
    services.change_own_email(user=user, email=email)
    return user
