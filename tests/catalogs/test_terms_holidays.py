"""The list of holidays: pasted, copied from another year, proposed by the law, one by one."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from cms.accounts.services import create_staff
from cms.catalogs import holidays
from cms.catalogs.models import Holiday

pytestmark = pytest.mark.django_db
SEVERAL = "/admin/dias-inhabiles/varios/"


@pytest.fixture
def administrator(db: None) -> Any:
    return create_staff(username="innovacion.uno", role="administracion")


@pytest.fixture
def browser(administrator: Any) -> Client:
    client = Client()
    client.force_login(administrator, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_law_proposes_these_days() -> None:
    assert [f"{one.day:%d/%m}" for one in holidays.of_the_law(2027)] == [
        "01/01",
        "01/02",
        "15/03",
        "01/05",
        "16/09",
        "15/11",
        "25/12",
    ]
    sixth_years = [year for year in range(2018, 2040) if len(holidays.of_the_law(year)) == 8]
    assert sixth_years == [2024, 2030, 2036], "the change of the federal executive"


@pytest.mark.parametrize(
    "line",
    [
        "01/05/2027 Día del Trabajo",
        "1/5/2027\tDía del Trabajo",
        "01-05-2027, Día del Trabajo",
        "2027-05-01;Día del Trabajo",
        "1 de mayo de 2027: Día del Trabajo",
        "  1o de MAYO del 2027 — Día del Trabajo ",
    ],
)
def test_a_line_may_say_its_day_in_many_ways(line: str) -> None:
    found = holidays.pasted(line)
    assert (list(found.days), list(found.problems)) == (
        [holidays.NamedDay(date(2027, 5, 1), "Día del Trabajo")],
        [],
    )


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("31/02/2027 Nunca", "no existe"),
        ("1 de brumario de 2027 Nunca", "no existe"),
        ("01/05/2027", "falta el motivo"),
        ("01/05/1999 Antes", "de 2000 a 2100"),
        ("Día del Trabajo", "empieza con la fecha"),
        ("01/05/2027 " + "x" * 121, "muy largo"),
        ("99999999999/5/2027 x", "empieza con la fecha"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(line: str, problem: str) -> None:
    found = holidays.pasted(f"02/05/2027 Bien\n\n{line}")
    assert len(found.problems) == 1
    assert found.problems[0].startswith("Renglón 2, «")
    assert problem in found.problems[0]


def test_a_copied_year_keeps_its_days_and_moves_the_mondays_of_the_law() -> None:
    days = {
        date(2026, 2, 2): "Aniversario de la Constitución",
        date(2026, 12, 24): "Acuerdo",
        date(2028, 2, 29): "Bisiesto",
    }
    Holiday.objects.bulk_create(Holiday(day=day, name=name) for day, name in days.items())
    assert [one.day for one in holidays.copied(2026, 2027)] == [
        date(2027, 2, 1),
        date(2027, 12, 24),
    ]
    assert holidays.copied(2028, 2027) == []


def test_what_is_there_already_stays_as_it_is(administrator: Any) -> None:
    Holiday.objects.create(day=date(2027, 5, 1), name="Ya estaba")
    added = holidays.add(days=holidays.of_the_law(2027), by=administrator)
    assert added == (6, 1)
    assert Holiday.objects.get(day=date(2027, 5, 1)).name == "Ya estaba"


def test_the_screen_proposes_and_adds_and_an_error_keeps_what_was_typed(browser: Client) -> None:
    assert "25/12/2027 Navidad" in browser.get(f"{SEVERAL}?anio=2027&ley=1").content.decode()
    wrong = browser.post(SEVERAL, {"days": "01/05/2027 <b>Trabajo</b>\nayer"})
    assert wrong.status_code == 422
    assert "Renglón 2, «ayer»" in wrong.content.decode()
    assert "&lt;b&gt;Trabajo&lt;/b&gt;" in wrong.content.decode()
    assert not Holiday.objects.exists()

    done = browser.post(SEVERAL, {"days": "01/05/2027 Trabajo\n01/05/2027 Otra vez"}, follow=True)
    assert "Se agregó 1 día inhábil." in done.content.decode()
    assert [str(one) for one in Holiday.objects.all()] == ["01/05/2027 Trabajo"]
    assert "No tiene días" not in browser.get(f"{SEVERAL}?anio=2028&de=2027").content.decode()
    assert browser.get(f"{SEVERAL}?anio=x&de=99999999999999").status_code == 200


def test_others_add_nothing(db: None) -> None:
    reviewer = create_staff(username="revisa.uno", role="revision_curricular")
    with pytest.raises(PermissionDenied):
        holidays.add(days=holidays.of_the_law(2027), by=reviewer)
    client = Client()
    client.force_login(reviewer, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(SEVERAL)["Location"] == "/admin/"
