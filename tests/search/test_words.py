"""Synonyms, familiar names, and ways to write a term: the lists of the CMS in a question."""

import json

import pytest
from django.db import connection

from cms.catalogs.common_words import COMMON
from cms.catalogs.files import DATA, read_catalogue
from cms.catalogs.models import Hypocoristic, ProtectedWord, SynonymGroup
from cms.catalogs.spanish import fold
from search.query import SearchQuery
from search.reading import read
from search.services import search
from search.words import by_thousands, in_one_number, word_lists, words_of

LISTS = word_lists(
    {
        "synonyms": [
            ["agua", "recursos hídricos"],
            ["agua potable", "agua entubada"],
            ["empleo", "fuentes de trabajo"],
            ["T-MEC", "tratado de libre comercio"],
        ],
        "familiar": {"Lupita": ["Guadalupe"], "Beto": ["Alberto", "Roberto"]},
        "protected": ["Nava"],
    }
)


def phrases(term) -> list[str]:
    return [" ".join(word[0] for word in phrase) for phrase in term]


def asked(text: str) -> list[list[str]]:
    return [phrases(term) for term in read(text, LISTS).wanted]


def synonyms(text: str) -> list[list[str]]:
    return [phrases(term) for term in read(text, LISTS).synonyms]


def test_a_word_is_also_looked_for_by_its_synonyms() -> None:
    assert asked("Aguas limpias") == [["aguas", "recursos hidricos"], ["limpias"]]
    assert synonyms("Aguas limpias") == [["recursos hidricos"], []]


def test_a_text_of_many_words_is_searched_without_synonyms() -> None:
    """They would be more clauses than a search server takes."""
    eleven = [f"palabra{letter}" for letter in "bcdfghjklmn"]

    assert synonyms(" ".join(["empleo", "de", *eleven]))[0] == ["fuentes de trabajo"]
    assert synonyms(" ".join(["empleo", *eleven, "alguien"])) == []


def test_the_synonyms_of_several_words_answer_all_of_them() -> None:
    assert asked("fuente de trabajo") == [
        ["fuente", "empleo"],
        ["de"],
        ["trabajo", "empleo"],
    ]


def test_the_longest_term_counts() -> None:
    assert asked("agua potable") == [["agua", "agua entubada"], ["potable", "agua entubada"]]


def test_quotes_alternatives_and_exclusions_are_taken_as_they_are() -> None:
    assert asked('"agua"') == [["agua"]]
    assert asked("agua OR luz") == [["agua", "luz"]]
    assert [phrases(term) for term in read("luz -agua", LISTS).excluded] == [["agua"]]
    assert synonyms('"agua"') == []


def test_a_familiar_name_is_the_name_and_a_name_is_also_its_familiar_form() -> None:
    found = read("Lupita", LISTS)

    assert [phrases(term) for term in found.wanted] == [["lupita", "guadalupe"]]
    assert (found.meant, found.suspects, found.synonyms) == (("guadalupe",), (), ())
    assert asked("Guadalupe") == [["guadalupe", "lupita"]]
    assert synonyms("Guadalupe") == [["lupita"]]
    assert asked("beto") == [["beto", "alberto", "roberto"]]


def test_a_protected_word_is_never_a_misspelt_name() -> None:
    assert read("Nava", LISTS).suspects == ()
    assert read("Nava").suspects == ("nava",)


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("T-MEC", [["t", "tmec", "tratado de libre comercio"],
                   ["mec", "tmec", "tratado de libre comercio"]]),
        ("TMEC", [["tmec", "t mec", "tratado de libre comercio"]]),
        ("e-commerce", [["e"], ["commerce", "ecommerce"]]),
        ('"socio-económico"', [["socio economico", "socioeconomico"]]),
        ("I.M.S.S.", [["i", "imss"], ["m", "imss"], ["s", "imss"], ["s", "imss"]]),
        ("$1,500", [["1", "1500"], ["500", "1500"]]),
        ("1500", [["1500", "1 500"]]),
        ("25 %", [["25"]]),
        ("25%", [["25"]]),
        ("2022", [["2022", "2 022"]]),
    ],
)  # fmt: skip
def test_what_signs_part_is_also_one_word(typed, understood) -> None:
    assert asked(typed) == understood


def test_numbers_have_groups_of_three_digits() -> None:
    assert by_thousands("1500000") == ("1", "500", "000")
    assert by_thousands("150") == by_thousands("0150") == by_thousands("15a0") == ()


@pytest.mark.parametrize(
    ("one", "many"), [("calle", "calles"), ("mujer", "mujeres"), ("voz", "voces"), ("mes", "meses")]
)
def test_a_word_and_its_plural_are_the_same_term(one, many) -> None:
    assert in_one_number(one) == in_one_number(many)


# --- searches


@pytest.mark.django_db
def test_a_search_finds_synonyms_both_ways_and_marks_them(process, publish, find) -> None:
    water = publish(name="Ana Sauz", texts={"propuesta_1": "Cuidar el agua"})
    resources = publish(name="Eva Sauz", texts={"propuesta_1": "Cuidar los recursos hídricos"})
    publish(name="Luz Sauz", texts={"propuesta_1": "Cuidar los recursos"})

    assert {hit.row.candidacy_id for hit in find(process, "agua").hits} == {water.pk, resources.pk}
    found = find(process, "recursos hidricos")
    assert {hit.row.candidacy_id for hit in found.hits} == {water.pk, resources.pk}
    assert {hit.row.candidacy_id: hit.fragments[0].html for hit in found.hits} == {
        water.pk: "Cuidar el <mark>agua</mark>",
        resources.pk: "Cuidar los <mark>recursos</mark> <mark>hídricos</mark>",
    }


