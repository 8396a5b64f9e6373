"""Searches over an official export, which each module imports once, and over made-up rows."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify

from cms.catalogs.models import Office, Process, ProcessOffice, SynonymGroup, Territory
from cms.catalogs.spanish import sort_key
from cms.published.models import PublishedCandidacy
from search.engines import ENGINES
from search.engines.contract import Engine, Found
from search.engines.elasticsearch import ElasticsearchEngine, Patience, indexing
from search.query import SearchQuery
from search.reading import Reading
from search.result import SearchResult
from search.services import search


@pytest.fixture(scope="module")
def official(official_file: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """The published process of the official file: read-only, and rolled back after the module.

    Without synonyms: what a word finds is compared with the rows that write that word.
    """
    from cms.imports.services import ImportRequest, import_official_file

    with django_db_blocker.unblock(), transaction.atomic():
        SynonymGroup.objects.update(active=False)
        request = ImportRequest(path=official_file, process="pel-2022", publish=True)
        import_official_file(request)
        with connection.cursor() as cursor:
            cursor.execute("analyze published_publishedcandidacy")
        yield Process.objects.get(slug="pel-2022")
        transaction.set_rollback(True)


class UpToDate(ElasticsearchEngine):
    """Searches an index that holds whatever the test has written so far."""

    def find(
        self, query: SearchQuery, reading: Reading, *, patience: Patience | None = None
    ) -> Found:
        indexing.reconcile()
        return super().find(query, reading, patience=patience)


@pytest.fixture(params=ENGINES)
def finder(request: pytest.FixtureRequest, settings: Any) -> Engine:
    """Each engine in turn."""
    if request.param != ElasticsearchEngine.name:
        return ENGINES[request.param]()
    request.getfixturevalue("search_index")
    settings.ELASTICSEARCH_SECONDS = 20.0  # Other tests may keep the machine busy.
    return UpToDate()


@pytest.fixture
def find() -> Callable[..., SearchResult]:
    """Search with the parameters of SearchQuery."""

    def run(process: Process, text: str = "", **changes: Any) -> SearchResult:
        return search(SearchQuery(process=process, text=text, **changes))

    return run


def _texts(answers: list[dict[str, str]], weight: str) -> str:
    return "\n".join(answer["respuesta"] for answer in answers if answer["peso"] == weight)


def _answer(question: str, text: str) -> dict[str, str]:
    """A public answer; proposals weigh more in the search."""
    return {
        "pregunta": question,
        "etiqueta": question.replace("_", " ").capitalize(),
        "tipo": "texto",
        "faceta": "",
        "peso": "alto" if question.startswith("propuesta") else "bajo",
        "donde": f"En {question}",
        "respuesta": text,
    }


@pytest.fixture
def publish(process: Any, actor: Any) -> Callable[..., PublishedCandidacy]:
    """Write a public row; keyword arguments override the sample, and `texts` are the answers."""
    next_id = iter(range(900_001, 999_999))

    def write(**changes: Any) -> PublishedCandidacy:
        name = changes.get("name", "Graciela Cenizo Tepozán")
        office = Office.objects.get(code=changes.pop("office", "presidencia_municipal"))
        window, _made = ProcessOffice.objects.get_or_create(
            process=process,
            office=office,
            defaults={"visible_from": timezone.now() - timedelta(days=1)},
        )
        territory = Territory.objects.get(cvegeo=changes.pop("cvegeo", "05033"))
        texts: dict[str, str] = changes.pop("texts", {})
        sample: dict[str, Any] = {
            "candidacy_id": next(next_id),
            "process": process,
            "office": office,
            "process_office": window,
            "territory": territory,
            "actor": actor,
            "name": name,
            "sort_key": sort_key(name),
            "slug": slugify(name),
            "seat_kind": "propietaria",
            "sex": "mujer",
            "age": 39,
            "state": "activa",
            "answers": [_answer(question, text) for question, text in texts.items()],
            "register_text": f"{office.name} {territory.name} {actor.name} {actor.acronym}",
            "text_high_weight": "\n".join(
                text for question, text in texts.items() if question.startswith("propuesta")
            ),
            "text_low_weight": "\n".join(
                text for question, text in texts.items() if not question.startswith("propuesta")
            ),
            "registered_at": timezone.now(),
            "published_at": timezone.now() if texts else None,
            "updated_at": timezone.now(),
        }
        return PublishedCandidacy.objects.create(**{**sample, **changes})

    return write
