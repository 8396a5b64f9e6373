"""The formats of the institutes, with fictitious people."""

import json
import re
from pathlib import Path

import pytest

from cms.candidacies.models import CandidacyPage
from cms.catalogs.models import Office, PoliticalActor, Process, Territory
from cms.imports.actors import members_of
from cms.imports.names import readable
from cms.imports.profiles import FOLDER, ProfileError, available, load_profile
from cms.questionnaires.models import CurricularQuestionnairePage
from cms.questionnaires.selectors import parsed, version_named
from tests.imports.conftest import IECM_2024, INE_2021, INE_2022, LONG

pytestmark = pytest.mark.django_db


def answers_of(candidacy: CandidacyPage) -> dict[str, str]:
    """The answers that were imported for a candidacy."""
    return CurricularQuestionnairePage.objects.child_of(candidacy).get().answers


def test_the_34_columns_of_the_capital(bring_in, file_of) -> None:
    assert len(IECM_2024) == 34
    report = bring_in(file_of(IECM_2024))

    page = CandidacyPage.objects.get()
    assert (report.profile, report.errors, report.with_texts) == ("iecm-2024", [], 1)
    assert (page.office.code, page.territory.name) == ("alcaldia", "Tláhuac")
    assert (page.territory.kind, page.territory.entity_code) == ("municipio", "09")
    assert (page.sex, page.age, page.seat_kind) == ("", None, "propietaria")
    answers = answers_of(page)
    assert (answers["grado_estudios"], answers["estatus_estudios"]) == ("licenciatura", "trunco")
    assert answers["redes"] == "https://example.org/eulalia, https://example.org/foto"
    assert answers["telefono_publico"] == "5550000000"


@pytest.mark.parametrize(
    ("office", "place", "expected"),
    [
        ("Jefatura de Gobierno", "", ("jefatura_gobierno", "mr", "Ciudad de México")),
        ("Titular de Alcaldía", "TLALPAN", ("alcaldia", "mr", "Tlalpan")),
        ("Concejalía de Mayoría Relativa", "Coyoacan", ("concejalia", "mr", "Coyoacán")),
        (
            "Concejalía de Representación Proporcional",
            "Gustavo A. Madero",
            ("concejalia", "rp", "Gustavo A. Madero"),
        ),
        (
            "Diputación de Mayoría Relativa",
            "Distrito 21",
            ("diputacion_local", "mr", "Distrito 21"),
        ),
        (
            "Diputación de Representación Proporcional",
            "",
            ("diputacion_local", "rp", "Ciudad de México"),
        ),
        ("Diputación Migrante", "", ("diputacion_migrante", "", "Ciudad de México")),
    ],
)
def test_every_office_of_the_capital_has_its_territory(
    bring_in, file_of, office, place, expected
) -> None:
    report = bring_in(file_of(IECM_2024, {"CARGO": office, "DISTRITO LOCAL": place}))

    page = CandidacyPage.objects.get()
    assert report.errors == []
    assert (page.office.code, page.principle, page.territory.name) == expected
    assert page.territory.entity_code == "09"


@pytest.mark.parametrize(
    ("written", "degree", "status"),
    [
        ("Licenciatura concluida", "licenciatura", "concluido"),
        ("BACHILLERATO COMPLETO", "preparatoria", "concluido"),
        ("Bachillerato trunco", "preparatoria", "trunco"),
        ("Posgrado concluido", "posgrado", "concluido"),
        ("Sin estudios", "sin_estudios", None),
        ("Carrera técnica trunca", "tecnica", "trunco"),
        ("Maestria", "maestria", None),
    ],
)
def test_degree_and_status_come_in_one_cell(bring_in, file_of, written, degree, status) -> None:
    assert bring_in(file_of(IECM_2024, {"ESCOLARIDAD": written})).errors == []

    answers = answers_of(CandidacyPage.objects.get())
    assert (answers["grado_estudios"], answers.get("estatus_estudios")) == (degree, status)


