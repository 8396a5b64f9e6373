"""What the search finds in an official export of 479 candidacies, compared with every row."""

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

import pytest
from rapidfuzz.distance import OSA

from cms.catalogs.search_parameters import FIXED_FACETS
from cms.catalogs.spanish import fold, sort_key
from cms.published.models import PublishedCandidacy
from search.query import AGE_BANDS
from tests.search.facet_values import facet_values

FACETS = (*FIXED_FACETS, "grado")


@pytest.fixture(scope="module")
def rows(official) -> list[PublishedCandidacy]:
    found = PublishedCandidacy.objects.filter(process=official)
    return list(found.select_related("territory", "office", "actor").order_by("candidacy_id"))


def _texts(row: PublishedCandidacy) -> str:
    return f"{row.text_low_weight} {row.text_high_weight}"


@pytest.fixture
def everyone(official, find):
    """The ids that a text finds, from all the pages."""

    def ids(text: str, **changes) -> set[int]:
        first = find(official, text, page_size=100, **changes)
        found = {hit.row.candidacy_id for hit in first.hits}
        for page in range(2, -(-first.total // 100) + 1):
            more = find(official, text, page=page, page_size=100, **changes)
            found |= {hit.row.candidacy_id for hit in more.hits}
        assert len(found) == first.total
        return found

    return ids


# Spellings of a search → what a candidacy writes, without accents, when they find it; and how many
# candidacies do. A word is found in all the forms that share its Spanish stem.
SPELLINGS = {
    ("agua potable", "AGUA POTABLE", "aguas potables"): (["aguas?", "potables?"], 33),
    ("educación", "educacion", "educaciones", "EDUCACIÓN", "Educacion"): ([r"educa\w*"], 166),
    ("institución", "instituciones", "INSTITUCION", "institucion"): (["institucion(es)?"], 45),
    ("violencia de género", "violencia de genero", "VIOLENCIA DE GÉNERO"): (
        ["violencias?", r"gener(?!al)\w*"],
        98,
    ),
    ("niños", "ninos", "NIÑOS"): (["nin[ao]s?"], 101),
    ("niñas y niños", "ninas y ninos"): (["nin[ao]s?"], 101),
    ("atención médica", "atencion medica"): (["atencion(es)?", "medic[ao]s?"], 40),
    # «Más» is too common to be searched.
    ("más seguridad", "mas seguridad"): ([r"segur\w*"], 171),
    ('"adultos mayores"', "«adultos mayores»"): (["adult[ao]s? mayor(es)?"], 76),
}


@pytest.mark.parametrize("spellings", SPELLINGS, ids=lambda spellings: spellings[0])
def test_every_spelling_finds_exactly_the_candidacies_that_write_it(
    everyone, rows, spellings
) -> None:
    forms, total = SPELLINGS[spellings]
    writers = {
        row.candidacy_id
        for row in rows
        if all(re.search(rf"\b{form}\b", fold(_texts(row))) for form in forms)
    }

    assert len(writers) == total
    assert {spelling: everyone(spelling) ^ writers for spelling in spellings} == {
        spelling: set() for spelling in spellings
    }


def test_accents_and_capitals_change_nothing_for_any_frequent_word(everyone, rows) -> None:
    texts = " ".join(_texts(row) for row in rows).lower()
    accented = Counter(re.findall(r"\b[a-zñáéíóúü]*[ñáéíóúü][a-zñáéíóúü]*\b", texts))
    words = [word for word, _times in accented.most_common(150) if len(word) > 3]
    different = [
        word
        for word in words
        if not everyone(word) == everyone(fold(word)) == everyone(word.upper())
    ]

    assert len(words) == 146
    assert different == []


def test_every_frequent_word_finds_all_the_candidacies_that_write_it(
    official, everyone, find, rows
) -> None:
    written = {row.candidacy_id: set(re.findall(r"[^\W_]+", fold(_texts(row)))) for row in rows}
    times = Counter(word for words_of_row in written.values() for word in words_of_row)
    first = sorted(times, key=lambda word: (-times[word], word))[:500]
    frequent = [word for word in first if len(word) > 2]
    words = [word for word in frequent if "comunes" not in find(official, word).remark]
    missed = {
        word: writers
        for word in words
        if (
            writers := {
                candidacy_id
                for candidacy_id, words_of_row in written.items()
                if word in words_of_row
            }
            - everyone(word)
        )
    }

    assert len(words) == 407
    assert missed == {}


@pytest.mark.parametrize(
    ("singular", "plural", "total"),
    [
        ("mujer", "mujeres", 197),
        ("joven", "jóvenes", 143),
        ("ciudad", "ciudades", 50),
        ("voz", "voces", 23),
    ],
)
def test_singular_and_plural_find_the_same(everyone, singular, plural, total) -> None:
    assert len(everyone(singular)) == total
    assert everyone(singular) == everyone(plural)


def test_a_full_name_finds_the_person_first(official, find, rows) -> None:
    for row in random.Random(3).sample(rows, 60):
        bearers = {other.candidacy_id for other in rows if other.name == row.name}
        assert find(official, row.name.lower()).hits[0].row.candidacy_id in bearers


# --- misspelt surnames


def _surnames(rows: list[PublishedCandidacy]) -> dict[str, int]:
    """Surnames of four letters or more that a single person bears, with the id of that person."""
    bearers = Counter(word for row in rows for word in set(re.findall("[a-z]+", fold(row.name))))
    return {
        word: row.candidacy_id
        for row in rows
        for word in re.findall("[a-z]+", fold(row.name))[-2:]
        if len(word) > 3 and bearers[word] == 1
    }


def _misspelt(word: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    """The word with a wrong letter, a missing letter, an extra letter, and two swapped letters."""
    letters = "abcdefghijlmnopqrstuvyz"
    place = chance.randrange(len(word))
    other = chance.choice(letters.replace(word[place], ""))
    yield "wrong", word[:place] + other + word[place + 1 :]
    place = chance.randrange(len(word))
    yield "missing", word[:place] + word[place + 1 :]
    place = chance.randrange(len(word) + 1)
    yield "too many", word[:place] + chance.choice(letters) + word[place:]
    place = chance.randrange(len(word) - 1)
    yield "swapped", word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def test_a_surname_with_one_letter_wrong_finds_the_person_first(official, find, rows) -> None:
    chance = random.Random(2022)
    names = {word for row in rows for word in re.findall("[a-z]+", fold(row.name))}
    written = {word for row in rows for word in re.findall("[a-z]+", fold(_texts(row)))}
    tried: Counter[str] = Counter()
    common: Counter[str] = Counter()
    failed: list[str] = []
    for surname, owner in _surnames(rows).items():
        for kind, typed in _misspelt(surname, chance):
            # Skip a text that may mean another similar name or a word that candidacies do write.
            nearer = [name for name in names if OSA.distance(name, typed) < 2 and name != surname]
            if typed == surname or nearer or typed in written:
                continue
            tried[kind] += 1
            found = find(official, typed, page_size=1)
            common[typed] += "comunes" in found.remark
            if [hit.row.candidacy_id for hit in found.hits] != [owner]:
                failed.append(typed)

    assert tried == {"wrong": 261, "missing": 229, "too many": 273, "swapped": 264}
    # Two of the texts share their Spanish stem with a word that is too common to be searched.
    assert common.total() == 2
    assert [typed for typed in failed if not common[typed]] == []


def test_the_suggestion_for_a_misspelt_surname_is_spelt_as_the_person_writes_it(
    official, find, rows
) -> None:
    surname, owner = next(
        (surname, owner) for surname, owner in _surnames(rows).items() if len(surname) > 6
    )
    typed = surname[:3] + ("x" if surname[3] != "x" else "w") + surname[4:]
    found = find(official, typed)

    assert fold(found.suggestion) == surname
    assert found.hits[0].row.candidacy_id == owner
    assert found.suggestion in found.hits[0].row.name


def test_words_that_candidacies_write_do_not_also_find_similar_names(official, find, rows) -> None:
    text_words = Counter(
        word for row in rows for word in set(re.findall("[a-z]+", fold(_texts(row))))
    )
    names = {word for row in rows for word in re.findall("[a-z]+", fold(row.name))}
    similar = [
        word
        for word, writers in text_words.items()
        if writers >= 4
        and len(word) > 3
        and word not in names
        and any(OSA.distance(word, name) == 1 for name in names)
    ]

    assert len(similar) == 125
    assert [word for word in similar if find(official, word).suggestion] == []


# --- facets


def _expected(values, chosen, facet) -> Counter[str]:
    """The counts of a facet from the rows that pass every filter but the facet's own."""
    others = {name: wanted for name, wanted in chosen.items() if name != facet}
    return Counter(
        row[facet]
        for row in values
        if row[facet] and all(row[name] in wanted for name, wanted in others.items())
    )


def test_the_counts_of_every_facet_are_those_of_the_rows(official, find, everyone, rows) -> None:
    chance = random.Random(7)
    values = {row.candidacy_id: facet_values(row) for row in rows}
    universe = {name: sorted({row[name] for row in values.values()} - {""}) for name in FACETS}
    for text in ["", "educación", "agua", "violencia de género", "presidencia municipal"]:
        matching = (
            [values[found_id] for found_id in everyone(text)] if text else list(values.values())
        )
        for _try in range(12):
            chosen = {
                name: tuple(
                    chance.sample(universe[name], chance.randint(1, min(3, len(universe[name]))))
                )
                for name in chance.sample(FACETS, chance.randint(0, 3))
            }
            found = find(official, text, filters=chosen, page_size=1)
            passing = [
                row
                for row in matching
                if all(row[name] in wanted for name, wanted in chosen.items())
            ]
            assert found.total == len(passing), (text, chosen)
            for name in FACETS:
                counted = {
                    option.value: option.total for option in found.facets[name] if option.total
                }
                assert counted == _expected(matching, chosen, name), (text, chosen, name)


def test_values_without_hits_stay_in_the_facets_with_a_zero(official, find) -> None:
    every = {option.value for option in find(official).facets["municipio"]}
    found = find(official, "agua potable", page_size=100)
    few = found.facets["municipio"]
    hits = {hit.row.territory.public_key for hit in found.hits}

    assert {option.value for option in few} == every
    assert {option.value for option in few if not option.total} == every - hits
    assert (len(every), len(hits)) == (39, 21)


def test_facets_come_in_a_neutral_order(official, find) -> None:
    facets = find(official).facets
    municipalities = [fold(option.label) for option in facets["municipio"]]

    assert municipalities == sorted(municipalities)
    assert [option.value for option in facets["edad"]] == list(AGE_BANDS)
    # The options of the version in force, and «posgrado» from the version of the file in its place.
    assert [option.value for option in facets["grado"]] == [
        *("sin_estudios", "primaria", "secundaria", "preparatoria", "tecnica", "licenciatura"),
        *("posgrado", "especialidad", "maestria", "doctorado", "posdoctorado"),
    ]


# --- pages and orders


@pytest.mark.parametrize("order", ["relevancia", "boleta", "nombre"])
def test_the_pages_together_hold_every_hit_once(official, find, order) -> None:
    seen: list[int] = []
    for page in range(1, 6):
        found = find(official, "educación", order=order, page=page, page_size=37)
        seen += [hit.row.candidacy_id for hit in found.hits]

    assert len(seen) == len(set(seen)) == found.total


def test_the_order_by_name_is_that_of_the_spanish_alphabet(official, find) -> None:
    names = [sort_key(hit.row.name) for hit in find(official, order="nombre", page_size=100).hits]

    assert names == sorted(names)


def test_every_text_hit_shows_its_words_marked(official, find) -> None:
    found = find(official, "agua potable", page_size=100)
    wrote = r"\b(agua|aguas|potable|potables)\b"

    assert len(found.hits) == 33
    for hit in found.hits:
        marked = " ".join(
            fold(word)
            for fragment in hit.fragments
            for word in re.findall("<mark>(.*?)</mark>", fragment.html)
        )
        assert re.search(wrote, marked)
        answers = [
            answer
            for answer in PublishedCandidacy.objects.get(pk=hit.row.candidacy_id).answers
            if re.search(wrote, fold(str(answer["respuesta"])))
        ]
        assert len(hit.fragments) == min(3, len(answers))


def test_fragments_are_passages_of_the_answers_as_they_were_written(official, find) -> None:
    for text in ("educacion", "sindico", "ninos"):
        for hit in find(official, text, page_size=50).hits:
            answers = " ".join(
                " ".join(answer["respuesta"])
                if isinstance(answer["respuesta"], list)
                else answer["respuesta"]
                for answer in PublishedCandidacy.objects.get(pk=hit.row.candidacy_id).answers
            )
            written = unicodedata.normalize("NFC", " ".join(answers.split()))
            for fragment in hit.fragments:
                plain = re.sub("</?mark>", "", fragment.html).strip("…").strip()
                for entity, sign in (
                    ("&lt;", "<"),
                    ("&gt;", ">"),
                    ("&quot;", '"'),
                    ("&#x27;", "'"),
                    ("&amp;", "&"),
                ):
                    plain = plain.replace(entity, sign)
                assert plain in written
