"""The REST API, version 1: shapes, problems, ETag, CORS, no cookies, and only public data."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cms.catalogs.models import ProcessOffice
from search import fragments

RESULT_KEYS = {
    "id",
    "id_externo",
    "url",
    "nombre",
    "cargo",
    "cargo_nombre",
    "principio",
    "tipo",
    "numero_lista",
    "municipio",
    "territorio",
    "actor_politico",
    "sexo",
    "edad",
    "estado",
    "sustituida_por",
    "grado_estudios",
    "publicada",
    "actualizada",
}


@pytest.fixture
def informed(make_candidacy, publish):
    candidacy = make_candidacy()
    publish(candidacy)
    return candidacy


def test_a_list_has_the_shape_of_the_contract(client, informed):
    body = client.get("/api/v1/candidaturas/").json()
    assert set(body) == {"total", "pagina", "siguiente", "anterior", "resultados", "facetas"}
    assert set(body["facetas"]) == {"municipio", "cargo", "actor", "sexo", "edad", "grado"}
    [result] = body["resultados"]
    assert set(result) == RESULT_KEYS
    assert result["municipio"] == {"clave": "05033", "nombre": "San Pedro", "slug": "san-pedro"}
    assert result["actor_politico"]["siglas"] == "PD"
    assert result["grado_estudios"] == "licenciatura"


def test_fragments_come_only_with_a_search(client, informed):
    [result] = client.get("/api/v1/candidaturas/?q=agua").json()["resultados"]
    assert "<mark>Agua</mark>" in result["fragmentos"][0]["html"]
    assert result["fragmentos"][0]["campo"] == "propuesta_1"


def test_the_detail_of_a_candidacy_adds_answers_and_contacts(client, informed):
    body = client.get(f"/api/v1/candidaturas/{informed.pk}/").json()
    assert set(body) == RESULT_KEYS | {
        "respuestas",
        "foto",
        "contactos",
        "identidad",
        "correcciones",
        "baja",
        "sustituye_a",
    }
    assert {"pregunta", "etiqueta", "respuesta"} == set(body["respuestas"][0])
    assert body["contactos"] == [
        {"tipo": "correo", "etiqueta": "Correo", "valor": "contacto@cenizo.example"}
    ]
    assert "aclaraciones@cenizo.example" not in str(body)


def test_the_answers_of_one_candidacy_are_searched_by_question(client, informed):
    body = client.get(f"/api/v1/candidaturas/{informed.pk}/?q=propuestas sobre mercado").json()
    [passage] = body["fragmentos"]
    assert passage["campo"] == "propuesta_2"
    assert passage["html"].startswith("Un <mark>mercado</mark> de productoras")
    assert "aviso" not in body
    body = client.get(f"/api/v1/candidaturas/{informed.pk}/?q=mercado helicóptero").json()
    assert [passage["campo"] for passage in body["fragmentos"]] == ["propuesta_2"]
    assert (
        body["aviso"] == "Ninguna respuesta tiene todas tus palabras; se buscó cualquiera de ellas."
    )


def test_the_list_takes_three_queries(client, informed, django_assert_num_queries):
    """What versions changed, the search, and what it shows.

    With nothing remembered also the portal's state, the five parts of the vocabulary, who has each
    value, and stems.
    """
    fragments.forget_stems()
    with django_assert_num_queries(3 + 1 + 5 + 1 + 1):
        client.get("/api/v1/candidaturas/?q=agua&municipio=san-pedro&cargo=presidencia_municipal")
    with django_assert_num_queries(3):
        client.get("/api/v1/candidaturas/?q=agua&municipio=san-pedro")


def test_the_detail_of_a_candidacy_takes_one_query(client, informed, django_assert_num_queries):
    """Besides what versions changed and, when nothing is remembered, what the process asks, its
    catalogues and dates."""
    with django_assert_num_queries(5):
        client.get(f"/api/v1/candidaturas/{informed.pk}/")
    with django_assert_num_queries(2):
        client.get(f"/api/v1/candidaturas/{informed.pk}/?q=")


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("por_pagina=101", "por_pagina"),
        ("pagina=0", "pagina"),
        ("pagina=uno", "pagina"),
        ("edad=12", "edad"),
        ("municipio=atlantis", "municipio"),
        ("cargo=rey", "cargo"),
        ("actor=nadie", "actor"),
        ("proceso=1810", "proceso"),
        ("orden=azar", "orden"),
        ("sexo=x", "sexo"),
        ("grado=sabio", "grado"),
    ],
)
def test_a_wrong_parameter_is_a_problem_that_says_how_to_correct_it(
    client, informed, query, parameter
):
    response = client.get(f"/api/v1/candidaturas/?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    [error] = response.json()["errores"]
    assert error["parametro"] == parameter
    assert error["problema"]
    assert error["remedio"]


def test_parameters_accept_names_and_acronyms_in_any_case(client, informed):
    for query in ("actor=PD", "actor=partido del desierto", "municipio=SAN PEDRO", "edad=30-39"):
        assert client.get(f"/api/v1/candidaturas/?{query}").json()["total"] == 1, query


def test_after_the_publication_ends_a_candidacy_answers_410_with_its_register(client, informed):
    ProcessOffice.objects.update(public_until=timezone.now() - timedelta(days=1))
    response = client.get(f"/api/v1/candidaturas/{informed.pk}/")
    assert response.status_code == 410
    body = response.json()
    assert "estuvieron a la vista hasta" in body["detail"]
    assert body["registro"]["nombre"] == "Graciela Cenizo Tepozán"
    assert "respuestas" not in body["registro"]
    [result] = client.get("/api/v1/candidaturas/").json()["resultados"]
    assert result["grado_estudios"] is None
    assert client.get("/api/v1/candidaturas/?q=mercado").json()["total"] == 0


def test_a_candidacy_that_is_not_public_yet_does_not_exist_for_the_api(client, informed):
    ProcessOffice.objects.update(visible_from=timezone.now() + timedelta(days=1))
    assert client.get(f"/api/v1/candidaturas/{informed.pk}/").status_code == 404
    assert client.get("/api/v1/candidaturas/").json()["total"] == 0


@pytest.mark.parametrize(
    "path",
    [
        "",
        "candidaturas/",
        "municipios/",
        "actores/",
        "procesos/",
        "noticias/",
        "paginas/",
        "esquema/",
    ],
)
def test_every_list_answers_304_with_cors_and_without_cookies(client, informed, path):
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "*"
    assert not response.cookies
    for ask in (client.get, client.head):
        again = ask(f"/api/v1/{path}", headers={"if-none-match": response["ETag"]})
        assert again.status_code == 304
        assert again["Access-Control-Allow-Origin"] == "*"
    preflight = client.options(f"/api/v1/{path}")
    assert "If-None-Match" in preflight["Access-Control-Allow-Headers"]


NOTHING_FOUND: dict[str, Any] = {
    "total": 0,
    "pagina": 1,
    "siguiente": None,
    "anterior": None,
    "resultados": [],
    "facetas": {
        "municipio": [],
        "cargo": [],
        "actor": [],
        "sexo": [],
        "edad": [],
        "grado": [],
    },
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("candidaturas/", NOTHING_FOUND),
        ("candidaturas/?q=agua&orden=nombre&por_pagina=5&edad=30-39", NOTHING_FOUND),
        ("candidaturas/?municipio=san-pedro&cargo=regiduria&actor=pd", NOTHING_FOUND),
        ("municipios/", []),
        ("actores/", []),
        ("procesos/", []),
        ("noticias/", []),
    ],
)
def test_without_a_process_every_list_is_empty(client, path, answer):
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == 200
    assert response.json() == answer
    again = client.get(f"/api/v1/{path}", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("candidaturas/?pagina=2", 404),
        ("candidaturas/?pagina=0", 400),
        ("candidaturas/?sexo=x", 400),
        ("candidaturas/?proceso=1810", 400),
        ("municipios/?proceso=1810", 400),
        ("actores/?proceso=%00", 400),
        ("candidaturas/1/", 404),
    ],
)
def test_without_a_process_a_wrong_request_is_still_a_problem(client, path, status):
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == status


def test_unknown_addresses_and_methods_are_problems(client, informed):
    for response, status in (
        (client.get("/api/v1/nada/"), 404),
        (client.get("/api/v1/candidaturas/999999/"), 404),
        (client.post("/api/v1/candidaturas/"), 405),
        (client.get("/api/v1/candidaturas/?pagina=50"), 404),
        (Client(enforce_csrf_checks=True).post("/api/v1/nada"), 404),
        (client.get("/api/"), 404),
        (client.get("/api/v2/candidaturas/"), 404),
        (client.get("/api/v1/candidaturas/?proceso=%00"), 400),
        (client.get("/api/v1/municipios/?proceso=otro"), 400),
        (client.get("/api/v1/actores/?proceso=%00"), 400),
    ):
        assert response.status_code == status
        assert response["Content-Type"] == "application/problem+json"
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response.json()["status"] == status


def test_the_editorial_pages_are_listed_and_served_with_their_text(client, process):
    pages = {page["slug"]: page for page in client.get("/api/v1/paginas/").json()}
    assert sorted(pages) == ["accesibilidad", "preguntas", "privacidad"]
    privacy = client.get("/api/v1/paginas/privacidad/").json()
    assert "no usa cookies" in privacy["html"]


def test_the_schema_describes_every_address(client, process):
    schema = client.get("/api/v1/esquema/", headers={"accept": "application/json"}).json()
    answers = schema["paths"]["/api/v1/candidaturas/"]["get"]["responses"]
    assert list(answers["400"]["content"]) == ["application/problem+json"]
    assert schema["openapi"].startswith("3.1")
    assert "/api/v1/candidaturas/{candidacy_id}/" in schema["paths"]
    assert "/api/v1/candidaturas/{candidacy_id}/similares/" in schema["paths"]
    parameters = schema["paths"]["/api/v1/candidaturas/"]["get"]["parameters"]
    names = {parameter["name"] for parameter in parameters}
    assert names == {
        "q",
        "proceso",
        "municipio",
        "cargo",
        "actor",
        "sexo",
        "edad",
        "grado",
        "orden",
        "pagina",
        "por_pagina",
    }
