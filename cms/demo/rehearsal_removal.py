"""Removing a rehearsal whole: its people, their pages and files, its catalogues, the process.

No other process can be removed: rows are looked for through a rehearsal's work, and the database
itself keeps the sealed submissions of every process that is none.
"""

from collections.abc import Collection
from typing import Any

from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Exists, OuterRef
from wagtail.models import Page, PageLogEntry

from cms.accounts.models import User
from cms.candidacies.models import CandidacyPage, Person, ProcessPage
from cms.candidacies.sealed import writing_as_service
from cms.catalogs.models import PortalSettings, Process
from cms.demo.models import RehearsalState, RehearsalWork
from cms.imports import uploads
from cms.imports.models import Upload
from cms.moderation.models import Decision
from cms.published.models import PublishedCandidacy
from cms.questionnaires.models import Photograph, Submission

AT_ONCE = 200


def remove_some(process_id: int) -> bool:
    """Remove the next candidacies, or, after the last one, the process. Returns: what is left."""
    with transaction.atomic():
        found = RehearsalWork.objects.select_for_update(of=("self",)).select_related("process")
        work = found.filter(
            process=process_id,
            process__rehearsal_of__isnull=False,
            state=RehearsalState.REMOVING,
        ).first()
        if work is None or _is_current(work.process):
            return False
        candidacies = CandidacyPage.objects.filter(process=work.process_id).order_by("pk")
        some = list(candidacies.values_list("pk", flat=True)[:AT_ONCE])
        with writing_as_service():
            if not some:
                _remove_process(work.process)
                return False
            _remove_candidacies(some)
        work.done += len(some)
        work.save(update_fields=["done"])
        return True


def _is_current(process: Process) -> bool:
    """Somebody made it the current one after its removal was asked for: it stays as it is."""
    return bool(PortalSettings.objects.filter(current_process=process).exists())


def _remove_candidacies(ids: Collection[int]) -> None:
    of_these: dict[str, Any] = {"questionnaire__candidacy__in": ids}
    _remove_photographs(ids)
    Decision.objects.filter(submission__questionnaire__candidacy__in=ids).delete()
    Submission.objects.filter(**of_these).delete()
    PublishedCandidacy.objects.filter(candidacy_id__in=ids).delete()
    # What was done to these accounts stays in the audit.
    User.objects.filter(own_candidacy__candidacy__in=ids).delete()
    people = list(CandidacyPage.objects.filter(pk__in=ids).values_list("person", flat=True))
    _remove_branches(CandidacyPage.objects.filter(pk__in=ids).values_list("path", flat=True))
    standing = CandidacyPage.objects.filter(person=OuterRef("pk"))
    Person.objects.filter(~Exists(standing), pk__in=people).delete()


def _remove_photographs(ids: Collection[int]) -> None:
    """Delete the files once nothing names them any more: after the transaction."""
    found = Photograph.objects.filter(questionnaire__candidacy__in=ids)
    names = [str(pk) for pk in found.values_list("pk", flat=True)]

    def delete_files() -> None:
        for name in names:
            for file in (f"{name}.jpg", f"{name}-s.jpg"):
                storages["photographs"].delete(file)

    transaction.on_commit(delete_files)


def _remove_branches(paths: Collection[str]) -> None:
    """Delete pages with all that is below them, and what the history says of them."""
    for path in list(paths):
        branch = Page.objects.filter(path__startswith=path)
        PageLogEntry.objects.filter(page__in=branch.values("pk")).delete()
    Page.objects.filter(path__in=list(paths)).delete()


def _remove_process(process: Process) -> None:
    _remove_branches(ProcessPage.objects.filter(process=process).values_list("path", flat=True))
    stored = Upload.objects.filter(process=process, stored__isnull=False)
    names = [str(name) for name in stored.values_list("stored", flat=True)]

    def delete_files() -> None:
        for name in names:
            uploads.files().delete(name)

    process.delete()
    transaction.on_commit(delete_files)
