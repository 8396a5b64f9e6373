"""A real mail server for the tests of each notification."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.mail_server import Mailbox, serving
from tests.waiting import free_port


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    """A real mail server, to which the settings of the site point."""
    port = free_port()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.WAGTAILADMIN_BASE_URL = "https://interno.instituto.example"
    with serving(Mailbox(), port) as box:
        yield box
