"""The register of an institute, in documented columns, some of which are private."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest
from wagtail.models import Revision

from cms.candidacies.models import CandidacyPage, Person
from cms.imports.institute_register import COLUMNS
from cms.published.models import PublishedCandidacy
from cms.questionnaires.models import Questionnaire
from tests.imports.conftest import REGISTRY

pytestmark = pytest.mark.django_db
MANUAL = Path(__file__).resolve().parents[2] / "docs" / "registro.md"


def test_a_register_comes_in(bring_register_in, file_of) -> None:
    report = bring_register_in(
        file_of(REGISTRY, {}, {"tipo": "suplente", "nombre": "Otra Persona"})
    )

    page = CandidacyPage.objects.get(seat_kind="propietaria")
    assert (report.created, report.errors, report.profile) == (2, [], "registro")
    assert (page.nickname, page.principle, page.list_number) == ("Tencha", "mr", 1)
    assert (page.territory.cvegeo, page.actor.acronym, page.sex) == ("05033", "PT", "mujer")
    assert PublishedCandidacy.objects.count() == 2
    assert not Questionnaire.objects.exists()


def test_what_is_private_rests_on_the_person_and_the_age_on_the_page(
    bring_register_in, file_of
) -> None:
    bring_register_in(file_of(REGISTRY), election_date=date(2024, 6, 2))

    person, page = Person.objects.get(), CandidacyPage.objects.get()
    assert (person.email, person.birth_date) == ("hortensia@example.org", date(1983, 5, 20))
    assert page.age == 41
    everywhere = [revision.content for revision in Revision.objects.all()]
    everywhere += [vars(page), vars(PublishedCandidacy.objects.get())]
    assert not re.search(r"hortensia@|1983", repr(everywhere))


def test_again_nothing_is_written(bring_register_in, file_of, database_print) -> None:
    path = file_of(REGISTRY)
    bring_register_in(path)
    before = database_print()

    assert bring_register_in(path).unchanged == 1
    assert database_print() == before


def test_a_new_address_is_written_without_a_revision(bring_register_in, file_of) -> None:
    bring_register_in(file_of(REGISTRY))

    report = bring_register_in(file_of(REGISTRY, {"correo": "nuevo@example.org"}))

    assert report.updated == 1
    assert Person.objects.get().email == "nuevo@example.org"
    assert Revision.objects.for_instance(CandidacyPage.objects.get()).count() == 1


def test_a_coalition_says_which_party_captures(bring_register_in, file_of) -> None:
    bring_register_in(
        file_of(
            REGISTRY,
            {
                "actor": "Alianza Ciudadana por la Seguridad",
                "partido_responsable": "Unidad Democrática de Coahuila",
            },
        )
    )

    page = CandidacyPage.objects.get()
    assert (page.actor.kind, page.responsible_actor.acronym) == ("coalicion", "UDC")


@pytest.mark.parametrize(
    "column",
    ["accion_afirmativa", "Acción Afirmativa", "ACCIONES AFIRMATIVAS", "accion_afirmativa_grupo"],
)
def test_affirmative_action_is_refused_with_the_reason(bring_register_in, file_of, column) -> None:
    report = bring_register_in(file_of({**REGISTRY, column: "x"}))

    (error,) = report.errors
    assert (error.row, error.column) == (1, column)
    assert "cifrada" in error.problem
    assert not CandidacyPage.objects.exists()


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("nombre", "", "vacía"),
        ("cargo", "virrey", "no es un cargo"),
        ("principio", "azar", "no es un principio"),
        ("tipo", "invitada", "propietaria o suplente"),
        ("numero_lista", "dos", "no es un número"),
        ("actor", "", "vacía"),
        ("municipio_clave", "99999", "no es la clave"),
        ("municipio_clave", "", "vacía"),
        ("sexo", "quizá", "no es mujer"),
        ("fecha_nacimiento", "31/02/1980", "no es una fecha"),
        ("fecha_nacimiento", "2020-01-01", "años"),
        ("correo", "sin arroba", "no es un correo"),
    ],
)
def test_every_wrong_cell_is_named(bring_register_in, file_of, column, value, words) -> None:
    report = bring_register_in(file_of(REGISTRY, {}, {column: value}))

    (error,) = report.errors
    assert (error.row, error.column) == (3, column)
    assert words in error.problem
    assert not CandidacyPage.objects.exists()


def test_a_key_that_lost_its_zero_in_a_spreadsheet_is_understood(
    bring_register_in, file_of
) -> None:
    assert bring_register_in(file_of(REGISTRY, {"municipio_clave": "5033"})).errors == []


def test_a_header_that_lacks_columns_says_which(bring_register_in, file_of) -> None:
    sample = {key: value for key, value in REGISTRY.items() if key not in {"tipo", "actor"}}

    (error,) = bring_register_in(file_of(sample)).errors

    assert error.problem == "Al encabezado le falta tipo, actor."


def test_the_example_of_the_manual_comes_in(bring_register_in, tmp_path: Path) -> None:
    text = MANUAL.read_text(encoding="utf-8")
    example = re.search(r"```csv\n(.*?)```", text, re.DOTALL)
    assert example is not None
    path = tmp_path / "ejemplo.csv"
    path.write_text(example[1], encoding="utf-8")

    report = bring_register_in(path)

    assert (report.errors, report.warnings) == ([], [])
    assert report.created == len(list(csv.DictReader(example[1].splitlines()))) == 5
    for column in COLUMNS:
        assert f"`{column}`" in text
