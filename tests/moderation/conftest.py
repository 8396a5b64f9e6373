"""A questionnaire under review, captured and sent through the services, and its reviewer."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.moderation.samples import *  # noqa: F403
from tests.moderation.samples import send


@pytest.fixture
def desk(validator: Any) -> Client:
    """The browser of a validator who is signed in."""
    client = Client()
    client.force_login(validator, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def sent_by(
    make_candidacy: Callable[..., Any], complete_answers: dict[str, Any], party: Any
) -> Callable[..., Any]:
    """A function that makes another candidacy whose questionnaire is under review."""

    def make(**changes: Any) -> Any:
        return send(make_candidacy(**changes), complete_answers, party)

    return make
