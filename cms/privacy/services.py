"""Accepting a privacy notice."""

from django.db import transaction

from cms.accounts.models import User
from cms.privacy import selectors
from cms.privacy.models import NoticeAcceptance


class NoticeChanged(Exception):
    """The notice that was shown is not the one in force any more."""

    explanation = "El aviso de privacidad cambió mientras lo leías. Lee el nuevo y acéptalo."


class NoticeNotAccepted(Exception):
    """Nothing may be stored before the notice was shown and accepted. LGPDPPSO 14, 21."""

    explanation = "Lee y acepta el aviso de privacidad antes de escribir. No se guardó nada."


@transaction.atomic
def accept_notice(*, user: User, notice_hash: str) -> NoticeAcceptance:
    """Record that an account accepted the text with this hash; once per text.

    Raises: NoticeChanged if that text is not in force.
    """
    notice = selectors.notice_in_force()
    if notice is None or selectors.notice_hash(notice) != notice_hash:
        raise NoticeChanged
    acceptance, _created = NoticeAcceptance.objects.get_or_create(
        user=user,
        notice_hash=notice_hash,
        defaults={"username": user.username, "capacity": user.role},
    )
    return acceptance


def require_acceptance(*, user: User) -> NoticeAcceptance:
    """The account's acceptance of the notice in force. Raises NoticeNotAccepted."""
    acceptance = selectors.acceptance_of(user=user)
    if acceptance is None:
        raise NoticeNotAccepted
    return acceptance
