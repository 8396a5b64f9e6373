"""Filters written in the search box."""

import pytest
from django.http import QueryDict

from cms.catalogs.models import ActorKind, PoliticalActor
from cms.published import scope, versions
from search.parameters import as_read, parse

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(process, publish):
    """What a text is read as: the words that are left, the filters, and the remark."""
    publish()
    publish(cvegeo="05030", office="regiduria")

    def run(text: str, address: str = ""):
        parameters = QueryDict(address, mutable=True)
        parameters["q"] = text
        query = parse(parameters, current=process)
        return query.text, query.filters, query.remark

    return run


@pytest.mark.parametrize(
    ("typed", "text", "filters"),
    [
        ("agua municipio:saltillo", "agua", {"municipio": ("05030",)}),
        ("municipio:saltillo agua potable", "agua potable", {"municipio": ("05030",)}),
        ("municipio:san pedro agua", "agua", {"municipio": ("05033",)}),
        ('municipio:"San Pedro" agua', "agua", {"municipio": ("05033",)}),
        ("municipio:«San Pedro» agua", "agua", {"municipio": ("05033",)}),
        ("Municipio: Saltillo, agua", "agua", {"municipio": ("05030",)}),
        ("MUNICIPIO:05030", "", {"municipio": ("05030",)}),
        ("partido:PD luz", "luz", {"actor": ("pd",)}),
        ("partido:partido del desierto luz", "luz", {"actor": ("pd",)}),
        ("actor:pd cargo:regiduría", "", {"actor": ("pd",), "cargo": ("regiduria",)}),
        ("cargo:presidencia municipal de agua", "de agua", {"cargo": ("presidencia_municipal",)}),
        ("cargo:alcaldesa agua", "agua", {"cargo": ("presidencia_municipal",)}),
        ("cargo:Presidente municipal agua", "agua", {"cargo": ("presidencia_municipal",)}),
        ("puesto:síndico", "", {"cargo": ("sindicatura",)}),
        ("sexo:mujer edad:30-39", "", {"sexo": ("mujer",), "edad": ("30-39",)}),
        (
            "municipio:saltillo OR municipio:san pedro agua OR luz",
            "agua OR luz",
            {"municipio": ("05030", "05033")},
        ),
        ('"municipio libre" cargo:regiduria', '"municipio libre"', {"cargo": ("regiduria",)}),
    ],
)
def test_a_filter_in_the_text_is_a_filter(read, typed, text, filters) -> None:
    assert read(typed) == (text, filters, "")


@pytest.mark.parametrize(
    "typed", ["propuesta: agua", "a las 10:30", "http://x.mx", "municipio libre"]
)
def test_a_colon_after_another_word_is_no_filter(read, typed) -> None:
    assert read(typed) == (typed, {}, "")


@pytest.mark.parametrize(
    ("typed", "text", "filters", "remark"),
    [
        ("municipio:saltilo agua", "agua", {"municipio": ("05030",)},
         "No hay «saltilo» en «municipio»; se usó «Saltillo»."),
        ("municipio:salta", "salta", {},
         "No hay «salta» en «municipio»; se buscó como palabra. Lo más parecido es «Saltillo»."),
        ("cargo:virrey", "virrey", {},
         "No hay «virrey» en «cargo»; se buscó como palabra. Usa «Presidencia municipal»,"
         " «Sindicatura», «Regiduría»."),
        ("agua municipio:", "agua", {}, "Después de «municipio:» falta el valor."),
        ("agua -partido:PD", "agua", {},
         "Un filtro no se excluye con un guion: se buscó sin «-partido:PD»."),
    ],
)  # fmt: skip
def test_a_wrong_filter_is_explained(read, typed, text, filters, remark) -> None:
    assert read(typed) == (text, filters, remark)


def test_filters_of_the_text_join_those_of_the_address(read) -> None:
    assert read("municipio:saltillo", "municipio=05033&sexo=mujer")[1] == {
        "municipio": ("05033", "05030"),
        "sexo": ("mujer",),
    }


def test_a_filter_asks_the_database_nothing(read, django_assert_num_queries) -> None:
    with scope.collecting():
        versions.refresh()
        read("agua")
        with django_assert_num_queries(0):
            read("partido:PD municipio:san pedro agua potable")
            read("municipio:nadie lo conoce partido:nadie tampoco")


def test_a_coalition_is_found_by_its_name_of_several_words(read, process) -> None:
    PoliticalActor.objects.create(process=process, key="jpd", name="Juntos por el Desierto",
                                  kind=ActorKind.COALITION, members=["PD"])  # fmt: skip

    assert read("coalición:juntos por el desierto agua")[:2] == ("agua", {"actor": ("jpd",)})


def test_links_of_the_page_hold_the_filters_as_the_form_does(read, process) -> None:
    parameters = QueryDict("q=agua+municipio:saltillo&orden=nombre")
    query = parse(parameters, current=process)

    assert as_read(parameters, query).urlencode() == "q=agua&orden=nombre&municipio=05030"
    plain = QueryDict("q=agua&municipio=saltillo")
    assert as_read(plain, parse(plain, current=process)) == plain


def test_a_page_with_a_wrong_filter_is_shown_with_its_explanation(client, read) -> None:
    response = client.get("/buscar/", {"q": "cargo:virrey"})

    assert response.status_code == 200
    assert "No hay «virrey» en «cargo»" in response.content.decode()
    body = client.get("/api/v1/candidaturas/", {"q": "cargo:virrey"}).json()
    assert body["aviso"].startswith("No hay «virrey» en «cargo»")
    chips = client.get("/buscar/", {"q": "municipio:saltillo"}).content.decode()
    assert "Quitar el filtro </span>Saltillo" in chips


def test_what_is_cut_after_the_filters_were_taken_is_said_and_nothing_is_said_twice(read) -> None:
    text, filters, remark = read("municipio:san-pedro x " * 99)
    assert filters == {"municipio": ("05033",)}
    assert text.startswith("x x x x x x x x x x")
    assert remark == "Se leyeron solo los primeros 400 caracteres."
    _text, _filters, remark = read("sexo:robot agua sexo:robot luz")
    assert remark.count("No hay «robot» en «sexo»") == 1
