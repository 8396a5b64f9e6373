"""Screens of the private side, with their errors, that no journey of the other tests reaches."""

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from cms.demo.roster import PROCESS_SLUG
from tests import own_database

pytestmark = pytest.mark.browser
LONG_NAME = "María Guadalupe de los Ángeles Concepción Montemayor y Villarreal de la Garza"
# Accounts whose delivery went wrong in each way, a run that failed, and a candidacy to end.
SCENE = f"""
import json
from datetime import timedelta
from uuid import uuid4
from django.utils import timezone
from cms.accounts import activation
from cms.accounts.activation_mail import NOTIFICATION
from cms.accounts.models import User
from django.db.models import Exists, OuterRef
from cms.candidacies.models import CandidacyPage, CandidateAccount
from cms.candidacies.own_accounts import generation
from cms.candidacies.own_accounts.models import AccountRun, Receipt
from cms.capture.models import AdviceMessage, AdviceRequest
from cms.catalogs.models import Process
from cms.questionnaires.services import snapshot_of
from cms.notifications.models import Notification
process, now = Process.objects.get(slug="{PROCESS_SLUG}"), timezone.now()
own = CandidateAccount.objects.filter(candidacy=OuterRef("pk"), revoked_at=None)
received = Receipt.objects.filter(candidacy=OuterRef("pk"))
free = CandidacyPage.objects.filter(process=process, state="activa", questionnaires=None)
free = free.filter(~Exists(own.exclude(user__password__startswith="!")), ~Exists(received))
ended, *chosen = free.select_related("person").order_by("-pk")[:5]
CandidacyPage.objects.filter(pk=chosen[0].pk).update(name="{LONG_NAME}")
# Another test may have made the accounts of all.
without = generation.without_account(process.pk).filter(pk__in=[one.pk for one in chosen])
generation.make_accounts(list(without.select_related("person")), at=now, by=None)
own = CandidateAccount.objects.filter(candidacy__in=chosen, revoked_at=None)
users = [one.user for one in own.select_related("user").order_by("-candidacy")]
def link(user, way, at):
    return activation.make_links(users=[user], way=way, at=at, by=None)[0]
def path(link):
    return "/acceso/activar/" + activation.code_of(link) + "/"
doubtful = link(users[0], "correo", now)
Notification.objects.create(
    kind=NOTIFICATION.key, about=doubtful.pk, recipient=users[0].pk, doubtful_at=now
)
expired = link(users[1], "papel", now - timedelta(days=60))
revoked = link(users[2], "papel", now)
activation.revoke_links(users=[users[2]], at=now, by=None)
superseded = link(users[3], "papel", now)
link(users[3], "papel", now)
run = AccountRun.objects.create(
    process=process, kind="correo", state="fallo", once=uuid4(), total=1234, done=800, skipped=12
)
asker = User.objects.get(username="enlace.pan")
advice = AdviceRequest.objects.create(
    account=asker, asker_snapshot=snapshot_of(asker), topic="foto", asked_at=now, waits_since=now
)
AdviceMessage.objects.create(
    request=advice, is_of_institute=False, author=asker, author_snapshot=snapshot_of(asker),
    text="palabra" * 40, written_at=now,
)
print(json.dumps({{
    "accounts": "/admin/cuentas/" + str(process.pk) + "/",
    "doubtful": users[0].pk,
    "run": run.pk,
    "ended": ended.pk,
    "advice": advice.pk,
    "links": [path(expired), path(revoked), path(superseded)],
}}))
"""


@pytest.fixture(scope="module")
def scene(site: Any) -> Any:
    done = own_database.run("shell", "-v", "0", "-c", SCENE, env=site.env)
    return json.loads(done.stdout.splitlines()[-1])


def test_accounts_that_did_not_arrive(administrator, scene):
    page = administrator.page
    administrator.go(f"{scene['accounts']}?estado=dudosa")
    expect(page.get_by_role("rowheader").filter(has_text=LONG_NAME)).to_be_visible()
    administrator.audit()
    administrator.go(f"{scene['accounts']}cuenta/{scene['doubtful']}/")
    expect(page.get_by_text("Pregunta si llegó")).to_be_visible()
    administrator.audit()
    administrator.go(f"{scene['accounts']}trabajo/{scene['run']}/")
    expect(page.get_by_text("No pudo terminar.")).to_be_visible()
    administrator.audit()
    administrator.go(f"{scene['accounts']}?nombre=nadie+se+llama+así")
    expect(page.get_by_text("Nada que mostrar con estos filtros.")).to_be_visible()
    administrator.audit()


def test_links_that_are_not_good(visitor, scene):
    person = visitor(390)
    person.expected_statuses = {410, 422}
    page = person.page
    for link, said in zip(
        scene["links"],
        ("Este enlace venció", "Este enlace fue anulado", "Hay un enlace más nuevo"),
        strict=True,
    ):
        person.go(link)
        expect(page.get_by_role("heading", name=said)).to_be_visible()
        person.audit()
    person.go("/acceso/activar/")
    page.get_by_label("Clave de la hoja").fill("123")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    person.audit()


def refused(staff: Any, button: str) -> None:
    """Send a form as it is, which says what is missing."""
    page = staff.page
    page.get_by_role("main").get_by_role("button", name=button, exact=True).press("Enter")
    expect(page.get_by_role("alert").first).to_be_focused()
    assert page.title().startswith("Error: ")
    staff.audit()


def test_the_register_says_what_is_missing(administrator, scene):
    page = administrator.page
    administrator.expected_statuses = {422}
    record = f"/admin/candidaturas/{scene['ended']}/"
    for action, button in (
        ("planilla", "Dar de baja a todas"),
        ("corregir", "Guardar la corrección"),
        ("baja", "Dar de baja"),
    ):
        administrator.go(f"{record}{action}/")
        refused(administrator, button)
    page.get_by_label("Causa").select_option(label="renuncia")
    page.get_by_label("Fecha de la baja").fill("2024-04-18")
    page.get_by_role("button", name="Dar de baja", exact=True).press("Enter")
    expect(page.get_by_text("La candidatura está dada de baja.")).to_be_visible()
    administrator.audit()

    page.get_by_role("link", name="Dejar sin efecto la baja").click()
    administrator.audit()
    refused(administrator, "Dejar sin efecto")
    page.get_by_label("Por qué la baja no debe tener efecto").fill("Se registró por error")
    page.get_by_role("button", name="Dejar sin efecto", exact=True).press("Enter")
    expect(page.get_by_text("La candidatura está activa de nuevo.")).to_be_visible()

    administrator.go(f"{record}persona/?q=a")
    administrator.audit()
    refused(administrator, "Es la misma persona")


def test_advice_and_holidays_say_what_is_missing(administrator, scene):
    page = administrator.page
    administrator.expected_statuses = {422}
    administrator.go("/admin/asesorias/")
    administrator.audit()
    administrator.go(f"/admin/asesorias/{scene['advice']}/")
    administrator.audit()
    refused(administrator, "Enviar la respuesta")
    administrator.go("/admin/dias-inhabiles/new/")
    administrator.audit()
    page.get_by_role("button", name="Crear").first.press("Enter")
    expect(page.get_by_text("No se creó")).to_be_visible()
    administrator.audit()
