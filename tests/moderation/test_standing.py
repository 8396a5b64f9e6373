"""The screens of ends, replacements and corrections: who enters, and what they say when refused."""

from typing import Any

import pytest
from django.test import Client

from cms.candidacies.models import CandidacyPage
from cms.imports.models import Kind, Upload
from tests.candidacies.test_ending import office_staff

__all__ = ["office_staff"]

SCREENS = ("baja", "planilla", "reponer", "sustituir", "corregir")
END = {"cause": "renuncia", "on": "2024-04-18", "agreement": "", "reason": ""}
NEW = {
    "name": "Irene Sotol",
    "nickname": "",
    "sex": "mujer",
    "birth_date": "1980-05-02",
    "age": "",
    "email": "irene@ejemplo.mx",
    "external_id": "",
    "agreed": "",
}


def signed_in(user: Any) -> Client:
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return browser


@pytest.fixture
def keeper(office_staff: Any) -> Client:
    """The browser of an account that keeps the register."""
    return signed_in(office_staff)


def address(candidacy: Any, screen: str = "") -> str:
    return f"/admin/candidaturas/{candidacy.pk}/{f'{screen}/' if screen else ''}"


@pytest.mark.parametrize("screen", SCREENS)
def test_only_who_keeps_the_register_enters(
    submission: Any, desk: Client, keeper: Client, screen: str
) -> None:
    candidacy = submission.questionnaire.candidacy
    assert keeper.get(address(candidacy, screen)).status_code == 200
    # A reviewer reads the record, without any of these.
    record = desk.get(address(candidacy)).content.decode()
    assert candidacy.name in record
    assert address(candidacy, screen) not in record
    answers = [desk.get(address(candidacy, screen)), desk.post(address(candidacy, screen), END)]
    assert "renuncia" not in CandidacyPage.objects.values_list("end_cause", flat=True)
    assert [one.status_code for one in answers] == [302, 403]
    assert keeper.get(f"/admin/candidaturas/999999/{screen}/").status_code == 404


def test_the_record_offers_what_can_be_done_now(candidacy: Any, keeper: Client) -> None:
    def offered() -> set[str]:
        record = keeper.get(address(candidacy)).content.decode()
        return {screen for screen in SCREENS if f'href="{address(candidacy, screen)}"' in record}

    assert offered() == {"baja", "planilla", "sustituir", "corregir"}
    assert keeper.post(address(candidacy, "baja"), END).status_code == 302
    assert offered() == {"reponer", "sustituir", "corregir"}
    record = keeper.get(address(candidacy)).content.decode()
    assert "se dio de baja por renuncia, con fecha 18 de abril de 2024" in record
    assert "Dio de baja la candidatura por renuncia" in record
    assert keeper.post(address(candidacy, "sustituir"), NEW).status_code == 302
    assert offered() == {"corregir"}
    assert "Irene Sotol" in keeper.get(address(candidacy)).content.decode()


def test_what_was_typed_stays_and_the_limit_asks_for_the_agreement(
    candidacy: Any, keeper: Client
) -> None:
    late = {**END, "on": "2024-05-20", "reason": "<b>Ratificó</b> ante la Secretaría."}
    refused = keeper.post(address(candidacy, "baja"), late)
    said = refused.content.decode()
    assert refused.status_code == 422
    assert "no se sustituye a quien renuncia" in said.replace("\n", " ")
    assert "Escribe el número del acuerdo." in said
    assert 'value="2024-05-20"' in said
    assert "&lt;b&gt;Ratificó&lt;/b&gt; ante la Secretaría." in said
    assert keeper.post(address(candidacy, "baja"), {**late, "agreement": "CG/1"}).status_code == 302


@pytest.mark.parametrize(
    ("screen", "typed", "says"),
    [
        ("baja", {**END, "cause": ""}, "Elige la causa de la baja."),
        ("baja", {**END, "on": "2024-02-31"}, "Escribe una fecha que exista."),
        ("sustituir", {**END, **NEW, "name": "  "}, "Escribe el nombre completo."),
        ("sustituir", {**END, **NEW, "email": "irene"}, "como nombre@ejemplo.mx"),
        ("sustituir", {**END, **NEW, "birth_date": "2020-01-01"}, "tendría 4 años"),
        ("sustituir", {**END, **NEW, "name": "x" * 201}, "200"),
    ],
)
def test_each_error_says_how_to_mend_it(
    candidacy: Any, keeper: Client, screen: str, typed: dict[str, str], says: str
) -> None:
    refused = keeper.post(address(candidacy, screen), typed)
    assert refused.status_code == 422
    assert says in refused.content.decode()
    assert CandidacyPage.objects.get().state == "activa"