def test_ten_courses_become_one_text(bring_in, file_of) -> None:
    courses = {f"Formación académica {number}": f"Curso {number}" for number in range(1, 11)}

    bring_in(file_of(IECM_2024, courses))

    courses_text = answers_of(CandidacyPage.objects.get())["cursos"]
    assert courses_text.split("\n") == [f"Curso {number}" for number in range(1, 11)]


def test_without_contact_columns_and_with_identifiers(bring_in, file_of) -> None:
    sample = {"ID_FILA": "CDMX-1"} | {
        column: value
        for column, value in IECM_2024.items()
        if load_profile("iecm-2024").answers.get(column, "")
        not in {"redes", "pagina_web", "correo_publico", "telefono_publico", "domicilio_campana"}
    }

    report = bring_in(file_of(sample))

    assert (report.profile, report.errors, report.warnings) == ("iecm-2024", [], [])
    assert CandidacyPage.objects.get().external_id == "CDMX-1"


def test_federal_deputies_stand_in_their_own_districts(bring_in, file_of) -> None:
    report = bring_in(
        file_of(
            INE_2021,
            {},
            {
                "tipoCandidatura": "DIPUTACIÓN FEDERAL RP",
                "ENTIDAD": "No aplica",
                "DISTRITO": "No aplica",
                "CIRCUNSCRIPCION": "2",
                "NOMBRE_CANDIDATO": "IRENE SOTOL VARA",
                "tipoCandidato": "SUPLENTE",
                "genero": "M",
            },
        )
    )

    assert (report.profile, report.errors, report.created) == ("ine-2021", [], 2)
    district = CandidacyPage.objects.get(name="RAMIRO OCOTILLO PEÑA")
    assert (district.territory.name, district.territory.number) == (
        "Distrito federal 7, Saltillo",
        7,
    )
    assert (district.territory.entity_code, district.sex) == ("05", "hombre")
    proportional = CandidacyPage.objects.get(name="IRENE SOTOL VARA")
    assert (proportional.territory.kind, proportional.territory.number) == ("circunscripcion", 2)
    assert (proportional.sex, proportional.seat_kind) == ("mujer", "suplente")


@pytest.mark.parametrize("written", ["2", "02", "II", "SEGUNDA", "Segunda circunscripción"])
def test_a_constituency_is_known_however_it_is_numbered(bring_in, file_of, written) -> None:
    office = {"tipoCandidatura": "DIPUTACIÓN FEDERAL RP", "DISTRITO": "No aplica"}

    assert bring_in(file_of(INE_2021, {**office, "CIRCUNSCRIPCION": written})).errors == []
    assert CandidacyPage.objects.get().territory.number == 2


def test_the_coalition_postulates_where_there_is_one(bring_in, file_of) -> None:
    bring_in(
        file_of(
            INE_2021,
            {"Coalicion": "VA POR MÉXICO", "PartidosCoalicion": "PAN, PRI Y PRD"},
            {"NOMBRE_CANDIDATO": "IRENE SOTOL VARA"},
        )
    )

    coalition = CandidacyPage.objects.get(name="RAMIRO OCOTILLO PEÑA").actor
    assert (coalition.name, coalition.kind) == ("Va por México", "coalicion")
    assert coalition.members == ["PAN", "PRI", "PRD"]
    assert CandidacyPage.objects.get(name="IRENE SOTOL VARA").actor.acronym == "PT"


@pytest.mark.parametrize(
    ("written", "acronym", "kind"),
    [
        ("partido accion nacional", "PAN", "partido"),
        ("PAN", "PAN", "partido"),
        ("Verde", "PVEM", "partido"),
        ("MORENA", "MORENA", "partido"),
        ("Unidad Democrática de Coahuila", "UDC", "partido"),
        ("CANDIDATURA INDEPENDIENTE", "CI", "independiente"),
        ("CANDIDATURA COMÚN", "", "candidatura_comun"),
        ("SIGAMOS HACIENDO HISTORIA EN COAHUILA", "", "coalicion"),
        ("ALIANZA CIUDADANA POR LA SEGURIDAD.", "", "coalicion"),
        ("PRI-PRD-UDC", "", "coalicion"),
    ],
)
def test_actors_are_known_by_any_of_their_names(bring_in, file_of, written, acronym, kind) -> None:
    report = bring_in(file_of(INE_2022, {"PARTIDO_COALICION": written}))

    actor = PoliticalActor.objects.get()
    assert (actor.acronym, actor.kind) == (acronym, kind)
    assert report.warnings == []


