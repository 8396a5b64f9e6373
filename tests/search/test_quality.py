"""The golden set over the official export: what is found, how well, and that the facets add up."""

import json
import random
import re
import unicodedata
from collections import Counter, defaultdict
from statistics import fmean

import pytest

from cms.catalogs.files import DATA
from cms.catalogs.models import SynonymGroup
from cms.catalogs.search_parameters import FIXED_FACETS
from cms.catalogs.spanish import fold
from cms.published.models import PublishedCandidacy
from search.engines import ENGINES
from search.engines.elasticsearch import ElasticsearchEngine, indexing
from search.evaluation import found_for
from search.public_words import refresh_changed
from search.quality.golden import GOLDEN, HELD_OUT, JudgedQuery, judged_queries
from search.quality.measures import ndcg
from search.query import SearchQuery
from search.result import SearchResult
from search.services import search
from tests.search.facet_values import facet_values

FACETS = (*FIXED_FACETS, "grado")


@pytest.fixture(scope="module")
def official(official):
    """With the starting list of synonyms, which the fixture of the folder leaves out."""
    SynonymGroup.objects.update(active=True)
    refresh_changed()
    return official


@pytest.fixture(params=ENGINES)
def engine(request, official, settings):
    """Each engine in turn, over the official export."""
    if request.param == ElasticsearchEngine.name:
        request.getfixturevalue("search_index")
        settings.ELASTICSEARCH_SECONDS = 20.0  # Other tests may keep the machine busy.
        indexing.reconcile()
    return ENGINES[request.param]()


@pytest.fixture(scope="module")
def rows(official) -> list[PublishedCandidacy]:
    found = PublishedCandidacy.objects.filter(process=official)
    return list(found.select_related("territory", "office", "actor").order_by("candidacy_id"))


@pytest.fixture(scope="module")
def golden(official) -> list[JudgedQuery]:
    return judged_queries()


@pytest.fixture(scope="module")
def queries(golden) -> list[JudgedQuery]:
    """Those of both sets."""
    return [*golden, *judged_queries(HELD_OUT)]


