"""A way in by mail: a link that is short-lived, serves once, and asks before it is used up.

It lets an owner in on a new device while somebody else spends the attempts of the account, or when
the password is forgotten. Whoever asks never learns whether the account exists. ADR 0019.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.accounts import throttle
from cms.accounts.keys import Unreadable, seal, unseal
from cms.accounts.models import SignInLink, User
from cms.notifications.kinds import Message, NotificationKind
from cms.notifications.services import notify

PURPOSE = "sign-in link"
LASTS = timedelta(minutes=30)
REMEMBERED = timedelta(days=1)


class LinkNotGood(Exception):
    """The link expired, was used, or is not ours."""


def ask_for_link(*, name: str, address: str) -> None:
    """Queue the mail with a link for the account of that name, if there is one with an address.

    What is written and queued is the same for every name, so that the time of the answer does not
    tell the accounts that exist.

    Raises: throttle.TooManyAttempts, when this address asked too often.
    """
    if not throttle.may_ask_for_a_link(name=name, address=address):
        return
    with transaction.atomic():
        link = SignInLink.objects.create(user=throttle.account_named(name))
        notify(kind=NOTIFICATION.key, about=link.pk)


def _recipients(link_id: int) -> list[int]:
    """The link stands for its owner, so that every name that is typed queues the same."""
    return [link_id]


def _message(link_id: int, _recipient: int) -> Message | None:
    """The mail to the owner of the account; None when there is nobody to write to or it is late."""
    link = SignInLink.objects.select_related("user").filter(pk=link_id).first()
    if link is None or not _is_open(link):
        return None
    user = link.user
    if user is None or not user.is_active or not user.email:
        return None
    token = seal(PURPOSE, f"{link.pk} {user.password_mark}")
    address = reverse("account_link_arrived", args=[token])
    context = {
        "user": user,
        "address": f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{address}",
        "until": link.asked_at + LASTS,
    }
    return Message(
        address=user.email,
        subject=_("Tu enlace para entrar a Conóceles"),
        body=render_to_string("account/link_mail.txt", context),
    )


NOTIFICATION = NotificationKind("enlace_de_acceso", _recipients, _message, kept=REMEMBERED)


def owner_of(token: str) -> User:
    """Whose link this is; looking does not use it up. Raises: LinkNotGood."""
    return _opened(token)[1]


def use(token: str) -> User:
    """Use a link up, and with it the others of its account. Raises: LinkNotGood."""
    link, user = _opened(token)
    with transaction.atomic():
        if not SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=timezone.now()):
            raise LinkNotGood
        user.sign_in_links.filter(used_at=None).update(used_at=timezone.now())
    return user


def _is_open(link: SignInLink) -> bool:
    return link.used_at is None and timezone.now() < link.asked_at + LASTS


def _opened(token: str) -> tuple[SignInLink, User]:
    try:
        link_id, password_mark = unseal(PURPOSE, token, max_age=LASTS).split()
    except Unreadable as error:
        raise LinkNotGood from error
    link = SignInLink.objects.select_related("user").filter(pk=link_id).first()
    if link is None or link.user is None or not _is_open(link):
        raise LinkNotGood
    if not link.user.is_active or link.user.password_mark != password_mark:
        raise LinkNotGood
    return link, link.user


def purge() -> int:
    """Delete links that serve no more. Returns how many."""
    old, _kinds = SignInLink.objects.filter(asked_at__lt=timezone.now() - REMEMBERED).delete()
    return old
