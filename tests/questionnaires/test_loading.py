"""A version that ships is loaded once, and corrected only while it has no answers."""

from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import call_command

from cms.questionnaires import checks, loading, selectors
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.loading import load_definitions
from cms.questionnaires.models import QuestionnaireDefinition
from tests.questionnaires.conftest import shipped

pytestmark = pytest.mark.django_db


@pytest.fixture
def changed_file(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The content of a file that the next release changed, for a version that is already stored."""
    content = shipped("curricular-2024")
    content["sections"][4]["questions"][0]["max_length"] = 900
    monkeypatch.setattr(loading, "shipped_definitions", lambda: [content, shipped("ine-2022")])
    return content


def stored(version: str = "curricular-2024") -> QuestionnaireDefinition:
    return QuestionnaireDefinition.objects.get(version=version)


def test_both_versions_are_stored_after_migrating() -> None:
    for version in ("curricular-2024", "ine-2022"):
        assert stored(version).content == shipped(version)


def test_loading_again_changes_nothing(django_assert_num_queries: Any) -> None:
    # The first query asks whether the tables exist; the second reads the stored versions.
    with django_assert_num_queries(2):
        load_definitions()


def test_a_corrected_file_is_loaded_while_the_version_has_no_answers(
    process: Any, changed_file: dict[str, Any]
) -> None:
    assert (
        selectors.definition_for(process=process, kind=CURRICULAR)
        .definition.question("propuesta_1")
        .max_length
        == 1600
    )

    load_definitions()

    assert stored().content == changed_file
    assert (
        selectors.definition_for(process=process, kind=CURRICULAR)
        .definition.question("propuesta_1")
        .max_length
        == 900
    )
    selectors.forget_parsed()


def test_a_version_with_answers_is_left_as_it_was_and_the_check_says_so(
    submission: Any, changed_file: dict[str, Any]
) -> None:
    load_definitions()

    assert stored().content != changed_file
    found = checks.versions_with_answers_are_unchanged(None, databases=["default"])
    assert [message.id for message in found] == ["questionnaires.E003"]
    assert "«curricular-2024»" in found[0].msg
    assert "versión nueva" in str(found[0].hint)


def test_the_checks_find_nothing_wrong_with_the_versions_that_ship(submission: Any) -> None:
    found = run_checks(databases=["default"])
    assert [message for message in found if str(message.id).startswith("questionnaires.")] == []


def test_two_files_of_the_same_version_or_a_broken_file_stop_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = {**shipped("ine-2022"), "counting_rule": "a_ojo"}
    files = [shipped("curricular-2024"), shipped("curricular-2024"), broken]
    monkeypatch.setattr(checks, "shipped_definitions", lambda: files)

    found = checks.shipped_definitions_are_usable(None)
    assert [message.id for message in found] == ["questionnaires.E002", "questionnaires.E001"]


def test_migrating_again_loads_nothing_twice() -> None:
    before = list(QuestionnaireDefinition.objects.values_list("pk", flat=True))
    call_command("migrate", "questionnaires", verbosity=0)
    assert list(QuestionnaireDefinition.objects.values_list("pk", flat=True)) == before


def test_a_stored_version_is_not_edited() -> None:
    version = stored()
    version.title = "Otro título"
    with pytest.raises(TypeError, match="haz una nueva"):
        version.save()
