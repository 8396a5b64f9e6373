"""The size of drafts is limited, no text is cut, and lists do not load the answers."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.capture.own_list import own_list
from cms.questionnaires import services
from cms.questionnaires.definitions import Definition
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.models import Draft, ProcessQuestionnaire
from cms.questionnaires.sizes import MOST_ITEMS, AnswersTooLarge, storable

pytestmark = pytest.mark.django_db


def limit(definition: Definition, key: str) -> int:
    return max(4 * definition.question(key).max_length, 2000)


def test_a_text_is_kept_whole_up_to_four_times_its_limit(curricular: Definition) -> None:
    most = limit(curricular, "historia_profesional")
    assert storable({"historia_profesional": "a" * most}, curricular) == {
        "historia_profesional": "a" * most
    }
    with pytest.raises(AnswersTooLarge) as refused:
        storable({"historia_profesional": "a" * (most + 1), "propuesta_1": "Agua"}, curricular)
    (problem,) = refused.value.problems
    assert (problem.question, problem.code) == ("historia_profesional", "too_large")
    assert f"aquí se guardan hasta {most:,}" in problem.message
    assert "Acórtalo" in problem.message


def test_the_number_of_records_of_a_list_and_the_length_of_each_are_limited(
    curricular: Definition,
) -> None:
    assert storable({"cursos": ["Curso"] * MOST_ITEMS}, curricular)
    for cursos in (["Curso"] * (MOST_ITEMS + 1), ["a" * (limit(curricular, "cursos") + 1)]):
        with pytest.raises(AnswersTooLarge):
            storable({"cursos": cursos}, curricular)


def test_a_long_text_is_refused_as_the_answer_to_an_option(curricular: Definition) -> None:
    with pytest.raises(AnswersTooLarge):
        storable({"grado_estudios": "a" * 5_000_000}, curricular)


def test_a_refused_save_writes_nothing(candidacy: Any, party: Any) -> None:
    save = {"candidacy": candidacy, "version": None, "user": party}
    services.save_draft(kind=CURRICULAR, changes={"propuesta_1": "Agua"}, **save)
    with pytest.raises(AnswersTooLarge):
        services.save_draft(
            kind=CURRICULAR, changes={"propuesta_1": "a" * 5_000_000, "propuesta_2": "b"}, **save
        )
    assert Draft.objects.get().answers == {"propuesta_1": "Agua"}


def test_the_size_of_the_whole_draft_is_limited(
    candidacy: Any, party: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("cms.questionnaires.sizes.LONGEST_DRAFT", 3000)
    save = {"candidacy": candidacy, "version": None, "user": party}
    services.save_draft(kind=CURRICULAR, changes={"propuesta_1": "a" * 2000}, **save)
    with pytest.raises(AnswersTooLarge, match="entero"):
        services.save_draft(kind=CURRICULAR, changes={"propuesta_2": "a" * 1001}, **save)
    assert "propuesta_2" not in Draft.objects.get().answers


def test_the_section_shows_the_typed_text_and_says_that_it_is_too_long(
    client: Any, candidacy: Any, party: Any
) -> None:
    client.force_login(party, backend="django.contrib.auth.backends.ModelBackend")
    typed = "palabra " * 9000
    address = f"/captura/{candidacy.pk}/propuestas/"
    data = {"propuesta_1": typed, "version": "0", "siguiente": "1"}
    response = client.post(address, data)
    content = response.content.decode()
    assert response.status_code == 422
    assert typed.strip() in content
    assert "Acórtalo y guarda de nuevo" in content
    saved = client.post(f"{address}guardar/", data, headers={"HX-Request": "true"})
    assert "Acórtalo y guarda de nuevo" in saved.content.decode()
    assert not Draft.objects.exists()


def test_the_list_of_a_party_never_loads_answers(captured: Any, party: Any) -> None:
    with CaptureQueriesContext(connection) as asked:
        (row,) = own_list(party).rows
    assert row.progress.endswith("apartados")
    assert not row.progress.startswith("0 ")
    wanted = '"questionnaires_draft"."answers"'
    assert not [query["sql"] for query in asked.captured_queries if wanted in query["sql"]]


def test_progress_is_counted_again_when_the_questionnaire_changes(
    captured: Any, party: Any
) -> None:
    (before,) = own_list(party).rows
    ProcessQuestionnaire.objects.update(counting_rule="con_espacios")
    Draft.objects.update(sections_done=0)
    (after,) = own_list(party).rows
    assert after.progress == before.progress


def test_the_validators_queue_never_loads_the_answers(submission: Any, validator: Any) -> None:
    from cms.moderation.selectors import queue

    with CaptureQueriesContext(connection) as asked:
        assert len(queue(validator)) == 1
    (query,) = asked.captured_queries
    assert "sealed_bytes" not in query["sql"]
    assert "answers" not in query["sql"]
