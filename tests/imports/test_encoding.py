"""Names and words tell the encoding of a file; if none fits, its suspect cells are reported."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.imports.encoding import looks_wrong, plausibility, repaired
from cms.imports.names import strange_name
from cms.imports.reading import Row, inspect_file, read_rows
from cms.imports.report import FileRefused

NAMES = [
    "ROSA ELENA QUIROGA DÁVILA",
    "NOÉ IBÁÑEZ MUÑIZ",
    "José Ángel Núñez",
    "Zoë Müller",
    "MARÍA JOSÉ",
    "Michèle Bénoit",
    "ÚRSULA GÜEMES",
    "Óscar Ávila",
    "¿Qué pasó?",
    "NUÑEZ",
    "Peña",
    "LUCÍA",
    "MUñIZ",
]
TEXT = "Más agua para los niños y un camión de basura; ¿cuándo? Mañana, dijo «Íñigo»."


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("encoding", ["windows-1252", "mac-roman", "cp850"])
def test_one_name_is_enough_to_tell_the_encoding(tmp_path: Path, name: str, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f"nombre,edad\n{name},41\n".encode(encoding))

    (row,) = read_rows(inspect_file(path))

    assert isinstance(row, Row)
    assert row.cells[0] == name


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("windows-1252", "windows-1252"),
        ("latin-1", "windows-1252"),
        ("mac-roman", "mac-roman"),
        ("cp850", "cp850"),
    ],
)
def test_texts_are_read_in_each_encoding(tmp_path: Path, encoding: str, told: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f'texto,b\n"{TEXT}",1\n'.encode(encoding))

    source = inspect_file(path)

    assert source.encoding == told
    assert [row.cells for row in read_rows(source)] == [(TEXT, "1")]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("MÃ¡s agua para los niÃ±os", "Más agua para los niños"),
        ("PEÃ‘A", "PEÑA"),
        ("DÃ\x81VILA", "DÁVILA"),
        ("JOSÃ‰", "JOSÉ"),
        ("Â¿Por quÃ©?", "¿Por qué?"),
        ("â€œholaâ€\x9d", "“hola”"),
        ("M‡s agua para los ni–os y cami—n", "Más agua para los niños y camión"),
        ("M\u00a0s agua para los ni¤os y cami¢n", "Más agua para los niños y camión"),
        ("MÃƒÂ¡s niÃƒÂ±os", "Más niños"),
    ],
)
def test_what_was_read_wrongly_and_saved_is_recognised(wrong: str, right: str) -> None:
    assert repaired(wrong) == right


@pytest.mark.parametrize(
    "text",
    [
        *NAMES,
        TEXT,
        "JOÃO GUIMARÃES",
        "SÃO PAULO",
        "10 m² a 25 °C: 1.ª y 2.º",
        "“Sí” – dijo – y se fue…",
        "naïve café À la carte",
        "Wałęsa",
        "Ελλάδα",
        "• uno • dos",
        "100 €",
        "🌵 desierto",
    ],
)
def test_what_is_right_is_left_alone(text: str) -> None:
    assert repaired(text) is None


def refused(path: Path) -> list[tuple[int, str, str]]:
    """Row, column and value of each problem for which a file is refused."""
    with pytest.raises(FileRefused) as refusal:
        inspect_file(path)
    assert all(problem.remedy for problem in refusal.value.problems)
    return [(problem.row, problem.column, problem.value) for problem in refusal.value.problems]


def test_what_no_encoding_makes_spanish_is_refused_with_its_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("nombre,edad\nИван Петров,41\nANA,30\nПётр,50\n".encode("koi8-r"))

    cells = refused(path)

    assert cells[0][:2] == (2, "nombre")
    assert all(column == "nombre" and value for _, column, value in cells)


def test_bytes_of_another_encoding_within_utf_8_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    whole = f"nombre,texto\nANA PEÑA,{TEXT}\n".replace(";", "").replace("Mañana,", "Mañana")
    path.write_bytes(whole.encode() + "NOÉ MUÑIZ,hola\n".encode("cp1252") + "JOSÉ,hola\n".encode())

    assert refused(path) == [(3, "nombre", "NO\ufffd MU\ufffdIZ")]


@pytest.mark.parametrize(
    "name", NAMES[:8] + NAMES[9:] + ["Wałęsa", "MARÍA DEL R. D'ANGELO", "Li Wu"]
)
def test_a_name_that_can_be_one_is_no_surprise(name: str) -> None:
    assert strange_name(name) is None


@pytest.mark.parametrize(
    ("name", "is_refused"),
    [
        ("12345", True),
        ("---", True),
        ("¿?", True),
        ("DçVILA", True),
        ("D‡VILA", True),
        ("MU¿IZ", True),
        ("ROSA <B>", True),
        ("ROSA@EJEMPLO.MX", True),
        ("#ROSA", True),
        ("ROSA 2", False),
        ("ROSA*", False),
    ],
)
def test_a_name_that_cannot_be_one_is_said(name: str, is_refused: bool) -> None:
    strange = strange_name(name)
    assert strange is not None
    assert strange.refused is is_refused
    assert strange.problem


@given(st.text())
def test_any_text_can_be_weighed(text: str) -> None:
    assert -1 <= plausibility(text) <= 1
    repaired(text)
    looks_wrong(text)
    strange_name(text)
