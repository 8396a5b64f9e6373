"""What all tests share: the database, and a process with actors, candidacies and accounts."""

import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

OFFICIAL_FILE = Path(__file__).resolve().parents[2] / "shared" / "data" / "pel2022_sin_contacto.csv"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    from tests.distribution import longest_first

    longest_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from tests.distribution import ByFile

    return ByFile(config, log)


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conoceles_site.settings.test")
    from tests import second_factors

    second_factors.install()
    from conoceles_site import embedded_postgres
    from conoceles_site.settings.database import USES_EMBEDDED_POSTGRES
    from conoceles_site.settings.environment import DATA_DIR

    if USES_EMBEDDED_POSTGRES:
        embedded_postgres.start(DATA_DIR)
    if config.getoption("create_db") and not hasattr(config, "workerinput"):
        from tests import templates

        templates.forget()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """The database of this process of tests: a copy of a template that is migrated once."""
    from django.conf import settings
    from django.db import connection

    from tests import database_server, templates

    name = database_server.own_name()
    templates.copy_migrated(name)
    with django_db_blocker.unblock():
        connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    yield
    with django_db_blocker.unblock():
        connection.close()
    database_server.drop(name)


def _in_ci_nothing_is_skipped(report: Any) -> Any:
    """In CI, count a skipped test, or a skipped file of tests, as failed."""
    if report.skipped and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    return _in_ci_nothing_is_skipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[Any]:
    return _in_ci_nothing_is_skipped((yield))


@pytest.fixture(scope="session")
def official_file() -> Path:
    """An official export of INE, read in its place and never copied."""
    if not OFFICIAL_FILE.exists():
        pytest.skip(f"No está el archivo oficial {OFFICIAL_FILE}: estas pruebas lo necesitan.")
    return OFFICIAL_FILE


@pytest.fixture(scope="session")
def search_server(django_test_environment: None) -> Iterator[Any]:
    """The real search server, which all processes of tests share."""
    from tests import search_server

    with search_server.shared() as server:
        yield server


@pytest.fixture
def search_index(search_server: Any, settings: Any) -> Iterator[Any]:
    """An index on that server, which only this test uses: made, and empty.

    A test that writes public rows writes them to it with `indexing.index_candidacies` or `rebuild`.
    """
    from search.engines.elasticsearch import index, indexing
    from tests import database_server

    settings.ELASTICSEARCH_URL = search_server.url
    settings.ELASTICSEARCH_PREFIX = database_server.own_name()
    indexing.rebuild()
    yield index
    for name in index.ours():
        index.remove(name)


