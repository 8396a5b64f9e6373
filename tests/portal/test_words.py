"""The words of public pages: gender, number and places, and a different title on each page."""

import re
from datetime import date

import pytest

from cms.catalogs.models import CandidacyState, PoliticalActor
from cms.portal.ballot import plural_of
from cms.portal.municipalities import matching, nearest
from cms.portal.templatetags.portal import actor_mark
from cms.published.models import PublishedCandidacy
from cms.published.places import Place

PLACES = [
    Place(name, name.lower().replace(" ", "-"), "", 1)
    for name in ("Acuña", "Francisco I. Madero", "San Juan de Sabinas", "San Pedro", "Torreón")
]


def page(client, address, **parameters):
    return client.get(address, parameters).content.decode()


def public(candidacy):
    return PublishedCandidacy.objects.get(pk=candidacy.pk)


def title_of(content):
    return re.search(r"<title>(.*?) · Conóceles", content, re.DOTALL).group(1)


def names(places):
    return [place.name for place in places]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("torreon", ["Torreón"]),
        ("TORREÓN", ["Torreón"]),
        ("Ciudad Acuña", ["Acuña"]),
        ("francisco i madero", ["Francisco I. Madero"]),
        ("san", ["San Juan de Sabinas", "San Pedro"]),
        ("san juan sabinas", ["San Juan de Sabinas"]),
        ("torreom", []),
        ("…", []),
    ],
)
def test_a_municipality_is_found_in_every_spelling(typed, found):
    assert names(matching(PLACES, typed)) == found


def test_a_misspelt_municipality_finds_the_most_similar_first():
    assert names(nearest(PLACES, "torreom", name_of=lambda place: place.name))[0] == "Torreón"
    assert names(nearest(PLACES, "San Predo", name_of=lambda place: place.name))[0] == "San Pedro"
    assert nearest(PLACES, "xilófono", name_of=lambda place: place.name) == []


def test_the_page_of_a_misspelt_municipality_offers_it(client, make_candidacy):
    make_candidacy()
    content = page(client, "/municipios/", municipio="San Predo")
    assert "No encontramos el municipio «San Predo»" in title_of(content)
    assert '<a class="chip" href="/municipios/san-pedro/">San Pedro</a>' in content


def test_a_search_for_a_misspelt_municipality_offers_its_ballot(client, make_candidacy):
    make_candidacy()
    content = page(client, "/buscar/", q="xan predro")
    assert '<a href="/municipios/?municipio=05033">San Pedro</a>' in content


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        ("Regiduría", "Regidurías"),
        ("Diputación local", "Diputaciones locales"),
        ("Diputación migrante", "Diputaciones migrantes"),
    ],
)
def test_offices_have_a_plural(singular, plural):
    assert plural_of(singular) == plural


def test_the_heading_distinguishes_a_hit_in_the_name_from_a_hit_in_the_answers(
    client, make_candidacy, publish
):
    publish(make_candidacy())
    assert "1 candidatura coincide con «Tepozán»" in page(client, "/buscar/", q="Tepozán")
    assert "1 candidatura habla de «agua potable»" in page(client, "/buscar/", q="agua potable")


def test_titles_of_results_name_their_filters_and_page(client, make_candidacy):
    for number in range(3):
        make_candidacy(name=f"Elvira Sauz Número {number}", office="regiduria", list_number=number)
    content = page(client, "/buscar/", sexo="mujer", por_pagina="2", pagina="2")
    assert title_of(content) == "3 candidaturas, Mujeres, página 2 de 2"


def test_results_of_a_search_are_left_out_of_other_search_engines(client, make_candidacy):
    make_candidacy()
    assert '<meta name="robots" content="noindex' in page(client, "/buscar/", q="Cenizo")
    assert "noindex" not in page(client, "/buscar/")


def test_a_candidacy_that_ended_says_until_when_and_keeps_its_page(client, make_candidacy, publish):
    candidacy = make_candidacy()
    publish(candidacy)
    PublishedCandidacy.objects.filter(pk=candidacy.pk).update(
        state=CandidacyState.ENDED, end_cause="renuncia", ended_on=date(2024, 4, 18)
    )
    content = page(client, public(candidacy).get_absolute_url())
    assert "Fue candidata propietaria a la presidencia municipal" in content
    assert ", hasta el 18 de abril de 2024" in content
    assert "<strong>Fin de la candidatura.</strong> Renunció a la candidatura." in content


def test_rivals_compete_for_the_office(client, make_candidacy, other_actor):
    candidacy = make_candidacy()
    make_candidacy(name="Homero Junco Nogal", sex="hombre", actor=other_actor)
    content = page(client, public(candidacy).get_absolute_url())
    assert "También compite por la presidencia municipal" in content


def test_a_district_is_said_with_its_own_preposition(make_candidacy):
    from cms.catalogs.models import Territory
    from cms.portal.templatetags.portal import standing

    row = public(make_candidacy())
    row.territory = Territory(kind="distrito", name="Distrito 21")
    assert standing(row) == "Candidata propietaria a la presidencia municipal por el distrito 21"


def test_a_shared_page_shows_what_it_is_without_third_parties(client, make_candidacy):
    candidacy = make_candidacy()
    address = public(candidacy).get_absolute_url()
    content = page(client, address)
    assert f'<link rel="canonical" href="http://testserver{address}">' in content
    assert '<meta property="og:title" content="Graciela Cenizo Tepozán">' in content
    shared = re.findall(r'<meta property="og:(?:url|image)" content="([^"]+)"', content)
    assert shared == [
        f"http://testserver{address}",
        "http://testserver/static/icons/preview.png",
    ]


def test_every_public_page_has_a_title_of_its_own(client, make_candidacy, other_actor):
    first = make_candidacy()
    second = make_candidacy(name="Homero Junco Nogal", sex="hombre", actor=other_actor)
    addresses = [
        *("/", "/municipios/", "/municipios/san-pedro/", "/buscar/", "/buscar/?q=Cenizo"),
        *("/noticias/", "/preguntas/", "/privacidad/", "/accesibilidad/", "/acceso/"),
        *(public(candidacy).get_absolute_url() for candidacy in (first, second)),
    ]
    titles = [title_of(page(client, address)) for address in addresses]
    assert len(set(titles)) == len(titles)


def test_the_old_address_of_the_icon_leads_to_the_new_one(client):
    response = client.get("/favicon.ico")
    assert response.status_code == 301
    assert response["Location"].endswith("icons/favicon.svg")


def test_a_party_whose_mark_is_its_name_is_named_once():
    morena = PoliticalActor(kind="partido", acronym="MORENA", name="Morena")
    party = PoliticalActor(kind="partido", acronym="PT", name="Partido del Trabajo")
    for mode in ("shown", "hidden", ""):
        assert str(actor_mark(morena, mode)).count("Morena") == 1
        assert "Partido del Trabajo" in actor_mark(party, mode)
