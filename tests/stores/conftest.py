"""A questionnaire that was sent with its photograph."""

from tests.questionnaires.conftest import *  # noqa: F403
