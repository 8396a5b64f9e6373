"""Whether an answer is valid, and if not why, in words for the person who wrote it."""

import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.catalogs.spanish import count
from cms.questionnaires.answers import (
    normalise,
    problems,
    public_answers,
    public_contacts,
)
from cms.questionnaires.definitions import Definition
from tests.questionnaires.conftest import shipped

RULES = ["sin_espacios", "con_espacios"]
CURRICULAR = Definition.from_content(shipped("curricular-2024"))


def codes(answers: dict[str, Any], **options: Any) -> dict[str, str]:
    """The key of each question with a problem, and the code of the problem."""
    options.setdefault("complete", False)
    return {problem.question: problem.code for problem in problems(CURRICULAR, answers, **options)}


def only_problem(answers: dict[str, Any], **options: Any) -> Any:
    found = problems(CURRICULAR, answers, complete=False, **options)
    assert len(found) == 1
    return found[0]


def test_a_message_about_a_short_proposal_says_its_length_and_what_to_add() -> None:
    problem = only_problem({"propuesta_1": "a" * 126})

    assert problem.code == "too_short"
    assert problem.message == (
        "Escribe al menos 280 caracteres sin contar espacios; llevas 126. Agrega a quién beneficia"
        " o en cuánto tiempo se hará."
    )


def test_a_message_about_a_long_text_says_how_many_characters_to_remove() -> None:
    problem = only_problem({"propuesta_1": "a" * 1650})

    assert problem.code == "too_long"
    assert problem.message == (
        "Son 1,650 caracteres sin contar espacios; el máximo es 1,600. Quita 50."
    )


@pytest.mark.parametrize(
    ("length", "code"), [(279, "too_short"), (280, None), (1600, None), (1601, "too_long")]
)
def test_limits_are_inclusive(length: int, code: str | None) -> None:
    assert codes({"propuesta_2": "á" * length}).get("propuesta_2") == code


def test_the_process_decides_whether_blanks_count() -> None:
    text = "palabra " * 39 + "palabra"  # 319 characters, 280 without blanks
    shorter = text.replace("palabra", "palabr", 1)

    assert codes({"propuesta_1": text}, rule="sin_espacios") == {}
    assert codes({"propuesta_1": shorter}, rule="sin_espacios") == {"propuesta_1": "too_short"}
    assert codes({"propuesta_1": shorter}, rule="con_espacios") == {}
    assert (
        "contando espacios" in only_problem({"propuesta_1": "corto"}, rule="con_espacios").problem
    )


def test_invisible_characters_do_not_fill_an_answer() -> None:
    assert codes({"propuesta_1": "agua\u200b\u00a0\u2060\t\n" * 280}) == {}
    assert codes({"propuesta_1": "a" + "\u2800" * 400}) == {"propuesta_1": "too_short"}
    for invisible in "\u200b\u2800\u3164\u00ad":
        assert codes({"propuesta_1": invisible * 400}, complete=True)["propuesta_1"] == "missing"


def test_sending_asks_for_everything_that_is_required() -> None:
    missing = [problem.question for problem in problems(CURRICULAR, {}, complete=True)]

    assert missing == [
        "fotografia",
        "correo_aclaraciones",
        "grado_estudios",
        "historia_profesional",
        "trayectoria_politica",
        "motivo_cargo",
        "propuesta_1",
        "propuesta_2",
        "propuesta_genero",
    ]
    assert problems(CURRICULAR, {}, complete=False) == []


def test_a_blank_answer_is_missing() -> None:
    found = codes({"propuesta_1": " \n\t "}, complete=True)
    assert found["propuesta_1"] == "missing"


def test_a_complete_questionnaire_has_no_problem(complete_answers: dict[str, Any]) -> None:
    complete_answers["fotografia"] = "4b1f"
    assert problems(CURRICULAR, complete_answers, complete=True) == []


def test_the_status_of_studies_is_not_asked_of_a_person_without_studies() -> None:
    without = {"grado_estudios": "sin_estudios", "estatus_estudios": "titulo"}

    assert "estatus_estudios" not in codes(without, complete=True)
    assert normalise(CURRICULAR, without) == {"grado_estudios": "sin_estudios"}
    assert codes({"grado_estudios": "primaria"}, complete=True)["estatus_estudios"] == "missing"


