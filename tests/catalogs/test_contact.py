"""The institute's contact: written once in the admin, shown wherever help is promised."""

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
def test_once_written_it_stands_on_every_page_in_one_way(client, administrator, path):
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
def test_until_then_no_page_promises_one(client, db, path):
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
def test_what_cannot_be_right_is_refused_at_its_field(administrator, field, value, words):
    response = save(administrator, **{field: value})

    assert words in " ".join(response.context["form"].errors[field])
    assert not PortalSettings.objects.filter(**{field: value}).exists()


def test_hours_and_terms_of_nobody_are_refused(db):
    alone = PortalSettings(contact_hours="lunes a viernes", contact_answer_days=5)

    with pytest.raises(ValidationError, match="no llevan a nadie"):
        alone.clean()
    assert not alone.contact


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("8444386260", "844 438 6260"),
        ("+52 844 438 6260 x7", "844 438 6260 ext. 7"),
        ("55 5728 2300", "55 5728 2300"),
        ("844\u2011438\u20116260", "844 438 6260"),
    ],
)
def test_telephones_are_read_in_one_way(written, read):
    assert telephone_as_read(written) == read
    assert Contact(telephone=read).telephone_link.startswith("tel:+52")


def test_the_name_and_the_contact_stand_before_there_is_any_process(client, db):
    portal = PortalSettings.load()
    portal.institute_name = "Instituto Electoral del Desierto"
    portal.contact_email = "ayuda@desierto.example"
    portal.save()

    page = client.get("/").content.decode()

    assert "Instituto Electoral del Desierto" in page
    assert "ayuda@desierto.example" in page
