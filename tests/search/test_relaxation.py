"""Few or none: words that say little may be missing, and whoever searched is told so."""

from dataclasses import replace

import pytest

from search.engines.contract import TOO_COMMON, Found
from search.query import SearchQuery
from search.reading import Reading, read
from search.relaxation import ENOUGH, may_be_relaxed, relax
from search.services import search

pytestmark = pytest.mark.django_db


@pytest.fixture
def find(finder, process):
    """Search with each engine in turn."""

    def run(text: str, **changes):
        query = SearchQuery(process=process, text=text, **changes)
        return search(query, engine=finder)

    return run


def ids(found) -> list[int]:
    return [hit.row.candidacy_id for hit in found.hits]


@pytest.fixture
def roads(publish) -> dict[str, int]:
    """Six candidacies: who says everything, near or far, who says less, and who says nothing."""
    texts = {
        "far": "Arreglo de la plaza. " + "Otra cosa distinta. " * 20 + "Caminos. Y un ejido",
        "near": "El arreglo de los caminos al ejido",
        "roads": "Más caminos hacia cada ejido",
        "plaza": "Arreglo de la plaza",
        "school": "Una escuela nueva",
        "clinic": "Una clínica nueva",
    }
    return {
        name: publish(name=f"Persona {place}", texts={"propuesta_1": text}).pk
        for place, (name, text) in enumerate(texts.items())
    }


def test_who_says_everything_comes_first_and_nearer_words_before(find, roads) -> None:
    found = find("arreglo de los caminos al ejido")

    assert ids(found)[:3] == [roads["near"], roads["far"], roads["roads"]]
    assert roads["school"] not in ids(found)
    assert found.total == len(ids(found))


def test_a_relaxed_search_says_which_words_may_be_missing(find, roads) -> None:
    found = find("arreglo de los Caminos al ejido")

    assert found.left_out == ("arreglo", "Caminos", "ejido")
    assert found.remark.endswith("puede faltarles «arreglo», «Caminos» o «ejido».")


def test_a_word_that_nobody_writes_is_left_out_and_named(find, roads) -> None:
    found = find("plaza hidrotermal")

    assert sorted(ids(found)) == sorted([roads["plaza"], roads["far"]])
    assert found.left_out == ("hidrotermal",)
    assert found.remark == "Ninguna candidatura escribe «hidrotermal»; se buscó sin esa palabra."


def test_the_facets_count_what_a_relaxed_search_shows(find, roads) -> None:
    found = find("arreglo de los caminos al ejido")

    for name in ("municipio", "cargo", "actor", "sexo", "edad"):
        assert sum(value.total for value in found.facets[name]) == found.total


def test_what_may_be_missing_depends_on_the_text_and_not_on_filters_or_pages(
    find, publish, roads
) -> None:
    publish(name="Otra", cvegeo="05030", texts={"propuesta_1": "Un ejido con caminos"})
    everywhere = find("arreglo de los caminos al ejido")
    [there] = [value for value in everywhere.facets["municipio"] if value.value == "05030"]
    only_there = find("arreglo de los caminos al ejido", filters={"municipio": ("05030",)})

    assert (there.total, only_there.total) == (1, 1)
    pages = [find("arreglo de los caminos al ejido", page=page, page_size=2) for page in (1, 2, 3)]
    assert [key for page in pages for key in ids(page)] == ids(everywhere)


def test_words_in_quotes_are_never_left_out(find, roads) -> None:
    found = find('"arreglo de los caminos" museo')

    assert ids(found) == [roads["near"]]
    assert found.left_out == ("museo",)
    assert find('"arreglo de los museos" plaza').total == 0


def test_who_was_asked_for_by_name_is_found_alone(find, publish) -> None:
    asked_for = publish(name="Rosa Mezquite Sauz")
    publish(name="Rosa Huerta Nogal")
    found = find("mezquite rosa")

    assert ids(found) == [asked_for.pk]
    assert (found.remark, found.left_out) == ("", ())


def test_an_excluded_word_stays_excluded(find, roads) -> None:
    found = find("arreglo caminos ejido museo -plaza")

    assert ids(found)[0] == roads["near"]
    assert not {roads["far"], roads["plaza"]} & set(ids(found))


def test_a_search_that_enough_match_is_not_relaxed(find, publish) -> None:
    for number in range(ENOUGH):
        publish(name=f"Persona {number}", texts={"propuesta_1": "Agua limpia"})
    publish(name="Otra", texts={"propuesta_1": "Agua turbia"})
    found = find("agua limpia", page_size=100)

    assert (found.total, found.remark, found.left_out) == (ENOUGH, "", ())


