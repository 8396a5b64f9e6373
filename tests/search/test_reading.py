"""How the text that somebody typed is read; every text has a reading."""

from hypothesis import given
from hypothesis import strategies as st

from search import reading


def words(term) -> list[list[str]]:
    """The phrases of a term, each as a list of folded words."""
    return [[word[0] for word in phrase] for phrase in term]


def test_words_phrases_and_exclusions_are_told_apart() -> None:
    found = reading.read('Agua "Violencia de género" -Sequía')

    assert [words(term) for term in found.wanted] == [[["agua"]], [["violencia", "de", "genero"]]]
    assert [words(term) for term in found.excluded] == [[["sequia"]]]
    assert found.remark == ""


def test_or_joins_the_words_on_both_sides() -> None:
    found = reading.read("agua OR luz drenaje")

    assert [words(term) for term in found.wanted] == [[["agua"], ["luz"]], [["drenaje"]]]


def test_a_sign_between_words_is_not_part_of_them() -> None:
    found = reading.read("niñas/niños agua.Luego físico-matemático")

    assert [words(term)[0][0] for term in found.wanted] == [
        "ninas", "ninos", "agua", "luego", "fisico", "matematico",
    ]  # fmt: skip


def test_a_remark_tells_of_unclosed_quotes() -> None:
    found = reading.read('agua "potable')

    assert [words(term) for term in found.wanted] == [[["agua"]], [["potable"]]]
    assert found.remark == reading.UNCLOSED


def test_a_text_that_is_only_an_exclusion_is_searched_without_its_hyphen() -> None:
    found = reading.read("-agua")

    assert [words(term) for term in found.wanted] == [[["agua"]]]
    assert found.remark == reading.ONLY_EXCLUDED


def test_a_very_long_text_is_cut_at_a_word_and_a_remark_tells_of_it() -> None:
    found = reading.read("agua potable " * 500)

    assert len(found.wanted) == 31
    assert {word for term in found.wanted for [word] in words(term)} == {"agua", "potable"}
    assert found.remark == reading.TOO_LONG


def test_a_remark_tells_of_a_text_of_signs_only() -> None:
    assert reading.read("¿? ¡! & | <->").remark == reading.NO_WORDS


def test_a_search_with_accents_is_the_same_as_without_them() -> None:
    assert reading.read("SEQUÍA niñez").wanted == reading.read("sequia ninez").wanted


def test_every_spelling_of_a_word_differs_in_one_accent() -> None:
    assert set(reading.spellings("nino")) == {"nino", "ñino", "níno", "niño", "ninó"}


def test_only_plain_words_may_be_misspelt_names() -> None:
    assert reading.read("María Gonzales").suspects == ("maria", "gonzales")
    assert reading.read('"María Gonzales"').suspects == ()
    assert reading.read("Gonzales -María").suspects == ()


def test_an_invisible_character_either_separates_words_or_is_ignored() -> None:
    assert reading.read("agua\u200bpotable").wanted == reading.read("agua potable").wanted
    for mark in ("\u00ad", "\u200d", "\ufeff", "\u2060"):
        assert reading.read(f"alum{mark}brado").wanted == reading.read("alumbrado").wanted


def test_a_very_long_word_has_no_other_spelling() -> None:
    assert len(reading.spellings("a" * reading.LONGEST_WORD)) == 1 + reading.LONGEST_WORD
    assert reading.spellings("a" * (reading.LONGEST_WORD + 1)) == ("a" * 41,)


def test_the_number_of_words_is_limited_and_a_remark_tells_of_it() -> None:
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


def test_an_or_with_nothing_before_it_joins_nothing_and_is_no_word() -> None:
    assert reading.read("OR agua OR").wanted == reading.read("agua").wanted
    assert reading.read("OR").remark == reading.NO_WORDS


def test_the_words_with_which_people_ask_do_not_count_beside_others() -> None:
    def said(text: str, **how: bool) -> tuple[str, ...]:
        return reading.read(text, **how).words

    assert said("¿qué proponen para los abuelitos?") == ("que", "para", "los", "abuelitos")
    assert said("quiero saber de propuestas de deporte") == ("de", "de", "deporte")
    assert said("propuestas de los candidatos") == ("propuestas", "de", "los", "candidatos")
    assert said("propuestas de agua", keeps_asking=True) == ("propuestas", "de", "agua")
    assert said('"quiero" agua') == ("quiero", "agua")
