"""What a public row keeps of its answers for the passages of results."""

from collections.abc import Callable
from typing import Any

import pytest

from cms.catalogs.models import Process
from cms.published.models import PublishedCandidacy
from search.result import Fragment, SearchResult

pytestmark = pytest.mark.django_db

Publish = Callable[..., PublishedCandidacy]
Find = Callable[..., SearchResult]


def answer(question: str, said: Any, **members: str) -> dict[str, Any]:
    """A public answer with the members that results show, and its weight."""
    label = question.capitalize()
    return {
        "pregunta": question,
        "etiqueta": label,
        "peso": "bajo",
        "donde": f"En {question}",
        "respuesta": said,
        **members,
    }


@pytest.fixture
def shown(process: Process, publish: Publish, find: Find) -> Callable[..., list[Fragment]]:
    """The passages of the only candidacy, with these answers, for «agua»."""

    def passages(*answers: dict[str, Any]) -> list[Fragment]:
        publish(answers=list(answers), text_high_weight="agua")
        [hit] = find(process, "agua").hits
        return list(hit.fragments)

    return passages


def test_answers_of_high_weight_come_first_each_with_its_question(shown) -> None:
    found = shown(
        answer("historia", "Vender agua"),
        answer("cargo", "Sin ella"),
        answer("propuesta", "Llevar agua", peso="alto"),
    )

    assert [(one.question, one.label, one.where, one.html) for one in found] == [
        ("propuesta", "Propuesta", "En propuesta", "Llevar <mark>agua</mark>"),
        ("historia", "Historia", "En historia", "Vender <mark>agua</mark>"),
    ]


def test_the_items_of_a_list_are_one_passage(shown) -> None:
    [found] = shown(answer("causas", ["El agua", "Los ríos"]))

    assert found.html == "El <mark>agua</mark>; Los ríos"


def test_an_answer_without_a_place_or_without_a_text_hides_no_other(shown) -> None:
    without_place = answer("historia", "Vender agua")
    del without_place["donde"]
    found = shown(answer("causas", []), without_place, answer("lema", ""), answer("cargo", "Agua"))

    assert [(one.question, one.where) for one in found] == [("historia", ""), ("cargo", "En cargo")]


def test_the_signs_between_passages_are_blanks_in_an_answer(shown) -> None:
    found = shown(
        answer("historia", "Uno\x1eagua\x1fdos\x1dtres", etiqueta="Su\x1fhistoria", donde="En\x1e"),
        answer("cargo", "Agua"),
    )

    assert [(one.question, one.label, one.html) for one in found] == [
        ("historia", "Su historia", "Uno <mark>agua</mark> dos tres"),
        ("cargo", "Cargo", "<mark>Agua</mark>"),
    ]


def test_a_text_that_is_a_tag_between_two_hits_is_escaped(shown) -> None:
    [found] = shown(answer("historia", "agua<mark>agua"))

    assert found.html == "<mark>agua</mark>&lt;mark&gt;<mark>agua</mark>"


def test_a_word_goes_on_after_a_letter_that_latin_1_lacks(shown) -> None:
    [found] = shown(answer("historia", "El aguağ, el agua… y “agua”"))

    assert found.html == "El aguağ, el <mark>agua</mark>… y “<mark>agua</mark>”"


def test_passages_change_with_the_answers(process, publish, find) -> None:
    row = publish(texts={"propuesta_1": "Agua"})
    row.answers = [answer("propuesta_1", "Otra agua", peso="alto")]
    row.save()

    [hit] = find(process, "agua").hits
    assert [one.html for one in hit.fragments] == ["Otra <mark>agua</mark>"]


def test_a_word_of_letters_that_latin_1_lacks_is_marked_alone(process, publish, find) -> None:
    answers = [answer("historia", "Uno — "), answer("cargo", " — вода, и…"), answer("lema", "Вода")]
    publish(answers=answers, text_high_weight="вода")

    [hit] = find(process, "вода").hits
    assert [one.html for one in hit.fragments] == [
        "— <mark>вода</mark>, и…",
        "<mark>Вода</mark>",
    ]
