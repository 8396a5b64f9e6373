"""A questionnaire under review, and the accounts that might try to reach it past the services."""

from tests.moderation.samples import *  # noqa: F403
