"""An administrator who works in the admin, and a process of Oaxaca beside that of Coahuila."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from cms.catalogs.models import Office, Process, ProcessOffice


@pytest.fixture
def admin(client: Client) -> Client:
    """A browser signed in as administración."""
    from cms.accounts.services import create_staff

    client.force_login(
        create_staff(username="innova.uno", role="administracion", password="palabra-de-prueba-7")
    )
    return client


@pytest.fixture
def oaxaca(db: None) -> Process:
    """A process of Oaxaca in 2027 that elects nothing yet."""
    return Process.objects.create(
        slug="oaxaca-2027",
        name="Oaxaca 2027",
        entity_code="20",
        election_date=date(2027, 6, 6),
    )


@pytest.fixture
def elects(oaxaca: Process) -> Any:
    """A function that has the process of Oaxaca elect an office."""

    def elects(code: str, process: Process = oaxaca) -> ProcessOffice:
        office = Office.objects.get(code=code)
        return ProcessOffice.objects.get_or_create(process=process, office=office)[0]

    return elects
