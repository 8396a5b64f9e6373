"""«Pedir asesoría»: it reaches the institute, is answered, and is read by nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from cms.accounts.services import create_liaison, create_staff
from cms.capture.advice import selectors, services
from cms.capture.advice.permissions import DoesNotAnswer
from cms.capture.models import AdviceMessage, AdviceRequest
from cms.notifications.models import Notification
from tests.moderation.samples import accept_notice_in_force
from tests.notifications.conftest import mailbox  # noqa: F401
from tests.notifications.test_observed import work_off

pytestmark = pytest.mark.django_db
ASK = "/captura/asesorias/nueva/"
WORDS = "¿Puedo poner mi apodo? <b>Soy</b> Ñandú 🦉"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def asker(liaison: Any) -> Any:
    accept_notice_in_force(liaison)
    return liaison


@pytest.fixture
def ready(client: Any, asker: Any) -> Any:
    client.force_login(asker, backend=BACKEND)
    return client


@pytest.fixture
def staff(db: None) -> Any:
    return create_staff(username="transparencia", role="instancia_interna", password="palabra-1")


@pytest.fixture
def asked(asker: Any, make_candidacy: Any) -> AdviceRequest:
    return services.ask(user=asker, topic="otro", message=WORDS, candidacy=make_candidacy())


def conversation(asked: AdviceRequest) -> str:
    return reverse("capture:advice_conversation", args=[asked.pk])


def desk(asked: AdviceRequest) -> str:
    return reverse("advice:conversation", args=[asked.pk])


def seen(asked: AdviceRequest) -> int:
    return asked.messages.last().pk


def test_from_a_step_the_question_says_which_step(ready: Any, make_candidacy: Any) -> None:
    candidacy = make_candidacy()
    step = reverse("capture:section", args=[candidacy.pk, "propuestas"])
    assert f"{ASK}?candidatura={candidacy.pk}&amp;paso=propuestas" in (
        ready.get(step).content.decode()
    )
    data = {"tema": "respuestas", "mensaje": WORDS, "candidatura": candidacy.pk}
    answer = ready.post(ASK, {**data, "paso": "propuestas"})

    asked = AdviceRequest.objects.get()
    assert answer["Location"] == conversation(asked)
    assert (asked.candidacy_id, asked.step) == (candidacy.pk, "Propuestas")
    page = ready.get(conversation(asked)).content.decode()
    assert "¿Puedo poner mi apodo? &lt;b&gt;Soy&lt;/b&gt; Ñandú 🦉" in page
    assert "en el paso «Propuestas»" in page


def test_what_was_typed_stays_when_something_is_missing(ready: Any, process: Any) -> None:
    answer = ready.post(ASK, {"tema": "", "mensaje": WORDS})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error: Pedir asesoría" in page
    assert 'href="#tema"' in page
    assert "apodo? &lt;b&gt;" in page
    assert ready.post(ASK, {"tema": "otro", "mensaje": " \u200b\n"}).status_code == 422
    long = ready.post(ASK, {"tema": "otro", "mensaje": "a" * 3001})
    assert "tiene 3,001 caracteres; caben 3,000" in long.content.decode()
    assert not AdviceRequest.objects.exists()


def test_nothing_is_stored_before_the_notice_is_accepted(client: Any, liaison: Any) -> None:
    client.force_login(liaison, backend=BACKEND)
    assert client.get(ASK)["Location"].startswith("/captura/aviso/")
    answer = client.post(ASK, {"tema": "otro", "mensaje": WORDS})
    assert answer.status_code == 409
    assert 'name="escrito"' in answer.content.decode(), "the form is carried along"
    assert not AdviceRequest.objects.exists()


def test_another_account_that_captures_the_same_candidacy_does_not_find_it(
    client: Any, asked: AdviceRequest, actor: Any, other_liaison: Any
) -> None:
    colleague = create_liaison(username="enlace.pd.dos", actors=[actor], password="palabra-2")
    for account in (colleague, other_liaison):
        accept_notice_in_force(account)
        client.force_login(account, backend=BACKEND)
        assert client.get(conversation(asked)).status_code == 404
        assert client.post(conversation(asked), {"mensaje": "Hola"}).status_code == 404
        assert WORDS[:10] not in client.get("/captura/asesorias/").content.decode()
    foreign = {"tema": "otro", "mensaje": "Hola", "candidatura": asked.candidacy_id}
    assert client.post(ASK, foreign).status_code == 404
    assert AdviceMessage.objects.count() == 1


def test_pressed_twice_it_is_one_question(ready: Any, process: Any) -> None:
    places = {ready.post(ASK, {"tema": "otro", "mensaje": WORDS})["Location"] for _n in range(2)}
    assert len(places) == 1
    assert AdviceMessage.objects.count() == 1


def test_a_flood_is_stopped_and_what_was_typed_stays(ready: Any, asker: Any) -> None:
    for number in range(services.MOST_WAITING):
        services.ask(user=asker, topic="otro", message=f"Duda {number}")
    answer = ready.post(ASK, {"tema": "otro", "mensaje": WORDS})
    assert answer.status_code == 429
    assert "Ya tienes 5 preguntas en espera" in answer.content.decode()
    assert "Ñandú 🦉</textarea>" in answer.content.decode()
    first = AdviceRequest.objects.last()
    for number in range(services.MOST_IN_AN_HOUR - services.MOST_WAITING):
        assert ready.post(conversation(first), {"mensaje": f"Y {number}"}).status_code == 302
    assert ready.post(conversation(first), {"mensaje": "Otra"}).status_code == 429
    AdviceMessage.objects.update(written_at=timezone.now() - timedelta(hours=2))
    assert ready.post(conversation(first), {"mensaje": "Otra"}).status_code == 302


def test_the_institute_answers_and_the_asker_reads_it(
    ready: Any, client: Any, asked: AdviceRequest, asker: Any, staff: Any
) -> None:
    client.force_login(staff, backend=BACKEND)
    listed = client.get("/admin/asesorias/").content.decode()
    assert f"{asked.pk}. Otro tema" in listed
    assert "menos de una hora" in listed
    page = client.get(desk(asked)).content.decode()
    assert "&lt;b&gt;Soy&lt;/b&gt;" in page

    answer = {"respuesta": "Sí: escríbelo en «sobrenombre».", "visto": seen(asked)}
    assert client.post(desk(asked), {**answer, "respuesta": " "}).status_code == 422
    assert client.post(desk(asked), answer).status_code == 302
    assert client.post(desk(asked), answer).status_code == 302, "pressed twice"
    assert AdviceMessage.objects.count() == 2
    assert f"{asked.pk}. Otro tema" not in client.get("/admin/asesorias/").content.decode()

    client.force_login(asker, backend=BACKEND)
    assert "Sí: escríbelo en «sobrenombre»." in client.get(conversation(asked)).content.decode()
    assert selectors.answered(asker) == 1
    assert "Respondida" in client.get("/captura/asesorias/").content.decode()


def test_what_was_closed_opens_again_when_the_asker_writes(
    ready: Any, asked: AdviceRequest, staff: Any
) -> None:
    services.close(request_id=asked.pk, by=staff, seen=seen(asked))
    assert "cerró esta asesoría" in ready.get(conversation(asked)).content.decode()
    assert selectors.waiting() == (0, None)
    ready.post(conversation(asked), {"mensaje": "Sigo con la duda"})
    asked.refresh_from_db()
    assert (asked.is_closed, selectors.waiting()[0]) == (False, 1)


def test_an_answer_over_a_newer_message_is_not_sent_and_not_lost(
    client: Any, asked: AdviceRequest, asker: Any, staff: Any
) -> None:
    before = seen(asked)
    services.write_on(user=asker, request_id=asked.pk, message="Ya encontré dónde.")
    client.force_login(staff, backend=BACKEND)
    answer = client.post(desk(asked), {"respuesta": "Mi respuesta larga", "visto": before})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Mi respuesta larga</textarea>" in page
    assert "Ya encontré dónde." in page
    with pytest.raises(services.AdviceMoved):
        services.close(request_id=asked.pk, by=staff, seen=before)
    assert AdviceMessage.objects.filter(is_of_institute=True).count() == 0


@pytest.mark.parametrize("role", ["revision_curricular", "comunicacion", "consulta"])
def test_other_roles_neither_read_nor_answer(client: Any, asked: AdviceRequest, role: str) -> None:
    other = create_staff(username="otra.cuenta", role=role)
    client.force_login(other, backend=BACKEND)
    for path in ("/admin/asesorias/", desk(asked), reverse("advice:close", args=[asked.pk])):
        assert client.get(path).status_code in {302, 403}
        assert WORDS[:8] not in client.get(path, follow=True).content.decode()
        client.post(path, {"respuesta": "No", "visto": seen(asked)})
    with pytest.raises(DoesNotAnswer):
        services.answer(request_id=asked.pk, by=other, message="No", seen=seen(asked))
    asked.refresh_from_db()
    assert (AdviceMessage.objects.count(), asked.is_closed) == (1, False)


def test_the_list_asks_the_same_of_the_database_for_one_and_for_thirty(
    client: Any, asked: AdviceRequest, asker: Any, staff: Any, django_assert_num_queries: Any
) -> None:
    client.force_login(staff, backend=BACKEND)
    client.get("/admin/asesorias/")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as of_one:
        client.get("/admin/asesorias/")
    snapshot = asked.asker_snapshot
    AdviceRequest.objects.bulk_create(
        AdviceRequest(
            account=asker,
            asker_snapshot=snapshot,
            candidacy=asked.candidacy,
            topic="foto",
            waits_since=timezone.now(),
        )
        for _number in range(30)
    )
    with django_assert_num_queries(len(of_one)):
        client.get("/admin/asesorias/")


def test_mail_tells_the_institute_only_a_number_and_brings_the_answer(
    asker: Any,
    staff: Any,
    make_candidacy: Any,
    mailbox: Any,  # noqa: F811
) -> None:
    asker.email, staff.email = "enlace@partido.example", "transparencia@instituto.example"
    asker.save()
    staff.save()
    candidacy = make_candidacy()
    asked = services.ask(user=asker, topic="foto", message=WORDS, candidacy=candidacy)
    assert work_off() == [True]
    (letter,) = mailbox.messages
    text = str(letter["Subject"]) + letter.get_payload(decode=True).decode()
    assert f"/admin/asesorias/{asked.pk}/" in text
    assert "apodo" not in text
    assert candidacy.name not in text
    assert mailbox.letters[0].rcpt_tos == [staff.email]

    services.answer(request_id=asked.pk, by=staff, message="Sube otra.", seen=seen(asked))
    assert work_off() == [False, True]
    assert mailbox.letters[1].rcpt_tos == [asker.email]
    text = mailbox.messages[1].get_payload(decode=True).decode()
    assert "Sube otra." in text
    assert f"/captura/asesorias/{asked.pk}/" in text
    assert {(row.kind, row.recipient) for row in Notification.objects.all()} == {
        ("asesoria_pedida", staff.pk),
        ("asesoria_respondida", asker.pk),
    }


def test_a_permission_that_staff_take_away_is_gone(asked: AdviceRequest, staff: Any) -> None:
    group = staff.groups.get()
    group.permissions.remove(Permission.objects.get(codename="change_advicerequest"))
    with pytest.raises(DoesNotAnswer):
        services.answer(
            request_id=asked.pk,
            by=type(staff).objects.get(pk=staff.pk),
            message="No",
            seen=seen(asked),
        )
