"""The first backend: it counts an attempt before any other backend checks the password."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from cms.accounts import throttle
from cms.accounts.devices import known_device
from cms.accounts.lockout import address_of


class CountedAttempts:
    """Lets the next backend try, or stops `authenticate` when there were too many attempts.

    It is a backend and not part of a view, so that every way to sign in is counted. It has no
    `get_user`, so it signs nobody in. It leaves on the request the `throttle.Attempt`, or the
    `throttle.TooManyAttempts` that stopped the attempt.
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
