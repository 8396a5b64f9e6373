"""The answer to too many failed attempts: the same for every account, and it says what to do."""

from datetime import datetime

from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cms.notifications.mail import mail_is_sent


def address_of(request: HttpRequest) -> str:
    """The visitor's address, as allauth reads it: it believes only what our proxies say.

    For a request that did not pass the proxies it is the address of the connection. It is empty for
    a request that did not come through the network.
    """
    try:
        address: str = get_adapter().get_client_ip(request)
    except ImproperlyConfigured:
        return str(request.META.get("REMOTE_ADDR", ""))
    except PermissionDenied:
        return ""
    return address


def locked_out(request: HttpRequest, until: datetime) -> HttpResponse:
    """429, saying when to try again and which other way to sign in there is."""
    seconds = max(1, int((until - timezone.now()).total_seconds()) + 1)
    context = {"until": until, "minutes": (seconds + 59) // 60, "mail_is_sent": mail_is_sent()}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response
