"""What was published before an upgrade is read as what is published after it, and stays itself."""

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
    """Answers without how they are read, no facets, nothing said of what is asked."""
    told = ("pregunta", "etiqueta", "seccion", "tipo", "respuesta", "valor")
    PublishedCandidacy.objects.filter(pk=row.pk).update(
        answers=[{name: one[name] for name in told if name in one} for one in row.answers],
        facet_values={},
        facet_labels={},
        version=7,
    )
    PublishedQuestionnaire.objects.all().delete()
    for stored in QuestionnaireDefinition.objects.all():
        QuestionnaireDefinition.objects.filter(pk=stored.pk).update(
            content=asked_part(stored.content)
        )
    forget_parsed()


def stored_rows() -> list[dict[str, Any]]:
    """Every column of every public row that a form could show, and when it was written."""
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


def test_an_older_row_is_read_as_a_new_one_and_its_version_and_date_stay(
    published: PublishedCandidacy, django_assert_num_queries: Any
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
    with django_assert_num_queries(13) as captured:
        follow_definitions()
    writes = ("INSERT", "UPDATE", "DELETE")
    assert [one["sql"] for one in captured if one["sql"].startswith(writes)] == []
    assert stored_rows() == before


def test_a_version_that_staff_wrote_is_read_as_before_and_can_be_taken_back(
    published: PublishedCandidacy,
) -> None:
    content = deepcopy(next(one for one in shipped_definitions() if one["kind"] == "curricular"))
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


def test_what_a_process_asks_is_said_when_its_version_is_chosen(process: Any) -> None:
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