def test_an_option_outside_the_list_is_named() -> None:
    problem = only_problem({"grado_estudios": "bachillerato"})
    assert (problem.code, problem.problem) == (
        "not_an_option",
        "«bachillerato» no es una de las opciones.",
    )


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("https://facebook.com/cenizo", None),
        ("https://www.facebook.com/cenizo?lang=es", None),
        ("https://m.facebook.com/cenizo", None),
        ("https://facebook.example/cenizo", None),
        ("HTTPS://FACEBOOK.COM/cenizo", None),
        ("http://facebook.com/cenizo", "not_https"),
        ("https://instagram.com/cenizo", "other_site"),
        ("https://notfacebook.com/cenizo", "other_site"),
        ("https://facebook.com.ejemplo.mx/cenizo", "other_site"),
        ("https://facebook.com@ejemplo.mx/", "bad_url"),
        ("https://ejemplo.mx@facebook.com/", "bad_url"),
        ("facebook.com/cenizo", "bad_url"),
        ("@cenizo", "bad_url"),
        ("javascript:alert(1)", "bad_url"),
        ("https://facebook.com/<b>", "bad_url"),
        ("https://facebook.com:puerto/", "bad_url"),
    ],
)
def test_an_account_is_an_address_of_its_network(address: str, code: str | None) -> None:
    found = codes({"facebook_tiene": "si", "facebook": address})
    assert found.get("facebook") == code


def test_a_network_on_which_the_person_has_no_account_needs_no_address() -> None:
    assert (
        codes({"facebook_tiene": "no", "facebook": "no uso"}, complete=True).get("facebook") is None
    )
    assert codes({"facebook_tiene": "si"}, complete=True)["facebook"] == "missing"


@pytest.mark.parametrize(
    ("address", "valid"),
    [
        ("http://cenizo.mx", True),
        ("https://ñandú.mx/propuestas", True),
        ("https://cenizo", False),
        ("https://127.0.0.1/", False),
        ("ftp://cenizo.mx", False),
        ("https://ceni zo.mx", False),
    ],
)
def test_a_web_page_is_on_the_web(address: str, valid: bool) -> None:
    assert ("pagina_web" not in codes({"pagina_web": address})) is valid


def test_telephones_have_ten_digits_however_they_are_written() -> None:
    written = {"telefono_publico": ["(872) 000-0000", "872 000 0000", "+52 872 000 0000"]}

    assert normalise(CURRICULAR, written) == {"telefono_publico": ["8720000000", "528720000000"]}
    problem = only_problem(written)
    assert problem.code == "bad_phone"
    assert codes({"telefono_publico": ["ochocientos"]}) == {"telefono_publico": "bad_phone"}


@pytest.mark.parametrize("email", ["cenizo", "cenizo@", "@ejemplo.mx", "a b@ejemplo.mx", "a@b"])
def test_an_incomplete_email_is_refused(email: str) -> None:
    assert codes({"correo_publico": [email]}) == {"correo_publico": "bad_email"}
    assert codes({"correo_aclaraciones": email}) == {"correo_aclaraciones": "bad_email"}


def test_a_list_has_a_limit_of_records_and_a_record_a_limit_of_characters() -> None:
    assert only_problem({"cursos": [f"Curso {number}" for number in range(11)]}).problem == (
        "Son 11 registros; el máximo es 10."
    )
    assert codes({"cursos": ["a" * 251]}) == {"cursos": "too_long"}
    assert codes({"cursos": ["a" * 250] * 10}) == {}
    assert codes({"correo_publico": [f"c{number}@ejemplo.mx" for number in range(4)]}) == {
        "correo_publico": "too_many"
    }


def test_lists_lose_blanks_and_repetitions() -> None:
    kept = normalise(CURRICULAR, {"cursos": [" Riego ", "", "Riego", "  ", "Suelos  y agua"]})
    assert kept == {"cursos": ["Riego", "Suelos y agua"]}


