"""The staff who answer for imports read their records in the CMS, where nobody may write them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms.accounts.models import User
from cms.accounts.services import create_staff
from cms.imports.models import ImportRecord

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(process: Any) -> ImportRecord:
    return ImportRecord.objects.create(
        process=process,
        command="import_conoceles",
        profile="ine-2022",
        source="candidaturas.csv",
        sha256="a" * 64,
        published=True,
        operator="innovacion",
        counts={"created": 1479, "updated": 0, "unchanged": 2},
    )


def signed_in(client: Client, role: str) -> Client:
    client.force_login(create_staff(username="persona.uno", role=role))
    return client


@pytest.mark.parametrize("role", ["administracion", "instancia_interna"])
def test_an_import_is_listed_and_read_with_its_hash(
    client: Client, record: ImportRecord, role: str
) -> None:
    staff = signed_in(client, role)

    listed = staff.get(reverse("importrecord:index")).content.decode()
    read = staff.get(reverse("importrecord:inspect", args=[record.pk])).content.decode()

    assert "candidaturas.csv" in listed
    assert "1,479 nuevas, 2 sin cambio" in listed
    assert "a" * 64 in read


@pytest.mark.parametrize("role", ["comunicacion", "revision_curricular", "consulta"])
def test_other_roles_do_not_read_imports(client: Client, record: ImportRecord, role: str) -> None:
    response = signed_in(client, role).get(reverse("importrecord:index"))

    assert response.status_code == 302


@pytest.mark.parametrize("view", ["edit", "delete", "add"])
def test_not_even_a_superuser_writes_the_evidence(
    client: Client, record: ImportRecord, view: str
) -> None:
    client.force_login(User.objects.create_superuser(username="raiz"))
    address = reverse(f"importrecord:{view}", args=[] if view == "add" else [record.pk])

    client.post(address, {"source": "otro.csv"})

    assert list(ImportRecord.objects.values_list("source", flat=True)) == ["candidaturas.csv"]


def test_the_internal_body_keeps_the_notices(client: Client) -> None:
    staff = signed_in(client, "instancia_interna")

    assert staff.get(reverse("simplifiednotice:add")).status_code == 200
    assert staff.get(reverse("process:index")).status_code == 302
