"""A register in a spreadsheet is imported under the rules, and with the words, of a CSV."""

import datetime
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from cms.candidacies.models import CandidacyPage, Person
from cms.catalogs.models import Process, Territory, TerritoryKind
from cms.imports.report import ImportReport
from tests.imports.books import HEADER, ods, written, xls, xlsx
from tests.imports.conftest import REGISTRY

pytestmark = pytest.mark.django_db

BringIn = Callable[..., ImportReport]


def table(*changes: dict[str, Any]) -> list[list[Any]]:
    return [HEADER, *([*{**REGISTRY, **change}.values()] for change in changes)]


@pytest.mark.parametrize("make", [xlsx, xls, ods])
def test_a_book_brings_in_what_its_csv_would(
    bring_register_in: BringIn, tmp_path: Path, file_of: Any, make: Callable[..., bytes]
) -> None:
    changes: tuple[dict[str, Any], ...] = (
        {},
        {"nombre": "Irene Sotol Vara", "numero_lista": 2, "tipo": "suplente"},
    )

    report = bring_register_in(written(tmp_path, make(rows=table(*changes))))
    assert (report.created, report.errors) == (2, [])

    again = bring_register_in(file_of(REGISTRY, {}, {**changes[1], "numero_lista": "2"}))
    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)


@pytest.mark.parametrize("make", [xlsx, xls, ods])
def test_a_book_gets_the_problems_that_its_csv_would(
    bring_register_in: BringIn, tmp_path: Path, file_of: Any, make: Callable[..., bytes]
) -> None:
    changes = (
        {"sexo": "X", "correo": "no es"},
        {"municipio_clave": "99999", "numero_lista": "dos"},
        {"nombre": "MU?IZ", "cargo": "rey"},
        {"fecha_nacimiento": "ayer", "actor": ""},
    )

    of_book = bring_register_in(written(tmp_path, make(rows=table(*changes)))).errors
    of_csv = bring_register_in(file_of(REGISTRY, *changes)).errors

    assert of_book == of_csv
    assert len(of_book) == 8


def test_a_cell_with_the_format_of_a_date_is_a_date_and_a_bare_number_says_which_it_would_be(
    bring_register_in: BringIn, tmp_path: Path
) -> None:
    place = HEADER.index("fecha_nacimiento")

    def dated(book: Any, sheet: Any) -> None:
        day = datetime.datetime(1983, 5, 20)  # noqa: DTZ001 (a cell has no time zone)
        sheet.write_datetime(1, place, day, book.add_format({"num_format": "dd/mm/yyyy"}))

    def bare(book: Any, sheet: Any) -> None:
        sheet.write_number(1, place, 30456)

    (error,) = bring_register_in(written(tmp_path, xlsx(bare))).errors
    assert error.problem == "«30456» no es una fecha."
    assert "es el día 20/05/1983" in error.remedy

    assert bring_register_in(written(tmp_path, xlsx(dated))).created == 1
    assert Person.objects.get(name=REGISTRY["nombre"]).birth_date == datetime.date(1983, 5, 20)


def test_a_municipality_of_another_entity_than_the_process_is_refused(
    bring_register_in: BringIn, tmp_path: Path, process: Process
) -> None:
    Process.objects.update(entity_code="05")
    Territory.objects.create(
        entity_code="19",
        kind=TerritoryKind.MUNICIPALITY,
        key="039",
        name="Monterrey",
        slug="monterrey",
        cvegeo="19039",
    )

    path = written(tmp_path, xlsx(rows=table({"municipio_clave": 19039})))
    (error,) = bring_register_in(path).errors

    assert "«19039» es Monterrey, de otra entidad" in error.problem
    assert "empiezan con 05" in error.remedy


def test_a_process_of_another_entity_takes_its_own_municipalities_and_districts(
    bring_register_in: BringIn, tmp_path: Path, process: Process
) -> None:
    Process.objects.update(entity_code="19")
    Territory.objects.create(
        entity_code="19",
        kind=TerritoryKind.MUNICIPALITY,
        key="039",
        name="Monterrey",
        slug="monterrey",
        cvegeo="19039",
    )

    report = bring_register_in(written(tmp_path, xlsx(rows=table({"municipio_clave": "19039"}))))

    assert report.errors == []
    assert CandidacyPage.objects.get().territory.entity_code == "19"


def test_the_command_reads_a_sheet_of_a_book_and_says_which(tmp_path: Path) -> None:
    path = written(tmp_path, xlsx(lambda book, sheet: book.add_worksheet("Otra").write(0, 0, "x")))
    output = StringIO()

    with pytest.raises(SystemExit):
        call_command("import_registry", str(path), process="pel-2024", stdout=output)
    assert "Deja una sola hoja visible, o elige cuál se lee (--sheet)." in output.getvalue()

    output = StringIO()
    call_command("import_registry", str(path), process="pel-2024", sheet="Registro", stdout=output)
    assert "Libro XLSX, hoja «Registro», formato registro." in output.getvalue()