def test_answers_to_questions_that_are_not_asked_are_dropped() -> None:
    assert normalise(CURRICULAR, {"curp": "XXXX000000", "propuesta_1": "Agua"}) == {
        "propuesta_1": "Agua"
    }


def test_the_official_version_counts_by_its_own_rule(official: Definition) -> None:
    assert problems(official, {"propuesta_1": "Breve."}) == []
    found = problems(official, {"propuesta_1": "a" * 5001})
    assert [problem.code for problem in found] == ["too_long"]
    assert "contando espacios" in found[0].problem


def test_what_is_public_leaves_out_controls_contacts_and_the_internal_email(
    complete_answers: dict[str, Any],
) -> None:
    complete_answers |= {"facebook_tiene": "si", "facebook": "https://facebook.example/cenizo"}
    answers = public_answers(CURRICULAR, complete_answers)
    contacts = public_contacts(CURRICULAR, complete_answers)

    assert [answer["pregunta"] for answer in answers] == [
        "grado_estudios",
        "estatus_estudios",
        "cursos",
        "historia_profesional",
        "trayectoria_politica",
        "motivo_cargo",
        "propuesta_1",
        "propuesta_2",
        "propuesta_genero",
    ]
    assert answers[0] == {
        "cuestionario": "curricular",
        "pregunta": "grado_estudios",
        "etiqueta": "Grado máximo de estudios",
        "seccion": "estudios",
        "tipo": "opcion",
        "capitulo": "estudios",
        "capitulo_titulo": "Estudios",
        "orden": 7,
        "peso": "bajo",
        "faceta": "grado",
        "faceta_etiqueta": "Grado de estudios",
        "donde": "En su grado de estudios",
        "comparacion": "estudios",
        "valor": "licenciatura",
        "respuesta": "Licenciatura",
    }
    assert contacts == [
        {"tipo": "url", "etiqueta": "Facebook", "valor": "https://facebook.example/cenizo"},
        {"tipo": "correo", "etiqueta": "Correo", "valor": "contacto@cenizo.example"},
    ]


@given(st.text())
def test_counting_without_blanks_never_exceeds_counting_with_them(text: str) -> None:
    assert 0 <= count(text, "sin_espacios") <= count(text, "con_espacios") <= len(text)


@given(st.text(), st.text(alphabet=" \t\n\r\u00a0\u200b"))
def test_blanks_at_the_ends_and_between_words_never_count(text: str, blanks: str) -> None:
    words = re.split(r"\s+", text)
    assert count(blanks.join(words), "sin_espacios") <= count(" ".join(words), "sin_espacios")
    assert count(f"  {text}\n", "con_espacios") == count(text, "con_espacios")


@given(st.text(alphabet="aáñüÁ e\n"), st.sampled_from(RULES))
def test_composed_and_decomposed_letters_count_the_same(text: str, rule: str) -> None:
    assert count(unicodedata.normalize("NFD", text), rule) == count(text, rule)


_ANY = st.one_of(
    st.none(), st.text(max_size=40), st.integers(), st.lists(st.text(max_size=20), max_size=4)
)
_RAW = st.dictionaries(st.sampled_from([question.key for question in CURRICULAR.questions()]), _ANY)


@given(_RAW)
def test_normalising_twice_changes_nothing(raw: dict[str, Any]) -> None:
    once = normalise(CURRICULAR, raw)
    assert normalise(CURRICULAR, once) == once


@given(_RAW, st.sampled_from(RULES))
def test_raw_and_normalised_answers_have_the_same_problems(raw: dict[str, Any], rule: str) -> None:
    found = problems(CURRICULAR, raw, rule=rule)
    assert problems(CURRICULAR, normalise(CURRICULAR, raw), rule=rule) == found
    assert all(problem.problem and problem.remedy for problem in found)


@given(st.text(min_size=1, max_size=60), st.sampled_from(RULES))
def test_a_text_is_valid_exactly_when_its_count_is_within_limits(seed: str, rule: str) -> None:
    text = (seed + " x") * 40
    within = 280 <= count(text, rule) <= 1600
    assert (codes({"propuesta_1": text}, rule=rule) == {}) is within
