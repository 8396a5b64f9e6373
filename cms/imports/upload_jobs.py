"""What the worker does with files that were sent: check them, apply them, and delete them.

A worker may be killed at any moment. A file is applied in one transaction, which also says that it
is applied; so the next worker finds it either untouched or done.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from cms.imports import findings, tasks, uploads
from cms.imports.models import AT_WORK, Kind, State, Upload
from cms.imports.profiles import ProfileError
from cms.imports.progress import told
from cms.imports.reading import fingerprint
from cms.imports.report import ImportReport, RowProblem
from cms.imports.request import ImportRequest, Progress
from cms.imports.run import lock_imports
from cms.imports.services import import_institute_register, import_official_file

# A job that ends a worker each time is not tried for ever.
MOST_ATTEMPTS = 5
# How long a file and the rows of its report are kept after the last thing that happened to it.
KEPT = timedelta(days=15)
LEFT_ALONE = timedelta(days=1)
MOST_KEPT_ROWS = 2000
FORGOTTEN_LISTS = ("errors", "warnings", "not_applied", "left_alone", "changes")


def review(upload_id: int) -> str:
    """Check a file as if it were imported, and keep what was found; returns the state it gets."""
    upload = _begun(upload_id, (State.RECEIVED, State.CHECKING), State.CHECKING)
    if upload is None:
        return ""
    newest = uploads.newest_record(upload.process_id)
    with told(upload_id) as progress:
        report = _imported(upload, progress, dry_run=True)
    return _keep(
        upload,
        State.CHECKING,
        state=State.WRONG if report.errors else State.READY,
        report=_as_kept(report),
        reviewed_at=timezone.now(),
        last_record=newest,
    )


def apply(upload_id: int) -> str:
    """Apply a file that was checked, whole or not at all; returns the state it gets."""
    upload = _begun(upload_id, (State.APPLYING,), State.APPLYING)
    if upload is None:
        return ""
    with told(upload_id) as progress, transaction.atomic():
        lock_imports()
        if not Upload.objects.filter(pk=upload_id, state=State.APPLYING).exists():
            # A worker that was taken for dead did it while this one waited.
            return ""
        if uploads.newest_record(upload.process_id) != upload.last_record:
            uploads.ask_again(upload)
            return State.RECEIVED
        report = _imported(upload, progress, dry_run=False)
        now = timezone.now()
        done: dict[str, Any] = {"state": State.APPLIED, "applied_at": now}
        if report.errors:
            done = {"state": State.WRONG}
        return _keep(
            upload, State.APPLYING, report=_as_kept(report), record_id=report.record, **done
        )


def fail(upload_id: int, why: str) -> None:
    """Say that a file could not be worked on. Nothing of it was written."""
    Upload.objects.filter(pk=upload_id, state__in=AT_WORK).update(
        state=State.FAILED, state_since=timezone.now(), report={"failed": why}
    )


def _begun(upload_id: int, states: tuple[State, ...], now: State) -> Upload | None:
    """The file, if a job may still work on it; counts how often one began."""
    with transaction.atomic():
        upload = Upload.objects.select_for_update().filter(pk=upload_id, state__in=states).first()
        if upload is None:
            return None
        if upload.attempts >= MOST_ATTEMPTS:
            fail(upload_id, f"Se intentó {MOST_ATTEMPTS} veces y el trabajo no llegó a su fin.")
            return None
        upload.attempts += 1
        if upload.state != now:
            upload.state, upload.state_since = now, timezone.now()
        upload.save(update_fields=["attempts", "state", "state_since"])
    return upload


def _keep(upload: Upload, before: State, *, state: State, **values: Any) -> str:
    """Write what was found, unless somebody decided otherwise in the meantime."""
    kept = Upload.objects.filter(pk=upload.pk, state=before)
    kept.update(state=state, state_since=timezone.now(), **values)
    return state


@contextmanager
def _copy_of(upload: Upload) -> Iterator[Path]:
    """The stored file in a folder of this process, whatever the storage is."""
    with tempfile.TemporaryDirectory(prefix="conoceles-") as folder:
        path = Path(folder) / "archivo"
        with uploads.files().open(str(upload.stored), "rb") as stored, path.open("wb") as copy:
            shutil.copyfileobj(stored, copy)
        yield path


def _profile_beside(path: Path, upload: Upload) -> str:
    """The name of the format; or, if the institute wrote it, a file of what it was when sent."""
    if upload.own_profile is None:
        return upload.profile
    beside = path.with_name("formato.json")
    beside.write_text(json.dumps(upload.own_profile), encoding="utf-8")
    return str(beside)


def _imported(upload: Upload, progress: Progress, *, dry_run: bool) -> ImportReport:
    """Import the file as the command would, with the same rules and words."""
    nothing = ImportReport(process=upload.process.slug, dry_run=dry_run)
    user = upload.applied_by or upload.uploaded_by
    request = ImportRequest(
        path=Path(),
        process=upload.process.slug,
        sheet=upload.sheet,
        source=upload.name,
        publish=upload.publish,
        repair_encoding=upload.repair_encoding,
        dry_run=dry_run,
        user=user,
        operator=user.get_username() if user else "",
    )
    try:
        with _copy_of(upload) as path:
            if fingerprint(path) != upload.sha256:
                nothing.refuse([RowProblem(1, "", "", "El archivo guardado cambió.", "Súbelo.")])
                return nothing
            run = import_official_file
            if upload.kind == Kind.REGISTER:
                run = import_institute_register
            profile = _profile_beside(path, upload)
            return run(replace(request, path=path, profile=profile), progress=progress)
    except FileNotFoundError:
        nothing.refuse(
            [RowProblem(1, "", "", "El archivo ya no está guardado.", "Súbelo de nuevo.")]
        )
    except ProfileError as wrong:
        nothing.refuse([RowProblem(1, "", "", str(wrong), "Elige otro formato.")])
    return nothing


def _as_kept(report: ImportReport) -> dict[str, Any]:
    """The report as JSON; of very long lists only the first rows, with how many there were."""
    kept = report.as_json() | {
        "sheet": report.sheet,
        "sheets": report.sheets,
        "changes": [change.as_json() for change in report.changes],
    }
    kept["totals"] = {name: len(kept[name]) for name in FORGOTTEN_LISTS}
    for name in FORGOTTEN_LISTS:
        kept[name] = kept[name][:MOST_KEPT_ROWS]
    for finding in kept["not_applied"]:
        finding["register"] = findings.as_kept(report.brought.get(finding["row"]))
    return kept


def resume_waiting() -> int:
    """Ask again for the jobs of files that wait for one that is not in the queue any more."""
    long_ago = timezone.now() - timedelta(minutes=2)
    count = 0
    for upload in Upload.objects.filter(state__in=AT_WORK, state_since__lt=long_ago):
        queued = ProcrastinateJob.objects.filter(
            status__in=("todo", "doing"),
            task_name__in=(tasks.REVIEW, tasks.APPLY),
            args__upload_id=upload.pk,
        )
        if queued.exists():
            continue
        count += 1
        if upload.state == State.APPLYING:
            tasks.ask_for_application(upload)
        else:
            tasks.ask_for_review(upload.pk)
    return count


def forget_old() -> int:
    """Delete the files that nobody needs any more, and the rows of their reports.

    Returns how many files went. A file without a row, left by a server that stopped, goes as well.
    """
    now, storage = timezone.now(), uploads.files()
    old = Upload.objects.filter(stored__isnull=False, state_since__lt=now - KEPT)
    count = 0
    for upload in old.exclude(state__in=AT_WORK):
        storage.delete(str(upload.stored))
        report = dict(upload.report)
        report.update({name: [] for name in FORGOTTEN_LISTS if name in report})
        upload.stored, upload.report = None, report
        upload.save(update_fields=["stored", "report"])
        count += 1
    try:
        names = storage.listdir("")[1]
    except FileNotFoundError:
        return count
    known = {
        str(name) for name in Upload.objects.exclude(stored=None).values_list("stored", flat=True)
    }
    for name in set(names) - known:
        if storage.get_modified_time(name) < now - LEFT_ALONE:
            storage.delete(name)
            count += 1
    return count
