"""Which candidacy a row is about, and what an import may change."""

import pytest
from wagtail.models import Page, Revision

from cms.candidacies.models import CandidacyPage, Person
from cms.published.models import PublishedCandidacy
from cms.questionnaires.models import CurricularQuestionnairePage
from tests.imports.conftest import INE_2022

pytestmark = pytest.mark.django_db

INDEPENDENT = {"PARTIDO_COALICION": "CANDIDATURA INDEPENDIENTE"}


def test_independents_of_one_municipality_are_rivals(bring_in, file_of) -> None:
    first = {**INDEPENDENT, "NOMBRE_CANDIDATO": "UNO TORRES"}
    bring_in(file_of(INE_2022, first))

    report = bring_in(file_of(INE_2022, {**INDEPENDENT, "NOMBRE_CANDIDATO": "DOS TORRES"}, first))

    assert (report.created, report.unchanged, report.not_applied) == (1, 1, [])
    assert CandidacyPage.objects.values("actor").distinct().count() == 1


def test_another_seat_of_the_same_planilla_is_another_candidacy(bring_in, file_of) -> None:
    councillor = {"CARGO": "REGIDURÍA MR"}
    bring_in(file_of(INE_2022, councillor))

    report = bring_in(
        file_of(
            INE_2022,
            {**councillor, "NUM_LISTA_O_FORMULA": "2", "NOMBRE_CANDIDATO": "OTRA"},
            {**councillor, "TIPO_CANDIDATO": "SUPLENTE", "NOMBRE_CANDIDATO": "SUPLENTE UNA"},
        )
    )

    assert (report.created, report.not_applied) == (2, [])


def test_one_more_at_a_shared_position_is_new_when_the_others_are_in_the_file(
    bring_in, file_of
) -> None:
    one = {"NOMBRE_CANDIDATO": "UNO TORRES"}
    bring_in(file_of(INE_2022, one))

    report = bring_in(file_of(INE_2022, one, {"NOMBRE_CANDIDATO": "DOS TORRES"}))

    assert (report.created, report.unchanged, report.not_applied) == (1, 1, [])


def test_a_new_name_instead_of_a_known_one_is_for_staff(bring_in, file_of, database_print) -> None:
    bring_in(file_of(INE_2022))
    before = database_print()

    report = bring_in(file_of(INE_2022, {"NOMBRE_CANDIDATO": "QUIEN LLEGA DESPUÉS"}))

    (note,) = report.not_applied
    assert note.candidacy == CandidacyPage.objects.get().pk
    assert "sustitución" in note.reason
    assert (report.created, report.updated, report.unchanged) == (0, 0, 0)
    assert database_print() == before


def test_a_name_for_the_seat_of_who_ended_is_for_staff(bring_in, file_of, database_print) -> None:
    bring_in(file_of(INE_2022))
    CandidacyPage.objects.update(state="baja", end_cause="renuncia")
    before = database_print()

    report = bring_in(file_of(INE_2022, {"NOMBRE_CANDIDATO": "QUIEN LLEGA DESPUÉS"}))

    (note,) = report.not_applied
    assert note.candidacy == CandidacyPage.objects.get().pk
    assert "nadie la sustituye" in note.reason
    assert (report.created, report.updated, report.unchanged) == (0, 0, 0)
    assert database_print() == before


def test_who_ended_stays_ended_in_a_file_that_still_names_them(bring_in, file_of) -> None:
    bring_in(file_of(INE_2022))
    CandidacyPage.objects.update(state="baja", end_cause="renuncia")

    report = bring_in(file_of(INE_2022))

    assert (report.created, report.not_applied) == (0, [])
    assert CandidacyPage.objects.get().state == "baja"


def test_two_rows_of_the_same_person_and_position_are_an_error(bring_in, file_of) -> None:
    report = bring_in(file_of(INE_2022, {}, {"NOMBRE_CANDIDATO": "Hortensia Mézquite  Llano"}))

    (error,) = report.errors
    assert (error.row, error.column) == (4, "NOMBRE_CANDIDATO")
    assert "La fila 2" in error.problem


