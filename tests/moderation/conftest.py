"""A questionnaire under review, captured and sent through the services."""

from tests.moderation.samples import *  # noqa: F403
