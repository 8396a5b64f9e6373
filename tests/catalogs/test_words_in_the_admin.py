"""Administrators edit what the search knows of words."""

import re
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
        ("hypocoristic", {"familiar": "LUPITA", "names": "Ana", "reason": "Prueba"}, "familiar"),
        ("hypocoristic", {"familiar": "Quiko", "names": "Quiko", "reason": "Prueba"}, "names"),
        ("hypocoristic", {"familiar": "Ella", "names": "Elena", "reason": "Prueba"}, "familiar"),
        ("protectedword", {"word": "dos palabras", "reason": "Prueba"}, "word"),
        ("protectedword", {"word": "también", "reason": "Prueba"}, "word"),
        ("protectedword", {"word": "PAN", "reason": "Prueba"}, "word"),
        ("synonymgroup", {"terms": "quiosco, de la", "reason": "Prueba"}, "terms"),
        ("synonymgroup", {"terms": "quiosco, ¡…!", "reason": "Prueba"}, "terms"),
        ("synonymgroup", {"terms": "DRENAJE, aguas negras", "reason": "Prueba"}, "terms"),
        ("synonymgroup", {"terms": f"quiosco, {'x' * 121}", "reason": "Prueba"}, "terms"),
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


def test_terms_are_parted_by_commas_semicolons_or_lines(admin: Client) -> None:
    group = {"terms": "quiosco;glorieta,\r\n  plaza   de armas,,", "reason": "El centro"}
    admin.post(reverse("synonymgroup:add"), group)
    assert SynonymGroup.objects.get(reason="El centro").terms == [
        "quiosco",
        "glorieta",
        "plaza de armas",
    ]


@pytest.fixture
def group() -> SynonymGroup:
    return SynonymGroup.objects.create(terms=["quiosco", "glorieta"], reason="El centro")


def opened(page: Any) -> dict[str, Any]:
    """What a browser would send of an edit form that nobody touched."""
    form = page.context["form"]
    return {
        name: value for name in form.fields if (value := form[name].value()) not in (None, False)
    } | {"terms": ", ".join(form["terms"].initial)}


def test_who_saves_last_is_told_what_somebody_else_changed(
    admin: Client, group: SynonymGroup
) -> None:
    address = reverse("synonymgroup:edit", args=[group.pk])
    mine = opened(admin.get(address))
    admin.post(address, mine | {"terms": "quiosco, glorieta, rotonda"})

    told = admin.post(address, mine | {"terms": "quiosco, glorieta, alameda"})
    errors = told.context["form"].errors
    assert list(errors) == ["terms"]
    assert "ahora dice «quiosco, glorieta, rotonda»" in errors["terms"][0]
    group.refresh_from_db()
    assert group.terms == ["quiosco", "glorieta", "rotonda"]

    again = {"terms": "quiosco, glorieta, rotonda, alameda", "as_opened": seen(told)}
    assert admin.post(address, mine | again).status_code == 302
    group.refresh_from_db()
    assert group.terms == ["quiosco", "glorieta", "rotonda", "alameda"]


def seen(page: Any) -> str:
    value: str = page.context["form"]["as_opened"].value()
    return value


def test_two_people_who_change_different_things_both_keep_theirs(
    admin: Client, group: SynonymGroup
) -> None:
    address = reverse("synonymgroup:edit", args=[group.pk])
    mine = opened(admin.get(address))
    SynonymGroup.objects.filter(pk=group.pk).update(reason="El centro de la plaza")

    told = admin.post(address, mine | {"terms": "quiosco, glorieta, alameda"})
    assert list(told.context["form"].errors) == ["reason"]
    again = {"reason": "El centro de la plaza", "as_opened": seen(told)}
    admin.post(address, mine | {"terms": "quiosco, glorieta, alameda"} | again)
    group.refresh_from_db()
    assert (group.terms[-1], group.reason) == ("alameda", "El centro de la plaza")


def test_a_row_that_somebody_else_deleted_is_not_saved_and_that_is_said(
    admin: Client, group: SynonymGroup
) -> None:
    address = reverse("synonymgroup:edit", args=[group.pk])
    mine = opened(admin.get(address))
    SynonymGroup.objects.filter(pk=group.pk).delete()

    told = admin.post(address, mine, follow=True)
    assert "Se borró mientras lo editabas; no se guardó nada." in told.content.decode()
    assert not SynonymGroup.objects.filter(reason="El centro").exists()


@pytest.mark.parametrize(
    ("name", "typed", "found"),
    [
        ("synonymgroup", "hidrico vital", "vital líquido"),
        ("synonymgroup", "tandeo", "desabasto de agua"),
        ("hypocoristic", "guadalupe", "Lupita"),
        ("protectedword", "accion nacional", "pan"),
    ],
)
def test_each_list_is_searched_by_word_and_reason(
    admin: Client, name: str, typed: str, found: str
) -> None:
    page = admin.get(reverse(f"{name}:index"), {"q": typed})
    rows = [str(row) for row in page.context["object_list"]]
    assert any(found in row for row in rows)
    assert len(rows) < 6


def test_the_lists_are_ordered_as_a_dictionary_and_say_in_words_what_is_in_use(
    admin: Client, group: SynonymGroup
) -> None:
    SynonymGroup.objects.filter(pk=group.pk).update(active=False)
    page = admin.get(reverse("synonymgroup:index"), {"p": 1})
    first = [row.terms[0].lower() for row in page.context["object_list"][:3]]
    assert first == sorted(first)
    assert first[0].startswith("a")
    found = admin.get(reverse("synonymgroup:index"), {"active": "0"})
    assert list(found.context["object_list"]) == [group]
    words = " ".join(re.sub("<[^>]+>", " ", found.content.decode()).split())
    assert "En uso: No" in words
    assert not re.search(r"\b(True|False)\b", words)


@pytest.mark.parametrize("odd", ["", "{", "[]", "null", '{"terms": 1}', "[" * 100_000])
def test_a_form_that_does_not_say_how_it_was_opened_is_answered(
    admin: Client, group: SynonymGroup, odd: str
) -> None:
    address = reverse("synonymgroup:edit", args=[group.pk])
    form = {"terms": "quiosco, glorieta, alameda", "reason": "El centro", "as_opened": odd}
    assert admin.post(address, form).status_code in {200, 302}
