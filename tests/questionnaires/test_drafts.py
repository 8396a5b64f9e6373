"""Drafts are saved section by section, private, and never overwritten without notice."""

from typing import Any

import pytest

from cms.candidacies.permissions import NotYourCandidacy
from cms.privacy.services import NoticeNotAccepted
from cms.questionnaires import selectors, services
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.models import Draft, Questionnaire, QuestionnaireState
from cms.questionnaires.services import DraftMoved, NotOpenForCapture
from tests.questionnaires.traces import tables_with

pytestmark = pytest.mark.django_db


def save(candidacy: Any, user: Any, changes: dict[str, Any], version: int | None = None) -> Draft:
    return services.save_draft(
        candidacy=candidacy, kind=CURRICULAR, changes=changes, version=version, user=user
    )


def test_nothing_is_stored_before_the_notice_is_accepted(candidacy: Any, liaison: Any) -> None:
    with pytest.raises(NoticeNotAccepted):
        save(candidacy, liaison, {"propuesta_1": "Agua"})

    assert not Questionnaire.objects.exists()


def test_the_liaison_of_another_party_cannot_save(candidacy: Any, other_liaison: Any) -> None:
    with pytest.raises(NotYourCandidacy):
        save(candidacy, other_liaison, {"propuesta_1": "Agua"})

    assert not Questionnaire.objects.exists()


@pytest.mark.parametrize("account", ["validator", "superuser"])
def test_the_institute_never_captures(
    candidacy: Any, account: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotYourCandidacy):
        save(candidacy, request.getfixturevalue(account), {"propuesta_1": "Agua"})


def test_sections_are_saved_one_after_another(candidacy: Any, party: Any) -> None:
    first = save(candidacy, party, {"grado_estudios": "primaria"}, version=0)
    second = save(candidacy, party, {"propuesta_1": "Agua"}, version=first.version)

    assert second.answers == {"grado_estudios": "primaria", "propuesta_1": "Agua"}
    assert second.version == first.version + 1
    assert second.hands == [party.pk]
    assert second.questionnaire.state == QuestionnaireState.CAPTURE


def test_an_incomplete_or_wrong_answer_is_kept_as_a_draft(candidacy: Any, party: Any) -> None:
    draft = save(candidacy, party, {"propuesta_1": "Breve", "correo_aclaraciones": "sin arroba"})
    assert draft.answers == {"propuesta_1": "Breve", "correo_aclaraciones": "sin arroba"}


def test_a_draft_holds_only_what_the_questionnaire_asks(candidacy: Any, party: Any) -> None:
    draft = save(
        candidacy,
        party,
        {
            "curp": "XXXX000000",
            "fotografia": "7d9b",
            "cursos": ["Riego", 3],
            "propuesta_1": {"texto": "Agua"},
            "propuesta_2": "Mercado\x00 de productoras\r\n",
        },
    )
    assert draft.answers == {"propuesta_2": "Mercado de productoras"}


def test_an_answer_can_be_erased(candidacy: Any, party: Any) -> None:
    draft = save(candidacy, party, {"pagina_web": "https://cenizo.example"})
    draft = save(candidacy, party, {"pagina_web": ""}, version=draft.version)
    assert draft.answers["pagina_web"] == ""


def test_an_older_window_does_not_overwrite_a_newer_answer(candidacy: Any, party: Any) -> None:
    opened = save(candidacy, party, {"propuesta_1": "Agua"})
    save(candidacy, party, {"propuesta_1": "Agua potable"}, version=opened.version)

    with pytest.raises(DraftMoved) as moved:
        save(candidacy, party, {"propuesta_1": "Agua segura"}, version=opened.version)

    assert moved.value.theirs["propuesta_1"] == "Agua potable"
    assert moved.value.version == opened.version + 1
    assert "compara antes de guardar" in moved.value.explanation
    assert party.username not in moved.value.explanation
    assert Draft.objects.get().answers == {"propuesta_1": "Agua potable"}


def test_two_people_may_fill_in_different_sections_at_the_same_time(
    candidacy: Any, party: Any
) -> None:
    opened = save(candidacy, party, {"propuesta_1": "Agua", "motivo_cargo": "Servir"})
    save(candidacy, party, {"propuesta_1": "Agua potable"}, version=opened.version)
    draft = save(candidacy, party, {"motivo_cargo": "Servir mejor"}, version=opened.version)

    assert draft.answers == {"propuesta_1": "Agua potable", "motivo_cargo": "Servir mejor"}


def test_two_windows_that_type_the_same_answer_do_not_conflict(candidacy: Any, party: Any) -> None:
    opened = save(candidacy, party, {"propuesta_1": "Agua"})
    save(candidacy, party, {"propuesta_1": "Agua potable"}, version=opened.version)
    draft = save(candidacy, party, {"propuesta_1": " Agua potable "}, version=opened.version)

    assert draft.answers == {"propuesta_1": "Agua potable"}


