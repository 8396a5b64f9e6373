"""A forgotten password: a link by mail leads to a page where its owner chooses another. ADR 0056.

It signs nobody in: whoever chose another password enters with it, and with the second factor.
"""

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import Case, Q, When
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.accounts import audit, open_sessions, throttle, told
from cms.accounts.keys import Unreadable, seal, unseal
from cms.accounts.links import LASTS, REMEMBERED, LinkNotGood, is_open
from cms.accounts.models import SignInLink, User
from cms.catalogs.addresses import internal_url
from cms.notifications.kinds import Message, NotificationKind
from cms.notifications.services import notify

PURPOSE = "password link"
# Accounts with the same address that a mail names: an office of a party shares one, not a crowd.
MOST_ACCOUNTS = 10


def _account_of(typed: str) -> User | None:
    """The account of that name, or the first with that e-mail: one query, whatever was typed."""
    named = Q(username__iexact=typed)
    found = User.objects.filter(named | Q(email__iexact=typed, is_active=True))
    return found.order_by(Case(When(named, then=0), default=1), "pk").first()


def ask_for_link(*, typed: str, address: str) -> None:
    """Queue the mail for a name or an e-mail, if there is such an account.

    The same is written and queued for everything that somebody may type, so neither the answer nor
    its time shows which accounts exist.

    Raises: throttle.TooManyAttempts, when this address asked too often.
    """
    if not throttle.may_ask_for_a_link(name=typed, address=address):
        return
    with transaction.atomic():
        link = SignInLink.objects.create(
            user=_account_of(typed), purpose=SignInLink.Purpose.PASSWORD, by_email="@" in typed
        )
        notify(kind=NOTIFICATION.key, about=link.pk)


def _recipients(link_id: int) -> list[int]:
    """The link itself, so that the same is queued whether or not there is an account."""
    return [link_id]


def _message(link_id: int, _recipient: int) -> Message | None:
    """The mail with a link for each account of the address; None where there is none to tell."""
    link = SignInLink.objects.select_related("user").filter(pk=link_id).first()
    if link is None or not is_open(link) or link.user is None or not link.user.email:
        return None
    same = {"email__iexact": link.user.email} if link.by_email else {"pk": link.user.pk}
    accounts = User.objects.filter(is_active=True, **same).order_by("pk")[:MOST_ACCOUNTS]
    links = [
        (user.username, internal_url(reverse("password_link_arrived", args=[_token(link, user)])))
        for user in accounts
        if user.has_usable_password()
    ]
    if not links:
        return None
    context = {"links": links, "until": link.asked_at + LASTS}
    return Message(
        address=link.user.email,
        subject=_("Elige otra contraseña para Conóceles"),
        body=render_to_string("account/password_mail.txt", context),
    )


NOTIFICATION = NotificationKind("otra_contrasena", _recipients, _message, kept=REMEMBERED)


def _token(link: SignInLink, user: User) -> str:
    return seal(PURPOSE, f"{link.pk} {user.pk} {user.password_mark}")


def owner_of(token: str) -> User:
    """The account of a link, without using the link up. Raises: LinkNotGood."""
    return _opened(token)[1]


@transaction.atomic
def choose_password(*, token: str, password: str) -> User:
    """Give the account of a link another password. The link is used up and every session ends.

    Raises: LinkNotGood; ValidationError for a password that is too easy to guess.
    """
    link, user = _opened(token)
    validate_password(password, user)
    if not SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=timezone.now()):
        raise LinkNotGood
    user.sign_in_links.filter(used_at=None).update(used_at=timezone.now())
    user.set_password(password)
    user.save(update_fields=["password"])
    open_sessions.end_all(user=user, by=None)
    told.tell(
        audit.record(audit.Event.PASSWORD_CHANGED, account=user, by=None, way="enlace por correo")
    )
    return user


def _opened(token: str) -> tuple[SignInLink, User]:
    try:
        link_id, user_id, password_mark = unseal(PURPOSE, token, max_age=LASTS).split()
    except Unreadable as error:
        raise LinkNotGood from error
    link = SignInLink.objects.filter(pk=link_id, purpose=SignInLink.Purpose.PASSWORD).first()
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if link is None or user is None or not is_open(link):
        raise LinkNotGood
    if user.password_mark != password_mark or not user.has_usable_password():
        raise LinkNotGood
    return link, user
