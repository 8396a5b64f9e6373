"""Devices on which an account has signed in: other people's attempts do not lock their owner out.

After signing in, the device keeps a sealed cookie with the account and a mark of its password. An
attempt with that cookie is counted separately (`cms.accounts.throttle.KNOWN_DEVICE`). The cookie
signs nobody in, and is worthless once the password changes. A shared computer keeps a few accounts.
"""

import json
import secrets
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from cms.accounts.keys import Unreadable, seal, unseal
from cms.accounts.models import User

COOKIE = "dispositivo"
PURPOSE = "known device"
KEPT = timedelta(days=180)
MOST_ACCOUNTS = 5
# No sealed value contains it.
BETWEEN = "."


def _opened(request: HttpRequest) -> Iterator[tuple[str, dict[str, str]]]:
    """(sealed, content) of each account that the device keeps."""
    for sealed in request.COOKIES.get(COOKIE, "").split(BETWEEN)[:MOST_ACCOUNTS]:
        try:
            yield sealed, json.loads(unseal(PURPOSE, sealed, max_age=KEPT))
        except Unreadable:
            continue


def known_device(request: HttpRequest, user: User | None) -> str | None:
    """The identifier of this device, if the account has signed in on it; else None."""
    for _sealed, content in _opened(request):
        if user is not None and content["account"] == str(user.pk):
            is_current = secrets.compare_digest(content["password"], user.password_mark)
            return content["device"] if is_current else None
    return None


def remember(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Put the account into the device's cookie, before the other accounts in it."""
    kept, device = [], known_device(request, user)
    for sealed, content in _opened(request):
        if content["account"] != str(user.pk):
            kept.append(sealed)
    content = {
        "account": str(user.pk),
        "device": device or secrets.token_hex(8),
        "password": user.password_mark,
    }
    value = BETWEEN.join([seal(PURPOSE, json.dumps(content)), *kept][:MOST_ACCOUNTS])
    response.set_cookie(
        COOKIE,
        value,
        max_age=KEPT,
        path=reverse("account_login"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
