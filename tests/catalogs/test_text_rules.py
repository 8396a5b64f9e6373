"""The rules of text: invisible signs, counts of characters, the comparison of names, the cost."""

import json
import timeit
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from cms.catalogs.spanish import (
    NAME_ABBREVIATIONS,
    WITH_BLANKS,
    WITHOUT_BLANKS,
    clean_line,
    clean_text,
    count,
    fold,
    identity,
    same_signs,
    sort_key,
)
from cms.catalogs.text_fields import CleanTextField

COUNTED = json.loads(Path(__file__).with_name("counted_texts.json").read_text(encoding="utf-8"))
RULES: list[Callable[[str], object]] = [
    clean_text,
    clean_line,
    count,
    fold,
    identity,
    same_signs,
    sort_key,
]
# An invisible sign that every rule removes, but that makes the text go through the whole rule.
INVISIBLE = "\u2060"
# Any code point, surrogates included, and often the signs that cause trouble together.
ANY = st.text(
    alphabet=st.one_of(
        st.characters(codec=None, categories=None),
        st.sampled_from("\u0301\u0323\u0344\u0300ªº.'’´` -–\u200b\u200d\u00ad\r\n\t\0aMmñÑ"),
    )
)


@pytest.mark.parametrize("case", COUNTED, ids=lambda case: ascii(case["text"]))
def test_a_text_is_counted_as_it_would_be_stored(case: dict[str, object]) -> None:
    text = str(case["text"])
    assert count(text, WITHOUT_BLANKS) == case["sin_espacios"]
    assert count(text, WITH_BLANKS) == case["con_espacios"] == len(clean_text(text))


def test_an_invisible_separator_becomes_a_blank_and_an_invisible_mark_is_removed() -> None:
    assert clean_text("agua\u200bpotable y alum\u00adbrado") == "agua potable y alumbrado"
    assert fold("agua\u200bpotable") == "agua potable"
    for code in range(0x110000):
        char = chr(code)
        if unicodedata.category(char) in {"Cf", "Cs"} and char not in "\u200b\u180e\u2063":
            assert clean_text(f"a{char}b") == fold(f"a{char}b") == "ab", hex(code)
        if unicodedata.category(char) == "Zs":
            assert clean_line(f"a{char}b") == fold(f"a{char}b") == "a b", hex(code)
            assert clean_text(f"a{char}b{char}") == f"a{unicodedata.normalize('NFC', char)}b"


def test_a_clean_text_has_nothing_that_a_database_refuses() -> None:
    everything = "".join(map(chr, range(0x110000)))
    kept = clean_text(everything)
    assert "\0" not in kept
    assert kept.encode("utf-8").decode("utf-8") == kept
    assert not {char for char in kept if unicodedata.category(char) == "Cc"} - {"\t", "\n"}


@given(ANY)
def test_no_text_makes_a_rule_fail(text: str) -> None:
    for rule in RULES:
        rule(text)


@given(ANY)
def test_cleaning_and_folding_again_change_nothing(text: str) -> None:
    for rule in (clean_text, clean_line, fold, identity, same_signs):
        assert rule(rule(text)) == rule(text)
    assert unicodedata.is_normalized("NFC", clean_text(text))


@given(ANY)
def test_a_cleaned_text_keeps_its_count_and_its_keys(text: str) -> None:
    kept = clean_text(text)
    assert count(kept, WITHOUT_BLANKS) == count(text, WITHOUT_BLANKS) <= len(kept)
    assert (fold(kept), identity(kept)) == (fold(text), identity(text))


@given(st.text(alphabet="aeñ é\n", min_size=1), st.text(alphabet="\u200c\u200d\u00ad\ufeff\u202e"))
def test_invisible_marks_do_not_make_a_different_name_or_text(name: str, marks: str) -> None:
    marked = f"{marks}\u2060".join(name)
    assert identity(marked) == identity(name)
    assert clean_text(marked) == clean_text(name)


