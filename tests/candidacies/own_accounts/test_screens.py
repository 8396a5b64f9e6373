"""The screens with which the institute hands accounts out."""

import re
import uuid
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.accounts.models import User
from cms.accounts.services import create_liaison
from cms.candidacies.own_accounts.models import AccountRun, Receipt
from tests import second_factors
from tests.candidacies.own_accounts.conftest import accounts, generated, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def inside(client: Client, giver: User) -> Client:
    client.force_login(giver)
    return client


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def test_from_making_the_accounts_to_the_receipt(inside, process, giver, candidacies):
    base = f"/admin/cuentas/{process.pk}/"
    assert inside.get("/admin/cuentas/")["Location"] == base
    assert "Faltan las cuentas de 3" in page(inside, base)
    answer = inside.post(f"{base}generar/", {"once": str(uuid.uuid4())})
    run = AccountRun.objects.get()
    assert answer["Location"] == f"{base}trabajo/{run.pk}/"
    assert "Está en curso" in page(inside, answer["Location"])
    progress = inside.get(f"{answer['Location']}avance/")
    assert progress["X-Done"] == "0"
    work(run)
    assert "3 de 3" in page(inside, answer["Location"])
    shown = page(inside, base)
    assert "Sin entregar" in shown
    assert "Faltan las cuentas" not in shown

    chosen = {"once": str(uuid.uuid4()), "accion": "hojas", "todas": "1"}
    answer = inside.post(f"{base}accion/", chosen)
    run = work(AccountRun.objects.latest("pk"))
    assert "Descargar 3 hojas" in page(inside, answer["Location"])
    file = inside.get(f"{answer['Location']}hojas.pdf")
    assert file.content.startswith(b"%PDF")
    assert "no-store" in file["Cache-Control"]

    one = accounts(process)[0]
    chosen = {"once": str(uuid.uuid4()), "accion": "entrega", "cuenta": str(one)}
    asked = inside.post(f"{base}accion/", chosen).content.decode()
    assert "Quién la recibió" in asked
    wrong = {"once": chosen["once"], "cuenta": str(one), "on": "ayer", "received_by": "María"}
    answer = inside.post(f"{base}entrega/", wrong)
    assert answer.status_code == 422
    assert 'value="María"' in answer.content.decode()
    day = re.search(r'name="on" value="([\d-]+)"', asked)[1]
    answer = inside.post(f"{base}entrega/", {**wrong, "on": day})
    assert answer.status_code == 302
    receipt = Receipt.objects.get()
    assert receipt.received_by == "María"
    assert receipt.folio in page(inside, base)
    assert inside.get(f"{base}acuse/{receipt.pk}.pdf").content.startswith(b"%PDF")
    assert receipt.folio in page(inside, f"{base}cuenta/{one}/")


def test_what_was_asked_waits_for_a_fresh_proof(inside, process, giver, candidacies):
    generated(process, giver)
    chosen = [str(one) for one in accounts(process)[:2]]
    asked = {"once": str(uuid.uuid4()), "accion": "hojas", "cuenta": chosen}
    second_factors.pass_second_factor(inside, giver, ago=16 * 60)
    answer = inside.post(f"/admin/cuentas/{process.pk}/accion/", asked)
    assert answer["Location"].startswith("/acceso/segundo-paso/confirmar/")
    assert not AccountRun.objects.filter(kind="hojas").exists()

    second_factors.pass_second_factor(inside, giver)
    kept = parse_qs(urlsplit(answer["Location"]).query)["next"][0]
    form = page(inside, kept)
    assert f'action="/admin/cuentas/{process.pk}/accion/"' in form
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    sent = {name: [value for other, value in fields if other == name] for name, _value in fields}
    assert inside.post(f"/admin/cuentas/{process.pk}/accion/", sent).status_code == 302
    run = work(AccountRun.objects.get(kind="hojas"))
    assert run.total == 2


def test_filters_choose_what_is_worked_on(inside, process, giver, candidacies):
    generated(process, giver)
    base = f"/admin/cuentas/{process.pk}/"
    shown = page(inside, f"{base}?nombre=nandu")
    assert "Celia Ñandú" in shown
    assert "Bruno" not in shown
    assert "Celia Ñandú" in page(inside, f"{base}?sin_correo=on")
    assert "Bruno" not in page(inside, f"{base}?sin_correo=on")
    for address in (f"{base}?estado=activada", f"{base}?estado=zzz&actor=x&lugar=9&p=99"):
        page(inside, address)
    sent = {
        "once": str(uuid.uuid4()),
        "accion": "hojas",
        "todas": "1",
        "filtros": "sin_correo=on&orden=actor_politico",
    }
    inside.post(f"{base}accion/", sent)
    assert AccountRun.objects.latest("pk").total == 1


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"once": "x"},
        {"once": str(uuid.uuid4()), "accion": "hojas"},
        {"once": str(uuid.uuid4()), "accion": "otra", "todas": "1"},
        {"once": str(uuid.uuid4()), "accion": "hojas", "cuenta": ["x", "-1", "9" * 30, "999999"]},
    ],
)
def test_odd_forms_are_answered_in_words_and_do_nothing(inside, process, giver, candidacies, sent):
    generated(process, giver)
    answer = inside.post(f"/admin/cuentas/{process.pk}/accion/", sent, follow=True)
    assert answer.status_code == 200
    assert AccountRun.objects.count() == 1


def test_a_list_costs_the_same_however_many_accounts_it_has(
    inside, process, giver, candidacies, make_candidacy, actor
):
    generated(process, giver)

    def costs(address: str) -> int:
        inside.get(address)
        with CaptureQueriesContext(connection) as queries:
            inside.get(address)
        return len(queries)

    base = f"/admin/cuentas/{process.pk}/"
    create_liaison(username="uno", actors=[actor])
    before = costs(base), costs(f"{base}enlaces/")
    for number in range(5):
        make_candidacy(name=f"Otra {number}", cvegeo="05017", office="regiduria")
        create_liaison(username=f"enlace{number}", actors=[actor])
    AccountRun.objects.all().delete()
    generated(process, giver)
    assert (costs(base), costs(f"{base}enlaces/")) == before


def test_a_table_with_a_wrong_row_comes_back_as_it_was_typed(inside, process, actor):
    address = f"/admin/cuentas/{process.pk}/enlaces/nuevos/"
    assert "PD" in page(inside, address)
    answer = inside.post(address, {"table": "PD;Ana;ana@pd.example\nXX;<b>;c"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "Renglón 2" in shown
    assert "PD;Ana;ana@pd.example" in shown
    assert "<b>;" not in shown
    answer = inside.post(address, {"table": "PD;Ana;ana@pd.example"})
    assert answer["Location"] == f"/admin/cuentas/{process.pk}/enlaces/"
    assert "Ana" in page(inside, answer["Location"])


def test_accounts_and_receipts_of_another_process_are_not_there(
    inside, process, giver, candidacies
):
    from cms.catalogs.models import Process

    generated(process, giver)
    run = AccountRun.objects.get()
    other = Process.objects.create(slug="otro", name="Otro")
    base = f"/admin/cuentas/{other.pk}/"
    for path in (f"cuenta/{accounts(process)[0]}/", f"trabajo/{run.pk}/", "acuse/1.pdf"):
        page(inside, f"{base}{path}", 404)
    page(inside, "/admin/cuentas/999999/", 404)
