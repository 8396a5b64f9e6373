"""A later file that brings less erases nothing, and nobody is registered twice."""

import json
from pathlib import Path

import pytest

from cms.candidacies.models import CandidacyPage, Person
from cms.catalogs.models import Territory
from cms.imports.profiles import ProfileError, load_profile
from cms.published.models import PublishedCandidacy
from cms.questionnaires.models import CurricularQuestionnairePage
from tests.imports.conftest import IECM_2024, INE_2021, INE_2022, LONG, REGISTRY, write_csv

pytestmark = pytest.mark.django_db

CONTACT = {"TELEFONO": "8440000000", "CORREO_ELECTRONICO": "campana@example.org"}


def answers():
    return CurricularQuestionnairePage.objects.get().answers


def test_a_column_that_is_not_there_and_an_empty_cell_erase_no_answer(bring_in, file_of) -> None:
    bring_in(file_of({**INE_2022, **CONTACT}))
    before = answers()
    poorer = {name: cell for name, cell in INE_2022.items() if name != "PROPUESTA_2"}

    report = bring_in(
        file_of({**poorer, "PROPUESTA_1": "No proporcionó", "MOTIVO_CARGO_PUBLICO": ""})
    )

    assert answers() == before
    assert len(PublishedCandidacy.objects.get().contacts) == 2
    assert (report.updated, report.unchanged) == (0, 1)
    assert [note.candidacy for note in report.left_alone] == [CandidacyPage.objects.get().pk]


def test_a_status_is_not_kept_for_another_degree(bring_in, file_of) -> None:
    bring_in(file_of(INE_2022))
    bring_in(file_of(INE_2022, {"ESCOLARIDAD": "Maestría", "ESTATUS_ESCOLARIDAD": ""}))
    assert answers()["grado_estudios"] == "maestria"
    assert "estatus_estudios" not in answers()


def test_empty_cells_erase_nothing_of_the_register(bring_register_in, file_of) -> None:
    bring_register_in(file_of(REGISTRY))
    empty = dict.fromkeys(("sexo", "fecha_nacimiento", "correo", "sobrenombre", "numero_lista"), "")

    report = bring_register_in(file_of(REGISTRY, empty))

    assert (report.created, report.updated, report.unchanged) == (0, 0, 1)
    assert Person.objects.get().email == REGISTRY["correo"]
    assert CandidacyPage.objects.get().sex == "mujer"


@pytest.mark.parametrize(
    "change",
    [{"NUM_LISTA_O_FORMULA": "7"}, {"PARTIDO_COALICION": "MORENA"}],
    ids=["number", "actor"],
)
def test_the_same_person_for_the_same_seat_is_not_registered_twice(
    bring_in, file_of, change
) -> None:
    bring_in(file_of(INE_2022))

    report = bring_in(file_of(INE_2022, change))

    (note,) = report.not_applied
    assert note.candidacy == CandidacyPage.objects.get().pk
    assert "otro actor o con otro número" in note.reason
    assert report.created == 0


def test_a_register_and_an_official_file_speak_of_the_same_people(
    bring_in, bring_register_in, file_of
) -> None:
    bring_in(file_of(INE_2022, {"CARGO": "REGIDURÍA", "NUM_LISTA_O_FORMULA": "236788"}))

    report = bring_register_in(file_of(REGISTRY, {"numero_lista": ""}))

    assert (report.created, report.updated, report.not_applied) == (0, 1, [])
    page = CandidacyPage.objects.get()
    assert (page.principle, page.list_number) == ("mr", 236788)


def test_identifiers_that_were_numbered_anew_double_nobody(bring_in, file_of) -> None:
    people = [{"ID_FILA": f"R-{n}", "NOMBRE_CANDIDATO": f"PERSONA {n}"} for n in ("A", "B", "C")]
    seats = [{"NUM_LISTA_O_FORMULA": str(n), "CARGO": "REGIDURÍA MR"} for n in (1, 2, 3)]
    known = [{**person, **seat} for person, seat in zip(people, seats, strict=True)]
    bring_in(file_of(INE_2022, *known))
    anew = [{**one, "ID_FILA": f"R-{letter}"} for one, letter in zip(known, "BCD", strict=True)]
    newcomer = {**known[0], "ID_FILA": "R-A", "NOMBRE_CANDIDATO": "QUIEN LLEGA"}
    newcomer["NUM_LISTA_O_FORMULA"] = "9"

    report = bring_in(file_of(INE_2022, newcomer, *anew))

    assert (report.created, report.updated, report.unchanged) == (0, 0, 3)
    assert [note.name for note in report.not_applied] == ["QUIEN LLEGA"]
    assert "identificador" in report.not_applied[0].reason


