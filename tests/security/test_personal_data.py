"""Personal data are stored with the person and the account, and nowhere else.

Source: LGPDPPSO 19, 24-VIII, 36 (minimisation, by default, confidentiality).
"""

import io
import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from cms.candidacies.models import CandidacyPage, Person
from cms.published import selectors
from conoceles_site.logs import json_formatter
from tests.moderation.samples import accept_notice_in_force, send

pytestmark = pytest.mark.django_db

EMAIL, BIRTH_DATE, TELEPHONE = "planta.rara@persona.example", date(1983, 5, 20), "8449871234"
CLARIFICATIONS = "planta.aclara@persona.example"
PLANTED = (EMAIL, TELEPHONE, CLARIFICATIONS, "1983-05-20", "20/05/1983", "20 de mayo de 1983")
REGISTER = (
    "nombre,cargo,principio,tipo,actor,municipio_clave,sexo,fecha_nacimiento,correo\n"
    "Graciela Cenizo Tepozán,presidencia_municipal,mr,propietaria,PD,05033,mujer,20/05/1983,"
    f"{EMAIL}\n"
)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that any logger writes, in the format of production."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(json_formatter())
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def candidacy(process: Any, actor: Any, tmp_path: Path, capsys: Any) -> CandidacyPage:
    """A candidacy that the command registered from a file with an e-mail and a birth date."""
    path = tmp_path / "registro.csv"
    path.write_text(REGISTER, encoding="utf-8")
    call_command("import_registry", str(path), process=process.slug, format="json")
    found = CandidacyPage.objects.get()
    Person.objects.filter(pk=found.person_id).update(telephone=TELEPHONE)
    return found


@pytest.fixture
def approved(
    candidacy: CandidacyPage, complete_answers: dict[str, Any], liaison: Any, validator: Any
) -> CandidacyPage:
    """The candidacy, captured with an internal e-mail for clarifications, sent and approved."""
    from cms.moderation.services import approve_submission

    accept_notice_in_force(liaison)
    answers = {**complete_answers, "correo_aclaraciones": CLARIFICATIONS}
    submission = send(candidacy, answers, liaison)
    approve_submission(submission_id=submission.pk, seal=submission.seal, validator=validator)
    return candidacy


def tables_that_hold(*words: str) -> dict[str, set[str]]:
    """Table → the words found in its rows, also in columns of bytes."""
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for word in words:
                # Bytes are written as hexadecimal digits.
                cursor.execute(
                    f'select exists (select from "{table}" t where t::text like any (%s))',
                    [[f"%{word}%", f"%{word.encode().hex()}%"]],
                )
                if cursor.fetchone()[0]:
                    found.setdefault(table, set()).add(word)
    return found


def test_personal_data_are_only_in_the_row_of_the_person(approved: CandidacyPage) -> None:
    holding = tables_that_hold(*PLANTED)

    assert holding == {
        "candidacies_person": {EMAIL, TELEPHONE, CLARIFICATIONS, BIRTH_DATE.isoformat()}
    }


def test_the_public_side_and_the_desk_show_no_personal_data(
    client: Client, approved: CandidacyPage, validator: Any
) -> None:
    address = selectors.candidacy(approved.pk).get_absolute_url()
    for path in (address, "/buscar/?q=cenizo", f"/api/v1/candidaturas/{approved.pk}/"):
        page = client.get(path).content.decode()
        assert "Cenizo" in page
        assert [word for word in PLANTED if word in page] == []
    client.force_login(validator)
    desk = client.get("/admin/revision/").content.decode()
    assert [word for word in PLANTED if word in desk] == []


def test_logs_and_error_pages_show_no_personal_data(
    client: Client, log: io.StringIO, approved: CandidacyPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError(f"{EMAIL} {TELEPHONE} {BIRTH_DATE}")

    client.raise_request_exception = False
    shown = [
        client.post("/acceso/", {"login": EMAIL, "password": TELEPHONE}),
        client.get(f"/buscar/?q={TELEPHONE}&orden={EMAIL}"),
        client.get(f"/candidaturas/{TELEPHONE}/{EMAIL}/"),
    ]
    monkeypatch.setattr(selectors, "candidacy", fail)
    shown += [
        client.get(f"/candidaturas/{approved.pk}/x/"),
        client.get(f"/api/v1/candidaturas/{approved.pk}/?correo={EMAIL}"),
    ]

    assert [page.status_code for page in shown[-2:]] == [500, 500]
    assert '"exception": "RuntimeError"' in log.getvalue()
    assert [word for word in PLANTED if word in log.getvalue()] == []
    for page in shown[3:]:
        assert [word for word in PLANTED if word in page.content.decode()] == []