def test_a_second_click_is_told_what_came_first(candidacy: Any, keeper: Client) -> None:
    keeper.post(address(candidacy, "baja"), END)
    again = keeper.post(address(candidacy, "baja"), {**END, "reason": "Otra nota."})
    assert again.status_code == 409
    assert "instancia.uno ya dio de baja esta candidatura" in again.content.decode()
    assert "Otra nota." in again.content.decode()


def test_a_slate_is_shown_before_it_ends_and_ends_as_it_was_shown(
    make_candidacy: Any, keeper: Client
) -> None:
    one = make_candidacy()
    two = make_candidacy(name="Luz Rey", office="regiduria", list_number=1)
    shown = keeper.get(address(one, "planilla")).content.decode()
    assert "Se dan de baja 2 candidaturas" in shown
    assert "Luz Rey" in shown
    stale = keeper.post(address(one, "planilla"), {**END, "vista": [one.pk]})
    assert stale.status_code == 409
    done = keeper.post(address(one, "planilla"), {**END, "vista": [one.pk, two.pk]})
    assert done.status_code == 302
    assert set(CandidacyPage.objects.values_list("state", flat=True)) == {"baja"}


def test_a_correction_over_another_one_keeps_what_was_typed(candidacy: Any, keeper: Client) -> None:
    seen = candidacy.latest_revision_id
    typed = {
        "name": candidacy.name,
        "nickname": "",
        "list_number": "",
        "sex": "mujer",
        "age": "40",
        "actor": candidacy.actor_id,
        "kind": "error",
        "agreement": "",
        "reason": "Edad mal.",
        "seen": seen,
    }
    assert keeper.post(address(candidacy, "corregir"), typed).status_code == 302
    late = keeper.post(address(candidacy, "corregir"), {**typed, "nickname": "Chela"})
    said = late.content.decode()
    assert late.status_code == 409
    assert 'value="Chela"' in said
    candidacy.refresh_from_db()
    assert candidacy.nickname == ""
    # What was typed can be saved over what the register says now.
    newest = {**typed, "nickname": "Chela", "seen": candidacy.latest_revision_id}
    assert f'value="{candidacy.latest_revision_id}"' in said
    assert keeper.post(address(candidacy, "corregir"), newest).status_code == 302


def test_a_finding_of_a_file_fills_the_form_in(
    process: Any, candidacy: Any, keeper: Client
) -> None:
    register = {
        "name": "Irene Sotol",
        "nickname": "",
        "sex": "mujer",
        "age": 44,
        "list_number": None,
        "email": "irene@ejemplo.mx",
        "external_id": "A-7",
        "actor": "pd",
        "birth_date": "1980-05-02",
    }
    note = {"row": 2, "name": "Irene Sotol", "candidacy": candidacy.pk, "reason": "Otro nombre."}
    upload = Upload.objects.create(
        process=process,
        kind=Kind.REGISTER,
        name="registro.csv",
        sha256="0" * 64,
        size=1,
        report={"not_applied": [{**note, "register": register}]},
    )
    where = f"?archivo={upload.pk}&fila=2"
    filled = keeper.get(address(candidacy, "sustituir") + where).content.decode()
    for value in ("Irene Sotol", "irene@ejemplo.mx", "1980-05-02", "A-7"):
        assert f'value="{value}"' in filled
    corrected = keeper.get(address(candidacy, "corregir") + where).content.decode()
    assert 'value="Irene Sotol"' in corrected
    assert "irene@ejemplo.mx" not in corrected
    # Of another row, another file or nonsense it begins empty.
    for other in ("?archivo=1&fila=3", f"?archivo={upload.pk}&fila=3", "?archivo=x&fila=2"):
        page = keeper.get(address(candidacy, "sustituir") + other)
        assert page.status_code == 200
        assert "Irene Sotol" not in page.content.decode()
