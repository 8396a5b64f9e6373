"""The contact of the institute is written once in the admin and shown wherever help is offered."""

import html
import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cms.catalogs.contact import Contact, telephone_as_read
from cms.catalogs.models import PortalSettings

COMPLETE = {
    "current_process": "",
    "institute_name": "Instituto Electoral de Coahuila",
    "contact_area": "Unidad de Transparencia",
    "contact_email": "transparencia@instituto.example",
    "contact_telephone": "(844) 438-6260 Extensión 12",
    "contact_address": "Calle del Nogal 12, Centro, 25000 Saltillo",
    "contact_hours": "lunes a viernes, de 9:00 a 16:00",
    "contact_answer_days": "10",
}


@pytest.fixture
def administrator(client, superuser):
    client.force_login(superuser)
    return client


def save(client, **changes):
    where = ["catalogs", "portalsettings", PortalSettings.load().pk]
    return client.post(reverse("wagtailsettings:edit", args=where), COMPLETE | changes, follow=True)


@pytest.mark.parametrize("path", ["/", "/acceso/", "/privacidad/", "/accesibilidad/", "/nada/"])
def test_the_contact_is_shown_on_every_page_in_the_same_form(client, administrator, path):
    assert save(administrator).status_code == 200
    client.logout()

    page = client.get(path).content.decode()

    for words in (
        'href="mailto:transparencia@instituto.example"',
        'href="tel:+528444386260;ext=12"',
        "844 438 6260 ext. 12",
        "Calle del Nogal 12, Centro, 25000 Saltillo",
        "lunes a viernes, de 9:00 a 16:00",
        "Respondemos en 10 días hábiles, a más tardar.",
    ):
        assert words in page


@pytest.mark.parametrize("path", ["/", "/acceso/", "/no-existe/"])
def test_no_page_mentions_a_contact_before_it_is_written(client, db, path):
    page = client.get(path).content.decode()

    assert 'class="contact' not in page
    assert "mailto:" not in page
    assert "Respondemos en" not in page


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("contact_telephone", "438 62 60", "Escribe los diez dígitos"),
        ("contact_telephone", "84443862601", "Escribe los diez dígitos"),
        ("contact_email", "transparencia", "correo electrónico válid"),
        ("contact_answer_days", "0", "mayor o igual a 1"),
        ("contact_answer_days", "366", "menor o igual a 60"),
    ],
)
def test_an_invalid_value_is_refused_at_its_field(administrator, field, value, words):
    response = save(administrator, **{field: value})

    assert words in " ".join(response.context["form"].errors[field])
    assert not PortalSettings.objects.filter(**{field: value}).exists()


def test_hours_and_days_of_answer_without_a_contact_are_refused(db):
    incomplete = PortalSettings(contact_hours="lunes a viernes", contact_answer_days=5)

    with pytest.raises(ValidationError, match="no llevan a nadie"):
        incomplete.clean()
    assert not incomplete.contact


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("8444386260", "844 438 6260"),
        ("+52 844 438 6260 x7", "844 438 6260 ext. 7"),
        ("55 5728 2300", "55 5728 2300"),
        ("844\u2011438\u20116260", "844 438 6260"),
    ],
)
def test_telephones_are_shown_in_a_single_form(written, read):
    assert telephone_as_read(written) == read
    assert Contact(telephone=read).telephone_link.startswith("tel:+52")


def test_the_name_and_the_contact_are_shown_before_any_process_exists(client, db):
    portal = PortalSettings.load()
    portal.institute_name = "Instituto Electoral del Desierto"
    portal.contact_email = "ayuda@desierto.example"
    portal.save()

    page = client.get("/").content.decode()

    assert "Instituto Electoral del Desierto" in page
    assert "ayuda@desierto.example" in page


def test_who_saves_last_is_told_what_somebody_else_changed_in_the_settings(administrator):
    where = ["catalogs", "portalsettings", PortalSettings.load().pk]
    page = administrator.get(reverse("wagtailsettings:edit", args=where))
    opened = re.search(r'name="as_opened" value="([^"]*)"', page.content.decode())[1]
    PortalSettings.objects.update(contact_area="Oficialía de Partes")

    told = save(administrator, as_opened=html.unescape(opened), contact_area="Secretaría")

    said = told.context["form"].errors
    assert list(said) == ["contact_area"]
    assert "ahora dice «Oficialía de Partes»" in said["contact_area"][0]
    assert PortalSettings.load().contact_area == "Oficialía de Partes"
    seen = told.context["form"]["as_opened"].value()
    save(administrator, as_opened=seen, contact_area="Secretaría")
    assert PortalSettings.load().contact_area == "Secretaría"
