"""Search inside the answers of one candidacy, by question."""

import pytest

from cms.published import scope, selectors
from search.inside import SOME_WORDS, search_inside
from search.reading import NO_WORDS, ONLY_COMMON

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(make_candidacy, publish):
    candidacy = make_candidacy()
    publish(
        candidacy,
        propuesta_1="Agua potable diaria en los ejidos.",
        propuesta_2="Un mercado con cámara fría para los niños y las niñas.",
        propuesta_genero="Una casa de atención a mujeres.",
        historia_profesional="Trabajé en la red de agua de los ejidos.",
        trayectoria_politica="Fundé un comité.",
        motivo_cargo="Quiero servir.",
        cursos=["Diplomado en gestión comunitaria"],
    )
    return selectors.candidacy(candidacy.pk)


def questions(row, text):
    return [question for _kind, question in search_inside(row, text).questions]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mercado", ["propuesta_2"]),
        ("mercados", ["propuesta_2"]),
        ("ninos", ["propuesta_2"]),
        ("mujer", ["propuesta_genero"]),
        ("agua -potable", ["historia_profesional"]),
        ('"cámara fría"', ["propuesta_2"]),
        ('"fría cámara"', []),
        ("mercado OR comité", ["trayectoria_politica", "propuesta_2"]),
        ("helicóptero", []),
        ("licenciatura", ["grado_estudios"]),
    ],
)
def test_the_words_are_those_of_every_search(row, text, found) -> None:
    assert sorted(questions(row, text)) == sorted(found)


def test_synonyms_of_the_institute_are_found_too(row) -> None:
    assert sorted(questions(row, "vital líquido")) == ["historia_profesional", "propuesta_1"]


def test_words_of_the_question_choose_among_the_answers(row) -> None:
    assert sorted(questions(row, "agua ejidos")) == ["historia_profesional", "propuesta_1"]
    assert questions(row, "propuestas sobre agua") == ["propuesta_1"]
    assert questions(row, "primera propuesta") == ["propuesta_1"]


def test_without_an_answer_that_has_every_word_those_with_some_are_found(row) -> None:
    found = search_inside(row, "agua potable helicóptero")
    assert [question for _kind, question in found.questions] == [
        "propuesta_1",
        "historia_profesional",
    ]
    assert found.remark == SOME_WORDS
    assert search_inside(row, "agua").remark == ""


@pytest.mark.parametrize(("text", "remark"), [("para de la", ONLY_COMMON), ("&%", NO_WORDS)])
def test_a_text_without_words_to_search_is_explained(row, text, remark) -> None:
    found = search_inside(row, text)
    assert (found.questions, found.remark) == ((), remark)


def test_nothing_is_asked_of_the_database_without_a_text(row, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert search_inside(row, "").questions == ()
    with scope.collecting():
        search_inside(row, "agua")
        with django_assert_num_queries(1):
            search_inside(row, "agua")
