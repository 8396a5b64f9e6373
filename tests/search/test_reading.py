"""How what was typed is read: any text has a reading."""

from hypothesis import given
from hypothesis import strategies as st

from search import reading
from search.query import LONGEST_QUERY


def words(term) -> list[list[str]]:
    """The phrases of a term, each as its folded words."""
    return [[word[0] for word in phrase] for phrase in term]


def test_words_phrases_and_exclusions_are_told_apart() -> None:
    found = reading.read('Agua "Violencia de género" -Sequía')

    assert [words(term) for term in found.wanted] == [[["agua"]], [["violencia", "de", "genero"]]]
    assert [words(term) for term in found.excluded] == [[["sequia"]]]
    assert found.remark == ""


def test_or_joins_what_stands_beside_it() -> None:
    found = reading.read("agua OR luz drenaje")

    assert [words(term) for term in found.wanted] == [[["agua"], ["luz"]], [["drenaje"]]]


def test_what_joins_words_is_no_part_of_them() -> None:
    found = reading.read("niñas/niños agua.Luego físico-matemático")

    assert [words(term)[0][0] for term in found.wanted] == [
        "ninas", "ninos", "agua", "luego", "fisico", "matematico",
    ]  # fmt: skip


def test_unclosed_quotes_are_told() -> None:
    found = reading.read('agua "potable')

    assert [words(term) for term in found.wanted] == [[["agua"]], [["potable"]]]
    assert found.remark == reading.UNCLOSED


def test_only_an_exclusion_is_searched_without_its_hyphen() -> None:
    found = reading.read("-agua")

    assert [words(term) for term in found.wanted] == [[["agua"]]]
    assert found.remark == reading.ONLY_EXCLUDED


def test_a_very_long_text_is_cut_at_a_word_and_it_is_told() -> None:
    found = reading.read("agua potable " * 500)

    assert len(found.wanted) <= LONGEST_QUERY
    assert {word for term in found.wanted for [word] in words(term)} == {"agua", "potable"}
    assert found.remark == reading.TOO_LONG


def test_signs_alone_are_told() -> None:
    assert reading.read("¿? ¡! & | <->").remark == reading.NO_WORDS


def test_accents_typed_or_not_are_the_same_search() -> None:
    assert reading.read("SEQUÍA niñez").wanted == reading.read("sequia ninez").wanted


def test_every_spelling_of_a_word_is_one_accent_away() -> None:
    assert set(reading.spellings("nino")) == {"nino", "ñino", "níno", "niño", "ninó"}


def test_only_plain_words_may_be_misspelt_names() -> None:
    assert reading.read("María Gonzales").suspects == ("maria", "gonzales")
    assert reading.read('"María Gonzales"').suspects == ()
    assert reading.read("Gonzales -María").suspects == ()


def test_what_cannot_be_seen_parts_words_or_is_nothing() -> None:
    assert reading.read("agua\u200bpotable").wanted == reading.read("agua potable").wanted
    for mark in ("\u00ad", "\u200d", "\ufeff", "\u2060"):
        assert reading.read(f"alum{mark}brado").wanted == reading.read("alumbrado").wanted


def test_a_word_longer_than_any_has_no_other_spelling() -> None:
    assert len(reading.spellings("a" * reading.LONGEST_WORD)) > 40
    assert reading.spellings("a" * (reading.LONGEST_WORD + 1)) == ("a" * 41,)


def test_no_more_words_are_looked_for_than_anybody_asks_and_it_is_told() -> None:
    found = reading.read(" ".join(f"a{number}" for number in range(50)))

    assert len(found.wanted) == reading.MOST_WORDS
    assert found.remark == reading.TOO_MANY
    phrase = reading.read('"' + " ".join(f"b{number}" for number in range(50)) + '"')
    assert [len(words) for [words] in phrase.wanted] == [reading.MOST_WORDS]


@given(st.text(alphabet=st.characters(), max_size=300))
def test_no_text_fails(text: str) -> None:
    found = reading.read(text)

    assert isinstance(found.remark, str)
    assert bool(found.wanted) or not found.excluded