def test_an_unknown_actor_is_taken_as_a_party_and_said(bring_in, file_of) -> None:
    report = bring_in(file_of(INE_2022, {"PARTIDO_COALICION": "PARTIDO DE LA SIERRA GORDA"}))

    assert PoliticalActor.objects.get().name == "Partido de la Sierra Gorda"
    assert "Partido de la Sierra Gorda" in report.warnings[0]


def test_an_actor_of_the_process_keeps_its_key(bring_in, file_of, actor) -> None:
    bring_in(file_of(INE_2022, {"PARTIDO_COALICION": "PARTIDO DEL DESIERTO"}))

    assert CandidacyPage.objects.get().actor == actor


@pytest.mark.parametrize(
    ("office", "code", "principle"),
    [
        ("PRESIDENCIA MUNICIPAL", "presidencia_municipal", "mr"),
        ("SINDICATURA", "sindicatura", ""),
        ("REGIDURÍA", "regiduria", ""),
        ("Regiduria RP", "regiduria", "rp"),
    ],
)
def test_offices_of_a_municipality(bring_in, file_of, office, code, principle) -> None:
    assert bring_in(file_of(INE_2022, {"CARGO": office})).errors == []

    page = CandidacyPage.objects.get()
    assert (page.office.code, page.principle) == (code, principle)
    assert page.territory.cvegeo == "05033"


@pytest.mark.parametrize(
    ("written", "cvegeo"),
    [
        ("CUATROCIENEGAS", "05007"),
        ("Parras de la Fuente", "05024"),
        ("FRANCISCO I MADERO", "05009"),
        ("MUZQUIZ", "05020"),
    ],
)
def test_municipalities_of_the_catalogue_by_the_names_in_use(
    bring_in, file_of, written, cvegeo
) -> None:
    assert bring_in(file_of(INE_2022, {"MUNICIPIO": written})).errors == []

    assert CandidacyPage.objects.get().territory.cvegeo == cvegeo


def test_a_namesake_in_another_state_is_another_municipality(bring_in, file_of) -> None:
    bring_in(
        file_of(
            INE_2022,
            {"MUNICIPIO": "HIDALGO"},
            {"MUNICIPIO": "HIDALGO", "ENTIDAD": "DURANGO"},
        )
    )

    places = Territory.objects.filter(kind="municipio", key="hidalgo").order_by("entity_code")
    assert [(place.entity_code, place.slug) for place in places] == [
        ("05", "hidalgo"),
        ("10", "hidalgo-durango"),
    ]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("CARGO", "GRAN VISIR", "no es un cargo"),
        ("EDAD", "abc", "«abc» no es un número."),
        ("EDAD", "7", "va de 15 a 120"),
        ("SEXO", "QUIZÁ", "sexo"),
        ("TIPO_CANDIDATO", "INVITADA", "propietaria o suplente"),
        ("ENTIDAD", "ATLÁNTIDA", "entidad federativa"),
        ("MUNICIPIO", "SALTILLITO", "no es un municipio"),
        ("MUNICIPIO", "No aplica", "vacía"),
        ("NUM_LISTA_O_FORMULA", "uno", "no es un número"),
        ("ESCOLARIDAD", "Sabiduría", "no es una opción"),
        ("ESTATUS_ESCOLARIDAD", "Quién sabe", "no es una opción"),
        ("NOMBRE_CANDIDATO", "", "vacía"),
        ("PARTIDO_COALICION", "", "vacía"),
    ],
)
def test_an_unknown_value_is_an_error_of_its_cell(bring_in, file_of, column, value, words) -> None:
    report = bring_in(
        file_of(INE_2022, {}, {column: value, "NUM_LISTA_O_FORMULA": "2"} | {column: value})
    )

    (error,) = report.errors
    # The first row takes lines 2 and 3: its proposal has a line break.
    assert (error.row, error.column) == (4, column)
    assert words in error.problem
    assert error.remedy
    assert not Process.objects.exists()


