"""Too many failed attempts: the same words whatever the account."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """429 with when to try again."""
    return render(request, "429.html", status=429)
