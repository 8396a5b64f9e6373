"""A questionnaire under review, captured and sent through the services, and who reviews it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.moderation.samples import *  # noqa: F403
from tests.moderation.samples import send


@pytest.fixture
def desk(validator: Any) -> Client:
    """A validator's browser."""
    client = Client()
    client.force_login(validator, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def sent_by(
    make_candidacy: Callable[..., Any], complete_answers: dict[str, Any], party: Any
) -> Callable[..., Any]:
    """Another candidacy whose questionnaire is under review."""

    def make(**changes: Any) -> Any:
        return send(make_candidacy(**changes), complete_answers, party)

    return make
