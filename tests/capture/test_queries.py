"""What capture asks of the database: the definition and the draft are read once per request."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms.moderation.models import Reason
from cms.moderation.services import ObservationInput, return_submission
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.services import attach_photograph, save_draft
from tests.moderation.samples import a_portrait, accept_notice_in_force, send

READ_ONCE = ("questionnaires_processquestionnaire", "questionnaires_draft")
TYPED = {"propuesta_1": "Un pozo nuevo en cada ejido.", "version": "1", "siguiente": "1"}


@pytest.fixture(autouse=True)
def known_types(db: None) -> None:
    """Load the content types, which Django remembers: earlier tests must not change the counts."""
    ContentType.objects.get_for_models(*apps.get_models())


@pytest.fixture
def ready(client: Any, liaison: Any) -> Any:
    """Signed in, and the notice accepted."""
    client.force_login(liaison, backend="django.contrib.auth.backends.ModelBackend")
    accept_notice_in_force(liaison)
    return client


@pytest.fixture
def begun(make_candidacy: Any, liaison: Any, ready: Any) -> Any:
    """A candidacy whose draft has an answer, in version 1."""
    candidacy = make_candidacy()
    save_draft(
        candidacy=candidacy,
        kind=CURRICULAR,
        changes={"propuesta_1": "Un pozo"},
        version=None,
        user=liaison,
    )
    return candidacy


def address(name: str, candidacy: Any, *key: str) -> str:
    return reverse(f"capture:{name}", args=[candidacy.pk, *key])


def asked(call: Any, path: str, data: dict[str, Any], status: int) -> tuple[int, dict[str, int]]:
    """How many queries a request makes, and how often it reads each table of READ_ONCE."""
    with CaptureQueriesContext(connection) as queries:
        assert call(path, data).status_code == status
    reads = {
        table: sum(bool(re.match(rf'SELECT .* FROM "{table}"', query["sql"])) for query in queries)
        for table in READ_ONCE
    }
    return len(queries), reads


ONCE = dict.fromkeys(READ_ONCE, 1)


def test_a_step_is_shown(ready: Any, begun: Any) -> None:
    assert asked(ready.get, address("section", begun, "propuestas"), {}, 200) == (10, ONCE)


def test_a_step_is_saved(ready: Any, begun: Any) -> None:
    step = address("section", begun, "propuestas")
    assert asked(ready.post, step, {**TYPED, "siguiente": ""}, 422) == (14, ONCE)
    assert asked(ready.post, step, {**TYPED, "version": "2"}, 422) == (13, ONCE), "unchanged"


def test_a_step_is_saved_with_its_photograph(ready: Any, begun: Any) -> None:
    upload = SimpleUploadedFile("yo.jpg", a_portrait().read(), content_type="image/jpeg")
    data = {"fotografia_archivo": upload, "quedarse": "1", "version": "1"}
    step = address("section", begun, "foto_contacto")
    assert asked(ready.post, step, data, 302) == (13, ONCE)


def test_what_is_typed_meanwhile_is_saved_as_the_button_saves_it(ready: Any, begun: Any) -> None:
    autosave = address("autosave", begun, "propuestas")
    assert asked(ready.post, autosave, TYPED, 200) == (12, ONCE)


def test_what_is_refused_reads_no_more(ready: Any, begun: Any) -> None:
    step = address("section", begun, "propuestas")
    assert asked(ready.post, step, {**TYPED, "version": "9"}, 409) == (14, ONCE)
    assert asked(ready.post, step, {**TYPED, "propuesta_1": "a" * 200_000}, 422) == (14, ONCE)


def test_the_review_is_shown(ready: Any, begun: Any) -> None:
    assert asked(ready.get, address("review", begun), {}, 200) == (10, ONCE)
    assert asked(ready.post, address("review", begun), {"confirmo": "si"}, 422) == (14, ONCE)


@pytest.fixture
def complete(begun: Any, complete_answers: Any, liaison: Any) -> Any:
    save_draft(
        candidacy=begun, kind=CURRICULAR, changes=complete_answers, version=None, user=liaison
    )
    attach_photograph(candidacy=begun, kind=CURRICULAR, user=liaison, file=a_portrait())
    return begun


def test_a_questionnaire_is_sent(ready: Any, complete: Any) -> None:
    review = address("review", complete)
    assert asked(ready.post, review, {"confirmo": "si"}, 302) == (87, ONCE)
    assert asked(ready.get, address("receipt", complete), {}, 200) == (9, {**ONCE, READ_ONCE[1]: 0})


def test_what_was_observed_is_corrected(
    ready: Any, make_candidacy: Any, complete_answers: Any, liaison: Any, validator: Any
) -> None:
    candidacy = make_candidacy()
    submission = send(candidacy, complete_answers, liaison)
    return_submission(
        submission_id=submission.pk,
        seal=submission.seal,
        validator=validator,
        observations=[ObservationInput("propuesta_1", Reason.choices[0][0], "Di en qué fecha.")],
    )
    step = address("section", candidacy, "propuestas")
    assert asked(ready.get, step, {}, 200) == (13, ONCE)
    corrected = {"propuesta_1": complete_answers["propuesta_1"] + " En enero.", "version": "100000"}
    assert asked(ready.post, step, corrected, 302) == (14, ONCE)