def test_saving_the_stored_answers_again_writes_nothing(candidacy: Any, party: Any) -> None:
    saved = save(candidacy, party, {"propuesta_1": "Agua"}, version=0)
    again = save(candidacy, party, {"propuesta_1": "Agua"}, version=0)

    assert (again.version, again.saved_at) == (saved.version, saved.saved_at)


def test_a_draft_is_in_no_page_revision_or_public_row(candidacy: Any, party: Any) -> None:
    planted = {
        key: f"zopilotera {key}"
        for key in ("propuesta_1", "fotografia_texto_alternativo", "correo_aclaraciones")
    }
    save(candidacy, party, {**planted, "cursos": ["zopilotera curso"]})

    assert tables_with("zopilotera") == {"questionnaires_draft"}
    candidacy.refresh_from_db()
    assert candidacy.numchild == 0


def test_nothing_changes_while_the_questionnaire_is_under_review(
    submission: Any, captured: Any, party: Any
) -> None:
    with pytest.raises(NotOpenForCapture) as closed:
        save(captured, party, {"propuesta_1": "Otra"})

    assert closed.value.explanation.startswith("El cuestionario está en revisión.")
    assert not Draft.objects.exists()


def test_a_candidacy_that_ended_is_not_captured(candidacy: Any, party: Any) -> None:
    type(candidacy).objects.filter(pk=candidacy.pk).update(state="baja", end_cause="renuncia")

    with pytest.raises(NotOpenForCapture):
        save(candidacy, party, {"propuesta_1": "Agua"})
    assert not Draft.objects.exists()


def _observed(submission: Any) -> Questionnaire:
    Questionnaire.objects.filter(pk=submission.questionnaire_id).update(state="observado")
    return Questionnaire.objects.get(pk=submission.questionnaire_id)


def test_a_correction_begins_with_the_answers_that_were_sent(
    submission: Any, captured: Any, party: Any, complete_answers: dict[str, Any]
) -> None:
    _observed(submission)
    draft = save(captured, party, {"propuesta_1": "Corregida"}, version=0)

    sent = selectors.submission_answers(submission)
    assert draft.answers == {
        **sent,
        "propuesta_1": "Corregida",
        "correo_aclaraciones": complete_answers["correo_aclaraciones"],
    }
    assert draft.questionnaire.state == QuestionnaireState.CORRECTION


def test_a_window_opened_before_the_submission_does_not_undo_it(
    candidacy: Any, party: Any, complete_answers: dict[str, Any]
) -> None:
    from tests.questionnaires.conftest import a_picture

    forgotten = save(candidacy, party, {**complete_answers, "propuesta_1": "Primera idea"})
    save(candidacy, party, {"propuesta_1": complete_answers["propuesta_1"]}, forgotten.version)
    services.attach_photograph(candidacy=candidacy, kind=CURRICULAR, user=party, file=a_picture())
    submission = services.submit_questionnaire(
        candidacy=candidacy, kind=CURRICULAR, user=party, version=None
    )
    dossier = _observed(submission)
    begun = selectors.first_version(dossier)
    save(candidacy, party, {"propuesta_2": "Corregida"}, version=begun)

    with pytest.raises(DraftMoved):
        save(candidacy, party, {"propuesta_1": "Primera idea"}, forgotten.version)


def test_the_form_starts_with_an_official_files_answers_that_still_fit(
    candidacy: Any, party: Any
) -> None:
    _import(
        candidacy,
        {
            "grado_estudios": "posgrado",
            "cursos": "Riego por goteo\nSuelos",
            "propuesta_1": "Agua",
            "correo_publico": "a@cenizo.example, b@cenizo.example",
            "redes": "todas",
        },
    )
    dossier = selectors.dossier_of(candidacy=candidacy, kind=CURRICULAR)

    in_use = selectors.definition_for(process=candidacy.process, kind=CURRICULAR)
    assert selectors.in_hand(dossier, in_use=in_use).answers == {
        "cursos": ["Riego por goteo", "Suelos"],
        "propuesta_1": "Agua",
    }
    assert save(candidacy, party, {"propuesta_2": "Mercado"}, version=0).answers == {
        "cursos": ["Riego por goteo", "Suelos"],
        "propuesta_1": "Agua",
        "propuesta_2": "Mercado",
    }


def _import(candidacy: Any, answers: dict[str, Any]) -> None:
    from django.utils import timezone

    from cms.candidacies.sealed import writing_as_service
    from cms.questionnaires.bulk_answers import AnswerWriter, BroughtAnswers
    from cms.questionnaires.models import QuestionnaireDefinition

    version = QuestionnaireDefinition.objects.get(version="ine-2022")
    writer = AnswerWriter(version=version, at=timezone.now(), publish=False)
    with writing_as_service():
        writer.take([BroughtAnswers(candidacy.pk, answers)], known=())
