"""Who has each value is counted in memory: always what the rows say that are public by now."""

import random
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.catalogs.models import Office, ProcessOffice, Territory
from cms.published import scope, versions
from cms.published.models import PublishedCandidacy
from search.engines.postgres import PostgresEngine, holders
from search.query import SearchQuery
from search.reading import read
from search.services import search
from tests.search.facet_values import facet_values

pytestmark = pytest.mark.django_db

VALUES = {
    "cvegeo": ("05033", "05035", "05030"),
    "office": ("presidencia_municipal", "regiduria"),
    "sex": ("mujer", "hombre", ""),
    "age": (None, 17, 18, 29, 30, 59, 60, 99),
    "facet_values": ({}, {"grado": "primaria"}, {"grado": "licenciatura"}),
}
TEXTS = ("agua", "agua escuela", "escuela", "parque")
FILTERS = {
    "municipio": ("05033", "05035", "05099"),
    "cargo": ("regiduria", "sindicatura"),
    "actor": ("pd", "nadie"),
    "sexo": ("mujer", "hombre"),
    "edad": ("18-29", "60+"),
    "grado": ("primaria", "licenciatura"),
}


@pytest.fixture
def write(publish, process, actor, other_actor):
    """Write rows of any values, the same in each run."""
    chance = random.Random(7)

    def rows(number):
        return [
            publish(
                actor=chance.choice((actor, other_actor)),
                texts={"propuesta_1": f"{chance.choice(TEXTS)} {place}"},
                **{name: chance.choice(values) for name, values in VALUES.items()},
            )
            for place in range(number)
        ]

    return rows


@pytest.fixture
def page():
    """A page of the public side is being made."""
    with scope.collecting():
        versions.refresh()
        yield


def found(process, text="", **filters):
    query = SearchQuery(process=process, text=text, filters=filters)
    return PostgresEngine().find(query, read(text))


def expected(text, filters):
    """Total, matches and counts, from the rows themselves."""
    rows = [
        facet_values(row)
        for row in PublishedCandidacy.objects.filter(state="activa").select_related()
        if set(text.split()) <= set(row.text_high_weight.split())
    ]

    def passing(but=""):
        return [
            row
            for row in rows
            if all(row[facet] in chosen for facet, chosen in filters.items() if facet != but)
        ]

    facets = {
        facet: dict(Counter(row[facet] for row in passing(but=facet) if row[facet]))
        for facet in FILTERS
    }
    return len(passing()), len(rows), {name: counts for name, counts in facets.items() if counts}


def agree(process, text="", **filters):
    answer = found(process, text, **filters)
    assert (answer.total, answer.matched, answer.counts) == expected(text, filters)


def test_counts_are_those_of_the_rows_whatever_is_filtered(process, write, page) -> None:
    write(60)
    versions.refresh()
    chance = random.Random(11)
    for _time in range(60):
        facets = chance.sample(list(FILTERS), chance.randint(0, 3))
        agree(
            process,
            chance.choice(("", *TEXTS)),
            **{
                name: tuple(chance.sample(FILTERS[name], chance.randint(1, len(FILTERS[name]))))
                for name in facets
            },
        )


def changes(rows, publish):
    """What may happen to candidacies, one thing after the other."""
    every = PublishedCandidacy.objects
    regidurias = Office.objects.get(code="regiduria")
    torreon = Territory.objects.get(cvegeo="05035")
    yield every.filter(pk=rows[0].pk).update, {"sex": "no_binario", "age": 44}
    yield every.filter(pk=rows[1].pk).update, {"territory": torreon}
    yield every.filter(pk=rows[2].pk).update, {"state": "baja", "text_high_weight": ""}
    yield every.filter(pk=rows[3].pk).delete, {}
    yield publish, {"texts": {"propuesta_1": "agua 99"}, "office": "regiduria"}
    yield every.filter(office=regidurias).update, {"facet_values": {"grado": "primaria"}}
    yield every.filter(pk=rows[2].pk).update, {"state": "activa", "text_high_weight": "agua"}
    yield every.all().delete, {}
    yield publish, {"texts": {"propuesta_1": "agua 100"}}


