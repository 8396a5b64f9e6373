"""Rows published before an upgrade are read like newer rows, and keep their version and date."""

from collections.abc import Callable
from copy import deepcopy
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.forms import model_to_dict

from cms.publication.upgrading import follow_definitions
from cms.published.models import PublishedCandidacy, PublishedQuestionnaire
from cms.questionnaires.definitions import asked_part
from cms.questionnaires.loading import load_definitions, shipped_definitions
from cms.questionnaires.models import ProcessQuestionnaire, QuestionnaireDefinition
from cms.questionnaires.selectors import forget_parsed

MIGRATION = import_module("cms.questionnaires.migrations.0004_how_answers_are_read")


def as_the_first_commit_left_it(row: PublishedCandidacy) -> None:
    """Store a row and the definitions as they were before reading properties and facets existed."""
    stored_names = ("pregunta", "etiqueta", "seccion", "tipo", "respuesta", "valor")
    PublishedCandidacy.objects.filter(pk=row.pk).update(
        answers=[
            {name: answer[name] for name in stored_names if name in answer}
            for answer in row.answers
        ],
        facet_values={},
        facet_labels={},
        unanswered={},
        version=7,
    )
    PublishedQuestionnaire.objects.all().delete()
    for stored in QuestionnaireDefinition.objects.all():
        QuestionnaireDefinition.objects.filter(pk=stored.pk).update(
            content=asked_part(stored.content)
        )
    forget_parsed()


def stored_rows() -> list[dict[str, Any]]:
    """Every public row: the columns that a form can show, and when the row was written."""
    return [
        {**model_to_dict(row), "updated_at": row.updated_at, "pk": row.pk}
        for row in PublishedCandidacy.objects.order_by("pk")
    ]


@pytest.fixture
def published(make_candidacy: Callable[..., Any], publish: Callable[..., None]) -> Any:
    candidacy = make_candidacy()
    publish(candidacy)
    make_candidacy(name="Homero Junco Nogal", sex="hombre")
    yield PublishedCandidacy.objects.get(pk=candidacy.pk)
    forget_parsed()


def test_an_older_row_is_read_like_a_new_one_and_keeps_its_version_and_date(
    published: PublishedCandidacy,
) -> None:
    PublishedCandidacy.objects.update(version=7)
    before, asked = (
        stored_rows(),
        list(PublishedQuestionnaire.objects.values("version", "questions")),
    )
    as_the_first_commit_left_it(published)
    assert stored_rows() != before

    MIGRATION.say_how_answers_are_read(apps, None)
    load_definitions()
    follow_definitions()

    assert stored_rows() == before
    assert list(PublishedQuestionnaire.objects.values("version", "questions")) == asked


def test_following_definitions_again_writes_nothing(
    published: PublishedCandidacy, django_assert_num_queries: Any
) -> None:
    before = stored_rows()
    with django_assert_num_queries(14) as captured:
        follow_definitions()
    writes = ("INSERT", "UPDATE", "DELETE")
    assert [query["sql"] for query in captured if query["sql"].startswith(writes)] == []
    assert stored_rows() == before


def test_the_upgrade_of_a_version_that_staff_wrote_keeps_its_reading_and_can_be_undone(
    published: PublishedCandidacy,
) -> None:
    curricular = (shipped for shipped in shipped_definitions() if shipped["kind"] == "curricular")
    content = deepcopy(next(curricular))
    content["version"] = "propia-2027"
    content["sections"][4]["questions"].append(
        {"key": "propuesta_3", "label": "¿Y la tercera?", "kind": "texto_largo", "max_length": 900}
    )
    bare = asked_part(content)
    own = QuestionnaireDefinition.objects.create(
        kind="curricular", version="propia-2027", title="Propia", content=bare
    )

    MIGRATION.say_how_answers_are_read(apps, None)

    own.refresh_from_db()
    assert own.content == content
    MIGRATION.forget_how_answers_are_read(apps, None)
    own.refresh_from_db()
    assert own.content == bare


def test_choosing_the_version_of_a_process_publishes_its_questions(process: Any) -> None:
    assert list(
        PublishedQuestionnaire.objects.values_list("process", "kind", "version", "is_current")
    ) == [(process.pk, "curricular", "curricular-2024", True)]

    chosen = ProcessQuestionnaire.objects.get(process=process)
    chosen.definition = QuestionnaireDefinition.objects.get(version="ine-2022")
    chosen.save()

    assert set(PublishedQuestionnaire.objects.values_list("version", "is_current")) == {
        ("curricular-2024", False),
        ("ine-2022", True),
    }
