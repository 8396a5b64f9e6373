"""«Usar mis respuestas»: only one's own, nothing overwritten unasked, and all of it said."""

from typing import Any

import pytest

from cms.accounts.models import User
from cms.accounts.services import create_staff
from cms.candidacies import people
from cms.candidacies.services import give_own_account
from cms.capture import copying
from cms.capture.selectors import asked_of, capture_of
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.models import (
    Draft,
    ProcessQuestionnaire,
    QuestionnaireDefinition,
    Submission,
)
from cms.questionnaires.services import save_draft
from tests.moderation.samples import *  # noqa: F403
from tests.moderation.samples import accept_notice_in_force, send

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def internal(db: None) -> User:
    return create_staff(username="transparencia", role="instancia_interna", password="palabra-1")


@pytest.fixture
def other(make_candidacy: Any, other_actor: Any) -> Any:
    """A later candidacy of the same person, of another party."""
    return make_candidacy(actor=other_actor, office="regiduria", list_number=1)


@pytest.fixture
def linked(candidacy: Any, other: Any, complete_answers: Any, party: Any, internal: User) -> Any:
    """What was sent in the first candidacy, whose person staff linked with the later one."""
    sent = send(candidacy, complete_answers, party)
    people.link(candidacy_id=other.pk, same_as=candidacy.pk, by=internal, because="Acta")
    return sent


@pytest.fixture
def candidate(client: Any, other: Any) -> User:
    """The account of the later candidacy, signed in."""
    account: User = give_own_account(candidacy=other, username="nube-42", by=None)
    accept_notice_in_force(account)
    client.force_login(account, backend=BACKEND)
    return account


def address(candidacy: Any) -> str:
    return f"/captura/{candidacy.pk}/copiar/"


def test_the_answers_come_into_a_new_draft_with_the_photograph_only_if_asked(
    client: Any, linked: Any, candidate: User, other: Any, complete_answers: Any
) -> None:
    assert address(other) in client.get("/captura/").content.decode()
    page = client.get(address(other))
    assert page.status_code == 200
    data = {"copiar": ["propuesta_1", "cursos", "grado_estudios", "inventada"], "version": "0"}
    answer = client.post(address(other), data, follow=True)
    assert "Se copiaron 3 respuestas." in answer.content.decode()
    draft = Draft.objects.get(questionnaire__candidacy=other)
    assert draft.answers == {
        key: complete_answers[key] for key in ("propuesta_1", "cursos", "grado_estudios")
    }
    assert Submission.objects.count() == 1, "nothing is sent by itself"

    other.refresh_from_db()
    client.post(address(other), {"con_retrato": "si"})
    draft.refresh_from_db()
    question = capture_of(asked_of(other, CURRICULAR)).in_use.definition.photograph
    copied = draft.questionnaire.photographs.get()
    assert draft.answers[question.key] == str(copied.pk)
    assert copied.sha256 == linked.questionnaire.photographs.get().sha256


def test_what_was_typed_stays_unless_it_is_ticked(
    client: Any, linked: Any, candidate: User, other: Any, complete_answers: Any
) -> None:
    other.refresh_from_db()
    changes = {"propuesta_1": "Lo mío <b>", "propuesta_2": complete_answers["propuesta_2"]}
    save_draft(candidacy=other, kind=CURRICULAR, changes=changes, version=None, user=candidate)
    page = client.get(address(other)).content.decode()
    assert "Lo mío &lt;b&gt;" in page
    assert 'value="propuesta_1"><span>Copiarla y quitar lo que escribí aquí' in page
    assert 'value="motivo_cargo" checked' in page
    assert "1 respuesta ya está igual aquí." in page
    client.post(address(other), {"copiar": ["motivo_cargo"], "version": "1"})
    assert Draft.objects.get(questionnaire__candidacy=other).answers["propuesta_1"] == "Lo mío <b>"
    stale = client.post(address(other), {"copiar": ["motivo_cargo", "propuesta_1"], "version": "0"})
    assert stale.status_code == 409
    assert 'value="propuesta_1" checked' in stale.content.decode()
    assert client.post(address(other), {}).status_code == 422


