"""Of a questionnaire with sensitive data, figures of few people are not broken down (ADR 0049)."""

import io
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from cms.questionnaires import kinds
from cms.questionnaires.models import Questionnaire, QuestionnaireState
from cms.reports import selectors, services, tables
from tests.second_kind.conftest import testimony  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def sensitive(testimony: Any, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: F811
    """The second kind of questionnaire, as one whose answers are sensitive."""
    made = replace(testimony, is_sensitive=True)
    monkeypatch.setitem(kinds.REGISTRY, made.key, made)
    return made


def table_of(process: Any, key: str) -> Any:
    parts = tables.parts(selectors.progress_of(process, at=timezone.now()))
    return next(table for part in parts for table in part.tables if table.key == key)


def titles(table: Any) -> set[str]:
    return {column.title for column in table.columns}


@pytest.fixture
def nine(make_candidacy: Any) -> list[Any]:
    """Five women and four men who stand for the same office."""
    return [
        make_candidacy(
            name=f"Persona {number}",
            office="regiduria",
            list_number=number,
            sex="mujer" if number <= 5 else "hombre",
        )
        for number in range(1, 10)
    ]


def begin(candidacy: Any, kind: Any) -> None:
    Questionnaire.objects.create(
        candidacy=candidacy,
        kind=kind.key,
        state=QuestionnaireState.CAPTURE,
        state_since=timezone.now(),
    )


def test_a_table_with_a_row_of_few_people_only_says_how_many_there_are(
    process: Any, sensitive: Any, nine: list[Any]
) -> None:
    begin(nine[0], sensitive)

    by_sex = table_of(process, "testimonio-sex")
    by_office = table_of(process, "testimonio-office")

    assert by_sex.rows == [["Mujer", 5, 0], ["Hombre", 4, 0]]
    assert by_sex.total == ["Total", 9, 0], "the other row follows from no total"
    assert "En captura" not in titles(by_sex)
    assert "hay menos de 5 personas" in by_sex.note
    assert "En captura" in titles(by_office)


def test_the_same_table_of_a_questionnaire_that_is_not_sensitive_is_broken_down(
    process: Any, sensitive: Any, nine: list[Any]
) -> None:
    assert "En captura" in titles(table_of(process, "curricular-sex"))


def test_with_few_people_in_all_nothing_is_said_of_what_they_did(
    process: Any, sensitive: Any, nine: list[Any]
) -> None:
    for one in nine[4:]:
        one.__class__.objects.filter(pk=one.pk).update(state="baja")
    begin(nine[0], sensitive)

    parts = tables.parts(selectors.progress_of(process, at=timezone.now()))
    part = next(part for part in parts if part.key == sensitive.key)

    assert [name for name, _words in part.facts] == [
        "Candidaturas registradas",
        "Bajas, que no se cuentan abajo",
    ]
    assert [table.rows for table in part.tables[:2]] == [[], []]


def test_no_names_are_downloaded_of_a_sensitive_questionnaire(
    process: Any, sensitive: Any, nine: list[Any], superuser: Any
) -> None:
    content = services.download_progress(process=process, user=superuser, at=timezone.now())

    sheets = load_workbook(io.BytesIO(content)).sheetnames
    assert [name for name in sheets if name.endswith("nombres")] == ["Curricular, nombres"]