def test_the_message_reads_as_the_manual_says(bring_in, file_of) -> None:
    (error,) = bring_in(file_of(INE_2022, {"EDAD": "abc"})).errors

    assert str(error) == (
        "Fila 2, EDAD: «abc» no es un número. Escribe la edad en años o deja la celda vacía."
    )


@pytest.mark.parametrize("nothing", ["", "No aplica", "NO PROPORCIONÓ", "no proporciono"])
def test_words_of_nothing_are_absent_answers(bring_in, file_of, nothing) -> None:
    bring_in(file_of(INE_2022, {"PROPUESTA_2": nothing, "EDAD": nothing, "ESCOLARIDAD": nothing}))

    page = CandidacyPage.objects.get()
    answers = answers_of(page)
    assert page.age is None
    assert not {"propuesta_2", "grado_estudios", "cursos"} & answers.keys()
    assert "propuesta_1" in answers


def test_without_any_answer_there_is_no_questionnaire(bring_in, file_of) -> None:
    empty = dict.fromkeys(load_profile("ine-2022").answers.keys() & INE_2022.keys(), "")

    report = bring_in(file_of(INE_2022, empty))

    assert (report.created, report.with_texts) == (1, 0)
    assert not CurricularQuestionnairePage.objects.exists()


def test_columns_may_be_missing_or_unknown(bring_in, file_of) -> None:
    sample = {key: value for key, value in INE_2022.items() if key not in {"EDAD", "PROPUESTA_2"}}

    report = bring_in(file_of({**sample, "SIGNO": "Aries"}))

    assert report.errors == []
    assert report.warnings == ["Columnas que no se conocen y no se leyeron: SIGNO."]


def test_all_options_of_the_profiles_are_ours(db) -> None:
    offices = set(Office.objects.values_list("code", flat=True))
    for name in available():
        profile = load_profile(name)
        version = version_named(profile.definition)
        assert version is not None
        definition = parsed(version)
        assert {rule.office for rule in profile.offices.values()} <= offices
        assert all(definition.has(key) for key in profile.answers.values())
        assert {"grado_estudios", "estatus_estudios"} == profile.words.keys()
        for key, words in profile.words.items():
            options = {option.value for option in definition.question(key).options}
            assert words.values() <= options


def test_one_s_own_profile_reads_one_s_own_columns(bring_in, file_of, tmp_path: Path) -> None:
    content = {
        "name": "propio",
        "needs": ["Persona"],
        "entity": "05",
        "register": {
            "Persona": "name",
            "Puesto": "office",
            "Calidad": "seat_kind",
            "Postula": "actor",
            "Lugar": "place",
        },
        "answers": {"Por qué": "motivo_cargo"},
        "offices": {"Alcalde": {"office": "presidencia_municipal"}},
        "seat_kinds": {"Titular": "propietaria"},
    }
    profile = tmp_path / "propio.json"
    profile.write_text(json.dumps(content), encoding="utf-8")
    row = {
        "Persona": "Hortensia Mezquite",
        "Puesto": "alcalde",
        "Calidad": "titular",
        "Postula": "PT",
        "Lugar": "Viesca",
        "Por qué": LONG,
    }

    report = bring_in(file_of(row), profile=str(profile))

    assert (report.profile, report.errors, report.with_texts) == ("propio", [], 1)
    assert CandidacyPage.objects.get().territory.cvegeo == "05036"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[]", "objeto JSON"),
        ("{", "no se puede leer"),
        ('{"register": {"A": "nombre"}}', "no es un campo"),
        ('{"register": {"A": "name"}}', "faltan"),
    ],
)
def test_a_wrong_profile_says_where(tmp_path: Path, content, words) -> None:
    path = tmp_path / "mal.json"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(ProfileError, match=words):
        load_profile(str(path))


def earlier_form_of(name: str, *, same_cell: bool) -> dict[str, object]:
    """One of our profiles, as profiles were written before `words` named their questions."""
    content = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    words = content.pop("words")
    del content["details"]
    together = {"degree_with_status": True} if same_cell else {}
    return {
        **content,
        **together,
        "name": "propio",
        "degrees": words["grado_estudios"],
        "statuses": words["estatus_estudios"],
    }


