"""Decides what is public and writes `cms.published`: no other code writes public rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.utils import timezone

from cms.accounts.models import User
from cms.candidacies.models import CandidacyPage
from cms.candidacies.sealed import writing_as_service
from cms.catalogs import selectors as catalogs
from cms.catalogs.models import CandidacyState, ProcessOffice
from cms.publication import pictures, rows
from cms.publication.questions import publish_questions
from cms.publication.search_index import gathered_entries
from cms.published import changes
from cms.published.models import PublishedCandidacy
from cms.questionnaires import states
from cms.questionnaires.kinds import kinds
from cms.questionnaires.models import (
    Questionnaire,
    QuestionnaireDefinition,
    QuestionnaireState,
    Submission,
)
from cms.questionnaires.selectors import (
    live_pages,
    page_answers,
    parsed,
)

BATCH = 500


class PublicationFrozen(Exception):
    """The office is in electoral silence: published text stays, and new text waits.

    Source: LGIPE 251; LGTAIP 63.
    """

    def __init__(self, until: datetime) -> None:
        self.until = until
        local = timezone.localtime(until)
        self.explanation = (
            f"Hay veda hasta el {local:%d/%m/%Y a las %H:%M} h. La respuesta quedó validada y se"
            " publicará al terminar."
        )
        super().__init__(self.explanation)


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    iterator = iter(ids)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _windows(candidacies: Sequence[CandidacyPage]) -> dict[tuple[int, int], ProcessOffice]:
    processes = {candidacy.process_id for candidacy in candidacies}
    found = ProcessOffice.objects.filter(process_id__in=processes)
    return {(window.process_id, window.office_id): window for window in found}


def _add_live_answers(
    new_rows: Mapping[int, PublishedCandidacy],
) -> dict[int, set[QuestionnaireDefinition]]:
    """Add to the row of each candidacy what is public of its live questionnaires, kind by kind.

    Returns: process id → the versions under which those answers were given.
    """
    versions: dict[int, set[QuestionnaireDefinition]] = {}
    for kind in kinds():
        publish, live = kind.publish, live_pages(candidacy_ids=new_rows, kind=kind)
        for candidacy_id, page in live.items():
            row = new_rows[candidacy_id]
            publish(row, page_answers(page, kind=kind), parsed(page.definition))
            moments = (row.published_at, page.first_published_at)
            row.published_at = min(filter(None, moments), default=None)
            versions.setdefault(row.process_id, set()).add(page.definition)
    return versions


@transaction.atomic
def write_published(*, candidacy_ids: Iterable[int], at: datetime | None = None) -> int:
    """Write the public rows of candidacies from their registers and live questionnaires.

    A row whose content would not change is not written, so a second run writes nothing.

    Returns: how many rows were written.
    Raises: KeyError if an office was never added to its process (`ensure_process_office`).
    """
    instant = at or timezone.now()
    return sum(_write_batch(batch, instant) for batch in _batches(candidacy_ids))


@transaction.atomic
def write_many_published(
    *,
    candidacy_ids: Sequence[int],
    at: datetime,
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    """Write very many public rows, as `write_published` does, with less work for the search.

    Args:
        progress: told how many candidacies are done, as they are written.

    Returns: how many rows were written.
    """
    written = 0
    with gathered_entries(rows=len(candidacy_ids)):
        for done in range(0, len(candidacy_ids), BATCH):
            progress(done)
            written += write_published(candidacy_ids=candidacy_ids[done : done + BATCH], at=at)
    return written


def _write_batch(ids: list[int], at: datetime) -> int:
    new_rows = _new_rows(ids)
    known = PublishedCandidacy.objects.in_bulk(ids)
    changed: list[PublishedCandidacy] = []
    for candidacy_id, row in new_rows.items():
        before = known.get(candidacy_id)
        if before is not None and rows.same_content(before, row):
            continue
        row.version = 1 if before is None else before.version + 1
        row.updated_at = at
        changed.append(row)
    with pictures.following(before=known, after=changed):
        _write(changed, rows.WRITTEN_FIELDS)
    return len(changed)


@transaction.atomic
def rewrite_how_answers_are_read(*, candidacy_ids: Iterable[int]) -> None:
    """Rewrite what public rows derive from their definitions, after a definition changed it.

    What was published, when, and the version of each row stay as they are.
    """
    for batch in _batches(candidacy_ids):
        known = PublishedCandidacy.objects.in_bulk(batch)
        new_rows = [row for pk, row in _new_rows(batch).items() if pk in known]
        for row in new_rows:
            row.version = known[row.candidacy_id].version
            row.updated_at = known[row.candidacy_id].updated_at
        _write(new_rows, rows.FIELDS_THAT_DEFINITIONS_DECIDE)


def _write(new_rows: list[PublishedCandidacy], fields: list[str]) -> None:
    """Write rows, and tell in the same transaction those who keep something of them."""
    PublishedCandidacy.objects.bulk_create(
        new_rows, update_conflicts=True, unique_fields=["candidacy_id"], update_fields=fields
    )
    changes.tell([row.candidacy_id for row in new_rows])


def _new_rows(ids: Sequence[int]) -> dict[int, PublishedCandidacy]:
    """The unsaved rows of candidacies; also publishes what their processes ask.

    The caller sets `version` and `updated_at`.
    """
    candidacies = list(
        CandidacyPage.objects.filter(pk__in=ids).select_related(
            "territory", "office", "actor", "process"
        )
    )
    windows = _windows(candidacies)
    said = rows.register_history([candidacy.pk for candidacy in candidacies])
    new_rows = {
        candidacy.pk: rows.register_row(
            candidacy, windows[(candidacy.process_id, candidacy.office_id)], said
        )
        for candidacy in candidacies
    }
    # Who ended keeps the register alone (ADR 0058).
    standing = {pk: row for pk, row in new_rows.items() if row.state == CandidacyState.ACTIVE}
    versions = _add_live_answers(standing)
    processes = {candidacy.process_id: candidacy.process for candidacy in candidacies}
    for pk, process in processes.items():
        publish_questions(process=process, answered_under=versions.get(pk, ()))
    return new_rows


@transaction.atomic
def publish_submission(
    *, submission: Submission, by: User | None, log_action: bool = True
) -> PublishedCandidacy:
    """Publish exactly the revision of this submission, never the latest one.

    Args:
        log_action: whether Wagtail writes its own entry in the history; a decision of a validator
            writes another one instead.

    Raises:
        PublicationFrozen: the office is in electoral silence; nothing was written.
    """
    questionnaire = Questionnaire.objects.select_for_update(of=("self",)).get(
        pk=submission.questionnaire_id
    )
    candidacy = questionnaire.candidacy
    window = catalogs.office_window(process=candidacy.process, office_id=candidacy.office_id)
    if window is not None and window.is_frozen(timezone.now()) and window.frozen_until:
        raise PublicationFrozen(window.frozen_until)
    revision = submission.revision
    if revision is None:
        raise ValueError("A sealed submission always has its revision")
    with writing_as_service():
        revision.publish(user=by, log_action=log_action, skip_permission_checks=True)
    states.move_to(questionnaire=questionnaire, state=QuestionnaireState.PUBLISHED)
    write_published(candidacy_ids=[candidacy.pk])
    return PublishedCandidacy.objects.get(candidacy_id=candidacy.pk)