@pytest.mark.parametrize(
    "names",
    [
        [
            f"ROSA O{sign}FARRILL MUÑIZ"
            for sign in ("'", "’", "‘", "´", "`", "ʼ", "′", "＇", "' ", "")
        ],
        [
            f"Luz Martinez{sign}Lopez"
            for sign in ("-", "–", "‐", "\u2011", "−", " ", " - ", "\u200b")
        ],
        ["MA. GUADALUPE RÍOS", "María Guadalupe Ríos", "MA GUADALUPE RIOS", "Mª Guadalupe Ríos"],
        [
            "Ma. Guadalupe Ríos",
            "M.ª Guadalupe Ríos",
            "MA.\u200d GUADALUPE RÍOS",
            "ma.guadalupe ríos",
        ],
        ["JOSÉ MA. HDEZ. GPE.", "José María Hernández Guadalupe"],
        ["J. JESÚS PEÑA", "J JESUS PEÑA", "J.JESÚS PEÑA"],
        [
            "ZOË VON HALLE",
            "ZOE\u0308 VON HALLE",
            "Zoe Von Halle",
            "ZO\u200cË\ufe0f  VON\u200bHALLE",
        ],
    ],
    ids=lambda names: names[0],
)
def test_a_name_identifies_the_same_person_in_every_spelling(names: list[str]) -> None:
    assert {identity(name) for name in names} == {identity(names[0])}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("JOSÉ JESÚS PEÑA", "J. JESÚS PEÑA"),
        ("JUAN MA", "JUAN MARÍA"),
        ("ANA PAZ RÍOS", "ANA RÍOS PAZ"),
        ("MARÍA RÍOS", "MARIO RÍOS"),
    ],
)
def test_names_that_may_be_of_different_people_differ(first: str, second: str) -> None:
    assert identity(first) != identity(second)


def test_abbreviations_are_folded_words_and_stand_for_whole_words() -> None:
    for short, whole in NAME_ABBREVIATIONS.items():
        assert identity(f"Ana {short}.") == identity(f"Ana {whole}") == f"ana {whole}"
        assert fold(short) == short
        assert whole not in NAME_ABBREVIATIONS


def test_variants_of_a_sign_are_unified_and_the_rest_of_a_name_stays() -> None:
    assert same_signs("Rosa  O’Farrill–Núñez") == same_signs("Rosa O'Farrill-Núñez")
    assert same_signs("ROSA NUNEZ") != same_signs("ROSA NÚÑEZ")


@pytest.mark.alone
@pytest.mark.parametrize("rule", [clean_text, sort_key, identity], ids=lambda rule: rule.__name__)
@pytest.mark.parametrize(
    ("hostile", "length"),
    [("\u0316\u0301", 120_000), ("a\u0344", 120_000), (" '\u200d", 120_000), ("\u0301", 1_000_000)],
    ids=ascii,
)
def test_marks_cost_about_as_much_as_plain_text(
    rule: Callable[[str], object], hostile: str, length: int
) -> None:
    """The plain text has an invisible sign; without it, most of each rule would be skipped."""

    def cost(text: str) -> float:
        return min(timeit.repeat(lambda: rule(text), number=1, repeat=2))

    plain = INVISIBLE + ("Señora, ¿qué tal? " * length)[:length]
    assert cost((hostile * length)[:length]) < 20 * cost(plain)


def test_a_run_of_marks_is_cut_before_it_is_normalised() -> None:
    assert clean_text("a" + "\u0301" * 50) == "á" + "\u0301" * 3
    assert fold("n" + "\u0303" * 50 + "o") == "no"


class _Note(forms.Form):
    text = CleanTextField(max_length=20)


def test_fields_count_the_stored_text_and_each_line_end_once() -> None:
    form = _Note({"text": "uno\r\ndos\r\n\r\n" + "x" * 11})
    assert form.is_valid()
    assert form.cleaned_data == {"text": "uno\ndos\n\n" + "x" * 11}
    assert "maxlength" not in str(form["text"])

    longer = _Note({"text": "x" * 21 + "\r\n"})
    assert "21" in longer.errors["text"][0]
    assert not _Note({"text": "\u200b \u00ad"}).is_valid()


ORDINARY_SIGNS = [
    chr(point) for point in (0x09, 0x0A, *range(0x20, 0x7F), *range(0xA0, 0x0300)) if point != 0xAD
]


@given(st.lists(st.sampled_from(ORDINARY_SIGNS), max_size=60).map("".join))
def test_ordinary_text_gives_the_same_result_when_rules_are_skipped(text: str) -> None:
    for rule in (clean_text, clean_line, fold, identity, count):
        assert rule(text) == rule(INVISIBLE + text)


def test_every_ordinary_sign_gives_the_same_result_when_rules_are_skipped() -> None:
    for sign in ORDINARY_SIGNS:
        for rule in (clean_text, clean_line, fold, identity, count):
            assert rule(f"a{sign}b") == rule(f"{INVISIBLE}a{sign}b"), hex(ord(sign))
