"""The import as it would be without writing in bulk, to compare the real one with."""

from pathlib import Path
from typing import Any

from django.utils import timezone

from cms.candidacies.bulk_register import Registration
from cms.candidacies.models import CandidacyPage, Person, TerritoryPage
from cms.candidacies.services import ensure_process
from cms.catalogs import services as catalogs
from cms.catalogs.models import Office
from cms.catalogs.spanish import fold
from cms.imports import profiles, reading
from cms.imports.official_answers import AnswerReader
from cms.imports.official_rows import OfficialRowReader
from cms.publication.services import write_published
from cms.questionnaires.models import (
    CurricularQuestionnairePage,
    Questionnaire,
    QuestionnaireDefinition,
)


def write_pages(path: Path, process_slug: str) -> None:
    """Write a file's candidacies and answers page by page, and the public rows in bulk."""
    source = reading.inspect_file(path)
    profile = profiles.recognise(source.header)
    stored = QuestionnaireDefinition.objects.get(version=profile.definition)
    registers = OfficialRowReader(profile, source.header)
    answers = AnswerReader(profile, source.header, stored)
    process_page = ensure_process(slug=process_slug)
    written = []
    for row in reading.read_rows(source):
        if not isinstance(row, reading.Row):
            continue
        registration, _ = registers.read(row)
        found, _ = answers.read(row)
        if registration is not None:
            page = _write_candidacy(process_page, registers, registration)
            _write_answers(page, stored, found)
            written.append(page.pk)
    write_published(candidacy_ids=written)


def _publish(page: Any) -> None:
    page.save_revision(clean=False).publish(skip_permission_checks=True)


def _territory_page(process_page: Any, territory: Any) -> Any:
    page = TerritoryPage.objects.filter(process=process_page.process, territory=territory).first()
    if page is None:
        process_page.refresh_from_db()
        page = process_page.add_child(
            instance=TerritoryPage(
                title=territory.name,
                slug=territory.slug,
                process=process_page.process,
                territory=territory,
            )
        )
        _publish(page)
    return page


def _write_candidacy(
    process_page: Any, registers: OfficialRowReader, registration: Registration
) -> Any:
    process = process_page.process
    office = Office.objects.get(code=registration.office)
    territory = catalogs.ensure_territory(registers.territories.found[registration.territory])
    catalogs.ensure_process_office(process=process, office=office)
    actor = catalogs.ensure_actor(process=process, new=registers.actors.found[registration.actor])
    page = _territory_page(process_page, territory).add_child(
        instance=CandidacyPage(
            title=registration.name,
            name=registration.name,
            folded_name=fold(registration.name),
            slug=registration.external_id.lower(),
            process=process,
            territory=territory,
            office=office,
            actor=actor,
            person=Person.objects.create(name=registration.name),
            external_id=registration.external_id,
            principle=registration.principle,
            seat_kind=registration.seat_kind,
            list_number=registration.list_number,
            sex=registration.sex,
            age=registration.age,
            registered_at=timezone.now(),
        )
    )
    _publish(page)
    return page


def _write_answers(candidacy: Any, stored: Any, answers: dict[str, Any]) -> None:
    page = candidacy.add_child(
        instance=CurricularQuestionnairePage(
            title="Cuestionario curricular",
            slug="cuestionario-curricular",
            definition=stored,
            answers=answers,
        )
    )
    _publish(page)
    Questionnaire.objects.create(
        candidacy=candidacy,
        kind="curricular",
        state="publicado",
        state_since=timezone.now(),
        page=page,
    )
