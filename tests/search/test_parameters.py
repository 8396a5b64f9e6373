"""The parameters of the page and of the API."""

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from cms.published import scope, versions
from search.parameters import InvalidParameters, parse

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(process, publish):
    """Parse the parameters of an address, in a process with one candidacy."""
    publish()
    return lambda text: parse(QueryDict(text), current=process)


@pytest.mark.parametrize(
    ("typed", "facet", "understood"),
    [
        ("municipio=05033", "municipio", ("05033",)),
        ("municipio=san-pedro", "municipio", ("05033",)),
        ("municipio=San%20Pedro&municipio=05033", "municipio", ("05033",)),
        ("cargo=presidencia_municipal", "cargo", ("presidencia_municipal",)),
        ("cargo=Presidencia%20Municipal", "cargo", ("presidencia_municipal",)),
        ("actor=pd", "actor", ("pd",)),
        ("actor=PD", "actor", ("pd",)),
        ("actor=partido%20del%20DESIERTO", "actor", ("pd",)),
        ("sexo=mujer&sexo=hombre", "sexo", ("mujer", "hombre")),
        ("edad=18-29&edad=60%2B", "edad", ("18-29", "60+")),
        ("edad=60+", "edad", ("60+",)),
        ("grado=maestria", "grado", ("maestria",)),
        ("grado=Maestr%C3%ADa", "grado", ("maestria",)),
    ],
)
def test_values_are_understood_as_people_write_them(read, typed, facet, understood) -> None:
    assert read(typed).filters == {facet: understood}


@pytest.mark.parametrize(
    ("typed", "parameter", "value"),
    [
        ("municipio=atlantida", "municipio", "atlantida"),
        ("cargo=virrey", "cargo", "virrey"),
        ("actor=nadie", "actor", "nadie"),
        ("sexo=si", "sexo", "si"),
        ("edad=12-17", "edad", "12-17"),
        ("grado=brujeria", "grado", "brujeria"),
        ("orden=alfabetico", "orden", "alfabetico"),
        ("pagina=0", "pagina", "0"),
        ("pagina=dos", "pagina", "dos"),
        ("pagina=-1", "pagina", "-1"),
        ("por_pagina=101", "por_pagina", "101"),
        ("por_pagina=0", "por_pagina", "0"),
        ("proceso=pel-1810", "proceso", "pel-1810"),
    ],
)
def test_a_value_that_is_not_understood_is_named_with_its_remedy(
    read, typed, parameter, value
) -> None:
    with pytest.raises(InvalidParameters) as raised:
        read(typed)

    [problem] = raised.value.problems
    assert (problem.parameter, problem.value) == (parameter, value)
    assert value in problem.problem
    assert problem.remedy


def test_the_message_about_too_many_hits_a_page_says_that_the_most_is_a_hundred(read) -> None:
    with pytest.raises(InvalidParameters) as raised:
        read("por_pagina=500")

    assert "100" in raised.value.problems[0].remedy


def test_every_wrong_parameter_is_named_at_once(read) -> None:
    with pytest.raises(InvalidParameters) as raised:
        read("sexo=x&edad=y&pagina=z&municipio=w")

    assert {problem.parameter for problem in raised.value.problems} == {
        "sexo", "edad", "pagina", "municipio",
    }  # fmt: skip


def test_a_missing_parameter_has_its_default(read, process) -> None:
    query = read("q=agua")

    assert (query.process, query.text, query.filters) == (process, "agua", {})
    assert (query.order, query.page, query.page_size) == ("", 1, 20)


def test_control_characters_are_removed_from_the_text(read) -> None:
    assert read("q=ag%00ua%1b").text == "agua"


def test_a_new_value_is_understood_at_once(read, process, publish, other_actor) -> None:
    read("municipio=05033")
    publish(cvegeo="05030", actor=other_actor)

    assert read("municipio=05030&actor=ps").filters == {"municipio": ("05030",), "actor": ("ps",)}


def test_many_unknown_values_cost_no_query(read) -> None:
    with scope.collecting():
        versions.refresh()
        read("municipio=05033")
        with CaptureQueriesContext(connection) as captured, pytest.raises(InvalidParameters):
            read("&".join(f"municipio=m{number}" for number in range(200)))

    assert len(captured) == 0


def test_a_parameter_that_is_repeated_too_often_is_refused_and_the_message_says_the_limit(
    read,
) -> None:
    with pytest.raises(InvalidParameters) as raised:
        read("&".join(["sexo=mujer"] * 301))

    [problem] = raised.value.problems
    assert "300" in problem.problem


def test_the_message_about_a_very_long_value_is_short(read) -> None:
    for name in ("municipio", "proceso", "sexo"):
        with pytest.raises(InvalidParameters) as raised:
            read(f"{name}=" + "e%CC%81" * 3000)

        assert all(len(problem.problem) < 300 for problem in raised.value.problems)


def test_a_text_is_cut_before_it_is_cleaned(read) -> None:
    assert len(read("q=" + "a" * 9000).text) == 400
