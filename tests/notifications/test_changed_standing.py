"""Liaisons are told once that a candidacy ended, was replaced, or is active again."""

from collections.abc import Callable
from dataclasses import replace as with_changes
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from cms.accounts.models import User
from cms.accounts.services import create_staff
from cms.candidacies.ending import CannotChange, End
from cms.candidacies.models import CandidacyPage
from cms.candidacies.replacement import Substitute
from cms.candidacies.services import ensure_process, give_own_account
from cms.catalogs.models import Process, ProcessOffice
from cms.moderation.services import reinstate
from cms.notifications import services
from cms.notifications.models import Notification
from cms.publication import ending
from tests.moderation.samples import *  # noqa: F403

pytestmark = pytest.mark.django_db
END = End("renuncia", date(2024, 4, 18), agreement="IEC/CG/99/2024", reason="Un motivo reservado.")
NEW = Substitute(name="Irene Sotol", email="irene@ejemplo.mx", birth_date=date(1980, 5, 2))


@pytest.fixture
def keeper() -> User:
    return create_staff(username="instancia.uno", role="instancia_interna")


@pytest.fixture
def told(party: User, other_liaison: User) -> User:
    """The liaison of the candidacies; that of another actor has an address as well."""
    for user, address in ((party, "enlace@partido.example"), (other_liaison, "otro@rival.example")):
        user.email = address
        user.save()
    return party


def leave(*candidacies: CandidacyPage, by: User) -> None:
    ending.end_candidacies(candidacy_ids=[one.pk for one in candidacies], end=END, by=by)


def letters(mailoutbox: list[Any]) -> list[tuple[list[str], str]]:
    """To whom and what: everything that is queued, sent as a worker would."""
    mailoutbox.clear()
    for row in Notification.objects.order_by("pk"):
        services.send(notification_id=row.pk)
    return [(letter.to, letter.body) for letter in mailoutbox]


def test_a_slate_that_ends_is_one_message_without_what_only_the_institute_reads(
    make_candidacy: Callable[..., Any], told: User, keeper: User, mailoutbox: list[Any]
) -> None:
    names = [f"Persona {number} <b>" for number in range(45)]
    slate = [make_candidacy(name=name) for name in names]
    own = give_own_account(candidacy=slate[0], username="propia.uno", by=None)
    User.objects.filter(pk=own.pk).update(email="persona@ejemplo.mx")
    leave(*slate, by=keeper)

    ((to, body),) = letters(mailoutbox)

    assert to == ["enlace@partido.example"]
    assert "dio de baja 45 candidaturas a tu cargo" in body
    assert body.count("por renuncia, con fecha 18 de abril de 2024") == 40
    assert "Persona 0 <b> (" in body
    assert "Y más" in body
    assert "IEC/CG/99" not in body
    assert "reservado" not in body


def test_a_replacement_names_who_leaves_and_who_comes_in_and_is_one_message(
    candidacy: CandidacyPage, told: User, keeper: User, mailoutbox: list[Any]
) -> None:
    ending.replace(candidacy_id=candidacy.pk, substitute=NEW, end=END, agreement="X/1", by=keeper)

    ((to, body),) = letters(mailoutbox)

    assert to == ["enlace@partido.example"]
    assert f"- Sale: {candidacy.name} (" in body
    assert "- Entra: Irene Sotol\n" in body
    assert "irene@" not in body
    assert "1980" not in body


def test_an_end_that_lost_its_effect_before_the_mail_left_is_told_as_it_is_now(
    candidacy: CandidacyPage, told: User, keeper: User, mailoutbox: list[Any]
) -> None:
    leave(candidacy, by=keeper)
    reinstate(candidacy_id=candidacy.pk, reason="Se registró por error.", by=keeper)

    ((_to, body),) = letters(mailoutbox)

    assert "dejó sin efecto la baja" in body
    assert candidacy.name in body
    assert "por error" not in body
    assert letters(mailoutbox) == []


@pytest.mark.parametrize("case", ["refused", "rolled back", "rehearsal", "no address"])
def test_nobody_is_told(candidacy: CandidacyPage, told: User, keeper: User, case: str) -> None:
    if case == "refused":
        with pytest.raises(CannotChange):
            ending.end_candidacies(
                candidacy_ids=[candidacy.pk], end=with_changes(END, cause="otra"), by=keeper
            )
    elif case == "rolled back":
        with transaction.atomic():
            leave(candidacy, by=keeper)
            transaction.set_rollback(True)
    else:
        if case == "rehearsal":
            of = ensure_process(slug="otro").process
            rehearsal = Process.objects.create(slug="ensayo", name="Ensayo", rehearsal_of=of)
            ProcessOffice.objects.create(process=rehearsal, office=candidacy.office)
            CandidacyPage.objects.filter(pk=candidacy.pk).update(process=rehearsal)
        else:
            User.objects.update(email="")
        leave(candidacy, by=keeper)

    assert not Notification.objects.exists()


def test_who_captures_it_no_more_when_the_mail_leaves_reads_nothing(
    candidacy: CandidacyPage, told: User, keeper: User, mailoutbox: list[Any]
) -> None:
    leave(candidacy, by=keeper)
    told.scopes.all().delete()

    assert letters(mailoutbox) == []
    assert Notification.objects.get().dropped_at is not None
