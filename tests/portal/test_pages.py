"""The public pages: exact numbers of queries, no cookies, answers 304, windows of publication."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cms.catalogs.models import ProcessOffice
from cms.portal.models import FaqPage
from cms.published.models import PublishedCandidacy, PublishedContent
from search import fragments


def address_of(candidacy):
    return PublishedCandidacy.objects.get(pk=candidacy.pk).get_absolute_url()


@pytest.fixture
def informed(make_candidacy, publish):
    candidacy = make_candidacy()
    publish(candidacy)
    return candidacy


@pytest.fixture
def crowded(make_candidacy, publish, other_actor, informed):
    """A ballot with a rival, a slate, and candidacies without answers."""
    rival = make_candidacy(name="Homero Junco Nogal", sex="hombre", actor=other_actor)
    publish(rival)
    for place in range(1, 6):
        for kind in ("propietaria", "suplente"):
            make_candidacy(
                name=f"Regidora Mezquite Número {place} {kind}",
                office="regiduria",
                list_number=place,
                seat_kind=kind,
            )
    return informed


# What versions changed; the state of the portal, the catalogues and the dates of the process, and
# the colours of actors.
VERSIONS, VOCABULARY = 1, 4
# What the process asks.
ASKED = 1


def test_a_candidacy_page_takes_two_queries_however_crowded_the_ballot(
    client, crowded, make_candidacy, django_assert_num_queries
):
    address = address_of(crowded)
    other = address_of(make_candidacy(name="Saúl Guayule Mezquite", sex="hombre"))
    with django_assert_num_queries(VERSIONS + VOCABULARY + ASKED + 2):
        assert client.get(address).status_code == 200
    with django_assert_num_queries(VERSIONS + 2):
        assert client.get(other).status_code == 200
    with django_assert_num_queries(VERSIONS):
        assert client.get(other).status_code == 200


def test_a_ballot_takes_one_query(client, crowded, django_assert_num_queries):
    with django_assert_num_queries(VERSIONS + VOCABULARY + 1):
        assert client.get("/municipios/san-pedro/").status_code == 200
    with django_assert_num_queries(VERSIONS + 1):
        assert client.get("/municipios/torreon/").status_code == 200


def test_pages_of_the_whole_process_are_counted_with_one_query(
    client, crowded, publish, django_assert_num_queries
):
    """Home also reads its own page, whether it is private (two queries), and the news."""
    for path in ("/", "/municipios/", "/sitemap.xml"):
        assert client.get(path).status_code == 200
    publish(crowded, propuesta_1="Otra propuesta muy distinta. " * 20)
    with django_assert_num_queries(VERSIONS + 5):
        assert client.get("/").status_code == 200
    with django_assert_num_queries(VERSIONS + 1):
        assert client.get("/municipios/").status_code == 200
    with django_assert_num_queries(VERSIONS + 3):
        assert client.get("/sitemap.xml").status_code == 200


def test_a_page_of_staff_takes_three_queries(client, process, django_assert_num_queries):
    """The page, and two for whether it is private."""
    assert client.get("/accesibilidad/").status_code == 200
    with django_assert_num_queries(VERSIONS + 3):
        assert client.get("/privacidad/").status_code == 200


def test_an_unknown_address_takes_no_query(client, process, django_assert_num_queries):
    assert client.get("/no-hay/").status_code == 404
    with django_assert_num_queries(VERSIONS):
        assert client.get("/tampoco/").status_code == 404


def test_the_search_page_takes_two_queries(client, crowded, django_assert_num_queries):
    """The search, and what it shows; with nothing remembered also more vocabulary, and stems."""
    fragments.forget_stems()
    with django_assert_num_queries(VERSIONS + VOCABULARY + 4 + 2 + 1):
        response = client.get(
            "/buscar/", {"q": "agua potable", "municipio": "05033", "sexo": "mujer"}
        )
    with django_assert_num_queries(VERSIONS + 2):
        client.get("/buscar/", {"q": "agua potable", "municipio": "05033"})
    assert b"<mark>" in response.content


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/municipios/",
        "/municipios/san-pedro/",
        "/buscar/?q=agua",
        "/noticias/",
        "/privacidad/",
    ],
)
def test_public_pages_set_no_cookie_and_may_be_cached(client, crowded, path):
    response = client.get(path)
    assert response.status_code == 200
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert response["Cache-Control"] == (
        "public, max-age=0, must-revalidate, s-maxage=5, stale-while-revalidate=15"
    )
    again = client.get(path, headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304


def test_an_unchanged_page_answers_304(client, informed):
    address = address_of(informed)
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304


def test_a_new_publication_changes_the_etag(client, informed, publish):
    address = address_of(informed)
    tag = client.get(address)["ETag"]
    publish(informed, propuesta_1="Otra propuesta muy distinta. " * 20)
    response = client.get(address, headers={"if-none-match": tag})
    assert response.status_code == 200
    assert "Otra propuesta muy distinta" in response.content.decode()


def test_an_old_slug_leads_to_the_current_address(client, informed):
    response = client.get(f"/candidaturas/{informed.pk}/otro-nombre/")
    assert response.status_code == 301
    assert response["Location"] == address_of(informed)


def test_a_candidacy_without_answers_shows_the_questions_and_since_when(client, make_candidacy):
    content = client.get(address_of(make_candidacy())).content.decode()
    assert "Sin información capturada" in content
    assert "¿Cuál es su primera propuesta?" in content
    assert str(timezone.localtime().year) in content


def test_words_agree_with_the_registered_gender(client, make_candidacy):
    woman = client.get(address_of(make_candidacy())).content.decode()
    man = client.get(
        address_of(make_candidacy(name="Saúl Guayule Mezquite", sex="hombre"))
    ).content.decode()
    assert "Candidata propietaria a la presidencia municipal" in woman
    assert "Candidato propietario a la presidencia municipal" in man


def test_markup_in_an_answer_is_shown_as_text(client, make_candidacy, publish):
    candidacy = make_candidacy()
    publish(candidacy, propuesta_1="<script>alert(1)</script> agua & sol. " * 12)
    content = client.get(address_of(candidacy)).content.decode()
    assert "<script>alert" not in content
    assert "&lt;script&gt;alert(1)" in content


def window(candidacy, **changes):
    ProcessOffice.objects.filter(process=candidacy.process, office=candidacy.office).update(
        **changes
    )


def test_before_the_agreed_date_nothing_is_public(client, informed):
    window(informed, visible_from=timezone.now() + timedelta(minutes=5))
    assert client.get(address_of(informed)).status_code == 404
    assert "Graciela" not in client.get("/municipios/san-pedro/").content.decode()
    assert "Graciela" not in client.get("/buscar/?q=agua").content.decode()


def test_without_an_agreed_date_nothing_is_public(client, informed):
    window(informed, visible_from=None)
    assert client.get(address_of(informed)).status_code == 404


def test_after_the_publication_ends_the_register_stays_and_the_answers_are_gone(client, informed):
    window(informed, public_until=timezone.now() - timedelta(minutes=5))
    content = client.get(address_of(informed)).content.decode()
    assert "Graciela Cenizo Tepozán" in content
    assert "La publicación terminó el" in content
    assert "Agua potable segura" not in content
    assert "contacto@cenizo.example" not in content
    assert "Graciela" in client.get("/municipios/san-pedro/").content.decode()
    assert "Graciela" not in client.get("/buscar/?q=mercado").content.decode()
    assert "Graciela" in client.get("/buscar/?q=Cenizo").content.decode()


def test_the_heading_says_when_words_are_missing_and_the_page_which_ones(client, informed):
    content = client.get("/buscar/?q=agua potable helicóptero").content.decode()
    assert "<h1>1 candidatura coincide al menos en parte con" in content
    assert "Ninguna candidatura escribe «helicóptero»; se buscó sin esa palabra." in content
    assert (
        "<h1>1 candidatura habla de «agua potable»</h1>"
        in client.get("/buscar/?q=agua potable").content.decode()
    )


def test_a_search_that_finds_nobody_is_announced_as_any_other_change_of_the_results(
    client, informed
):
    content = client.get("/buscar/?q=agua&sexo=hombre").content.decode()
    assert '<p role="status" id="cuantas"><strong>Ninguna candidatura</strong> con' in content


def test_an_unknown_address_answers_404_in_spanish(client, process):
    response = client.get("/candidaturas/999999/nadie/")
    assert response.status_code == 404
    assert "No encontramos esta página" in response.content.decode()


def test_a_wrong_parameter_answers_400_and_says_how_to_correct_it(client, informed):
    response = client.get("/buscar/?por_pagina=900")
    assert response.status_code == 400
    assert "Escribe un número de 1 a 100." in response.content.decode()


def test_a_typed_municipality_leads_to_its_ballot(client, informed):
    assert client.get("/municipios/?municipio=san pedro")["Location"] == "/municipios/san-pedro/"


def test_the_editorial_addresses_of_the_contract_answer(client, process):
    for path in ("/noticias/", "/preguntas/", "/privacidad/", "/accesibilidad/"):
        assert client.get(path).status_code == 200, path


def test_the_sitemap_names_public_pages_only(client, informed):
    content = client.get("/sitemap.xml").content.decode()
    assert address_of(informed) in content
    assert "/captura/" not in content
    assert "/admin/" not in content


@pytest.mark.django_db
def test_without_a_process_the_sitemap_names_the_editorial_pages(client):
    content = client.get("/sitemap.xml").content.decode()
    pages = list(PublishedContent.objects.order_by("url").values_list("url", flat=True))
    assert pages == ["/accesibilidad/", "/preguntas/", "/privacidad/"]
    assert re.findall("<loc>http://testserver(.*?)</loc>", content) == [
        "/",
        "/municipios/",
        "/buscar/",
        *pages,
    ]


def test_a_page_with_a_public_copy_cannot_be_made_private(client, superuser):
    """Otherwise its copy would stay in lists and in the API."""
    page = FaqPage.objects.get()
    client.force_login(superuser, backend="django.contrib.auth.backends.ModelBackend")
    client.post(
        reverse("wagtailadmin_pages:set_privacy", args=[page.pk]), {"restriction_type": "login"}
    )
    assert not page.view_restrictions.exists()


@pytest.mark.parametrize(
    ("typed", "heading"),
    [
        ('"agua', "Ninguna candidatura habla de «agua»"),
        ("-agua -luz", "Ninguna candidatura habla de «agua luz»"),
        ('""', "Ninguna candidatura"),
        ('"agua potable" pozo', "Ninguna candidatura habla de «“agua potable” pozo»"),
    ],
)
def test_the_heading_of_results_says_what_was_searched(client, process, typed, heading):
    assert f"<h1>{heading}</h1>" in client.get("/buscar/", {"q": typed}).content.decode()


def test_a_page_after_the_last_one_leads_to_it_and_keeps_the_search(client, crowded):
    answer = client.get("/buscar/", {"q": "mezquite", "cargo": "regiduria", "pagina": "2"})
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "Esta búsqueda tiene una sola página." in page
    assert 'href="?q=mezquite&amp;cargo=regiduria&amp;pagina=1"' in page
    assert 'value="mezquite"' in page


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"q": "xilófono"}, "Prueba con otra palabra o revisa la ortografía."),
        ({"q": "xilófono azul"}, "Prueba con menos palabras o revisa la ortografía."),
        ({"q": "de la"}, "Escribe una palabra que diga de qué trata lo que buscas."),
        ({"sexo": "hombre"}, "Ninguna reúne los filtros elegidos."),
    ],
)
def test_a_search_that_finds_nobody_says_what_to_try(client, informed, parameters, said):
    page = client.get("/buscar/", parameters).content.decode()
    assert "No encontramos candidaturas" in page
    assert said in " ".join(page.split())


@pytest.mark.parametrize("parameters", [{}, {"q": "xilófono"}, {"sexo": "hombre"}])
def test_without_candidacies_the_search_says_so(client, process, parameters):
    page = client.get("/buscar/", parameters).content.decode()
    assert "Todavía no hay candidaturas publicadas en este proceso." in page
    assert "Prueba con" not in page
    assert "Quita los filtros" not in page


@pytest.mark.parametrize("number", ["0", "dos", "10001"])
def test_a_wrong_number_of_page_is_told_once_within_the_part_of_the_menu(client, process, number):
    answer = client.get("/buscar/", {"pagina": number})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert f"«{number}» no sirve para «pagina». Escribe un número de 1 a 10000." in page
    assert '<a href="/buscar/" aria-current="true">Candidaturas</a>' in page


@pytest.mark.parametrize("path", ["/", "/municipios/", "/municipios/?municipio=torreon"])
def test_without_candidacies_no_page_asks_for_a_municipality_or_counts_zeros(client, process, path):
    page = client.get(path).content.decode()
    assert "Todavía no hay candidaturas" in page
    assert "En qué municipio" not in page
    assert "No encontramos" not in page
    assert "candidaturas registradas" not in page