def test_a_federal_deputy_of_a_register_stands_in_a_federal_district(
    bring_in, bring_register_in, file_of
) -> None:
    row = {
        "cargo": "diputacion_federal",
        "distrito": "7",
        "municipio_clave": "",
        "numero_lista": "",
    }
    bring_register_in(file_of({**REGISTRY, **row}))
    assert CandidacyPage.objects.get().territory.name == "Distrito federal 7"
    other = {"NOMBRE_CANDIDATO": REGISTRY["nombre"], "genero": "M"}
    assert bring_in(file_of(INE_2021, other)).created == 0


@pytest.mark.parametrize(
    ("cell", "degree", "status"),
    [
        ("Maestría en curso", "maestria", "cursando"),
        ("Licenciatura cédula profesional", "licenciatura", "cedula"),
        ("Licenciatura (trunca)", "licenciatura", "trunco"),
        ("Carrera técnica, concluida", "tecnica", "concluido"),
    ],
)
def test_a_degree_s_status_may_have_several_words(bring_in, file_of, cell, degree, status) -> None:
    bring_in(file_of(IECM_2024, {"ESCOLARIDAD": cell}))
    assert (answers()["grado_estudios"], answers()["estatus_estudios"]) == (degree, status)


def test_a_list_of_councillors_may_come_without_its_place(bring_in, file_of) -> None:
    row = {"CARGO": "Concejalía de Representación Proporcional", "DISTRITO LOCAL": ""}
    assert bring_in(file_of(IECM_2024, row)).created == 1
    assert CandidacyPage.objects.get().territory.kind == "entidad"
    assert not Territory.objects.filter(name="").exists()


def test_who_stands_without_a_party_is_an_independent(bring_in, file_of) -> None:
    bring_in(file_of(IECM_2024, {"PARTIDO_COALICION": "Candidatura sin partido"}))
    assert CandidacyPage.objects.get().actor.kind == "independiente"


def test_a_dash_is_no_coalition(bring_in, file_of) -> None:
    bring_in(file_of(INE_2021, {"Coalicion": "-", "PartidosCoalicion": "-"}))
    assert CandidacyPage.objects.get().actor.acronym == "PT"


def test_every_end_of_a_line_parts_words(bring_in, file_of) -> None:
    bring_in(file_of(INE_2022, {"PROPUESTA_1": f"Pozos\x0blimpios\u2028y\x85sanos. {LONG}"}))
    assert answers()["propuesta_1"].startswith("Pozos\nlimpios\ny\nsanos.")


def test_a_name_of_two_hundred_letters_is_kept_whole(bring_in, file_of) -> None:
    bring_in(file_of(INE_2022, {"NOMBRE_CANDIDATO": "Ñ" * 200}))
    assert PublishedCandidacy.objects.get().name == "Ñ" * 200


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seat_kinds": {"PROPIETARIA": "titularx"}}, "titularx"),
        ({"sexes": {"F": "femenina"}}, "femenina"),
        ({"offices": {"X": {"office": "regiduria", "principle": "zz"}}}, "zz"),
        ({"offices": {"X": {"office": "no_existe"}}}, "no_existe"),
        ({"entity": "99"}, "clave del INEGI"),
        ({"answers": {"ESCOLARIDAD": "grado"}}, "«grado» no es una pregunta"),
        ({"words": {"grado": {}}}, "«words»: «grado» no es una pregunta"),
        ({"words": {"grado_estudios": {"Bach": "bachillero"}}}, "«bachillero» no es una opción"),
        ({"words": {"propuesta_1": {"Sí": "si"}}}, "no tiene opciones"),
        ({"words": ["grado_estudios"]}, "«words»: debe ser un objeto"),
        ({"words": {"grado_estudios": "x"}}, "«grado_estudios»: debe ser un objeto de textos"),
        ({"details": {"grado": {"of": "grado_estudios"}}}, "«details»: «grado» no es"),
        ({"details": {"estatus_estudios": {"of": "grado"}}}, "«details»: «grado» no es"),
        ({"details": {"estatus_estudios": "grado_estudios"}}, "cada pregunta lleva «of»"),
        ({"details": {"estatus_estudios": {"of": ["grado_estudios"]}}}, "cada pregunta lleva «of»"),
    ],
)
def test_a_profile_with_words_that_are_not_ours_is_refused(
    bring_in, file_of, tmp_path: Path, change, words
) -> None:
    folder = Path(load_profile.__code__.co_filename).parent / "profiles_data"
    content = json.loads((folder / "ine-2022.json").read_text(encoding="utf-8"))
    own = tmp_path / "propio.json"
    own.write_text(json.dumps({**content, **change}), encoding="utf-8")

    with pytest.raises(ProfileError, match=words):
        bring_in(file_of(INE_2022), profile=str(own))


def test_one_column_too_many_does_not_hide_what_a_file_is(bring_in, tmp_path: Path) -> None:
    report = bring_in(write_csv(tmp_path / "x.csv", [{**IECM_2024, "EDAD": "40"}]))
    assert (report.profile, report.created) == ("iecm-2024", 1)
    assert "EDAD" in report.warnings[0]
