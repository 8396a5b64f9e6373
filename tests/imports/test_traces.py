"""Traces of other programs in cells are cleaned when they are certainly traces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.catalogs.spanish import clean_text
from cms.imports.traces import (
    lost_letters,
    spreadsheet_error,
    with_lone_halves,
    without_text_signs,
    without_traces,
)
from cms.imports.words import Words, word_key


@pytest.mark.parametrize(
    ("cell", "cleaned"),
    [
        ("Agua.\r\nLuz._x000D_\nCalles", "Agua.\nLuz.\nCalles"),
        ("uno_x000D__x000A_dos_x0009_tres", "uno\ndos\ttres"),
        ("Calles &amp; parques<br>M&aacute;s&nbsp;&#225;rboles", "Calles & parques\nMás árboles"),
        ("uno<BR />\ndos<br>tres", "uno\ndos\ntres"),
        ("<p class='x'>uno</p><p>dos</p>", "uno\n\ndos"),
        ("<div><span style=\"a\">Agua</span> <b>limpia</b></div>", "Agua limpia"),
        ("<ul><li>uno</li><li>dos</li></ul>", "uno\n\ndos"),
        ("&lt;br&gt;uno &quot;dos&quot;", 'uno "dos"'),
        ("Tom &amp;amp; Ana", "Tom & Ana"),
        ("<!-- StartFragment -->uno<script>alert(1)</script>", "uno"),
        ("<o:p>uno</o:p>", "uno"),
        ("5 &lt; 10 &gt; 3", "5 < 10 > 3"),
        ("ni&ntilde;os &iquest;cu&aacute;ndo?", "niños ¿cuándo?"),
    ],
)  # fmt: skip
def test_traces_are_cleaned_and_named(cell: str, cleaned: str) -> None:
    text, found = without_traces(cell)
    assert clean_text(text) == cleaned
    assert found


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("'044", "044"),
        ('="044"', "044"),
        ("'NOÉ IBÁÑEZ", "NOÉ IBÁÑEZ"),
        ("O'FARRILL", "O'FARRILL"),
        ("'Ndrangheta' y", "'Ndrangheta' y"),
    ],
)
def test_signs_of_text_in_spreadsheets_are_no_part_of_a_cell(cell: str, text: str) -> None:
    assert without_text_signs(cell)[0] == text


@pytest.mark.parametrize(
    "cell",
    [
        "a < b y c > d",
        "AT&T; y R&D",
        "https://ejemplo.mx/?a=1&copy=2&lang=es",
        "<3 mi colonia",
        "la <colonia> de arriba",
        "&noexiste; x_x00_ y _x00ZZ_",
        "seguridad(pública); niñas/niños & niños",
    ],
)
def test_what_people_write_is_left_as_it_is(cell: str) -> None:
    assert without_traces(cell) == (cell, [])


@pytest.mark.parametrize(
    "cell",
    ["#NAME?", "#¿NOMBRE?", "#REF!", "#¡REF!", "#N/A", "#N/D", "#VALUE!", "#¡VALOR!", "#DIV/0!",
     "#¡DIV/0!", "#NUM!", "#¡NUM!", "#NULL!", "#¡NULO!", "#######", "Err:508", " #ref! ", "#SPILL!",
     "#¡DESBORDAMIENTO!", "#ERROR!"],
)  # fmt: skip
def test_errors_of_formulas_are_known_in_both_languages(cell: str) -> None:
    assert spreadsheet_error(cell)


@pytest.mark.parametrize("cell", ["#MORENA", "#1", "Núm. 3", "", "#", "Nombre: #REF! roto"])
def test_other_cells_are_no_errors_of_formulas(cell: str) -> None:
    assert not spreadsheet_error(cell)


@pytest.mark.parametrize(
    ("cell", "lost"),
    [
        ("JOSÉ MU?IZ", [("MU?IZ", "MUÑIZ")]),
        ("MU\ufffdIZ", [("MU\ufffdIZ", "MUÑIZ")]),
        ("DÃVILA", [("DÃVILA", "DÁVILA")]),
        ("Ana GarcÃa", [("GarcÃa", "García")]),
        ("los ni?os", [("ni?os", "")]),
        ("¿Qué?Porque sí", []),
        ("JOÃO", []),
        ("https://ejemplo.mx/watch?v=1 ejemplo.mx/a?b=c", []),
    ],
)
def test_lost_letters_are_found_with_the_name_that_they_were_of(cell: str, lost: object) -> None:
    assert lost_letters(cell) == lost


def test_a_half_of_a_letter_is_completed_only_when_one_name_fits() -> None:
    assert with_lone_halves("ROSA DÃVILA GARCÃA") == "ROSA DÁVILA GARCÍA"
    assert with_lone_halves("ROSA XÃVILO") == "ROSA XÃVILO"
    assert with_lone_halves("MU?IZ") == "MU?IZ"


@pytest.mark.parametrize(
    "words",
    [
        ["Titulado", "Titulada", "Titulado(a)", "TITULADO (A)", "Titulado/a", "Titulado(a)s",
         "Titulad@", "Titulados", "titulado(-a)", "Tituladas", "Titulada(o)", "Tituladx"],
        ["Trunco", "Trunca", "TRUNCO(A)", "Trunca/o", "Truncos"],
        ["Propietario", "Propietaria", "PROPIETARIO(A)", "Propietarios/as"],
        ["No binario", "no binaria", "No binari@"],
        ["Suplente", "SUPLENTES"],
    ],
    ids=lambda words: words[0],
)  # fmt: skip
def test_gender_and_number_do_not_matter(words: list[str]) -> None:
    assert {word_key(word) for word in words} == {word_key(words[0])}


def test_words_are_found_in_any_gender_and_others_are_not() -> None:
    words = Words({"Concluido": "concluido", "Maestría": "maestria", "M": "mujer"})
    assert [words.get(word) for word in ("Concluida", "concluido/a", "MAESTRIAS", "m")] == [
        "concluido",
        "concluido",
        "maestria",
        "mujer",
    ]
    assert words.get("Concluir") is None
    assert list(words) == ["concluido", "maestria", "m"]


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("<>/&;#x_0D!-?abp"))))
def test_any_text_can_be_searched_for_traces(text: str) -> None:
    cleaned, found = without_traces(text)
    assert found or cleaned == text
    spreadsheet_error(text)
    lost_letters(text, name=True)
    word_key(text)
