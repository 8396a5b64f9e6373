"""Too many failed attempts: the same words whatever the account."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def address_of(request: HttpRequest) -> str:
    """The visitor's address, as allauth reads it: behind proxies only theirs are believed.

    Empty when there is none: nobody came through the network.
    """
    try:
        address: str = get_adapter().get_client_ip(request)
    except PermissionDenied:
        return ""
    return address


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """429 with when to try again."""
    return render(request, "429.html", status=429)