@pytest.fixture
def everyone(official, engine):
    """The ids that a text finds, from all the pages, with the result of the first page."""

    def ids(text: str, **changes):
        query = SearchQuery(process=official, text=text, page_size=100, **changes)
        first = search(query, engine=engine)
        found = [hit.row.candidacy_id for hit in first.hits]
        for page in range(2, -(-first.total // 100) + 1):
            query = SearchQuery(process=official, text=text, page_size=100, page=page, **changes)
            found += [hit.row.candidacy_id for hit in search(query, engine=engine).hits]
        assert len(set(found)) == len(found) == first.total, text
        return set(found), first

    return ids


def test_the_golden_set_covers_the_ways_in_which_people_search(golden) -> None:
    groups = Counter(query.group for query in golden)

    assert groups == {
        "temas": 20,
        "necesidades": 24,
        "acentos": 8,
        "eñes": 6,
        "formas": 10,
        "sinónimos": 13,
        "errores de dedo": 11,
        "frases": 6,
        "raras": 10,
        "nombres": 16,
    }


def test_no_query_is_in_both_sets(golden, queries) -> None:
    others = queries[len(golden) :]

    assert len(others) == 58
    assert {fold(query.text) for query in others} & {fold(query.text) for query in golden} == set()


def test_every_judged_candidacy_is_in_the_official_export(queries, rows) -> None:
    judged = {found for query in queries for found in query.grades}

    assert judged - {row.external_id for row in rows} == set()
    assert {grade for query in queries for grade in query.grades.values()} == {1, 2, 3}


def _forms(text: str) -> set[str]:
    """The words of a text, each in the form in which it is written, capitals aside."""
    composed = unicodedata.normalize("NFC", text).lower()
    return set(re.findall(r"[^\W_]+", composed))


def test_a_word_finds_everybody_who_writes_it_in_that_form(golden, rows, everyone) -> None:
    writers: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        texts = [row.name, row.register_text, row.text_high_weight, row.text_low_weight]
        for form in _forms("\n".join(texts)):
            writers[form].add(row.candidacy_id)
    asked = sorted({form for query in golden for form in _forms(query.text) if form in writers})
    missed = {}
    common = []
    for form in asked:
        found, first = everyone(form)
        if "comunes" in first.remark:
            common.append(form)
        elif missing := writers[form] - found:
            missed[form] = len(missing)

    assert missed == {}
    assert " ".join(common) == "a al con de del el en la las los más para que un y"


def _counted(result: SearchResult, facet: str) -> dict[str, int]:
    return {one.value: one.total for one in result.facets[facet] if one.total}


def _expected(rows: list[dict[str, str]], facet: str) -> dict[str, int]:
    return dict(Counter(row[facet] for row in rows if row[facet]))


def test_the_counts_of_every_facet_are_those_of_the_rows_that_are_found(
    queries, rows, everyone
) -> None:
    assert [row for row in rows if row.actor.members] == []  # No party is in a coalition here.
    values = {row.candidacy_id: facet_values(row) for row in rows}
    wrong = []
    for query in queries:
        found, result = everyone(query.text)
        matching = [values[candidacy_id] for candidacy_id in found]
        wrong += [
            (query.id, facet)
            for facet in FACETS
            if _counted(result, facet) != _expected(matching, facet)
        ]

    assert wrong == []


def test_a_filter_narrows_every_facet_but_its_own(golden, rows, everyone) -> None:
    chance = random.Random(10)
    values = {row.candidacy_id: facet_values(row) for row in rows}
    wrong = []
    for query in golden:
        own = chance.choice(FACETS)
        universe = sorted({row[own] for row in values.values()} - {""})
        chosen = chance.sample(universe, min(2, len(universe)))
        without, unfiltered = everyone(query.text)
        within, filtered = everyone(query.text, filters={own: tuple(chosen)})
        passing = [values[candidacy_id] for candidacy_id in within]
        assert {row[own] for row in passing} <= set(chosen)
        wrong += [
            (query.id, facet)
            for facet in set(FACETS) - {own}
            if _counted(filtered, facet) != _expected(passing, facet)
        ]
        # What a text is read as depends on no filter; names are spelt as the first hit spells them.
        assert filtered.left_out == unfiltered.left_out
        assert fold(filtered.suggestion) == fold(unfiltered.suggestion)
        matching = [values[candidacy_id] for candidacy_id in without]
        assert within == {one for one in without if values[one][own] in chosen}, query.id
        if _counted(filtered, own) != _expected(matching, own):
            wrong.append((query.id, own))

    assert wrong == []


@pytest.mark.parametrize(("file", "least"), [(GOLDEN, 0.85), (HELD_OUT, 0.75)])
def test_both_engines_order_well_and_alike(file, least, official, search_index, settings) -> None:
    settings.ELASTICSEARCH_SECONDS = 20.0  # Other tests may keep the machine busy.
    indexing.reconcile()
    asked = judged_queries(file)
    quality = {
        name: fmean(
            ndcg(found_for(query.text, official, engine=made()), query.grades) for query in asked
        )
        for name, made in ENGINES.items()
    }

    assert min(quality.values()) >= least, quality
    assert max(quality.values()) - min(quality.values()) <= 0.05, quality


def test_texts_of_several_expressions_with_synonyms_are_answered(official, engine) -> None:
    groups = json.loads((DATA / "synonyms.json").read_text(encoding="utf-8"))
    terms = [term for group in groups for term in group["terms"]]
    chance = random.Random(3)
    for _text in range(60):
        text = " ".join(chance.sample(terms, chance.randint(3, 5)))
        result = search(SearchQuery(process=official, text=text), engine=engine)
        assert result.engine == engine.name, text