@pytest.mark.parametrize(
    ("name", "sample", "same_cell", "changed", "status"),
    [
        ("iecm-2024", IECM_2024, True, {"ESCOLARIDAD": "Maestría concluida"}, "concluido"),
        # The status was about the earlier degree, and the file does not say that of the new one.
        (
            "ine-2022",
            {**INE_2022, "ESTATUS_ESCOLARIDAD": "TRUNCA"},
            False,
            {"ESCOLARIDAD": "Maestría", "ESTATUS_ESCOLARIDAD": ""},
            None,
        ),
    ],
)
def test_a_profile_written_in_the_earlier_way_still_reads_its_files(
    bring_in, file_of, tmp_path: Path, name, sample, same_cell, changed, status
) -> None:
    profile = tmp_path / "propio.json"
    profile.write_text(json.dumps(earlier_form_of(name, same_cell=same_cell)), encoding="utf-8")

    report = bring_in(file_of(sample), profile=str(profile))
    answers = answers_of(CandidacyPage.objects.get())
    assert (report.profile, report.errors) == ("propio", [])
    assert (answers["grado_estudios"], answers["estatus_estudios"]) == ("licenciatura", "trunco")

    assert bring_in(file_of({**sample, **changed}), profile=str(profile)).updated == 1
    answers = answers_of(CandidacyPage.objects.get())
    assert (answers["grado_estudios"], answers.get("estatus_estudios")) == ("maestria", status)


def test_the_earlier_and_the_present_way_of_a_profile_do_not_mix(tmp_path: Path) -> None:
    content = {**earlier_form_of("ine-2022", same_cell=False), "details": {}}
    path = tmp_path / "propio.json"
    path.write_text(json.dumps(content), encoding="utf-8")

    with pytest.raises(ProfileError, match=r"«degrees» ya no se usa: .*«words».*«grado_estudios»"):
        load_profile(str(path))


def test_names_of_places_and_actors_are_written_as_people_do() -> None:
    assert readable("SAN JUAN DE LOS LAGOS Y EL ORO.") == "San Juan de los Lagos y el Oro"
    assert readable("Movimiento Ciudadano") == "Movimiento Ciudadano"
    assert readable("EL MANTE") == "El Mante"
    assert members_of("PAN, PRI y Partido del Trabajo") == ("PAN", "PRI", "PT")


def test_the_profile_of_the_manual_reads_its_own_columns(bring_in, file_of, tmp_path: Path) -> None:
    manual = Path(__file__).resolve().parents[2] / "docs" / "importar.md"
    example = re.search(r"```json\n(.*?)```", manual.read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    profile = tmp_path / "mi-instituto.json"
    profile.write_text(example[1], encoding="utf-8")
    row = {
        "Folio": "A-1",
        "Nombre": "Hortensia Mezquite",
        "Puesto": "Alcaldía",
        "Calidad": "Titular",
        "Postulante": "Juntos por el Desierto",
        "Municipio": "Parras de la Fuente",
        "Lugar en la lista": "S/D",
        "Sexo": "F",
        "Edad": "41",
        "Escolaridad": "Profesional",
        "¿Por qué?": LONG,
        "Propuesta": "",
    }

    report = bring_in(file_of(row), profile=str(profile))

    page = CandidacyPage.objects.get()
    assert (report.errors, report.warnings, report.profile) == ([], [], "mi-instituto")
    assert (page.external_id, page.sex, page.actor.kind) == ("A-1", "mujer", "coalicion")
    assert page.territory.cvegeo == "05024"


def test_districts_follow_each_other_as_numbers_do(bring_in, file_of) -> None:
    office = {"CARGO": "DIPUTACIÓN LOCAL MR", "ENTIDAD": "DURANGO"}
    bring_in(file_of(INE_2022, *({**office, "DISTRITO LOCAL": n} for n in ("10-A", "2-B", "1-C"))))

    names = Territory.objects.filter(kind="distrito").values_list("name", flat=True)
    assert list(names) == ["Distrito 1, C", "Distrito 2, B", "Distrito 10, A"]
