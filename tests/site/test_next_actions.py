"""The first page of the admin tells every role what it has to do next."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from cms.accounts.activation import make_links
from cms.accounts.services import create_staff
from cms.candidacies import terms
from cms.candidacies.models import CandidacyPage
from cms.candidacies.services import give_own_account
from cms.catalogs.models import PortalSettings, Process, ProcessOffice
from cms.imports.models import ImportRecord
from cms.notifications.models import Notification
from cms.portal.models import NewsPage
from conoceles_site.next_actions import steps_of
from conoceles_site.worker import retry_stalled_jobs
from tests.publication.newsroom import Newsroom, as_typed, stored_image

STAFF = ("administracion", "instancia_interna", "revision_curricular", "comunicacion")


def texts(user: Any) -> str:
    # The user is read again, as in each request: an instance caches its permissions.
    return "\n".join(step.text for step in steps_of(get_user_model().objects.get(pk=user.pk)))


def test_communication_is_told_of_drafts_schedules_missing_texts_and_the_contact(
    client: Client, process: Any
) -> None:
    press = create_staff(username="prensa", role="comunicacion")
    client.force_login(press)
    newsroom = Newsroom(client)
    newsroom.draft("Borrador", "borrador")
    live = newsroom.published("Debate", "debate")
    newsroom.edit(live, "Debate en Saltillo", "debate")
    moment = timezone.now() + timedelta(hours=2)
    newsroom.create("Luego", "luego", **{"action-publish": "1", "go_live_at": as_typed(moment)})
    image = stored_image("mesa")
    NewsPage.objects.filter(pk=live.pk).update(image=image)

    said = texts(press)

    assert "Hay 1 borrador sin publicar." in said
    assert "1 página publicada tiene cambios que el público todavía no ve." in said
    assert "1 publicación está programada: sale el" in said
    assert "1 noticia tiene una imagen sin texto alternativo." in said
    assert "Falta el contacto del Instituto" in said
    NewsPage.objects.get(slug="luego").revisions.update(
        approved_go_live_at=timezone.now() - timedelta(hours=1)
    )
    assert "1 publicación programada no salió" in texts(press)


def test_the_administration_is_told_what_a_process_lacks(process: Any, actor: Any) -> None:
    staff = create_staff(username="innovacion", role="administracion")
    portal = PortalSettings.load()
    portal.current_process = None
    portal.save()
    process.election_date = None
    process.save()
    ProcessOffice.objects.filter(process=process, office__code="regiduria").update(
        visible_from=None
    )
    ImportRecord.objects.create(
        process=process,
        command="import_conoceles",
        profile="ine-2022",
        source="candidaturas.csv",
        sha256="a" * 64,
        operator="innovacion",
        counts={"created": 3, "not_applied": 2},
    )

    said = texts(staff)

    assert "No elegiste el proceso vigente" in said
    assert "no tiene jornada electoral" in said
    assert "1 cargo no tiene fecha de publicación" in said
    assert "candidaturas.csv" in said
    assert "2 filas no se aplicaron" in said
    assert "Falta el contacto" in said
    portal.current_process = process
    portal.contact_email = "ayuda@instituto.example"
    portal.save()
    said = texts(staff)
    assert "1 actor político del proceso vigente no tiene una cuenta que capture." in said
    assert "Falta el contacto" not in said
    assert "es de otra entidad" not in said
    process.entity_code = "19"
    process.save()
    assert "El portal dice que es del «Instituto Electoral de Coahuila»" in texts(staff)


def test_who_hands_accounts_out_is_told_which_candidacies_have_none(
    process: Any, actor: Any, make_candidacy: Any
) -> None:
    """It waits for somebody only where candidacies have accounts at all."""
    staff = create_staff(username="transparencia", role="instancia_interna")
    first, second = make_candidacy(), make_candidacy()
    words = "{} del proceso vigente no {} cuenta propia."

    (told,) = [step for step in steps_of(staff) if "cuenta propia" in step.text]
    assert told.text == words.format("2 candidaturas", "tienen")
    assert not told.is_pending

    give_own_account(candidacy=first, username="nube-mesa-42", by=staff)
    (told,) = [step for step in steps_of(staff) if "cuenta propia" in step.text]
    assert told.text == words.format("1 candidatura", "tiene")
    assert told.is_pending

    give_own_account(candidacy=second, username="nube-mesa-43", by=staff)
    assert "cuenta propia" not in texts(staff)


def test_jobs_that_failed_or_wait_too_long_are_listed(process: Any, django_db_blocker: Any) -> None:
    from django.db import connection

    staff = create_staff(username="innovacion", role="administracion")
    # Its types are those of a coroutine without parameters.
    retry_stalled_jobs.defer(timestamp=0)  # type: ignore[call-arg]
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set scheduled_at = now() - interval '1 hour'")
    assert "1 tarea de fondo espera desde hace más de diez minutos." in texts(staff)
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'failed'")
    assert "1 tarea de fondo falló." in texts(staff)


@pytest.mark.parametrize("role", STAFF)
def test_each_role_may_open_every_link_of_its_first_page(
    client: Client, process: Any, actor: Any, role: str
) -> None:
    staff = create_staff(username="alguien", role=role)
    client.force_login(staff)

    page = client.get("/admin/")

    assert page.status_code == 200
    assert "Lo que sigue" in page.content.decode()
    for step in steps_of(staff):
        if step.address.startswith("/"):
            followed = client.get(step.address, follow=True)
            assert followed.status_code == 200, step
            assert followed.request["PATH_INFO"] != "/admin/", step


@pytest.mark.parametrize(
    ("role", "queries"),
    [
        ("administracion", 16),
        ("instancia_interna", 15),
        ("revision_curricular", 2),
        ("comunicacion", 6),
    ],
)
def test_the_list_costs_the_same_however_much_there_is(
    process: Any, actor: Any, role: str, queries: int, django_assert_num_queries: Any
) -> None:
    Process.objects.filter(pk=process.pk).update(election_date=date(2099, 6, 7))
    staff = create_staff(username="alguien", role=role)
    list(steps_of(staff))
    staff = get_user_model().objects.get(pk=staff.pk)

    with django_assert_num_queries(queries):
        list(steps_of(staff))


def step_that_says(user: Any, words: str) -> Any:
    """The step with these words; None if there is none."""
    return next((one for one in steps_of(user) if words in one.text), None)


@pytest.mark.parametrize("role", STAFF)
def test_doubtful_mail_leads_who_may_mend_it_to_the_accounts(
    client: Client, make_candidacy: Any, liaison: Any, process: Any, role: str
) -> None:
    staff = create_staff(username="alguien", role=role)
    doubted = give_own_account(candidacy=make_candidacy(), username="propia.uno", by=None)
    known = give_own_account(candidacy=make_candidacy(), username="propia.dos", by=None)
    liaison.set_unusable_password()
    liaison.save()
    links = make_links(users=[doubted, known, liaison], way="correo", at=timezone.now(), by=None)
    for link in links:
        outcome = "sent_at" if link.user_id == known.pk else "doubtful_at"
        Notification.objects.create(
            kind="activacion", about=link.pk, recipient=link.user_id, **{outcome: timezone.now()}
        )
    words = "no se sabe si llegó el correo de 1 cuenta"
    steps = [one for one in steps_of(staff) if words in one.text]

    if role not in ("administracion", "instancia_interna"):
        assert steps == []
        return
    client.force_login(staff)
    shown = [client.get(step.address).content.decode() for step in steps]
    assert [("propia.uno" in page, liaison.username in page) for page in shown] == [
        (True, False),
        (False, True),
    ]
    assert "propia.dos" not in shown[0]
    make_links(users=[doubted, liaison], way="papel", at=timezone.now(), by=None)
    assert step_that_says(staff, words) is None


@pytest.mark.parametrize("role", STAFF)
def test_terms_that_are_over_are_told_to_who_may_reopen_them(
    client: Client, make_candidacy: Any, process: Any, time_machine: Any, role: str
) -> None:
    begun = datetime(2024, 4, 1, 15, 0, tzinfo=UTC)
    Process.objects.filter(pk=process.pk).update(election_date=date(2024, 6, 2))
    late, ended = make_candidacy(name="Ana Lira"), make_candidacy(name="Berta Mora")
    terms.begin([late.pk, ended.pk], event=terms.StartEvent.ACCOUNT_DELIVERED, at=begun, by=None)
    CandidacyPage.objects.filter(pk=ended.pk).update(state="baja")
    staff = create_staff(username="alguien", role=role)
    words = "1 candidatura no ha enviado y su plazo ya terminó."

    time_machine.move_to(begun + timedelta(days=10), tick=False)
    assert step_that_says(staff, words) is None
    time_machine.move_to(begun + timedelta(days=40), tick=False)
    step = step_that_says(staff, words)

    assert (step is not None) == (role in ("administracion", "instancia_interna"))
    if step is not None:
        client.force_login(staff)
        assert ("Ana Lira" in client.get(step.address).content.decode()) == (
            role == "administracion"
        )
    time_machine.move_to(begun + timedelta(days=70), tick=False)
    assert step_that_says(staff, words) is None


def test_the_first_page_of_an_observer_is_the_progress(client: Client, process: Any) -> None:
    client.force_login(create_staff(username="comision", role="consulta"))

    page = client.get("/admin/", follow=True)

    assert page.request["PATH_INFO"] == "/admin/avance/"


@pytest.mark.parametrize("role", ["revision_curricular", "instancia_interna"])
def test_a_reviewer_is_not_told_that_nothing_waits(client: Client, process: Any, role: str) -> None:
    """The desk's own panel lists the submissions that wait for reviewers."""
    client.force_login(create_staff(username="alguien", role=role))

    assert "No tienes nada pendiente" not in client.get("/admin/").content.decode()
