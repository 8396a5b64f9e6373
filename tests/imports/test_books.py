"""Spreadsheets give the same rows as a CSV, and the malformed ones a clear answer."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cms.imports.books.values import column_of, letters_of, text_of
from cms.imports.reading import Row, SourceFile, read_rows
from cms.imports.report import FileRefused, RowProblem
from cms.imports.sources import opened
from tests.imports.books import HEADER, ROW, TABLE, ods, ods_cell, written, xls, xlsx


def rows_of(path: Path, **options: Any) -> tuple[SourceFile, list[Row | RowProblem]]:
    with opened(path, **options) as source:
        return source, list(read_rows(source))


@pytest.mark.parametrize(("make", "kind"), [(xlsx, "xlsx"), (xls, "xls"), (ods, "ods")])
@pytest.mark.parametrize("name", ["archivo.xlsx", "archivo.csv", "sin-nombre"])
def test_a_book_gives_the_rows_of_a_csv_whatever_its_name(
    tmp_path: Path, make: Callable[..., bytes], kind: str, name: str
) -> None:
    source, rows = rows_of(written(tmp_path, make(), name))

    assert (source.encoding, source.sheet, source.header_line) == (kind, "Registro", 1)
    assert source.header == tuple(HEADER)
    assert rows == [Row(2, tuple(ROW))]


def test_a_csv_named_xlsx_is_read_as_what_it_is(tmp_path: Path) -> None:
    path = written(tmp_path, "nombre,cargo\nÍñigo,x\n".encode())

    source, rows = rows_of(path)

    assert (source.encoding, rows) == ("utf-8", [Row(2, ("Íñigo", "x"))])


def _typed(book: Any, sheet: Any) -> None:
    formats = {
        name: book.add_format({"num_format": code})
        for name, code in {
            "code": "00000",
            "percent": "0%",
            "day": "dd/mm/yyyy",
            "moment": "dd/mm/yyyy hh:mm",
            "hour": "hh:mm",
        }.items()
    }
    day = datetime.datetime(1985, 4, 3)  # noqa: DTZ001 (a cell has no time zone)
    sheet.write(1, 0, 5030, formats["code"])
    sheet.write(1, 1, 0.25, formats["percent"])
    sheet.write_datetime(1, 2, day, formats["day"])
    sheet.write_datetime(1, 3, day.replace(hour=10, minute=30), formats["moment"])
    sheet.write(1, 4, 0.5, formats["hour"])
    sheet.write_boolean(1, 5, True)
    sheet.write(1, 6, 41)
    sheet.write(1, 7, 8441234567)
    sheet.write(1, 8, 2.5)
    sheet.write_string(1, 9, "00123")
    sheet.write_formula(1, 10, "=40+1", None, 41)
    sheet.write_formula(1, 11, "=1/0", None, "#DIV/0!")


def test_cells_are_read_as_the_sheet_shows_them(tmp_path: Path) -> None:
    header = [f"c{number}" for number in range(12)]

    _, rows = rows_of(written(tmp_path, xlsx(_typed, rows=[header])))

    assert rows == [
        Row(
            2,
            (
                *("05030", "25%", "1985-04-03", "1985-04-03 10:30:00", "12:00:00", "VERDADERO"),
                *("41", "8441234567", "2.5", "00123", "41", "#DIV/0!"),
            ),
        )
    ]


def test_errors_of_formulas_are_not_taken_as_empty_cells_in_any_format(tmp_path: Path) -> None:
    import xlwt

    error = (
        '<table:table-cell office:value-type="string" office:string-value=""'
        ' calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
    )
    percent = '<table:table-cell office:value-type="percentage" office:value="0.5"/>'
    book = ods([["a", "b"], [error, percent], [ods_cell("x"), "y"]])

    _, rows = rows_of(written(tmp_path, book))
    assert rows == [Row(2, ("#N/A", "50%")), Row(3, ("x", "y"))]

    def change(made: Any, sheet: Any) -> None:
        sheet.row(1).set_cell_error(0, 0x2A)
        sheet.write(1, 1, xlwt.Formula("1+1"))

    _, rows = rows_of(written(tmp_path, xls(change, rows=[["a", "b"], ["", "z"]])))
    assert rows == [Row(2, ("#N/A", "0"))] or rows[0].cells[0] == "#N/A"


def test_zeros_before_a_code_and_percentages_are_read_in_an_ods(tmp_path: Path) -> None:
    def shown(value: str, text: str, kind: str = "float", more: str = "") -> str:
        return (
            f'<table:table-cell office:value-type="{kind}" office:value="{value}"{more}>'
            f"<text:p>{text}</text:p></table:table-cell>"
        )

    twice = ' table:number-columns-repeated="2"'
    first = [
        shown("5033", "05033"),
        shown("41", "41"),
        shown("0.5", "0.5"),
        shown("7", "07", more=twice),
    ]
    book = ods([["a", "b", "c", "d", "e"], first, [shown("0", "000"), "00123", "", "x", "y"]])

    _, rows = rows_of(written(tmp_path, book))

    assert rows == [
        Row(2, ("05033", "41", "0.5", "07", "07")),
        Row(3, ("000", "00123", "", "x", "y")),
    ]


def test_zeros_before_a_code_and_percentages_are_read_in_an_xls(tmp_path: Path) -> None:
    import xlwt

    code = xlwt.easyxf(num_format_str="00000")
    percent, odd = xlwt.easyxf(num_format_str="0.0%"), xlwt.easyxf(num_format_str='00000" é ñ"')

    def change(made: Any, sheet: Any) -> None:
        # Whole numbers beside each other are one record of the file, those with decimals another.
        sheet.write(1, 0, 5033, code)
        sheet.write(1, 1, 41)
        sheet.write(1, 2, 5030, code)
        sheet.write(1, 3, 0.256, percent)
        sheet.write(1, 4, 77, odd)
        sheet.write(1, 5, 1234567.5, code)
        sheet.write(1, 6, xlwt.Formula("5000+33"), code)

    header = [f"c{number}" for number in range(7)]
    _, rows = rows_of(written(tmp_path, xls(change, rows=[header])))

    assert rows[0].cells[:6] == ("05033", "41", "05030", "25.6%", "77", "1234567.5")


def test_rows_keep_the_numbers_that_the_sheet_shows(tmp_path: Path) -> None:
    rows = [[], [], ["", "a", "b"], [], ["", "uno\ndos", "x"], ["", "y"]]

    source, found = rows_of(written(tmp_path, xlsx(rows=rows)))

    assert (source.header, source.header_line) == (("", "a", "b"), 3)
    assert found == [Row(5, ("", "uno\ndos", "x")), Row(6, ("", "y", ""))]


def test_hidden_sheets_are_not_read_and_a_visible_one_can_be_chosen(tmp_path: Path) -> None:
    def several(book: Any, sheet: Any) -> None:
        hidden = book.add_worksheet("Vieja")
        hidden.write_row(0, 0, ["otra", "cosa"])
        hidden.hide()
        book.add_worksheet("Vacía")

    source, _ = rows_of(written(tmp_path, xlsx(several)))
    assert source.sheet == "Registro"

    def two(book: Any, sheet: Any) -> None:
        book.add_worksheet("Síndicos & más").write_row(0, 0, ["a", "b"])

    path = written(tmp_path, xlsx(two))
    with pytest.raises(FileRefused, match="2 hojas con datos: «Registro», «Síndicos & más»"):
        rows_of(path)
    source, _ = rows_of(path, sheet="Síndicos & más")
    assert source.header == ("a", "b")
    with pytest.raises(FileRefused, match="no tiene una hoja «Otra»"):
        rows_of(path, sheet="Otra")


def test_a_book_is_told_apart_by_letters_of_columns() -> None:
    assert [letters_of(number) for number in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert [column_of(letters) for letters in ("A", "Z", "AA", "ZZ", "AAA")] == [
        0,
        25,
        26,
        701,
        702,
    ]
    assert [text_of(value) for value in (float("nan"), 1e20, None)] == ["", "1e+20", ""]


def test_the_table_of_the_tests_is_itself_sound(tmp_path: Path) -> None:
    assert rows_of(written(tmp_path, xlsx(rows=TABLE)))[1] == [Row(2, tuple(ROW))]
