"""Changed words are marked, and both texts can still be read whole."""

from time import perf_counter

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


def test_texts_that_are_costly_to_compare_take_less_than_two_seconds():
    started = perf_counter()
    words_changed("agua sol " * 600, "sol sol agua " * 400)
    assert perf_counter() - started < 2
