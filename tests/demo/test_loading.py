"""The demonstration as it is loaded: every state of a questionnaire, in an empty database."""

import json

import pytest
from django.core.management import call_command

from cms.questionnaires.models import Questionnaire, QuestionnaireState

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(settings, tmp_path, capsys):
    settings.CONOCELES_DATA_DIR = tmp_path
    call_command("load_demo", "--format", "json")
    return json.loads(capsys.readouterr().out)


def test_every_state_can_be_seen_and_a_second_loading_changes_nothing(loaded, capsys):
    states = set(Questionnaire.objects.values_list("state", flat=True))
    assert states >= {*QuestionnaireState.values} - {QuestionnaireState.EMPTY}
    assert all(loaded["states"].values())
    assert loaded["candidacies"] >= 400
    assert loaded["written"] == 40
    assert loaded["news"] == 3

    call_command("load_demo", "--format", "json")
    assert json.loads(capsys.readouterr().out)["loaded"] is False
