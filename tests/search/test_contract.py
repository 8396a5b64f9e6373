"""What every engine must do (`search.engines.contract`), tested on each engine directly."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from cms.catalogs.models import ProcessOffice
from cms.catalogs.search_parameters import FIXED_FACETS
from cms.published.models import PublishedQuestionnaire
from search.engines import ENGINES, engine
from search.engines.contract import Found
from search.query import SearchQuery
from search.reading import Correction, read
from search.services import search

pytestmark = pytest.mark.django_db

COLOURS = {"verde": "Verde", "morado": "Morado"}


@pytest.fixture
def ask(finder, process):
    """Ask the engine directly, with a text and the parameters of SearchQuery."""

    def run(text: str = "", **changes) -> Found:
        return finder.find(SearchQuery(process=process, text=text, **changes), read(text))

    return run


@pytest.fixture
def colours(process):
    """The process also asks for a colour, which is a facet of the search."""
    questionnaire = PublishedQuestionnaire.objects.get(process=process, is_current=True)
    asked = {
        **questionnaire.questions[0],
        "pregunta": "color_preferido",
        "tipo": "opcion",
        "faceta": "color",
        "faceta_etiqueta": "Color preferido",
        "opciones": [{"valor": value, "etiqueta": label} for value, label in COLOURS.items()],
    }
    questionnaire.questions.append(asked)
    questionnaire.save()


def without_lexemes(found: Found) -> Found:
    return replace(found, lexemes=(), versions={})


def test_nothing_is_found_in_a_process_without_candidacies(ask) -> None:
    assert without_lexemes(ask("agua")) == Found()
    assert ask() == Found()


def test_a_candidacy_that_writes_a_word_is_found_and_counted(ask, publish) -> None:
    row = publish(texts={"propuesta_1": "Agua"}, facet_values={"grado": "maestria"})
    publish(texts={"propuesta_1": "Luz"})
    found = ask("agua")

    assert (found.ids, found.total, found.matched) == ((row.pk,), 1, 1)
    assert found.counts == {
        "municipio": {"05033": 1},
        "cargo": {"presidencia_municipal": 1},
        "actor": {"pd": 1},
        "sexo": {"mujer": 1},
        "edad": {"30-39": 1},
        "grado": {"maestria": 1},
    }
    assert "agu" in found.lexemes


def test_a_facet_of_a_questionnaire_is_filtered_and_counted(ask, publish) -> None:
    green = publish(facet_values={"grado": "maestria", "color": "verde"})
    purple = publish(facet_values={"color": "morado"})
    publish()
    found = ask(filters={"color": ("verde", "morado"), "grado": ("maestria",)})

    assert (found.ids, found.total, found.matched) == ((green.pk,), 1, 3)
    # A facet is counted without its own filter; «morado» has no degree, and a degree is asked for.
    assert found.counts["color"] == {"verde": 1}
    assert found.counts["grado"] == {"maestria": 1}
    assert ask(filters={"color": ("morado",)}).ids == (purple.pk,)
    assert ask(filters={"color": ("morado",)}).counts["color"] == {"verde": 1, "morado": 1}
    assert ask(filters={"color": ("azul",)}).total == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("municipio", "05030"),
        ("cargo", "sindicatura"),
        ("actor", "ps"),
        ("sexo", "hombre"),
        ("edad", "60+"),
        ("grado", "doctorado"),
    ],
)
def test_every_facet_narrows_the_other_facets_and_not_itself(
    ask, publish, other_actor, name, value
) -> None:
    publish()
    other = publish(
        cvegeo="05030",
        office="sindicatura",
        actor=other_actor,
        sex="hombre",
        age=71,
        facet_values={"grado": "doctorado"},
    )
    found = ask(filters={name: (value,)})

    assert found.ids == (other.pk,)
    assert (found.total, found.matched) == (1, 2)
    assert sum(found.counts[name].values()) == (1 if name == "grado" else 2)
    for facet in {*FIXED_FACETS, "grado"} - {name}:
        assert sum(found.counts[facet].values()) == 1, facet


def test_the_instant_of_the_query_decides_what_is_public(ask, publish, process) -> None:
    now = timezone.now()
    row = publish(texts={"propuesta_1": "agua"}, facet_values={"grado": "maestria"})
    ProcessOffice.objects.filter(pk=row.process_office_id).update(
        visible_from=now + timedelta(hours=1), public_until=now + timedelta(hours=2)
    )
    at = {hours: now + timedelta(hours=hours) for hours in (0, 1, 2)}

    assert without_lexemes(ask("agua", at=at[0])) == Found()
    assert ask("cenizo", at=at[0]).ids == ()
    assert ask("agua", at=at[1]).ids == (row.pk,)
    assert ask("agua", at=at[2]).ids == ()
    assert ask("cenizo", at=at[2]).ids == (row.pk,)
    assert "grado" not in ask("cenizo", at=at[2]).counts
    assert ask(filters={"grado": ("maestria",)}, at=at[2]).ids == ()


def test_orders_and_pages(ask, publish) -> None:
    second = publish(name="Zulema Agua", cvegeo="05030")
    first = publish(name="Ana", texts={"historia": "agua"})

    assert ask("agua").ids == (second.pk, first.pk)
    assert ask("agua", order="nombre").ids == (first.pk, second.pk)
    assert ask("agua", order="boleta").ids == (second.pk, first.pk)
    assert ask("agua", order="nombre", page=2, page_size=1).ids == (second.pk,)
    past = ask("agua", page=3, page_size=1)
    assert (past.ids, past.total) == ((), 2)


def test_words_too_common_to_search_find_nobody(ask, publish) -> None:
    publish(texts={"propuesta_1": "de la"})

    assert ask("de la") == Found(only_common=True)


def test_names_that_resemble_a_misspelt_word_are_proposed_and_found(
    finder, publish, process
) -> None:
    owner = publish(name="Luz Garza")
    publish(name="Rosa Mezquite")
    query, reading = SearchQuery(process=process, text="garsa"), read("garsa")
    found = finder.find(query, reading)
    correction = Correction(
        names=(("garza",),), kept=(), likeliest=("garza",), spelling=(("garza",),)
    )
    corrected = finder.find(query, replace(reading, correction=correction))

    assert (found.ids, found.near) == ((), {"garsa": (("garza", True),)})
    assert (corrected.ids, corrected.matched, corrected.near) == ((owner.pk,), 1, {})


def test_results_are_assembled_in_the_same_way_for_every_engine(
    finder, process, publish, colours
) -> None:
    row = publish(texts={"propuesta_1": "agua"}, facet_values={"color": "morado"})
    result = search(SearchQuery(process=process, text="agua"), engine=finder)

    [hit] = result.hits
    assert (hit.row.candidacy_id, hit.fragments[0].html) == (row.pk, "<mark>agua</mark>")
    assert list(result.facets) == [*FIXED_FACETS, "grado", "color"]
    assert result.facet_titles["color"] == "Color preferido"
    assert [(option.value, option.label, option.total) for option in result.facets["color"]] == [
        ("verde", "Verde", 0),
        ("morado", "Morado", 1),
    ]
    assert result.engine == finder.name


def test_a_candidacy_that_is_no_longer_public_is_not_shown_although_the_engine_finds_it(
    finder, process, publish
) -> None:
    """The hits shown are read from the rows that are public now, whatever the engine answers."""

    class OutdatedEngine:
        name = finder.name

        def find(self, query, reading) -> Found:
            return Found(ids=(hidden.pk, row.pk), total=2, matched=2)

    hidden, row = publish(office="sindicatura"), publish()
    ProcessOffice.objects.filter(pk=hidden.process_office_id).update(visible_from=None)

    assert [
        hit.row.candidacy_id
        for hit in search(SearchQuery(process=process), engine=OutdatedEngine()).hits
    ] == [row.pk]


def test_the_engine_in_use_is_one_of_these_engines() -> None:
    assert engine().name in ENGINES
