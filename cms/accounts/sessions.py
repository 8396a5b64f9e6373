"""How long a session lasts: it is renewed while somebody works, and pages know when it ends."""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from cms.accounts import open_sessions

_RENEWED = "renovada"


def seconds_left(request: HttpRequest) -> int:
    """Seconds until the session ends if nothing more is done; 0 without a session."""
    if not request.user.is_authenticated:
        return 0
    since = int(time.time()) - int(request.session.get(_RENEWED, 0))
    return max(0, int(settings.SESSION_COOKIE_AGE) - since)


def warn_before() -> int:
    """Seconds before the end at which the page warns: five minutes, or less in a short session."""
    return min(5 * 60, int(settings.SESSION_COOKIE_AGE) // 4)


def renew(request: HttpRequest, *, at_once: bool = False) -> None:
    """Let the session last its whole time again. It is written at most every twentieth of it."""
    since = int(time.time()) - int(request.session.get(_RENEWED, 0))
    if at_once or since >= int(settings.SESSION_COOKIE_AGE) // 20:
        request.session[_RENEWED] = int(time.time())
        open_sessions.seen(request)


def _begin(sender: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
    if request is not None and hasattr(request, "session"):
        request.session[_RENEWED] = int(time.time())


def count_from_signing_in() -> None:
    """A session begins to count when somebody signs in."""
    user_logged_in.connect(_begin, dispatch_uid="sessions.begin")
