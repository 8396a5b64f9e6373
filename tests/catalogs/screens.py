"""What the tests of the screens of contests share."""

from typing import Any

from django.urls import reverse


def at(name: str, *arguments: Any) -> str:
    return reverse(f"contests:{name}", args=arguments)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def said(answer: Any) -> list[str]:
    """The messages that the next page shows."""
    return [str(message).strip() for message in answer.wsgi_request._messages]
