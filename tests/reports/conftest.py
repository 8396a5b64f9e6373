"""Accounts that follow the progress, and questionnaires in several states."""

from tests.moderation.samples import *  # noqa: F403
