"""The document of a submission: accessible, the same again, verifiable, and only for its own."""

import hashlib
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cms.capture import documents
from cms.moderation.services import ObservationInput, return_submission
from tests.moderation.samples import *  # noqa: F403
from tests.moderation.samples import send
from tests.printed import text_of

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
NASTY = "Ñandú «x» #let a = 1 $b$ *c* _d_ @e <f> \\ 👩🏽‍🌾 漢字 שלום عربى\n\nOtra línea "


@pytest.fixture
def nasty(candidacy: Any, complete_answers: Any, party: Any) -> Any:
    """A submission with the longest texts, ten courses, and signs that are hard to print."""
    long = (NASTY * 200)[:5200]
    answers = {
        **complete_answers,
        "historia_profesional": long,
        "cursos": [f"Curso {number} <b>#x</b> שלום" for number in range(10)],
    }
    return send(candidacy, answers, party)


def test_it_has_what_was_asked_and_answered_then_and_is_the_same_again(
    nasty: Any,
) -> None:
    content = documents.pdf_of(nasty)
    assert b"pdfuaid:part>1<" in content
    assert content == documents.pdf_of(type(nasty).objects.get(pk=nasty.pk))
    text = text_of(content)
    assert "#let a = 1 $b$ *c* _d_ @e <f>" in text
    assert "Curso 9 <b>#x</b>" in text
    assert nasty.seal in text.replace(" ", "")
    assert nasty.notice_hash in text.replace(" ", "")
    assert f"{nasty.questionnaire.candidacy_id}-1" in text
    assert "aclaraciones@cenizo.example" not in text, "what only the institute sees"
    assert "Sin respuesta." in text


def test_anybody_can_compute_the_hash_from_the_sealed_file(
    nasty: Any, validator: Any, party: Any, tmp_path: Path
) -> None:
    return_submission(
        submission_id=nasty.pk,
        seal=nasty.seal,
        validator=validator,
        observations=[ObservationInput("propuesta_1", "lema", "Quita el lema.")],
    )
    words = "Otra propuesta sin lema para los ejidos del municipio. " * 8
    again = send(nasty.questionnaire.candidacy, {"propuesta_1": words}, party, portrait=False)
    for submission in (nasty, again):
        file = tmp_path / "envio.pdf"
        file.write_bytes(documents.pdf_of(submission))
        name = documents.sealed_file(submission).name
        subprocess.run(["pdfdetach", "-saveall", str(file)], cwd=tmp_path, check=True)
        attached = (tmp_path / name).read_bytes()
        whole = f"{submission.previous_seal}\n".encode() + attached
        assert hashlib.sha256(whole).hexdigest() == submission.seal


def test_only_those_who_capture_or_review_it_get_it(
    client: Any, nasty: Any, party: Any, other_liaison: Any, validator: Any, communicator: Any
) -> None:
    own = f"/captura/{nasty.questionnaire.candidacy_id}/acuse/1.pdf"
    sealed = own.replace(".pdf", "/sellado/")
    staff = f"/admin/envios/{nasty.pk}.pdf"
    answers = {
        "party": [200, 200, 403],
        "other": [404, 404, 403],
        "validator": [302, 302, 200],
        "communicator": [302, 302, 302],
    }
    accounts = [party, other_liaison, validator, communicator]
    for account, expected in zip(accounts, answers.values(), strict=True):
        client.force_login(account, backend=BACKEND)
        found = [client.get(path).status_code for path in (own, sealed, staff)]
        assert found == expected, account.username
    client.force_login(party, backend=BACKEND)
    answer = client.get(own)
    assert answer["Content-Disposition"].startswith('attachment; filename="acuse-')
    assert answer["Cache-Control"] == "private, no-store"
    assert client.get(own.replace("1.pdf", "2.pdf")).status_code == 404
    assert client.get(own.replace("1.pdf", f"{9**30}.pdf")).status_code == 404
    receipt = client.get(own.replace("1.pdf", "")).content.decode()
    assert own in receipt
