"""Tables of districts as institutes have them, and everything that may be wrong in one."""

import pytest

from cms.catalogs.contests import ContestsRefused
from cms.catalogs.district_table import decoded, read
from cms.catalogs.districts import DistrictRow


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(ContestsRefused) as refused:
        read(text, "20")
    return refused.value.problems


@pytest.mark.parametrize(
    "text",
    [
        "1\tHuajuapan\t20001; Ánimas Trujano\n10\tPochutla\t",
        "1;Huajuapan;20001, animas trujano\r\n\r\n10;Pochutla;\r\n",
        "1,Huajuapan,20001,20174\n10,Pochutla\n",
        '"1","Huajuapan","Abejones\nÁnimas Trujano"\n"10","Pochutla",""',
        "Distrito\tCabecera\tMunicipios\n01\tHuajuapan\tABEJONES, 20174\n10.0\tPochutla",
        "Municipios;Núm.;Cabecera\n20001/20174;Distrito 1;Huajuapan\n;distrito local 10;Pochutla",
        "1\tHua\u200bjuapan\u202e\t20001|20174\n10\t Pochutla \t\t",
    ],
)
def test_a_table_says_numbers_seats_and_municipalities(text: str) -> None:
    found = [(row.number, row.name.replace(" ", ""), row.covers) for row in read(text, "20")]
    assert found == [(1, "Huajuapan", ("20001", "20174")), (10, "Pochutla", ())]


def test_numbers_alone_are_enough() -> None:
    assert read("1\n2\n", "20") == [DistrictRow(1, line=1), DistrictRow(2, line=2)]


def test_a_key_may_lack_its_first_zero_and_a_name_may_hold_a_comma() -> None:
    assert read("1\tSaltillo\t5030", "05")[0].covers == ("05030",)
    mixtepec = "1\tX\tSan Juan Mixtepec, Dto. 08, Abejones"
    assert read("1\tX\tAbejones; San Juan Mixtepec, Dto. 08", "20")[0].covers == ("20001", "20208")
    assert problems(mixtepec)[0].startswith("Fila 1: hay 2 municipios «San Juan Mixtepec»")


def test_everything_that_is_wrong_is_told_at_once_with_its_line() -> None:
    text = "Distrito,Cabecera,Municipios\n1,A,Abejonez\n1,B\nuno,C,zzzz\n0,D\n301,E,05030"
    assert problems(text) == (
        "Fila 2: «Abejonez» no es un municipio de la entidad. ¿Es «Abejones»?",
        "Fila 3: el distrito 1 está dos veces.",
        "Fila 4: «uno» no es el número de un distrito.",
        "Fila 4: «zzzz» no es un municipio de la entidad: escribe su nombre o su clave.",
        "Fila 5: 0 no es el número de un distrito.",
        "Fila 6: «05030» no es un municipio de la entidad: escribe su nombre o su clave.",
        "Fila 6: 301 no es el número de un distrito.",
    )


@pytest.mark.parametrize("text", ["", " \n\t\n", "\ufeff", "\0", "\u202e\u200b"])
def test_a_table_of_nothing_is_asked_for(text: str) -> None:
    assert problems(text) == ("Pega la tabla de los distritos, o elige un archivo CSV.",)


def test_a_table_of_titles_only_says_so() -> None:
    assert problems("Distrito;Cabecera")[0].startswith("Debajo de los nombres")


@pytest.mark.parametrize("text", ['1,"Huajuapan\n2,Tuxtepec', "1," + "x" * 150_000])
def test_a_cell_that_never_ends_is_told_with_its_line(text: str) -> None:
    assert problems(text) == (
        "Fila 1: una celda es demasiado larga o le falta cerrar sus comillas.",
    )


def test_more_lines_than_districts_can_be_are_refused() -> None:
    assert "301 renglones" in problems("\n".join(map(str, range(1, 302))))[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_read_as_spreadsheets_write_it(encoding: str) -> None:
    assert decoded("1;Peñón Blanco".encode(encoding)) == "1;Peñón Blanco"


@pytest.mark.parametrize("content", [b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0rest"])
def test_a_book_is_told_from_a_text(content: bytes) -> None:
    with pytest.raises(ContestsRefused, match="copia las celdas"):
        decoded(content)