@pytest.mark.parametrize("most", [holders.MOST_CHANGED, 0])
def test_after_every_change_they_are_those_of_the_rows(
    process, write, publish, page, monkeypatch, most
) -> None:
    """Whether only what changed is read again, or everything."""
    monkeypatch.setattr(holders, "MOST_CHANGED", most)
    rows = write(12)
    versions.refresh()
    agree(process, "agua")
    for change, values in changes(rows, publish):
        change(**values)
        versions.refresh()
        for text in ("", "agua"):
            agree(process, text, sexo=("mujer", "no_binario"))


def test_only_what_changed_is_read_again(process, write, page) -> None:
    rows = write(5)
    versions.refresh()
    found(process)
    PublishedCandidacy.objects.filter(pk=rows[2].pk).update(age=50)
    versions.refresh()
    with CaptureQueriesContext(connection) as captured:
        found(process)
    asked = [query["sql"] for query in captured if "conoceles_search.find" not in query["sql"]]
    assert len(asked) == 1
    assert [str(row.pk) in asked[0] for row in rows] == [False, False, True, False, False]

    with CaptureQueriesContext(connection) as captured:
        found(process)
    assert len(captured) == 1


def test_other_names_of_catalogues_count_at_once(process, publish, page, actor) -> None:
    publish(texts={"propuesta_1": "agua"})
    versions.refresh()
    assert found(process, "agua").counts["actor"] == {"pd": 1}
    actor.key = "desierto"
    actor.save()
    versions.refresh()
    assert found(process, "agua").counts["actor"] == {"desierto": 1}


def test_who_is_published_while_a_page_is_made_counts_too(process, publish, page) -> None:
    publish(texts={"propuesta_1": "agua"})
    versions.refresh()
    assert found(process, "agua").total == 1
    publish(texts={"propuesta_1": "agua"}, sex="hombre")
    answer = found(process, "agua")
    assert (answer.total, answer.counts["sexo"]) == (2, {"mujer": 1, "hombre": 1})


def test_answers_that_are_public_no_more_are_counted_nowhere(process, publish, page) -> None:
    publish(texts={"propuesta_1": "agua"}, facet_values={"grado": "primaria"})
    versions.refresh()
    assert found(process).counts["grado"] == {"primaria": 1}
    ProcessOffice.objects.filter(process=process).update(
        public_until=timezone.now() - timedelta(minutes=1)
    )
    versions.refresh()
    assert "grado" not in found(process).counts
    assert found(process).counts["sexo"] == {"mujer": 1}
    assert found(process, grado=("primaria",)).total == 0


def test_of_another_process_nobody_counts(process, publish, other_process, page) -> None:
    publish(texts={"propuesta_1": "agua"})
    versions.refresh()
    assert found(process).total == 1
    assert found(other_process).total == 0
    assert found(other_process, "agua").matched == 0


@pytest.fixture
def other_process(process):
    from cms.candidacies.services import ensure_process

    page = ensure_process(slug="pel-2027", name="Proceso Electoral Local 2027")
    return page.process


# --- what is known of terms


def test_words_that_were_asked_before_are_not_asked_again(process, publish, page) -> None:
    publish(texts={"propuesta_1": "agua potable", "historia": "cenizo"})
    versions.refresh()
    first = found(process, "agua cenizo")
    with CaptureQueriesContext(connection) as captured:
        assert found(process, "agua cenizo") == first
        assert found(process, "cenizo").ids == first.ids
        assert found(process, "cenizo agua").ids == first.ids
    assert ['"made":{' in query["sql"] for query in captured] == [True] * 3


def test_a_form_that_nobody_wrote_before_is_found_once_somebody_does(
    process, publish, page
) -> None:
    """«Camion» has stems that no row holds yet: they are left out, and come back."""
    publish(texts={"propuesta_1": "Un camión y agua"})
    versions.refresh()
    assert found(process, "camion agua").matched == 1
    other = publish(texts={"propuesta_1": "Más camiones y agua"})
    versions.refresh()
    answer = found(process, "camion agua")
    assert answer.matched == 2
    assert other.pk in answer.ids


def test_how_many_hold_a_word_is_counted_again_after_a_change(process, publish, page) -> None:
    publish(texts={"propuesta_1": "agua"})
    publish(texts={"propuesta_1": "museo"})
    versions.refresh()

    def remark():
        return search(SearchQuery(process=process, text="agua escuela")).remark

    assert "«escuela»" in remark()
    assert remark().startswith("Ninguna candidatura escribe")
    publish(texts={"propuesta_1": "escuela"})
    versions.refresh()
    assert remark().startswith("Pocas candidaturas")
