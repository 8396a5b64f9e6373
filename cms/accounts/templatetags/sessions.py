"""What the pages of people who are signed in know about their session."""

from typing import Any

from django import template
from django.conf import settings

from cms.accounts.sessions import seconds_left, warn_before

register = template.Library()


@register.inclusion_tag("accounts/session_warning.html", takes_context=True)
def session_warning(context: Any) -> dict[str, Any]:
    """The warning before the session ends, hidden until then; nothing for visitors."""
    request = context.get("request")
    is_in = request is not None and getattr(request, "user", None) is not None
    if not is_in or not request.user.is_authenticated:
        return {"left": 0}
    return {
        "left": seconds_left(request),
        "whole": int(settings.SESSION_COOKIE_AGE),
        "warn": warn_before(),
        "cookie": settings.CSRF_COOKIE_NAME,
    }
