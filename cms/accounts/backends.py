"""The first of the backends: every attempt is counted before any other looks at the password."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from cms.accounts import throttle
from cms.accounts.devices import known_device
from cms.accounts.lockout import address_of


class CountedAttempts:
    """Knows no account: it lets the next backend try, or stops `authenticate` for now.

    It stands here and not in a view, so that no door to sign in can be without it. It has no
    `get_user`, so that nobody is signed in by it. It leaves on the
    request the `throttle.Attempt`, or the `throttle.TooManyAttempts` that stopped it.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        name = str(credentials.get("username") or "")
        if request is None:
            throttle.begin(name=name, address="")
            return
        try:
            request.attempt = throttle.begin(  # type: ignore[attr-defined]
                name=name,
                address=address_of(request),
                known_device=known_device(request, throttle.account_named(name)),
            )
        except throttle.TooManyAttempts as stopped:
            request.stopped = stopped  # type: ignore[attr-defined]
            raise PermissionDenied from stopped