def test_two_rows_with_the_same_identifier_are_an_error(bring_in, file_of) -> None:
    report = bring_in(
        file_of(INE_2022, {"ID_FILA": "A-1"}, {"ID_FILA": "A-1", "NOMBRE_CANDIDATO": "OTRA"})
    )

    (error,) = report.errors
    assert (error.row, error.column, error.value) == (4, "ID_FILA", "A-1")


def test_what_changed_is_updated_with_a_new_revision(bring_in, file_of) -> None:
    bring_in(file_of(INE_2022, {"ID_FILA": "A-1"}))
    changed = {"ID_FILA": "A-1", "EDAD": "42", "PROPUESTA_1": "Otra cosa."}

    report = bring_in(file_of(INE_2022, changed))

    page, questionnaire = CandidacyPage.objects.get(), CurricularQuestionnairePage.objects.get()
    row = PublishedCandidacy.objects.get()
    assert (report.created, report.updated, report.unchanged) == (0, 1, 0)
    assert (page.age, row.age, row.version) == (42, 42, 2)
    assert questionnaire.answers["propuesta_1"] == "Otra cosa."
    assert "Otra cosa." in row.text_high_weight
    for written in (page, questionnaire):
        assert written.live_revision_id == written.latest_revision_id
        assert Revision.objects.for_instance(written).count() == 2
    assert page.latest_revision.as_object().age == 42


def test_a_correction_of_answers_waits_without_publishing(bring_in, file_of) -> None:
    bring_in(file_of(INE_2022))
    correction = file_of(INE_2022, {"PROPUESTA_1": "Otra cosa."})

    assert bring_in(correction, publish=False).updated == 1
    page = CurricularQuestionnairePage.objects.get()
    assert page.has_unpublished_changes
    assert "Otra cosa." not in PublishedCandidacy.objects.get().text_high_weight

    assert bring_in(correction, publish=False).unchanged == 1
    assert bring_in(correction, publish=True).updated == 1
    assert "Otra cosa." in PublishedCandidacy.objects.get().text_high_weight


def test_a_candidacy_moves_when_its_municipality_was_corrected(bring_in, file_of) -> None:
    bring_in(file_of(INE_2022, {"ID_FILA": "A-1"}, {"ID_FILA": "A-2", "NOMBRE_CANDIDATO": "OTRA"}))
    moved = {"ID_FILA": "A-1", "MUNICIPIO": "VIESCA"}

    report = bring_in(
        file_of(
            INE_2022, moved, {"ID_FILA": "A-3", "MUNICIPIO": "VIESCA", "NOMBRE_CANDIDATO": "NUEVA"}
        )
    )

    page = CandidacyPage.objects.get(external_id="A-1")
    assert (report.updated, report.created) == (1, 1)
    assert page.territory.cvegeo == "05036"
    assert page.get_parent().specific.territory == page.territory
    assert page.get_children().get().url_path.startswith(page.url_path)
    assert PublishedCandidacy.objects.get(external_id="A-1").territory.cvegeo == "05036"
    assert not any(Page.find_problems())


def test_absent_columns_leave_what_is_known(bring_in, file_of) -> None:
    bring_in(file_of(INE_2022))
    sample = {
        key: value
        for key, value in INE_2022.items()
        if key not in {"EDAD", "SEXO", "NUM_LISTA_O_FORMULA", "ID_FILA"}
    }

    report = bring_in(file_of(sample))

    assert (report.unchanged, report.not_applied) == (1, [])
    assert CandidacyPage.objects.get().age == 41


def test_answers_that_a_file_no_longer_brings_are_kept_and_said(bring_in, file_of) -> None:
    from cms.imports.profiles import load_profile

    bring_in(file_of(INE_2022))
    empty = dict.fromkeys(load_profile("ine-2022").answers.keys() & INE_2022.keys(), "")

    report = bring_in(file_of(INE_2022, empty))

    assert report.unchanged == 1
    assert "se conservan" in report.left_alone[0].reason
    assert CurricularQuestionnairePage.objects.get().answers["propuesta_1"]


def test_namesakes_are_never_one_person(bring_in, file_of) -> None:
    bring_in(file_of(INE_2022, {}, {"MUNICIPIO": "VIESCA"}))

    assert Person.objects.count() == 2


def test_two_processes_do_not_mix(bring_in, file_of) -> None:
    path = file_of(INE_2022)
    bring_in(path)

    assert bring_in(path, process="pel-2021").created == 1