@pytest.fixture(autouse=True)
def private_files(settings: Any, tmp_path: Path) -> None:
    """Store the files of each test in a folder of its own."""
    storages = {name: {**value} for name, value in settings.STORAGES.items()}
    for alias in ("default", "photographs", "imports"):
        options = {**storages[alias].get("OPTIONS", {}), "location": str(tmp_path / alias)}
        storages[alias]["OPTIONS"] = options
    settings.STORAGES = storages


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Clear what processes remember, so that no test sees the limits and pages of another."""
    from django.core.cache import caches

    from cms.published import by_version, versions

    for cache in caches.all(initialized_only=True):
        cache.clear()
    versions.forget()
    by_version.forget()


@pytest.fixture
def committed(db: None) -> Iterator[None]:
    """Another database, where what is committed stays, and which is dropped afterwards."""
    from django.db import connections

    from cms.questionnaires.selectors import forget_parsed
    from tests import database_server, templates

    # Its keys begin anew, so those of its versions are those of versions of another test.
    forget_parsed()

    name = database_server.own_name("committed")
    templates.copy_migrated(name)
    within = connections["default"]
    alone = within.copy()
    alone.settings_dict = {**alone.settings_dict, "NAME": name}
    connections["default"] = alone
    yield
    forget_parsed()
    alone.close()
    connections["default"] = within
    database_server.drop(name)


@pytest.fixture
def process(db: None) -> Any:
    """A process of Coahuila, whose offices have been public since yesterday."""
    from cms.candidacies.services import ensure_process
    from cms.catalogs.models import Office, PortalSettings, ProcessOffice
    from cms.questionnaires.models import ProcessQuestionnaire, QuestionnaireDefinition

    page = ensure_process(
        slug="pel-2024", name="Proceso Electoral Local 2024", election_date=date(2024, 6, 2)
    )
    made = page.process
    # Most tests begin here: rows of a new process are written without being looked for.
    yesterday = timezone.now() - timedelta(days=1)
    for office in Office.objects.filter(
        code__in=["presidencia_municipal", "sindicatura", "regiduria"]
    ):
        ProcessOffice.objects.create(process=made, office=office, visible_from=yesterday)
    ProcessQuestionnaire.objects.create(
        process=made,
        kind="curricular",
        definition=QuestionnaireDefinition.objects.get(version="curricular-2024"),
    )
    portal = PortalSettings.load()
    portal.current_process = made
    portal.save()
    return made


@pytest.fixture
def actor(process: Any) -> Any:
    """A political actor of the process."""
    from cms.catalogs.models import ActorKind, PoliticalActor

    return PoliticalActor.objects.create(
        process=process,
        key="pd",
        acronym="PD",
        name="Partido del Desierto",
        kind=ActorKind.PARTY,
        ballot_order=1,
        color="#446688",
    )


@pytest.fixture
def other_actor(process: Any) -> Any:
    """A rival of `actor`."""
    from cms.catalogs.models import ActorKind, PoliticalActor

    return PoliticalActor.objects.create(
        process=process,
        key="ps",
        acronym="PS",
        name="Partido de la Sierra",
        kind=ActorKind.PARTY,
        ballot_order=2,
        color="#884466",
    )


@pytest.fixture
def make_candidacy(process: Any, actor: Any) -> Callable[..., Any]:
    """Register a candidacy through the services; keyword arguments override the sample.

    Accepts: name, cvegeo, office, actor, seat_kind, list_number, sex, age, email, birth_date.
    """
    from cms.candidacies.services import register_candidacy
    from cms.catalogs.models import Office, Territory
    from cms.publication.services import write_published

    def make(**changes: Any) -> Any:
        sample: dict[str, Any] = {
            "name": "Graciela Cenizo Tepozán",
            "seat_kind": "propietaria",
            "sex": "mujer",
            "age": 39,
            "list_number": None,
            "principle": "mr",
        }
        cvegeo = changes.pop("cvegeo", "05033")
        office = changes.pop("office", "presidencia_municipal")
        candidacy = register_candidacy(
            process=process,
            territory=Territory.objects.get(cvegeo=cvegeo),
            office=Office.objects.get(code=office),
            actor=changes.pop("actor", actor),
            **{**sample, **changes},
        )
        write_published(candidacy_ids=[candidacy.pk])
        return candidacy

    return make


@pytest.fixture
def liaison(actor: Any) -> Any:
    """A liaison that captures for `actor`."""
    from cms.accounts.services import create_liaison

    return create_liaison(username="enlace.pd", actors=[actor], password="palabra-de-prueba-1")


@pytest.fixture
def other_liaison(other_actor: Any) -> Any:
    """A liaison that captures for `other_actor`."""
    from cms.accounts.services import create_liaison

    return create_liaison(
        username="enlace.ps", actors=[other_actor], password="palabra-de-prueba-2"
    )


@pytest.fixture
def validator(db: None) -> Any:
    """A reviewer of curricular questionnaires."""
    from cms.accounts.services import create_staff

    return create_staff(
        username="revision.uno", role="revision_curricular", password="palabra-de-prueba-3"
    )


@pytest.fixture
def superuser(db: None) -> Any:
    """An account with all permissions, which is not a reviewer."""
    from cms.accounts.models import User

    return User.objects.create_superuser(username="root", password="palabra-de-prueba-4")


def _long(text: str, times: int = 8) -> str:
    return " ".join([text] * times)


@pytest.fixture
def complete_answers() -> dict[str, Any]:
    """A complete and valid curricular questionnaire, without a photograph."""
    return {
        "facebook_tiene": "no",
        "x_tiene": "no",
        "youtube_tiene": "no",
        "instagram_tiene": "no",
        "tiktok_tiene": "no",
        "otra_red_tiene": "no",
        "correo_publico": ["contacto@cenizo.example"],
        "correo_aclaraciones": "aclaraciones@cenizo.example",
        "grado_estudios": "licenciatura",
        "estatus_estudios": "titulo",
        "cursos": ["Diplomado en gestión comunitaria del agua, 120 horas"],
        "historia_profesional": _long("He trabajado como ingeniera agrónoma en los ejidos."),
        "trayectoria_politica": _long("Fundé el comité de agua de mi comunidad y lo presidí."),
        "motivo_cargo": _long("Quiero que nadie tenga que acarrear agua por las tardes."),
        "propuesta_1": _long("Agua potable segura y diaria en los 62 ejidos del municipio."),
        "propuesta_2": _long("Un mercado de productoras con cámara fría compartida, en dos años."),
        "propuesta_genero": _long("Una casa de atención a mujeres abierta las 24 horas del día."),
    }


@pytest.fixture
def publish(complete_answers: dict[str, Any]) -> Callable[..., None]:
    """A function that publishes answers of a candidacy; keyword arguments override the sample."""
    from cms.publication.services import write_published
    from cms.questionnaires.bulk_answers import AnswerWriter, BroughtAnswers
    from cms.questionnaires.models import QuestionnaireDefinition

    def publish(candidacy: Any, **changes: Any) -> None:
        answers = {**complete_answers, **changes}
        answers.pop("correo_aclaraciones")
        version = QuestionnaireDefinition.objects.get(version="curricular-2024")
        AnswerWriter(version=version, at=timezone.now(), publish=True).take(
            [BroughtAnswers(candidacy.pk, answers)], known=[candidacy.pk]
        )
        write_published(candidacy_ids=[candidacy.pk])

    return publish