def test_what_the_new_version_does_not_take_is_said(
    linked: Any, other: Any, process: Any, complete_answers: Any
) -> None:
    stored = QuestionnaireDefinition.objects.get(version="curricular-2024")
    content = {**stored.content, "version": "curricular-prueba"}
    sections = []
    for section in content["sections"]:
        questions = [dict(one) for one in section["questions"] if one["key"] != "motivo_cargo"]
        for one in questions:
            if one["key"] == "propuesta_1":
                one["max_length"] = 290
            if one["key"] == "grado_estudios":
                one["options"] = [
                    option for option in one["options"] if option["value"] != "licenciatura"
                ]
        sections.append({**section, "questions": questions})
    version = QuestionnaireDefinition(content={**content, "sections": sections})
    version.full_clean(exclude=["kind", "version", "title"])
    version.save()
    ProcessQuestionnaire.objects.filter(process=process).update(definition=version)
    other.refresh_from_db()
    capture = capture_of(asked_of(other, CURRICULAR))
    copy = copying.copy_of(
        capture, copying.source_of(capture.asked, linked.questionnaire.candidacy)
    )
    assert [one.why for one in copy.left_out] == [
        "La opción «Licenciatura» ya no está: elige otra al responder.",
        "Esta pregunta ya no se hace.",
    ]
    (limited,) = [one for one in copy.offered if one.problem]
    assert limited.question.key == "propuesta_1"
    assert "290" in limited.problem
    assert "correo_aclaraciones" not in copy.values


def test_nobody_copies_from_another_person_or_from_a_party_that_is_not_theirs(
    client: Any, linked: Any, other: Any, other_liaison: Any, party: Any, candidate: User
) -> None:
    accept_notice_in_force(other_liaison)
    client.force_login(other_liaison, backend=BACKEND)
    assert client.get(address(other)).status_code == 404, "captures only one of both"
    client.force_login(party, backend=BACKEND)
    assert client.get(address(other)).status_code == 404
    assert client.get(address(linked.questionnaire.candidacy)).status_code == 404
    other.refresh_from_db()
    capture = capture_of(asked_of(other, CURRICULAR))
    source = copying.source_of(capture.asked, linked.questionnaire.candidacy)
    with pytest.raises(copying.NothingToCopy):
        copying.copy_answers(
            capture=capture,
            source=source,
            keys=["propuesta_1"],
            with_photograph=True,
            version=0,
            user=other_liaison,
        )
    assert not Draft.objects.filter(questionnaire__candidacy=other).exists()


def test_without_a_link_of_staff_the_same_name_is_not_the_same_person(
    client: Any, candidacy: Any, other: Any, complete_answers: Any, party: Any, candidate: User
) -> None:
    send(candidacy, complete_answers, party)
    assert client.get(address(other)).status_code == 404
    assert "copiar/" not in client.get("/captura/").content.decode()


def test_staff_link_and_separate_with_a_reason_that_stays_in_the_history(
    client: Any, candidacy: Any, other: Any, superuser: Any, validator: Any, communicator: Any
) -> None:
    path, record = (
        f"/admin/candidaturas/{other.pk}/persona/",
        f"/admin/candidaturas/{other.pk}/",
    )
    for account in (validator, communicator):
        client.force_login(account, backend=BACKEND)
        assert client.get(path).status_code in {302, 403}
        client.post(path, {"otra": candidacy.pk, "porque": "x"})
    client.force_login(superuser, backend=BACKEND)
    assert f'value="{candidacy.pk}"' in client.get(path).content.decode(), "the same name"
    assert client.post(path, {"otra": candidacy.pk, "porque": " "}).status_code == 422
    assert client.post(path, {"otra": "999999", "porque": "x"}).status_code == 422
    first, last = candidacy.person_id, other.person_id
    assert client.post(path, {"otra": candidacy.pk, "porque": "Acta 7"}).status_code == 302
    candidacy.refresh_from_db()
    assert candidacy.person_id == last, "the contact that was registered last is kept"
    assert "Acta 7" in client.get(record).content.decode()
    assert client.post(path, {"otra": candidacy.pk, "porque": "x"}).status_code == 422, "twice"

    undo = f"/admin/candidaturas/{candidacy.pk}/persona/"
    assert client.post(undo, {"separar": "1", "porque": "Error"}).status_code == 302
    candidacy.refresh_from_db()
    assert candidacy.person_id == first


def test_people_born_on_different_days_are_not_linked(make_candidacy: Any, internal: User) -> None:
    from datetime import date

    one, two = (
        make_candidacy(name="Misma Persona", birth_date=date(1980, 1, day)) for day in (1, 2)
    )
    with pytest.raises(people.NotLinked):
        people.link(candidacy_id=one.pk, same_as=two.pk, by=internal, because="Acta")
