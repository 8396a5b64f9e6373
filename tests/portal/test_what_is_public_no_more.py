"""Whatever takes a candidacy, or its answers, from the public: nothing shows or counts it any more.

With a search server that is well, slow or gone, and after it came back.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from cms.candidacies.models import CandidacyPage
from cms.candidacies.sealed import writing_as_service
from cms.catalogs.models import ProcessOffice
from cms.publication.services import write_published
from cms.published.models import PublishedCandidacy
from cms.questionnaires.models import CurricularQuestionnairePage
from search.engines import fallback
from search.engines.breaker import Breaker
from search.engines.elasticsearch import client as search_client
from search.engines.elasticsearch import indexing
from tests.search.faulty_server import FaultyServer, faulty_server

API = "/api/v1/candidaturas"
# Other tests may keep the machine busy.
PATIENT = 20.0
WORDS = "acequias de cantera"
EVERYWHERE = (
    "/",
    "/municipios/",
    "/municipios/saltillo/",
    "/buscar/",
    "/buscar/?q=agua",
    "/buscar/?municipio=05030",
    f"{API}/",
    f"{API}/?q=agua",
    f"{API}/?q=agua&municipio=05030",
    "/api/v1/sugerencias/?q=agua",
    "/api/v1/municipios/",
    "/sitemap.xml",
)


def withdraw(row: PublishedCandidacy) -> None:
    row.delete()


def hide_its_office(row: PublishedCandidacy) -> None:
    ProcessOffice.objects.filter(pk=row.process_office_id).update(visible_from=None)


def end_its_publication(row: PublishedCandidacy) -> None:
    past = timezone.now() - timedelta(minutes=1)
    ProcessOffice.objects.filter(pk=row.process_office_id).update(public_until=past)


def unpublish_its_answers(row: PublishedCandidacy) -> None:
    page = CandidacyPage.objects.get(pk=row.pk)
    with writing_as_service():
        for answers in CurricularQuestionnairePage.objects.child_of(page):
            answers.unpublish()
    write_published(candidacy_ids=[row.pk])


def end_the_candidacy(row: PublishedCandidacy) -> None:
    CandidacyPage.objects.filter(pk=row.pk).update(state="baja", end_cause="renuncia")
    write_published(candidacy_ids=[row.pk])


@pytest.fixture
def people(
    make_candidacy: Any, publish: Any, search_index: Any, settings: Any, monkeypatch: Any
) -> list[PublishedCandidacy]:
    """Two candidacies that stay, and one that differs from them in every facet; all are indexed."""
    monkeypatch.setattr(fallback, "breaker", Breaker())
    settings.ELASTICSEARCH_SECONDS = PATIENT
    with override_settings(ELASTICSEARCH_URL=""):
        made = [make_candidacy(name="Ana Lira"), make_candidacy(name="Berta Mora")]
        other = {"cvegeo": "05030", "office": "sindicatura", "sex": "no_binario", "age": 71}
        made.append(make_candidacy(name="Xóchitl Zapalinamé", **other))
        for candidacy in made[:2]:
            publish(candidacy, propuesta_1="Agua limpia.")
        publish(made[2], propuesta_1=f"Agua por {WORDS}.", grado_estudios="doctorado")
    indexing.rebuild()
    return [PublishedCandidacy.objects.get(pk=candidacy.pk) for candidacy in made]


@pytest.fixture
def between(
    people: list[PublishedCandidacy], search_server: Any, settings: Any
) -> Iterator[FaultyServer]:
    """What stands between the site and the search server, and may fail."""
    search_client.forget()
    with faulty_server(search_server.url) as server:
        settings.ELASTICSEARCH_URL = server.url
        yield server
    settings.ELASTICSEARCH_URL = search_server.url
    search_client.forget()


def work() -> None:
    """What a worker does with the jobs of the index that wait."""
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from procrastinate_jobs where queue_name = 'search'"
            " returning (args ->> 'candidacy_id')::bigint"
        )
        ids = [candidacy_id for [candidacy_id] in cursor.fetchall()]
    indexing.index_candidacies(ids)


@pytest.mark.parametrize("fault", ["", "silent", "cut"])
@pytest.mark.parametrize(
    ("end", "leaves"),
    [
        (withdraw, "nothing"),
        (hide_its_office, "nothing"),
        (end_its_publication, "register"),
        (unpublish_its_answers, "register"),
        (end_the_candidacy, "ended"),
    ],
)
def test_nothing_shows_or_counts_what_is_public_no_more(
    client: Client,
    people: list[PublishedCandidacy],
    between: FaultyServer,
    settings: Any,
    end: Callable[[PublishedCandidacy], None],
    leaves: str,
    fault: str,
) -> None:
    shows = {"nothing": _nothing_of, "register": _its_register_alone_of, "ended": _its_end_of}
    assert_shows = shows[leaves]
    kept, _other, gone = people
    pk, address = gone.pk, gone.get_absolute_url()
    assert _found(client, "?q=acequias") == {pk}
    assert f"/candidaturas/{pk}/" in _text(client, f"{API}/{kept.pk}/similares/")
    between.fault = fault
    settings.ELASTICSEARCH_SECONDS = 0.3 if fault else PATIENT
    end(gone)
    assert_shows(client, kept, pk, address)  # While the change waits for the index.

    between.fault, settings.ELASTICSEARCH_SECONDS = "", PATIENT
    fallback.breaker.answered()
    assert_shows(client, kept, pk, address)
    work()
    caches["pages"].clear()  # An answer that is kept asks nobody.
    between.searches = 0
    assert_shows(client, kept, pk, address)
    assert between.searches > 0, "the server was not asked again"


def _text(client: Client, address: str, *, status: int = 200) -> str:
    answer = client.get(address, headers={"HX-Request": "true"})
    assert answer.status_code == status, address
    return answer.content.decode()


def _found(client: Client, query: str) -> set[int]:
    return {hit["id"] for hit in client.get(f"{API}/{query}").json()["resultados"]}


def _counted(client: Client) -> dict[str, int]:
    """How many are counted in all, and under each value that only the third person has."""
    said = client.get(f"{API}/").json()
    own = {"municipio": "05030", "cargo": "sindicatura", "sexo": "no_binario", "edad": "60+"}
    own["grado"] = "doctorado"
    totals = {
        name: sum(one["total"] for one in said["facetas"][name] if one["valor"] == value)
        for name, value in own.items()
    }
    return {"total": said["total"], **totals}


def _nothing_of(client: Client, kept: PublishedCandidacy, pk: int, address: str) -> None:
    seen = (*EVERYWHERE, kept.get_absolute_url(), f"{API}/{kept.pk}/similares/")
    # Of a municipality where nobody stands at all there is nothing to search.
    stands = PublishedCandidacy.objects.filter(territory__cvegeo="05030").exists()
    for one in (*seen, "/api/v1/sugerencias/?q=xochitl", "/buscar/?q=zapaliname"):
        status = 400 if "municipio=05030" in one and not stands else 200
        assert f"/candidaturas/{pk}/" not in _text(client, one, status=status), one
    for one in (address, f"{address}?q=agua", f"{API}/{pk}/", f"{API}/{pk}/similares/"):
        assert client.get(one).status_code == 404, one
    assert _found(client, "?q=acequias") == _found(client, "?q=xochitl") == set()
    assert set(_counted(client).items()) == {("total", 2)} | {
        (name, 0) for name in ("municipio", "cargo", "sexo", "edad", "grado")
    }


def _its_register_alone_of(client: Client, kept: PublishedCandidacy, pk: int, address: str) -> None:
    seen = (*EVERYWHERE, kept.get_absolute_url(), f"{API}/{kept.pk}/similares/", address)
    for one in (*seen, f"{address}?q=agua", f"{API}/{pk}/similares/"):
        assert WORDS not in _text(client, one), one
    assert f"/candidaturas/{pk}/" not in _text(client, f"{API}/{kept.pk}/similares/")
    assert WORDS not in client.get(f"{API}/{pk}/?q=agua").content.decode()
    assert pk not in _found(client, "?q=acequias")
    assert pk not in _found(client, "?grado=doctorado")
    assert pk in _found(client, "?q=xochitl")
    found = {"total": 3, "municipio": 1, "cargo": 1, "sexo": 1, "edad": 1, "grado": 0}
    assert _counted(client) == found


def _its_end_of(client: Client, kept: PublishedCandidacy, pk: int, address: str) -> None:
    """The page is kept for whoever has its address, and says that the candidacy ended."""
    page = _text(client, address)
    assert "Ya no es candidatura" in page
    assert WORDS not in page
    detail = client.get(f"{API}/{pk}/").json()
    assert (detail["estado"], detail["respuestas"], detail["foto"]) == ("baja", [], None)
    seen = (*EVERYWHERE, kept.get_absolute_url(), f"{API}/{kept.pk}/similares/")
    for one in (*seen, "/api/v1/sugerencias/?q=xochitl", "/buscar/?q=zapaliname"):
        # The ballot says who left, apart from who competes.
        said = _text(client, one).split('id="cambios"')[0]
        assert f"/candidaturas/{pk}/" not in said, one
    assert _found(client, "?q=acequias") == _found(client, "?q=xochitl") == set()
    assert set(_counted(client).items()) == {("total", 2)} | {
        (name, 0) for name in ("municipio", "cargo", "sexo", "edad", "grado")
    }
