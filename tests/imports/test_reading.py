"""Files as institutes write them: encodings, separators, and what is refused with its line."""

from pathlib import Path

import pytest

from cms.imports.reading import Row, inspect_file, read_rows
from cms.imports.report import FileRefused, RowProblem
from tests.imports.conftest import INE_2022, LONG


def refusal(path: Path) -> RowProblem:
    """The only problem for which a file is refused."""
    with pytest.raises(FileRefused) as refused:
        list(read_rows(inspect_file(path)))
    (problem,) = refused.value.problems
    assert problem.remedy
    return problem


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "windows-1252")],
)
@pytest.mark.parametrize("separator", [",", ";"])
def test_encoding_and_separator_are_found_out(file_of, encoding, told, separator) -> None:
    path = file_of(
        INE_2022, {"NOMBRE_CANDIDATO": "ÑOÑA «LA» MUÑOZ"}, encoding=encoding, separator=separator
    )

    source = inspect_file(path)
    (row,) = read_rows(source)

    assert (source.encoding, source.separator) == (told, separator)
    assert source.header[0] == "ID_FILA"
    assert isinstance(row, Row)
    assert "ÑOÑA «LA» MUÑOZ" in row.cells


def test_a_row_says_the_line_where_it_begins(file_of) -> None:
    text = "uno\ndos\r\ntres\tcuatro"
    path = file_of(INE_2022, {"PROPUESTA_1": text}, {"PROPUESTA_1": "x\ny"}, {})

    rows = list(read_rows(inspect_file(path)))

    # The sample row itself has a line break in PROPUESTA_1.
    assert [row.line for row in rows] == [2, 5, 7]
    assert text in rows[0].cells


def test_last_cells_may_be_missing_or_empty_but_none_is_without_a_name(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        'a,b,c,,\n1,2,3\n1,2\n"1\n1",2,3,,,,\n1,2,3,,5\n1,2,3,4\n1,2,3,\u200b,\u00a0\n,,,,\n',
        encoding="utf-8",
    )

    source = inspect_file(path)
    rows = list(read_rows(source))

    assert source.header == ("a", "b", "c")
    assert [row.cells for row in rows if isinstance(row, Row)] == [
        ("1", "2", "3"),
        ("1", "2", ""),
        ("1\n1", "2", "3"),
        ("1", "2", "3"),
    ]
    found = [row for row in rows if isinstance(row, RowProblem)]
    assert [problem.row for problem in found] == [6, 7]
    assert found[0].problem == "La fila tiene 5 celdas y el encabezado 3 nombres."


def test_a_nameless_column_between_others_may_only_be_empty(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,,b\n1,,3\n1, ,3\n1,2,3\n", encoding="utf-8")

    empty, blank, filled = read_rows(inspect_file(path))

    assert isinstance(empty, Row)
    assert isinstance(blank, Row)
    assert isinstance(filled, RowProblem)
    assert (filled.row, filled.value) == (4, "2")
    assert "columna 2 no tiene nombre" in filled.problem


@pytest.mark.parametrize(
    ("said", "separator"),
    [
        ("sep=;", ";"),
        ("SEP=;", ";"),
        ('"sep=;"', ";"),
        ("sep=\t", "\t"),
        ("sep=\\t", "\t"),
        ("sep=,", ","),
        ("sep=|", "|"),
        ("sep=:", ":"),
        ("sep=;;;;", ";"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_the_line_with_which_spreadsheets_say_the_separator_is_obeyed(
    tmp_path: Path, said: str, separator: str, encoding: str, end: str
) -> None:
    path = tmp_path / "a.csv"
    lines = [said, separator.join(["niño", "b,;c"]), separator.join(["Peña", '"uno\ndos"'])]
    lines[1] = separator.join(["niño", "b"])
    path.write_bytes((end.join(lines) + end).encode(encoding))

    source = inspect_file(path)
    (row,) = read_rows(source)

    assert (source.separator, source.header, source.header_line) == (separator, ("niño", "b"), 2)
    assert row == Row(3, ("Peña", "uno\ndos"))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_told_by_the_header(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(separator.join("abc") + "\n" + separator.join("123") + "\n", encoding="utf-8")
    assert inspect_file(path).separator == separator


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", 1, "vac"),
        (b"\n\n", 1, "vac"),
        (b"a,b\n1,\x002\n", 2, "nulos"),
        (b"PK\x03\x04\x14\x00\x06\x00", 1, "Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 1, "Excel"),
        ("a,b\n1,2\n".encode("utf-32"), 1, "UTF-32"),
        ("a,b\n1,\0\n".encode("utf-16"), 2, "nulos"),
        ("a,b\n1,2\n".encode("utf-16")[:-1], 1, "UTF-16"),
        (b"a,A\n1,2\n", 1, "repite"),
        (b"x,a_b,A  B\n", 1, "repite"),
        ("a,MUNICIPIÃ“\n1,2\n".encode(), 1, "MUNICIPIÓ"),
        (b'a,b\n1,2\n"3,4\n5,6\n', 3, "comillas"),
        ("Иван Петров,b\n1,2\n".encode("koi8-r"), 1, "Windows-1252"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(tmp_path, content, line, words) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)

    problem = refusal(path)

    assert problem.row == line
    assert words in problem.problem


@pytest.mark.django_db
def test_a_file_with_only_a_header_is_refused(bring_in, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",".join(INE_2022) + "\n", encoding="utf-8")

    (error,) = bring_in(path).errors

    assert "solo tiene encabezado" in error.problem


@pytest.mark.django_db
def test_a_header_shorter_than_its_rows_names_the_row(bring_in, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    short = [name for name in INE_2022 if name != "CURSOS"]
    cells = [value.replace("\n", " ").replace(",", " ") for value in INE_2022.values()]
    path.write_text(f"{','.join(short)}\n{','.join(cells)}\n", encoding="utf-8")

    (error,) = bring_in(path).errors

    assert error.row == 2
    assert error.problem == "La fila tiene 21 celdas y el encabezado 20 nombres."


@pytest.mark.django_db
def test_an_unknown_header_says_what_it_lacks(bring_in, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("NOMBRE_CANDIDATO,CARGO\nX,Y\n", encoding="utf-8")

    (error,) = bring_in(path).errors

    assert "ningún formato conocido" in error.problem
    assert "TIPO_CANDIDATO" in error.remedy


@pytest.mark.django_db
@pytest.mark.parametrize("column", [name for name in INE_2022 if name != "ID_FILA"])
def test_no_column_takes_nine_thousand_characters(bring_in, file_of, column) -> None:
    report = bring_in(file_of(INE_2022, {column: (LONG * 200)[:9000]}))

    assert {error.column for error in report.errors} == {column}
    assert all(len(error.value) <= 80 for error in report.errors)
