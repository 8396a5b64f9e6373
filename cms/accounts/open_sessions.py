"""Where an account is signed in: seen and ended by its owner."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, update_session_auth_hash
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.accounts import audit
from cms.accounts.models import OpenSession, User

# What a browser says of itself → how people call it. The first that is found counts, since most
# browsers also say that they are some other.
_BROWSERS = (
    ("Edg(?:e|A|iOS)?/", "Edge"),
    ("OPR/|Opera", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/|FxiOS/", "Firefox"),
    ("(?:Headless)?Chrome/|CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X|Macintosh", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Place:
    """A session, as its owner sees it."""

    pk: int
    device: str
    began_at: datetime
    used_at: datetime
    is_this: bool


def device_words(user_agent: str) -> str:
    """Browser and system in words. What the browser says about itself is kept nowhere else."""
    browser = next((name for mark, name in _BROWSERS if re.search(mark, user_agent)), "")
    system = next((name for mark, name in _SYSTEMS if re.search(mark, user_agent)), "")
    if browser and system:
        return _("{browser} en {system}").format(browser=browser, system=system)
    return browser or system or _("Otro dispositivo")


def sessions_of(request: HttpRequest) -> list[Place]:
    """The open sessions of whoever asks: this one first, then the one used last."""
    user = request.user
    living = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    rows = OpenSession.objects.filter(user=user.pk, key__in=living).order_by("-used_at", "-pk")
    places = [
        Place(row.pk, row.device, row.began_at, row.used_at, row.key == request.session.session_key)
        for row in rows
    ]
    return sorted(places, key=lambda place: not place.is_this)


@transaction.atomic
def end_session(*, user: User, session_id: int) -> bool:
    """End a session of this account. Returns whether there was one."""
    row = OpenSession.objects.filter(user=user, pk=session_id).first()
    if row is None:
        return False
    Session.objects.filter(session_key=row.key).delete()
    row.delete()
    audit.record(audit.Event.SESSIONS_ENDED, account=user, by=user, number=1)
    return True


@transaction.atomic
def end_all(*, user: User, by: User | None) -> None:
    """End every session of an account at once, also those that no row knows."""
    User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
    user.refresh_from_db(fields=["sessions_ended"])
    rows = OpenSession.objects.filter(user=user)
    Session.objects.filter(session_key__in=rows.values("key")).delete()
    rows.delete()
    audit.record(audit.Event.SESSIONS_ENDED, account=user, by=by)


@transaction.atomic
def end_others(request: HttpRequest, user: User) -> None:
    """End all sessions of an account but the one that asks."""
    keep_only(request, user)
    audit.record(audit.Event.SESSIONS_ENDED, account=user, by=user)


@transaction.atomic
def keep_only(request: HttpRequest, user: User) -> None:
    """Let this session of the account live on, and no other. The password may have changed."""
    User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
    user.refresh_from_db(fields=["sessions_ended"])
    before = request.session.session_key
    others = OpenSession.objects.filter(user=user).exclude(key=before or "")
    Session.objects.filter(session_key__in=others.values("key")).delete()
    others.delete()
    update_session_auth_hash(request, user)
    OpenSession.objects.filter(key=before or "").update(key=request.session.session_key)


def seen(request: HttpRequest) -> None:
    """Write down that the session is in use; called when it is renewed."""
    key = request.session.session_key
    OpenSession.objects.filter(key=key).update(used_at=timezone.now())


def purge() -> int:
    """Delete the rows of sessions that ended by themselves. Returns how many."""
    long_ago = timezone.now() - timedelta(seconds=2 * settings.SESSION_COOKIE_AGE)
    living = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    old = OpenSession.objects.filter(used_at__lt=long_ago).exclude(key__in=living)
    return old.delete()[0]


def _begin(sender: Any, request: HttpRequest | None = None, user: Any = None, **kw: Any) -> None:
    session = getattr(request, "session", None)
    if request is None or session is None or not isinstance(user, User):
        return
    words = device_words(request.META.get("HTTP_USER_AGENT", ""))
    if session.session_key is None:
        session.save()
    OpenSession.objects.update_or_create(
        key=session.session_key, defaults={"user": user, "device": words}
    )


def _end(sender: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
    session = getattr(request, "session", None)
    if session is not None and SESSION_KEY in session:
        OpenSession.objects.filter(key=session.session_key or "").delete()


def follow() -> None:
    """Sessions are written down when somebody signs in, and forgotten when they sign out."""
    user_logged_in.connect(_begin, dispatch_uid="open_sessions.begin")
    user_logged_out.connect(_end, dispatch_uid="open_sessions.end")
