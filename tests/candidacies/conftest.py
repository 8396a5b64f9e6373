"""Submissions under review, to see what terms do to them."""

from tests.moderation.samples import *  # noqa: F403
