"""Which notice is in force, and who has read it."""

import hashlib
import json

from django.utils import timezone

from cms.accounts.models import User
from cms.catalogs import prepared
from cms.privacy.models import NOTICE_ELEMENTS, NoticeAcceptance, SimplifiedNotice

_IN_FORCE = prepared.Read(
    SimplifiedNotice, "in_force_from <= %s", order="in_force_from DESC, id DESC"
)
_ACCEPTANCE = prepared.Read(NoticeAcceptance, "user_id = %s AND notice_hash = %s")


def notice_in_force() -> SimplifiedNotice | None:
    """The newest simplified notice whose time has come; None when the institute has none."""
    return _IN_FORCE.first(timezone.now())


def notice_hash(notice: SimplifiedNotice) -> str:
    """SHA-256 (64 hexadecimal digits) of the text that was shown, element by element."""
    shown = {name: getattr(notice, name) for name in ("title", *NOTICE_ELEMENTS)}
    canonical = json.dumps(shown, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def acceptance_of(*, user: User) -> NoticeAcceptance | None:
    """The account's acceptance of the notice in force; None if it has not accepted it."""
    notice = notice_in_force()
    if notice is None:
        return None
    return _ACCEPTANCE.first(user.pk, notice_hash(notice))


def has_accepted(*, user: User) -> bool:
    """Whether the account accepted the very text that is in force."""
    return acceptance_of(user=user) is not None
