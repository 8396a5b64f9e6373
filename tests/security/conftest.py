"""A questionnaire under review, and the accounts that might try a side door."""

from tests.moderation.samples import *  # noqa: F403
