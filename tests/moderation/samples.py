"""What the tests of the review share: submissions in several states, and accounts."""

import io
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

import pytest
from PIL import Image

from cms.candidacies.sealed import writing_as_service
from cms.catalogs.models import CandidacyState, EndCause
from cms.questionnaires.dossiers import open_dossier
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.photographs import encode_own


def a_portrait(colour: str = "#445566") -> io.BytesIO:
    """A picture large enough to be accepted."""
    file = io.BytesIO()
    Image.new("RGB", (480, 600), colour).save(file, "JPEG")
    file.seek(0)
    return file


@cache
def _encoded_portrait() -> Any:
    """The portrait as the site keeps it. Tests of uploads send one through the whole way."""
    return encode_own(a_portrait().getvalue())


def accept_notice_in_force(user: Any) -> None:
    """Accept the privacy notice in force for an account."""
    from cms.privacy import selectors, services

    notice = selectors.notice_in_force()
    assert notice is not None
    services.accept_notice(user=user, notice_hash=selectors.notice_hash(notice))


def send(candidacy: Any, answers: dict[str, Any], user: Any, *, portrait: bool = True) -> Any:
    """Capture a questionnaire, send it and start its review, as the party does."""
    from cms.moderation.services import start_review
    from cms.questionnaires import services

    services.save_draft(
        candidacy=candidacy, kind=CURRICULAR, changes=answers, version=None, user=user
    )
    if portrait:
        with open_dossier(candidacy=candidacy, kind=CURRICULAR, user=user) as opened:
            opened.put_photograph(_encoded_portrait())
    submission = services.submit_questionnaire(
        candidacy=candidacy, kind=CURRICULAR, user=user, version=None
    )
    start_review(submission=submission, by=user)
    return submission


@pytest.fixture
def party(liaison: Any) -> Any:
    """The liaison that captures and has accepted the privacy notice."""
    accept_notice_in_force(liaison)
    return liaison


@pytest.fixture
def colleague(validator: Any) -> Any:
    """Another reviewer, of the internal body."""
    from cms.accounts.services import create_staff

    return create_staff(
        username="revision.dos", role="instancia_interna", password="palabra-de-prueba-5"
    )


@pytest.fixture
def communicator(db: None) -> Any:
    """An account of Comunicación Social, which may edit every page of the tree."""
    from cms.accounts.services import create_staff

    return create_staff(
        username="comunica.uno", role="comunicacion", password="palabra-de-prueba-6"
    )


@pytest.fixture
def candidacy(make_candidacy: Callable[..., Any]) -> Any:
    return make_candidacy()


@pytest.fixture
def submission(candidacy: Any, complete_answers: dict[str, Any], party: Any) -> Any:
    """A complete questionnaire, sent and under review."""
    return send(candidacy, complete_answers, party)


@pytest.fixture
def observe() -> Callable[..., Any]:
    """A function that makes an observation; keyword arguments override the sample."""
    from cms.moderation.services import ObservationInput

    def make(question: str = "propuesta_1", **changes: str) -> Any:
        sample = {
            "reason": "lema",
            "passage": "segura y diaria",
            "text": "Quita el lema de campaña de la primera frase.",
        }
        return ObservationInput(question=question, **{**sample, **changes})

    return make


@pytest.fixture
def returned(submission: Any, validator: Any, observe: Callable[..., Any]) -> Any:
    """The same submission, returned with an observation."""
    from cms.moderation.services import return_submission

    return_submission(
        submission_id=submission.pk,
        seal=submission.seal,
        validator=validator,
        observations=[observe()],
    )
    submission.questionnaire.refresh_from_db()
    return submission


@pytest.fixture
def resent(returned: Any, complete_answers: dict[str, Any], party: Any) -> Any:
    """The next submission, in which the party corrected what was observed."""
    corrected = {
        "propuesta_1": complete_answers["propuesta_1"].replace("segura y diaria", "diaria")
    }
    return send(returned.questionnaire.candidacy, corrected, party, portrait=False)


@pytest.fixture
def end() -> Callable[[Any], None]:
    """A function that ends the candidacy of a submission."""

    def leave(submission: Any) -> None:
        candidacy = submission.questionnaire.candidacy
        candidacy.state = CandidacyState.ENDED
        candidacy.end_cause = EndCause.RESIGNATION
        candidacy.ended_on = date(2024, 5, 3)
        with writing_as_service():
            candidacy.save()

    return leave