@pytest.mark.django_db
def test_a_change_of_the_lists_counts_at_once(process, publish, find) -> None:
    row = publish(texts={"propuesta_1": "Un quiosco"})
    assert find(process, "glorieta").total == 0

    group = SynonymGroup.objects.create(terms=["glorieta", "quiosco"], reason="Prueba")
    assert [hit.row.candidacy_id for hit in find(process, "glorieta").hits] == [row.pk]

    group.active = False
    group.save()
    assert find(process, "glorieta").total == 0


@pytest.mark.django_db
def test_a_familiar_name_finds_its_bearers_and_is_found_by_the_name(process, publish, find) -> None:
    formal = publish(name="María Guadalupe Sauz")
    familiar = publish(name="Lupita Mezquite")
    publish(name="Rosa Cenizo")

    assert {hit.row.candidacy_id for hit in find(process, "Lupita").hits} == {
        formal.pk,
        familiar.pk,
    }
    assert {hit.row.candidacy_id for hit in find(process, "Guadalupe").hits} == {
        formal.pk,
        familiar.pk,
    }
    assert [hit.row.candidacy_id for hit in find(process, "Lupita Sauz").hits] == [formal.pk]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("written", "searches"),
    [
        ("Aprovechar el T-MEC", ["T-MEC", "TMEC", "tmec", "t mec", "t-mec"]),
        ("Aprovechar el TMEC", ["T-MEC", "TMEC", "t-mec"]),
        ("Vender por ecommerce", ["e-commerce", "ecommerce"]),
        ("Apoyo a las PyMEs", ["pyme", "PYMES", "PyMe", "pymes"]),
        ("Becas de $1,500 al mes", ["1500", "$1,500", "$1500", "1,500 pesos OR 1,500"]),
        ("Becas de 1500 al mes", ["1500", "$1,500", "$1500", "1,500"]),
        ("Subir un 25% el gasto", ["25%", "25 %", '"25 %"']),
        ("Subir un 25 % el gasto", ["25%", "25 %"]),
        ("Trabajo en el I.M.S.S.", ["I.M.S.S.", "IMSS OR I.M.S.S."]),
        ("Trabajo en el IMSS", ["I.M.S.S.", "imss"]),
    ],
)
def test_a_term_is_found_however_it_is_written(process, publish, find, written, searches) -> None:
    row = publish(texts={"propuesta_1": written})
    publish(name="Otra Persona", texts={"propuesta_1": "Nada de eso"})

    assert {
        text: [hit.row.candidacy_id for hit in find(process, text).hits] for text in searches
    } == {text: [row.pk] for text in searches}


@pytest.mark.django_db
def test_the_words_that_say_nothing_are_those_of_the_database() -> None:
    words = sorted({word for group in SynonymGroup.objects.all() for term in group.terms
                    for word in words_of(term)} | COMMON)  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "select word from unnest(%s::text[]) as word where conoceles_search.is_common(word)",
            [words],
        )
        common = {word for (word,) in cursor.fetchall()}

    assert common == COMMON


# --- the first lists


@pytest.mark.django_db
def test_a_new_installation_has_the_lists_of_the_files() -> None:
    groups = json.loads((DATA / "synonyms.json").read_text(encoding="utf-8"))

    assert [group.terms for group in SynonymGroup.objects.order_by("pk")] == [
        group["terms"] for group in groups
    ]
    assert len(groups) >= 120
    assert {form.familiar: form.names for form in Hypocoristic.objects.all()} == {
        row["familiar"]: row["nombres"].split("|") for row in read_catalogue("hipocoristicos.csv")
    }
    assert set(ProtectedWord.objects.values_list("word", flat=True)) == {
        row["palabra"] for row in read_catalogue("palabras_protegidas.csv")
    }


@pytest.mark.django_db
def test_everything_in_the_first_lists_could_be_written_in_the_admin() -> None:
    for model in (SynonymGroup, Hypocoristic, ProtectedWord):
        for row in model.objects.all():
            row.full_clean()
            assert row.reason


def test_no_familiar_form_is_twice_in_the_list_nor_a_name_of_itself() -> None:
    rows = list(read_catalogue("hipocoristicos.csv"))
    forms = [fold(row["familiar"]) for row in rows]

    assert len(forms) == len(set(forms))
    assert [
        row["familiar"]
        for row in rows
        if fold(row["familiar"]) in map(fold, row["nombres"].split("|"))
    ] == []


@pytest.mark.django_db
def test_a_synonym_or_a_stem_that_is_a_surname_brings_nobody_to_the_front(
    process, publish, finder
) -> None:
    surname = publish(name="Rosa Campa Campos", texts={"propuesta_1": "Nada de eso"})
    farmer = publish(name="Otra Persona", texts={"propuesta_1": "Apoyo al campo"})
    named = publish(name="Ana Campo", texts={"propuesta_1": "Nada de eso"})

    def ids(text: str) -> list[int]:
        found = search(SearchQuery(process=process, text=text), engine=finder)
        return [hit.row.candidacy_id for hit in found.hits]

    assert ids("agricultura")[0] == farmer.pk
    for text in ("campo", "campo -museo", "museo OR campo"):
        assert ids(text) == [named.pk, farmer.pk, surname.pk], text
