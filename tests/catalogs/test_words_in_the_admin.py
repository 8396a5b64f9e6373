"""Administrators edit what the search knows of words."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms.catalogs.models import Hypocoristic, ProtectedWord, SynonymGroup

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    from cms.accounts.services import create_staff

    client.force_login(
        create_staff(username="innova.dos", role="administracion", password="palabra-de-prueba-8")
    )
    return client


def test_a_group_of_synonyms_is_added_and_deleted(admin: Client) -> None:
    group = {"terms": "quiosco,  glorieta ", "reason": "El centro de la plaza", "active": "on"}
    admin.post(reverse("synonymgroup:add"), group)
    made = SynonymGroup.objects.get(reason="El centro de la plaza")
    assert (made.terms, made.active) == (["quiosco", "glorieta"], True)

    admin.post(reverse("synonymgroup:delete", args=[made.pk]))
    assert not SynonymGroup.objects.filter(pk=made.pk).exists()


@pytest.mark.parametrize(
    ("name", "form", "field"),
    [
        ("synonymgroup", {"terms": "agua, Água", "reason": "Prueba"}, "terms"),
        ("synonymgroup", {"terms": "agua", "reason": "Prueba"}, "terms"),
        ("synonymgroup", {"terms": "agua, hielo", "reason": ""}, "reason"),
        (
            "hypocoristic",
            {"familiar": "Doña Lupe", "names": "Guadalupe", "reason": "Prueba"},
            "familiar",
        ),
        (
            "hypocoristic",
            {"familiar": "Pirri", "names": "Ana María", "reason": "Prueba"},
            "names",
        ),
        ("hypocoristic", {"familiar": "Lupita", "names": "Ana", "reason": "Prueba"}, "familiar"),
        ("protectedword", {"word": "dos palabras", "reason": "Prueba"}, "word"),
    ],
)
def test_what_could_not_be_searched_is_refused_with_its_field(
    admin: Client, name: str, form: dict[str, Any], field: str
) -> None:
    before = {model: model.objects.count() for model in (SynonymGroup, Hypocoristic, ProtectedWord)}
    page = admin.post(reverse(f"{name}:add"), form)

    assert list(page.context["form"].errors) == [field]
    assert {model: model.objects.count() for model in before} == before


@pytest.mark.parametrize("name", ["synonymgroup", "hypocoristic", "protectedword"])
def test_each_list_opens(admin: Client, name: str) -> None:
    assert admin.get(reverse(f"{name}:index")).status_code == 200
    assert admin.get(reverse(f"{name}:add")).status_code == 200
