"""Whoever captures is told by e-mail, once, that a questionnaire which was begun changed."""

from collections.abc import Callable
from typing import Any

import pytest

from cms.accounts.services import create_liaison, create_staff
from cms.notifications.models import Notification
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.models import DefinitionDraft
from cms.questionnaires.services import save_draft
from cms.questionnaires.versions.services import begin_draft
from tests.moderation.samples import *  # noqa: F403
from tests.notifications.test_observed import EMAIL, work_off
from tests.questionnaires.versions.cases import adds, says
from tests.questionnaires.versions.conftest import now, put_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def change(process: Any) -> Callable[[Any], Any]:
    """A function that puts a change in force."""
    administrator = create_staff(username="innova.uno", role="administracion")

    def change(edit: Any) -> Any:
        draft = begin_draft(process=process, kind=CURRICULAR, user=administrator)
        DefinitionDraft.objects.filter(pk=draft.pk).update(content=edit(draft.content))
        return put_in_force(now(draft), administrator)

    return change


@pytest.fixture
def begun(make_candidacy: Any, party: Any) -> Any:
    """Two candidacies of the party that were begun, and one that was not."""
    party.email = EMAIL
    party.save()
    found = [
        make_candidacy(office="regiduria", list_number=number, name=f"Persona Ficticia {letter}")
        for number, letter in enumerate("ABC", start=1)
    ]
    for candidacy in found[:2]:
        save_draft(
            candidacy=candidacy,
            kind=CURRICULAR,
            changes={"propuesta_1": "Agua"},
            version=None,
            user=party,
        )
    return found


def test_one_letter_tells_each_account_where_to_read_what_changed(
    begun: Any,
    change: Any,
    mailbox: Any,
    other_liaison: Any,
    actor: Any,
) -> None:
    other_liaison.email = "rival@partido.example"
    other_liaison.save()
    create_liaison(username="enlace.sin.correo", actors=[actor])
    change(adds(required=True))

    assert work_off() == [True]
    (letter,) = mailbox.letters
    assert letter.rcpt_tos == [EMAIL]
    text = mailbox.messages[0].get_payload(decode=True).decode()
    assert "El Instituto cambió el cuestionario curricular de Proceso Electoral Local 2024." in text
    assert "2 candidaturas a tu cargo ya lo habían empezado o enviado." in text
    assert "https://interno.instituto.example/captura/" in text
    assert "Persona Ficticia" not in text
    assert "agua" not in text.lower()


def test_nobody_is_written_to_about_what_only_the_public_notices(
    begun: Any,
    change: Any,
    mailbox: Any,
) -> None:
    change(says("propuesta_1", weight="bajo"))
    assert not Notification.objects.exists()


def test_nobody_is_written_to_about_a_rehearsal(
    begun: Any,
    change: Any,
    mailbox: Any,
    process: Any,
) -> None:
    process.fictitious = True
    process.save()
    change(adds(required=True))
    assert not Notification.objects.exists()


def test_who_captures_none_of_them_any_more_is_not_written_to(
    begun: Any,
    change: Any,
    mailbox: Any,
    party: Any,
) -> None:
    change(adds(required=True))
    party.scopes.all().delete()
    assert work_off() == [False]
    assert mailbox.letters == []
