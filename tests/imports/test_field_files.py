"""Files as institutes really send them, from the file to what the public reads."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from cms.candidacies.models import CandidacyPage
from cms.candidacies.services import refresh_folded_names
from cms.catalogs.spanish import identity
from cms.published.models import PublishedCandidacy
from cms.questionnaires.models import CurricularQuestionnairePage
from tests.imports.conftest import IECM_2024, INE_2021, INE_2022, REGISTRY, write_csv

pytestmark = pytest.mark.django_db
SENTENCE = "Trabajo con las familias de la colonia para que el agua llegue todos los días. "


def answer(key: str) -> Any:
    """The public answer of the only candidacy; None if there is none."""
    answers = {answer["pregunta"]: answer for answer in PublishedCandidacy.objects.get().answers}
    return answers[key]["respuesta"] if key in answers else None


def places(report: Any) -> list[tuple[int, str]]:
    """Row and column of each problem, every one with a remedy."""
    assert all(error.problem and error.remedy for error in report.errors)
    return [(error.row, error.column) for error in report.errors]


def text_of(length: int, *, without_blanks: bool) -> str:
    """A text of so many characters, counted with or without blanks."""
    text = SENTENCE * 200
    if without_blanks:
        bare = [at for at, char in enumerate(text) if char != " "]
        return text[: bare[length - 1] + 1]
    return text[: length - 1] + "."


LONG_COLUMNS = ["HISTORIA_PROFESIONAL", "TRAYECTORIA_POLITICA", "MOTIVO_CARGO_PUBLICO"]
PROPOSALS = ["PROPUESTA_1", "PROPUESTA_2", "PROPUESTA_GENERO"]


@pytest.mark.parametrize(
    ("columns", "most", "without_blanks", "rule"),
    [
        (LONG_COLUMNS, 5000, True, "sin contar espacios"),
        (PROPOSALS, 1500, False, "contando espacios"),
    ],
)
def test_mexico_city_has_limits_and_a_way_of_counting_of_its_own(
    bring_in, file_of, columns: list[str], most: int, without_blanks: bool, rule: str
) -> None:
    right, longer = (text_of(most + more, without_blanks=without_blanks) for more in (0, 1))
    assert without_blanks is (len(right) > 6000)

    report = bring_in(
        file_of(
            IECM_2024,
            dict.fromkeys(columns, right),
            {"NOMBRE_CANDIDATO": "Otra Persona", **dict.fromkeys(columns, longer)},
        )
    )

    assert places(report) == [(3, column) for column in columns]
    assert all(f" {rule}; " in error.problem for error in report.errors)


@pytest.mark.parametrize(
    ("sample", "version"),
    [(INE_2022, "ine-2022"), (INE_2021, "ine-2021"), (IECM_2024, "iecm-2024")],
)
def test_answers_are_kept_under_the_version_of_their_institute(
    bring_in, file_of, sample: dict[str, str], version: str
) -> None:
    assert bring_in(file_of(sample)).created == 1
    assert CurricularQuestionnairePage.objects.get().definition.version == version


DEGREES = [
    ("Licenciatura", "Titulado(a)", "Licenciatura", "Título"),
    ("Educación media superior", "Concluido(a)", "Preparatoria", "Concluido"),
    ("EDUCACION BÁSICA", "Concluida", "Educación básica", "Concluido"),
    ("Licenciado(a)", "Trunco/a", "Licenciatura", "Trunco"),
    ("Maestrías", "TITULADAS", "Maestría", "Título"),
    ("Técnico(a)", "Pasante", "Técnica", "Carta de pasante"),
    ("Doctor/a", "Cédula Profesional", "Doctorado", "Cédula profesional"),
    ("Posgrado", "En curso", "Posgrado", "Cursando"),
    ("Educación superior", "Inconclusa(o)", "Licenciatura", "Trunco"),
]
JOINED = ["Licenciatura trunco(a)", "LICENCIATURAS TRUNCAS", "Licenciatura (trunca)"]


def schooling() -> list[tuple[str, str]]:
    """Degree and status that the public reads of each candidacy, in the order of the file."""
    rows = PublishedCandidacy.objects.order_by("list_number")
    found = [{answer["pregunta"]: answer["respuesta"] for answer in row.answers} for row in rows]
    return [(answers["grado_estudios"], answers["estatus_estudios"]) for answers in found]


def numbered(changes: list[dict[str, str]], name: str) -> list[dict[str, str]]:
    """Rows of different people; `name` is the column of names."""
    return [
        {name: f"ANA {'I' * at}", "NUM_LISTA_O_FORMULA": str(at), **one}
        for at, one in enumerate(changes, 1)
    ]


def test_degrees_are_read_in_any_gender_and_scale(bring_in, file_of) -> None:
    changes = [
        {"ESCOLARIDAD": degree, "ESTATUS_ESCOLARIDAD": status} for degree, status, *_ in DEGREES
    ]
    report = bring_in(file_of(INE_2021, *numbered(changes, "NOMBRE_CANDIDATO")))

    assert report.errors == []
    assert schooling() == [(degree, status) for *_, degree, status in DEGREES]


def test_a_degree_joined_with_its_status_is_read_in_any_gender(bring_in, file_of) -> None:
    changes = [{"ESCOLARIDAD": cell} for cell in JOINED]
    report = bring_in(file_of(IECM_2024, *numbered(changes, "NOMBRE_CANDIDATO")))

    assert report.errors == []
    assert schooling() == [("Licenciatura", "Trunco")] * len(JOINED)


def test_names_and_texts_of_a_macintosh_arrive_whole(bring_in, file_of) -> None:
    changes = {"NOMBRE_CANDIDATO": "ROSA QUIROGA DÁVILA", "PROPUESTA_1": "Más agua para los niños."}
    report = bring_in(file_of(INE_2022, changes, encoding="mac-roman"))

    assert (report.errors, report.encoding) == ([], "mac-roman")
    assert PublishedCandidacy.objects.get().name == "ROSA QUIROGA DÁVILA"
    assert answer("propuesta_1") == "Más agua para los niños."


TWICE = {"NOMBRE_CANDIDATO": "ROSA QUIROGA DÃVILA", "PROPUESTA_1": "MÃ¡s agua para los niÃ±os."}


def test_what_was_encoded_twice_is_offered_repaired_and_not_published(bring_in, file_of) -> None:
    report = bring_in(file_of(INE_2022, TWICE, {"NOMBRE_CANDIDATO": "NOÉ MUÑIZ"}))

    assert places(report) == [(2, "NOMBRE_CANDIDATO"), (2, "PROPUESTA_1")]
    assert "«DÁVILA»" in report.errors[0].problem
    assert "«Más agua para los niños.»" in report.errors[1].problem
    assert all("--repair-encoding" in error.remedy for error in report.errors)
    assert not PublishedCandidacy.objects.exists()


def test_what_was_encoded_twice_is_repaired_when_asked(file_of, capsys) -> None:
    call_command(
        "import_conoceles",
        str(file_of({**INE_2022, "DIRECCION_CASA_CAMPAÃ‘A": "Ãlamo 3"}, TWICE)),
        "--process=pel-2024",
        "--publish",
        "--repair-encoding",
    )

    assert PublishedCandidacy.objects.get().name == "ROSA QUIROGA DÁVILA"
    assert answer("propuesta_1") == "Más agua para los niños."
    said = capsys.readouterr().out
    assert "Fila 2, PROPUESTA_1: se reparó" in said
    assert "no se conocen" not in said


@pytest.mark.parametrize(
    "names",
    [
        ("ROSA O'FARRILL MUÑIZ", "ROSA O’FARRILL MUÑIZ", "ROSA O´FARRILL MUÑIZ"),
        ("LUZ MARTÍNEZ-LÓPEZ", "LUZ MARTÍNEZ‐LÓPEZ", "LUZ MARTÍNEZ–LÓPEZ"),
        ("ZOË VON HALLE", "ZOË\u200d VON\ufe0f HALLE", "ZO\u00adË\u2060 VON HALLE\ufeff"),
    ],
    ids=lambda names: names[0],
)
def test_one_person_stays_one_however_the_name_is_typed(bring_in, file_of, names) -> None:
    alone = {"PARTIDO_COALICION": "CANDIDATURA INDEPENDIENTE"}
    reports = [bring_in(file_of(INE_2022, {**alone, "NOMBRE_CANDIDATO": name})) for name in names]

    assert [(report.created, report.updated, report.unchanged) for report in reports] == [
        (1, 0, 0),
        (0, 0, 1),
        (0, 0, 1),
    ]
    assert PublishedCandidacy.objects.get().name == names[0]


def test_one_file_does_not_register_a_person_twice(bring_in, file_of) -> None:
    both = ({"NOMBRE_CANDIDATO": "MA. O'FARRILL"}, {"NOMBRE_CANDIDATO": "María O’Farrill"})
    assert places(bring_in(file_of(INE_2022, *both))) == [(4, "NOMBRE_CANDIDATO")]


def test_keys_that_were_stored_under_an_older_rule_follow_the_new_one(bring_in, file_of) -> None:
    bring_in(file_of(INE_2022, {"NOMBRE_CANDIDATO": "ROSA O'FARRILL-MUÑIZ"}))
    CandidacyPage.objects.update(folded_name="rosa o'farrill-muniz")

    refresh_folded_names()

    assert CandidacyPage.objects.get().folded_name == identity("ROSA O'FARRILL-MUÑIZ")


def test_invisible_separators_are_blanks_and_traces_are_cleaned_and_told(bring_in, file_of) -> None:
    changes = {
        "NOMBRE_CANDIDATO": "ROSA&nbsp;ELENA MU&Ntilde;IZ",
        "PROPUESTA_1": "Agua.\r\nLuz._x000D_\nagua\u200bpotable &amp; alum\u00adbrado<br>fin",
    }
    report = bring_in(file_of(INE_2022, changes))

    assert PublishedCandidacy.objects.get().name == "ROSA ELENA MUÑIZ"
    assert answer("propuesta_1") == "Agua.\nLuz.\nagua potable & alumbrado\nfin"
    assert [warning.split(":")[0] for warning in report.warnings] == [
        "Fila 2, NOMBRE_CANDIDATO",
        "Fila 2, PROPUESTA_1",
    ]


IMPOSSIBLE = [
    {"NOMBRE_CANDIDATO": "#NAME?", "PROPUESTA_2": "#REF!"},
    {"NOMBRE_CANDIDATO": "#¿NOMBRE?"},
    {"NOMBRE_CANDIDATO": "JOSÉ MU?IZ"},
    {"NOMBRE_CANDIDATO": "JOSÉ MU\ufffdIZ"},
    {"NOMBRE_CANDIDATO": "<b>JOSÉ</b> MUÑIZ"},
    {"NOMBRE_CANDIDATO": "---."},
    {"NOMBRE_CANDIDATO": "DçVILA"},
    {"PARTIDO_COALICION": "#N/D", "CURSOS": "Err:508"},
    {"MUNICIPIO": "#DIV/0!", "EDAD": "#¡VALOR!"},
    {"PROPUESTA_2": "Calles limpias y se\ufffdales"},
]


def test_what_no_cell_can_say_is_an_error_of_its_row(bring_in, file_of) -> None:
    rows = [{"PROPUESTA_1": "Una línea", **cells} for cells in IMPOSSIBLE]

    report = bring_in(file_of(INE_2022, *numbered(rows, "NOMBRE_CANDIDATO")))

    assert places(report) == [
        (line, column) for line, one in enumerate(IMPOSSIBLE, 2) for column in one
    ]
    assert not CandidacyPage.objects.exists()


def test_what_may_be_right_is_imported_with_a_warning(bring_in, file_of) -> None:
    changes = {"NOMBRE_CANDIDATO": "ROSA ELENA 2", "PROPUESTA_1": "Más para los ni?os"}
    report = bring_in(file_of(INE_2022, changes))

    assert report.created == 1
    assert ["ROSA ELENA 2" in report.warnings[0], "ni?os" in report.warnings[1]] == [True, True]


@pytest.mark.parametrize(
    ("name", "refused"),
    [("#REF!", True), ("JOSÉ MU?IZ", True), ("JosÃ© MuÃ±iz", True), ("José Muñiz", False)],
)
def test_the_register_is_read_with_the_same_care(bring_register_in, file_of, name, refused) -> None:
    report = bring_register_in(file_of(REGISTRY, {"nombre": name}))
    assert places(report) == [(2, "nombre")] * refused


def test_the_register_takes_the_same_files(bring_register_in, tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "x.csv", [{**REGISTRY, "": "", "  ": ""}], encoding="mac-roman", separator=";"
    )
    path.write_bytes(b"sep=;\r\n" + path.read_bytes())

    report = bring_register_in(path)

    assert (report.errors, report.created, report.warnings) == ([], 1, [])
    assert bring_register_in(path).unchanged == 1


def test_very_many_traces_do_not_bury_the_other_warnings(
    bring_in: Callable[..., Any], file_of: Callable[..., Path]
) -> None:
    rows = [
        {"NOMBRE_CANDIDATO": f"ANA {'I' * n}", "NUM_LISTA_O_FORMULA": str(n), "CURSOS": "a &amp; b"}
        for n in range(1, 61)
    ]
    report = bring_in(file_of(INE_2022, *rows), dry_run=True)

    assert report.errors == []
    assert len(report.warnings) == 51
    assert "10 avisos más" in report.warnings[-1]
