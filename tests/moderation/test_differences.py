"""Changed words are marked, and both texts can still be read whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.moderation.differences import words_changed

TEXT = st.text(alphabet="aábñ 12.,;¿?\n\t", max_size=200)


def changed(passages) -> list[str]:
    return [passage.text for passage in passages if passage.changed]


def test_only_the_words_that_changed_are_marked():
    difference = words_changed(
        "Agua potable para 62 ejidos.\nDos pozos nuevos.",
        "Agua segura y diaria para 60 ejidos.\nDos pozos.",
    )
    assert changed(difference.before) == ["potable", "62", "nuevos"]
    assert changed(difference.after) == ["segura y diaria", "60"]


def test_no_word_is_cut_in_two():
    difference = words_changed("educación", "educaciones")
    assert changed(difference.before) == ["educación"]
    assert changed(difference.after) == ["educaciones"]


def test_adding_a_line_leaves_the_line_above_unmarked():
    difference = words_changed("Taller de costura", "Taller de costura\nCurso de presupuesto")
    assert changed(difference.before) == []
    assert changed(difference.after) == ["Curso de presupuesto"]


@given(TEXT, TEXT)
def test_both_texts_can_be_read_whole(before, after):
    difference = words_changed(before, after)
    assert "".join(passage.text for passage in difference.before) == before
    assert "".join(passage.text for passage in difference.after) == after


@given(TEXT)
def test_equal_texts_have_no_difference(text):
    difference = words_changed(text, text)
    assert not changed(difference.before) + changed(difference.after)


# The number of pairs of equal pieces decides how long a comparison takes (MOST_PAIRS is the most).


def test_texts_whose_words_repeat_too_often_are_compared_by_sentences():
    before = "agua sol " * 300 + "sí.\nDos pozos nuevos en el ejido."
    after = "agua sol " * 300 + "sí.\nDos pozos en el ejido."
    difference = words_changed(before, after)
    assert changed(difference.before) == ["Dos pozos nuevos en el ejido."]
    assert changed(difference.after) == ["Dos pozos en el ejido."]


@pytest.mark.parametrize(
    ("before", "after"),
    [("agua sol " * 600, "sol sol agua " * 400), ("Agua. " * 300, "Agua. " * 300 + "Sol.")],
    ids=["one sentence of repeated words", "one repeated sentence"],
)
def test_texts_whose_sentences_repeat_too_often_are_not_compared_inside(before, after):
    difference = words_changed(before, after)
    assert changed(difference.before) == [before.strip()]
    assert changed(difference.after) == [after.strip()]
