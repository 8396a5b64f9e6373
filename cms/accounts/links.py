"""Signing in with a link by mail: it is short-lived, serves once, and asks before it is used up.

It lets owners in on a new device while somebody else spends the attempts of their account, or when
they forgot the password. The person who asks cannot learn whether the account exists. ADR 0019.
"""

from datetime import timedelta

from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.accounts import throttle
from cms.accounts.keys import Unreadable, seal, unseal
from cms.accounts.models import SignInLink, User
from cms.catalogs.addresses import internal_url
from cms.notifications.kinds import Message, NotificationKind
from cms.notifications.services import notify

PURPOSE = "sign-in link"
LASTS = timedelta(minutes=30)
REMEMBERED = timedelta(days=1)


class LinkNotGood(Exception):
    """The link expired, was used, or is not ours."""


def ask_for_link(*, name: str, address: str) -> None:
    """Queue the mail with a link to the account of that name, if it exists and has an e-mail.

    The same is written and queued for every name, so that the time that the answer takes does not
    show which accounts exist.

    Raises: throttle.TooManyAttempts, when this address asked too often.
    """
    if not throttle.may_ask_for_a_link(name=name, address=address):
        return
    with transaction.atomic():
        link = SignInLink.objects.create(user=throttle.account_named(name))
        notify(kind=NOTIFICATION.key, about=link.pk)


def _recipients(link_id: int) -> list[int]:
    """The link itself, so that the same is queued whether or not there is an account."""
    return [link_id]


def _message(link_id: int, _recipient: int) -> Message | None:
    """The mail to the owner of the account; None without an owner to write to, or if it is late."""
    link = SignInLink.objects.select_related("user").filter(pk=link_id).first()
    if link is None or not is_open(link):
        return None
    user = link.user
    if user is None or not user.is_active or not user.email or not user.has_usable_password():
        return None
    token = seal(PURPOSE, f"{link.pk} {user.password_mark}")
    address = reverse("account_link_arrived", args=[token])
    context = {
        "user": user,
        "address": internal_url(address),
        "until": link.asked_at + LASTS,
    }
    return Message(
        address=user.email,
        subject=_("Tu enlace para entrar a Conóceles"),
        body=render_to_string("account/link_mail.txt", context),
    )


NOTIFICATION = NotificationKind("enlace_de_acceso", _recipients, _message, kept=REMEMBERED)


def owner_of(token: str) -> User:
    """The account of a link, without using the link up. Raises: LinkNotGood."""
    return _opened(token)[1]


def use(token: str) -> User:
    """Use up a link and the other links of its account. Raises: LinkNotGood."""
    link, user = _opened(token)
    with transaction.atomic():
        if not SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=timezone.now()):
            raise LinkNotGood
        user.sign_in_links.filter(used_at=None).update(used_at=timezone.now())
    return user


def is_open(link: SignInLink) -> bool:
    """Whether a link was not used and has not expired."""
    return link.used_at is None and timezone.now() < link.asked_at + LASTS


def _opened(token: str) -> tuple[SignInLink, User]:
    try:
        link_id, password_mark = unseal(PURPOSE, token, max_age=LASTS).split()
    except Unreadable as error:
        raise LinkNotGood from error
    link = SignInLink.objects.select_related("user").filter(pk=link_id).first()
    if link is None or link.user is None or not is_open(link):
        raise LinkNotGood
    if not link.user.is_active or link.user.password_mark != password_mark:
        raise LinkNotGood
    # An account that nobody activated has no password yet; this is no way around activating it.
    if not link.user.has_usable_password():
        raise LinkNotGood
    return link, link.user


def purge() -> int:
    """Delete old links. Returns how many."""
    old, _kinds = SignInLink.objects.filter(asked_at__lt=timezone.now() - REMEMBERED).delete()
    return old