# --- which words may be missing


def test_one_word_or_one_phrase_is_needed() -> None:
    assert not may_be_relaxed(read("agua"))
    assert not may_be_relaxed(read('"agua potable" "luz eléctrica"'))
    assert may_be_relaxed(read('"agua potable" luz'))


def test_a_rare_word_is_enough_by_itself_and_a_frequent_one_is_not() -> None:
    reading = read("agua hidrotermal")
    found = Found(frequencies=(900, 2), public=1000)
    relaxation = relax(reading, "agua hidrotermal", found)

    assert relaxation is not None
    assert relaxation.reading.tiers == ((0, 1), (1,))
    assert relaxation.optional == ("agua",)


def test_words_that_are_equally_rare_may_each_be_missing_and_the_first_may_stand_alone() -> None:
    reading = read("uno dos tres cuatro")
    relaxation = relax(reading, "", Found(frequencies=(10, 10, 10, 10), public=1000))

    assert relaxation is not None
    assert relaxation.reading.tiers == (
        (0, 1, 2, 3),
        (0, 1),
        (0, 2),
        (0, 3),
        (1, 2),
        (1, 3),
        (2, 3),
    )
    three = relax(read("uno dos tres"), "", Found(frequencies=(10, 10, 10), public=1000))
    assert three is not None
    assert three.reading.tiers == ((0, 1, 2), (0,), (1, 2))


def test_a_very_rare_word_is_not_enough_to_leave_out_all_others() -> None:
    found = Found(frequencies=(1, 40), public=480)
    relaxation = relax(read("defiende gays"), "defiende gays", found)

    assert relaxation is not None
    assert relaxation.reading.tiers == ((0, 1), (0,), (1,))


def test_words_too_common_to_be_searched_are_not_named() -> None:
    found = Found(frequencies=(5, TOO_COMMON, 0), public=100)
    relaxation = relax(read("becas para universitarias"), "becas para universitarias", found)

    assert relaxation is not None
    assert relaxation.left_out == ("universitarias",)


def test_many_words_have_few_tiers() -> None:
    words = " ".join(f"palabra{chr(97 + place)}" for place in range(20))
    found = Found(frequencies=tuple(range(1, 21)), public=1000)
    relaxation = relax(read(words), words, found)

    assert relaxation is not None
    assert len(relaxation.reading.tiers) <= 21


def _with_synonym(text: str, *, words: int, synonym: str) -> Reading:
    """A reading whose first words are one expression, and have a synonym together."""
    reading = read(text)
    same = (((synonym,),),)
    return replace(
        reading,
        wanted=tuple(
            (*term, *same) if place < words else term for place, term in enumerate(reading.wanted)
        ),
        synonyms=tuple(same if place < words else () for place in range(len(reading.wanted))),
    )


def test_an_expression_is_missing_as_a_whole_or_not_at_all() -> None:
    reading = _with_synonym("recursos hídricos obra", words=2, synonym="agua")
    relaxation = relax(reading, "", Found(frequencies=(10, 10, 10), public=1000))

    assert relaxation is not None
    assert relaxation.reading.tiers == ((0, 1, 2), (0, 1), (2,))
    alone = _with_synonym("recursos hídricos", words=2, synonym="agua")
    assert relax(alone, "", Found(frequencies=(10, 10), public=1000)) is None


def test_what_signs_part_is_named_as_it_was_typed() -> None:
    text = "apoyo de $1,500 por mes"
    found = Found(frequencies=(40, TOO_COMMON, 5, 3, TOO_COMMON, 9), public=100)
    relaxation = relax(read(text), text, found)

    assert relaxation is not None
    assert relaxation.left_out == ("apoyo", "1,500", "mes")


def test_of_many_missing_words_the_first_are_named() -> None:
    text = "uno dos tres cuatro cinco seis siete ocho"
    relaxation = relax(read(text), text, Found(frequencies=(0, 9, 0, 0, 0, 0, 0, 0), public=100))

    assert relaxation is not None
    assert len(relaxation.left_out) == 7
    assert relaxation.remark == (
        "Ninguna candidatura escribe «uno», «tres», «cuatro», «cinco», «seis», «siete» ni las"
        " demás; se buscó sin esas palabras."
    )
