"""Loading the demonstration in an empty database creates every state of a questionnaire."""

import json

import pytest
from django.core.management import CommandError, call_command

from cms.accounts.models import User
from cms.accounts.services import create_staff
from cms.candidacies.models import CandidacyPage
from cms.questionnaires.models import Questionnaire, QuestionnaireState

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(settings, tmp_path, capsys):
    settings.CONOCELES_DATA_DIR = tmp_path
    call_command("load_demo", "--format", "json")
    return json.loads(capsys.readouterr().out)


def test_every_state_is_loaded_and_a_second_loading_changes_nothing(loaded, capsys):
    states = set(Questionnaire.objects.values_list("state", flat=True))
    assert states == {*QuestionnaireState.values} - {QuestionnaireState.EMPTY}
    assert all(loaded["states"].values())
    assert loaded["candidacies"] == 423
    assert loaded["written"] == 40
    assert loaded["news"] == 3

    call_command("load_demo", "--format", "json")
    assert json.loads(capsys.readouterr().out)["loaded"] is False


def test_an_account_that_somebody_made_is_left_alone_and_another_one_is_used(
    settings, tmp_path, capsys
):
    settings.CONOCELES_DATA_DIR = tmp_path
    for name in ("revision", "administracion"):
        create_staff(username=name, role="consulta", password="palabra-de-prueba-7")
    before = User.objects.values_list("username", "password", "role", "is_superuser", "last_login")
    theirs = sorted(before)

    call_command("load_demo")

    assert [row for row in sorted(before.all()) if row in theirs] == theirs
    output = capsys.readouterr().out
    assert "La cuenta revision ya era de alguien y quedó como estaba; usa demo1.revision." in output
    passwords = json.loads((tmp_path / "keys" / "demo_passwords.json").read_text())
    assert "revision" not in passwords
    made = User.objects.get(username="demo1.administracion")
    assert made.is_superuser
    assert made.check_password(passwords["demo1.administracion"])

    made.set_password("la-cambió-su-dueña")
    made.save()
    call_command("load_demo")
    made.refresh_from_db()
    assert made.check_password("la-cambió-su-dueña")


def test_nothing_is_loaded_in_production(settings, tmp_path):
    settings.CONOCELES_DATA_DIR = tmp_path
    settings.DEMO_ALLOWED = False
    with pytest.raises(CommandError, match="no se carga en producción"):
        call_command("load_demo", "--format", "json")
    assert not CandidacyPage.objects.exists()
    assert not User.objects.exists()
    assert not (tmp_path / "keys").exists()
