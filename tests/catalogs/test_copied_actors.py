"""Actors are copied in the admin from one process to another."""

from typing import Any

import pytest
from django.test import Client

from cms.catalogs.models import PoliticalActor, Process
from tests.catalogs.screens import at, said, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def coalition(actor: Any, other_actor: Any) -> PoliticalActor:
    return PoliticalActor.objects.create(
        process=actor.process,
        key="alianza",
        name="Alianza del Norte",
        kind="coalicion",
        members=["PD", "PS"],
        ballot_order=3,
        color="#112233",
    )


def test_actors_are_copied_with_members_order_and_colours(
    admin: Client, oaxaca: Process, coalition: PoliticalActor
) -> None:
    source = coalition.process
    page = admin.get(at("copy_actors", oaxaca.pk) + f"?desde={source.pk}")
    assert "Alianza del Norte (coalición: PD, PS)" in text(page)
    assert page.context["form"]["keys"].value() == ["pd", "ps", "alianza"]
    sent = {"desde": source.pk, "keys": ["pd", "alianza"]}
    assert said(admin.post(at("copy_actors", oaxaca.pk), sent)) == [
        "Se copiaron 2 actores políticos."
    ]
    copied = oaxaca.actors.get(key="alianza")
    assert (copied.members, copied.ballot_order, copied.color) == (["PD", "PS"], 3, "#112233")
    assert source.actors.count() == 3
    assert admin.post(at("copy_actors", oaxaca.pk), sent).status_code == 422
    assert oaxaca.actors.count() == 2


def test_an_actor_that_is_there_stays_as_it_is(
    admin: Client, oaxaca: Process, coalition: PoliticalActor
) -> None:
    PoliticalActor.objects.create(process=oaxaca, key="pd", name="Otro nombre", kind="partido")
    page = admin.get(at("copy_actors", oaxaca.pk) + f"?desde={coalition.process_id}")
    assert [key for key, _label in page.context["form"].fields["keys"].choices] == ["ps", "alianza"]


def test_independents_are_not_marked(admin: Client, oaxaca: Process, actor: Any) -> None:
    PoliticalActor.objects.create(
        process=actor.process, key="ci", name="Homero Junco", kind="independiente"
    )
    page = admin.get(at("copy_actors", oaxaca.pk) + f"?desde={actor.process_id}")
    assert page.context["form"]["keys"].value() == ["pd"]


def test_everything_sent_twice_is_copied_once(
    admin: Client, oaxaca: Process, coalition: PoliticalActor
) -> None:
    sent = {"desde": coalition.process_id, "keys": ["pd", "ps", "alianza"]}
    admin.post(at("copy_actors", oaxaca.pk), sent)
    again = admin.post(at("copy_actors", oaxaca.pk), sent)
    assert said(again)[-1] == "Este proceso ya tiene todos esos actores."
    assert oaxaca.actors.count() == 3


@pytest.mark.parametrize("source", ["", "x", "0", "٣", "9" * 30])
def test_a_process_to_copy_from_that_cannot_be_is_asked_for_again(
    admin: Client, oaxaca: Process, actor: Any, source: str
) -> None:
    assert admin.get(at("copy_actors", oaxaca.pk) + f"?desde={source}").status_code == 200
    answer = admin.post(at("copy_actors", oaxaca.pk), {"desde": source, "keys": ["pd"]})
    assert answer.status_code == 422
    assert not oaxaca.actors.exists()


def test_a_process_is_not_copied_into_itself(admin: Client, actor: Any) -> None:
    own = actor.process
    assert (
        admin.post(at("copy_actors", own.pk), {"desde": own.pk, "keys": ["pd"]}).status_code == 422
    )
