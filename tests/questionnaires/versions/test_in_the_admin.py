"""A new version is made in forms, read in words, put in force, and noted for INE."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms.questionnaires.models import (
    DefinitionChange,
    DefinitionDraft,
    ProcessQuestionnaire,
    QuestionnaireDefinition,
)
from cms.questionnaires.versions import editing, selectors, services
from tests.questionnaires.versions.conftest import now, opened

pytestmark = pytest.mark.django_db
NEW = {
    "label": "¿Qué lenguas habla?",
    "kind": "texto_corto",
    "max_length": "120",
    "use": "respuesta",
}


def at(name: str, *arguments: Any) -> str:
    return reverse(f"version_drafts:{name}", args=arguments)


def labels(draft: DefinitionDraft, section: str) -> list[str]:
    found = editing.section_of(now(draft).content, section)
    assert found is not None
    return [question["label"] for question in found["questions"]]


def test_from_the_list_to_a_version_in_force(admin: Client, process: Any) -> None:
    listed = admin.get(at("index"))
    assert "Empezar un borrador" in listed.content.decode()
    begun = admin.post(at("begin"), {"process": process.pk, "kind": "curricular"})
    draft = DefinitionDraft.objects.get()
    assert begun["Location"] == at("draft", draft.pk)

    added = admin.post(at("new_question", draft.pk, "propuestas"), {**NEW, "section": "propuestas"})
    assert added["Location"].endswith("#pregunta-lenguas_habla")
    page = admin.get(at("draft", draft.pk)).content.decode()
    assert "Pregunta nueva en «Propuestas»: «¿Qué lenguas habla?» (texto corto, opcional)." in page

    asked = admin.get(at("put_in_force", draft.pk)).content.decode()
    assert "curricular-2024-2" in asked
    assert "Nadie que haya terminado tiene que responder algo más." in asked
    fresh = now(draft)
    chosen = ProcessQuestionnaire.objects.get(process=process)
    done = admin.post(
        at("put_in_force", draft.pk),
        {"edition": fresh.edition, "in_force": chosen.definition_id},
        follow=True,
    )
    assert "Quedan 3 días" in done.content.decode()
    chosen.refresh_from_db()
    assert chosen.definition.version == "curricular-2024-2"
    assert chosen.definition.content["sections"][-1]["questions"][-1]["key"] == "lenguas_habla"
    assert not DefinitionDraft.objects.exists()
    change = DefinitionChange.objects.get()
    assert change.words == [
        "Pregunta nueva en «Propuestas»: «¿Qué lenguas habla?» (texto corto, opcional)."
    ]
    assert change.actor_snapshot["username"] == "innova.uno"


def test_a_question_is_changed_in_its_form_and_keeps_its_key(
    admin: Client, draft: DefinitionDraft
) -> None:
    page = admin.get(at("question", draft.pk, "propuesta_1"))
    assert page.status_code == 200
    typed = opened(draft, "propuesta_1") | {"label": "¿Qué propone?", "max_length": "2000"}
    saved = admin.post(at("question", draft.pk, "propuesta_1"), typed)

    assert saved.status_code == 302
    words = [change.words for change in selectors.prospect_of(now(draft)).changes]
    assert words == [
        "«¿Cuál es su primera propuesta?» ahora se pregunta así: «¿Qué propone?».",
        "Cambió el máximo de caracteres de «¿Qué propone?»: de 1,600 a 2,000.",
    ]


def test_nothing_typed_is_lost_when_a_form_cannot_be_saved(
    admin: Client, draft: DefinitionDraft
) -> None:
    typed = opened(draft, "propuesta_1") | {"label": "Otra", "min_length": "9000"}
    page = admin.post(at("question", draft.pk, "propuesta_1"), typed)

    assert page.status_code == 422
    text = page.content.decode()
    assert "El mínimo es mayor que el máximo." in text
    assert 'value="Otra"' in text
    assert 'value="9000"' in text
    assert now(draft).edition == 1


def test_the_buttons_of_the_options_keep_what_was_typed_and_store_nothing(
    admin: Client, draft: DefinitionDraft
) -> None:
    typed = opened(draft, "grado_estudios") | {"label": "Escrito", "opciones": "bajar:0"}
    page = admin.post(at("question", draft.pk, "grado_estudios"), typed)

    assert page.status_code == 200
    assert 'value="Escrito"' in page.content.decode()
    rows = page.context["form"].options.rows
    assert [row.label for row in rows[:2]] == [typed["opcion"][1], typed["opcion"][0]]
    assert now(draft).edition == 1


def test_two_people_at_one_question_are_told_and_the_second_decides(
    admin: Client, draft: DefinitionDraft
) -> None:
    address = at("question", draft.pk, "propuesta_1")
    mine = opened(draft, "propuesta_1") | {"label": "La mía"}
    theirs = opened(draft, "propuesta_1") | {"label": "La suya"}
    admin.post(address, theirs)

    told = admin.post(address, mine)
    assert told.status_code == 409
    text = told.content.decode()
    assert "Otra persona cambió esto" in text
    assert "La suya" in text
    assert 'value="La mía"' in text
    assert editing.question_of(now(draft).content, "propuesta_1")["label"] == "La suya"

    again = admin.post(address, mine | {"as_opened": told.context["opened"]})
    assert again.status_code == 302
    assert editing.question_of(now(draft).content, "propuesta_1")["label"] == "La mía"


def test_two_people_at_two_questions_do_not_disturb_each_other(
    admin: Client, draft: DefinitionDraft
) -> None:
    first = opened(draft, "propuesta_1") | {"label": "Una"}
    second = opened(draft, "propuesta_2") | {"label": "Dos"}
    assert admin.post(at("question", draft.pk, "propuesta_1"), first).status_code == 302
    assert admin.post(at("question", draft.pk, "propuesta_2"), second).status_code == 302

    assert labels(draft, "propuestas")[:2] == ["Una", "Dos"]


def test_a_question_that_somebody_removed_meanwhile_is_told_and_may_come_back(
    admin: Client, draft: DefinitionDraft, administrator: Any
) -> None:
    typed = opened(draft, "propuesta_2") | {"label": "Vuelve"}
    services.remove_part(
        draft_id=draft.pk, what="pregunta", key="propuesta_2", edition=1, user=administrator
    )
    address = at("question", draft.pk, "propuesta_2")
    assert admin.get(address).status_code == 404

    told = admin.post(address, typed)
    assert told.status_code == 409
    assert "lo quitaron del borrador" in told.content.decode()
    assert admin.post(address, typed | {"as_opened": told.context["opened"]}).status_code == 302
    assert labels(draft, "propuestas")[-1] == "Vuelve"


def test_parts_are_moved_by_buttons_and_a_question_passes_to_the_next_section(
    admin: Client, draft: DefinitionDraft
) -> None:
    def move(what: str) -> Any:
        return admin.post(at("move", draft.pk), {"mover": what, "edition": now(draft).edition})

    assert move("pregunta:propuesta_1:bajar")["Location"].endswith("#pregunta-propuesta_1")
    assert "primera" in labels(draft, "propuestas")[1]
    move("pregunta:motivo_cargo:bajar")
    assert labels(draft, "propuestas")[0] == "¿Por qué quiere ocupar un cargo público?"
    move("apartado:propuestas:subir")
    keys = [section["key"] for section in now(draft).content["sections"]]
    assert keys[-2:] == ["propuestas", "trayectoria"]
    move("capitulo:estudios:subir")
    chapters = [one["key"] for one in now(draft).content["chapters"]]
    assert chapters == ["propuestas", "estudios", "quien"]
    before = now(draft).content
    for nonsense in ("", "pregunta", "pregunta:no_hay:subir", "x:y:z", "apartado:propuestas:x:y"):
        assert move(nonsense).status_code == 302
    assert now(draft).content["chapters"] == before["chapters"]


def test_moving_or_removing_over_an_older_page_does_nothing_and_is_told(
    admin: Client, draft: DefinitionDraft
) -> None:
    admin.post(
        at("question", draft.pk, "propuesta_1"), opened(draft, "propuesta_1") | {"label": "Otra"}
    )
    before = now(draft)
    stale = {"mover": "pregunta:propuesta_1:bajar", "edition": "1"}
    for address, typed in (
        (at("move", draft.pk), stale),
        (at("remove_question", draft.pk, "propuesta_1"), {"edition": "1"}),
        (at("discard", draft.pk), {"edition": "1"}),
    ):
        told = admin.post(address, typed, follow=True)
        assert "no se hizo nada" in told.content.decode()
    assert now(draft).content == before.content


def test_what_others_depend_on_is_not_removed(admin: Client, draft: DefinitionDraft) -> None:
    address = at("remove_question", draft.pk, "grado_estudios")
    assert "¿Quitar «Grado máximo de estudios»" in admin.get(address).content.decode()
    told = admin.post(address, {"edition": "1"}, follow=True).content.decode()

    assert "según su respuesta se pregunta «Estatus del grado»" in told
    assert now(draft).edition == 1


def test_sections_and_chapters_are_added_changed_and_removed(
    admin: Client, draft: DefinitionDraft
) -> None:
    added = admin.post(at("new_section", draft.pk), {"title": "Vida diaria"})
    assert added["Location"].endswith("#apartado-vida_diaria")
    page = admin.get(at("draft", draft.pk)).content.decode()
    assert "El apartado «Vida diaria» no tiene preguntas" in page
    admin.post(
        at("new_chapter", draft.pk), {"title": "Día a día", "weight": "alto", "unanswered": "nunca"}
    )
    assert now(draft).content["chapters"][-1] == {
        "key": "dia_dia",
        "title": "Día a día",
        "weight": "alto",
        "unanswered": "nunca",
    }
    section = {"title": "Vida de barrio", "lead": "Cuéntanos.", "chapter": "dia_dia"}
    mark = selectors.section_mark(now(draft).content, "vida_diaria")
    admin.post(at("section", draft.pk, "vida_diaria"), section | {"as_opened": mark})
    assert editing.section_of(now(draft).content, "vida_diaria") == {
        "key": "vida_diaria",
        "questions": [],
        **section,
    }
    admin.post(at("remove_chapter", draft.pk, "dia_dia"), {"edition": now(draft).edition})
    admin.post(at("remove_section", draft.pk, "vida_diaria"), {"edition": now(draft).edition})
    assert now(draft).content == draft.content


def test_the_title_and_the_counting_are_changed(admin: Client, draft: DefinitionDraft) -> None:
    mark = selectors.names_mark(now(draft).content)
    typed = {"title": "Otro título", "counting_rule": "con_espacios", "as_opened": mark}
    assert admin.get(at("names", draft.pk)).status_code == 200
    assert admin.post(at("names", draft.pk), typed).status_code == 302

    words = [change.words for change in selectors.prospect_of(now(draft)).changes]
    assert words == [
        "El título cambió de «Cuestionario curricular» a «Otro título».",
        "Los caracteres se contaban sin contar espacios; ahora se cuentan contando espacios.",
    ]


def test_a_draft_that_is_gone_is_told(admin: Client, draft: DefinitionDraft) -> None:
    fresh = now(draft)
    admin.post(at("discard", draft.pk), {"edition": fresh.edition})
    assert admin.get(at("draft", draft.pk)).status_code == 404
    told = admin.post(at("move", draft.pk), {"mover": "pregunta:propuesta_1:subir"}, follow=True)
    assert "Ese borrador ya no existe" in told.content.decode()
    assert QuestionnaireDefinition.objects.count() == 4
