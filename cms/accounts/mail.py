"""Whether this installation sends mail: without a server, nothing that needs it is offered."""

from django.conf import settings

_SENDS_NOTHING = ("django.core.mail.backends.dummy.EmailBackend",)


def mail_is_sent() -> bool:
    """Whether a message of ours reaches somebody."""
    return settings.EMAIL_BACKEND not in _SENDS_NOTHING
