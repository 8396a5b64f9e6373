"""A candidacy, and the liaison of a party who has accepted the privacy notice."""

import io
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from PIL import Image

from cms.questionnaires.definitions import Definition
from cms.questionnaires.dossiers import open_dossier
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.loading import shipped_definitions
from cms.questionnaires.photographs import Encoded, encode_own


def shipped(version: str) -> dict[str, Any]:
    """The content of a definition that ships; a test may change it."""
    return next(content for content in shipped_definitions() if content["version"] == version)


def a_picture(size: tuple[int, int] = (480, 600), kind: str = "JPEG", **options: Any) -> io.BytesIO:
    """A picture with some texture, so that it takes more bytes than a flat colour."""
    file = io.BytesIO()
    picture = Image.radial_gradient("L").resize(size).convert(options.pop("mode", "RGB"))
    picture.save(file, kind, **options)
    file.seek(0)
    return file


@cache
def _encoded_picture() -> Encoded:
    """The picture as the site keeps it. Tests of uploads send one through the whole way."""
    return encode_own(a_picture().getvalue())


@pytest.fixture
def curricular() -> Definition:
    return Definition.from_content(shipped("curricular-2024"))


@pytest.fixture
def official() -> Definition:
    return Definition.from_content(shipped("ine-2022"))


@pytest.fixture
def candidacy(make_candidacy: Callable[..., Any]) -> Any:
    return make_candidacy()


@pytest.fixture
def party(liaison: Any) -> Any:
    """The liaison who captures and has accepted the privacy notice."""
    from cms.privacy import selectors, services

    notice = selectors.notice_in_force()
    assert notice is not None
    services.accept_notice(user=liaison, notice_hash=selectors.notice_hash(notice))
    return liaison


@pytest.fixture
def captured(candidacy: Any, party: Any, complete_answers: dict[str, Any]) -> Any:
    """A complete draft with its photograph, ready to be sent."""
    from cms.questionnaires import services

    services.save_draft(
        candidacy=candidacy, kind=CURRICULAR, changes=complete_answers, version=None, user=party
    )
    with open_dossier(candidacy=candidacy, kind=CURRICULAR, user=party) as opened:
        opened.put_photograph(_encoded_picture())
    return candidacy


@pytest.fixture
def submission(captured: Any, party: Any) -> Any:
    from cms.questionnaires import services

    return services.submit_questionnaire(
        candidacy=captured, kind=CURRICULAR, user=party, version=None
    )
