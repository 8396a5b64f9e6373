"""Each change is noted in words with its clock of three days, and INE's notice is written once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from cms.accounts.services import create_staff
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.models import (
    DefinitionChange,
    DefinitionDraft,
    ProcessQuestionnaire,
    QuestionnaireDefinition,
)
from cms.questionnaires.versions import selectors, services
from tests.questionnaires.versions.conftest import now, opened, put_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def internal_body(db: None) -> Any:
    return create_staff(
        username="transparencia.uno", role="instancia_interna", password="palabra-de-prueba-7"
    )


@pytest.fixture
def change(draft: DefinitionDraft, administrator: Any) -> DefinitionChange:
    services.write_names(
        draft_id=draft.pk,
        said={"title": "Otro título"},
        opened=selectors.names_mark(draft.content),
        user=administrator,
    )
    made = put_in_force(draft, administrator)
    assert made is not None
    return made


def test_the_clock_runs_for_three_days_and_says_what_is_left(change: DefinitionChange) -> None:
    today = timezone.localdate()
    assert change.due_on == today + timedelta(days=3)
    for due, words in (
        (today + timedelta(days=3), "Quedan 3 días"),
        (today + timedelta(days=1), "Queda 1 día"),
        (today, "El plazo vence hoy"),
        (today - timedelta(days=1), "El plazo venció hace 1 día"),
    ):
        change.due_on = due
        assert selectors.clock_of(change).words == words
    change.informed_on = today
    assert selectors.clock_of(change).words == "Informado 1 día después del plazo"
    change.due_on = today
    assert selectors.clock_of(change).words == "Informado"


def test_the_internal_body_notes_the_notice_once(
    client: Client, internal_body: Any, change: DefinitionChange
) -> None:
    client.force_login(internal_body)
    assert "Quedan 3 días" in client.get(reverse("definitionchange:index")).content.decode()
    page = client.get(reverse("definitionchange:inspect", args=[change.pk])).content.decode()
    assert "El título cambió de «Cuestionario curricular» a «Otro título»." in page
    address = reverse("definitionchange:inform", args=[change.pk])
    assert client.get(address).status_code == 200
    today = timezone.localdate()
    refused = client.post(address, {"informed_on": today + timedelta(days=1), "folio": "7"})
    assert refused.status_code == 422
    assert "no ha llegado" in refused.content.decode()
    assert client.post(address, {"informed_on": today, "folio": ""}).status_code == 422

    client.post(address, {"informed_on": today, "folio": "IEC/SE/1/2027"})
    change.refresh_from_db()
    assert (change.informed_on, change.folio) == (today, "IEC/SE/1/2027")
    assert change.informed_snapshot["username"] == "transparencia.uno"
    again = client.post(address, {"informed_on": today, "folio": "OTRO"}, follow=True)
    assert "Ya estaba anotado" in again.content.decode()
    change.refresh_from_db()
    assert change.folio == "IEC/SE/1/2027"


def test_a_notice_is_not_older_than_its_change(
    change: DefinitionChange, internal_body: Any
) -> None:
    with pytest.raises(services.InvalidNotice):
        services.mark_informed(
            change_id=change.pk, informed_on=date(2020, 1, 1), folio="1", user=internal_body
        )


@pytest.mark.parametrize(
    "said", [{"words": []}, {"due_on": date(2030, 1, 1)}, {"actor_snapshot": {}}, {"kind": "otro"}]
)
def test_the_database_itself_refuses_to_alter_what_changed(
    change: DefinitionChange, said: dict[str, Any]
) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        DefinitionChange.objects.filter(pk=change.pk).update(**said)
    with pytest.raises(TypeError):
        change.delete()


def test_a_version_that_is_chosen_in_the_list_is_noted_too(admin: Client, process: Any) -> None:
    chosen = ProcessQuestionnaire.objects.get(process=process)
    other = QuestionnaireDefinition.objects.get(version="iecm-2024")
    address = reverse("processquestionnaire:edit", args=[chosen.pk])
    saved = admin.post(address, {"definition": other.pk, "counting_rule": ""})

    assert saved.status_code == 302
    change = DefinitionChange.objects.get()
    assert (change.before.version, change.after.version) == ("curricular-2024", "iecm-2024")
    assert len(change.words) > 5
    admin.post(address, {"definition": other.pk, "counting_rule": ""})
    assert DefinitionChange.objects.count() == 1
    admin.post(address, {"definition": other.pk, "counting_rule": "con_espacios"})
    assert DefinitionChange.objects.first().words == [
        "Los caracteres se contaban sin contar espacios; ahora se cuentan contando espacios."
    ]


def test_the_first_version_of_a_process_is_no_change(admin: Client, process: Any) -> None:
    version = ProcessQuestionnaire.objects.get(process=process).definition
    ProcessQuestionnaire.objects.all().delete()
    made = admin.post(
        reverse("processquestionnaire:add"),
        {
            "process": process.pk,
            "kind": "curricular",
            "definition": version.pk,
            "counting_rule": "",
        },
    )
    assert made.status_code == 302
    assert ProcessQuestionnaire.objects.get(process=process).definition == version
    assert not DefinitionChange.objects.exists()


def test_a_draft_that_changes_nothing_or_is_incomplete_is_not_put_in_force(
    draft: DefinitionDraft, administrator: Any
) -> None:
    with pytest.raises(services.NotReady, match="dice lo mismo"):
        put_in_force(draft, administrator)
    services.write_section(
        draft_id=draft.pk, key="", said={"title": "Vacío"}, opened="", user=administrator
    )
    with pytest.raises(services.NotReady, match="no tiene preguntas"):
        put_in_force(draft, administrator)
    assert QuestionnaireDefinition.objects.count() == 4


def test_a_version_that_somebody_put_in_force_meanwhile_is_not_written_over(
    admin: Client, draft: DefinitionDraft, process: Any, administrator: Any
) -> None:
    admin.post(
        reverse("version_drafts:question", args=[draft.pk, "propuesta_1"]),
        opened(draft, "propuesta_1") | {"label": "Otra"},
    )
    seen = ProcessQuestionnaire.objects.get(process=process).definition_id
    services.choose_version(
        process=process,
        kind=CURRICULAR,
        version=QuestionnaireDefinition.objects.get(version="iecm-2024"),
        counting_rule="",
        user=administrator,
    )
    told = admin.post(
        reverse("version_drafts:put_in_force", args=[draft.pk]),
        {"edition": now(draft).edition, "in_force": seen},
    )
    assert told.status_code == 409
    assert "no se hizo nada" in told.content.decode()
    assert QuestionnaireDefinition.objects.count() == 4


@pytest.mark.parametrize("account", ["validator", "liaison", "internal_body"])
def test_the_services_ask_who_it_is(
    draft: DefinitionDraft, process: Any, account: str, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(account)
    with pytest.raises(PermissionDenied):
        put_in_force(draft, user)
    with pytest.raises(PermissionDenied):
        services.remove_part(
            draft_id=draft.pk, what="pregunta", key="propuesta_1", edition=1, user=user
        )
    with pytest.raises(PermissionDenied):
        services.begin_draft(process=process, kind=CURRICULAR, user=user)
    with pytest.raises(PermissionDenied):
        services.choose_version(
            process=process, kind=CURRICULAR, version=draft.begun_from, counting_rule="", user=user
        )
    assert now(draft).edition == 1


def test_a_key_of_another_type_is_not_given_again(
    draft: DefinitionDraft, administrator: Any
) -> None:
    services.remove_part(
        draft_id=draft.pk, what="pregunta", key="propuesta_2", edition=1, user=administrator
    )

    def add(kind: dict[str, Any]) -> str:
        return services.write_question(
            draft_id=draft.pk,
            key="",
            said={"label": "Propuesta 2", **kind},
            section="propuestas",
            opened="",
            user=administrator,
        )

    assert add({"kind": "url"}) == "propuesta_2_2"
    assert add({"kind": "texto_largo", "max_length": 900}) == "propuesta_2"


@pytest.mark.parametrize("account", ["administrator", "internal_body"])
def test_the_first_page_says_how_many_days_are_left_to_inform_ine(
    client: Client,
    draft: DefinitionDraft,
    administrator: Any,
    process: Any,
    account: str,
    request: pytest.FixtureRequest,
) -> None:
    today = timezone.localdate()
    version = QuestionnaireDefinition.objects.get(version="curricular-2024")
    for days_left in (2, 0, -1, -4, 1, 3, 3):
        DefinitionChange.objects.create(
            process=process,
            kind="curricular",
            before=version,
            after=version,
            words=["Cambió."],
            actor_snapshot={},
            due_on=today + timedelta(days=days_left),
        )
    informed = DefinitionChange.objects.first()
    services.mark_informed(change_id=informed.pk, informed_on=today, folio="7", user=administrator)
    client.force_login(request.getfixturevalue(account))
    page = client.get("/admin/").content.decode()

    day = date_format(today, r"j \d\e F").lower()
    told = f"Falta informar al INE que el cuestionario curricular de {process} cambió el {day}."
    said = [
        f"{told} {clock}."
        for clock in (
            "El plazo venció hace 4 días",
            "El plazo venció hace 1 día",
            "El plazo vence hoy",
            "Queda 1 día",
            "Quedan 2 días",
        )
    ]
    places = [page.index(sentence) for sentence in said]
    assert places == sorted(places)
    assert page.count(told) == 5
    assert "Falta informar al INE de 1 cambio más." in page
    urgent = DefinitionChange.objects.get(due_on=today - timedelta(days=4))
    assert reverse("definitionchange:inspect", args=[urgent.pk]) in page


def test_a_rehearsal_has_nothing_to_inform(admin: Client, process: Any) -> None:
    version = QuestionnaireDefinition.objects.get(version="curricular-2024")
    rehearsal = type(process).objects.create(
        slug="ensayo", name="Ensayo", rehearsal_of=process, fictitious=True
    )
    change = DefinitionChange.objects.create(
        process=rehearsal,
        kind="curricular",
        before=version,
        after=version,
        words=["Cambió."],
        actor_snapshot={"username": "innova.uno"},
        due_on=timezone.localdate(),
    )

    assert "Falta informar al INE" not in admin.get("/admin/").content.decode()
    page = admin.get(reverse("definitionchange:inspect", args=[change.pk])).content.decode()
    assert "Es un ensayo: no se informa." in page
    assert "Anotar que se informó" not in page


def test_who_does_not_inform_ine_is_not_told_of_the_clock(
    client: Client, change: DefinitionChange, validator: Any
) -> None:
    client.force_login(validator)
    assert "informar al INE" not in client.get("/admin/").content.decode()
