"""What people do to files that they send through the admin. Jobs are in `upload_jobs`.

A file is checked first and changes nothing; then somebody applies exactly that file.
"""

import hashlib
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from cms.accounts.models import User
from cms.catalogs.models import Process
from cms.imports import tasks
from cms.imports.models import ImportPolicy, ImportRecord, Kind, State, Upload

STORAGE = "imports"
MEGABYTE = 1024 * 1024
LARGEST_UPLOAD = 24 * MEGABYTE
MAY_SEE, MAY_SEND, MAY_APPLY = (
    "imports.view_upload",
    "imports.add_upload",
    "imports.change_upload",
)


class UploadRefused(Exception):
    """What somebody asked of a file cannot be done. The message says why, in Spanish."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a file is to be read.

    Attributes:
        profile: the format of an official file; empty when its header tells.
        own_profile: the content of a format that the institute wrote, whose name is `profile`.
        publish: publish the answers of an official file.
        repair: repair cells that were encoded twice.
        sheet: the sheet of a spreadsheet; empty for the only one that holds something.
    """

    process: Process
    kind: Kind
    profile: str = ""
    publish: bool = False
    repair: bool = False
    sheet: str = ""
    own_profile: dict[str, Any] | None = None


def require(user: User, permission: str) -> None:
    """Raise PermissionDenied unless the account of an institute's staff has a permission."""
    if not (user.is_active and user.is_institute_staff and user.has_perm(permission)):
        raise PermissionDenied


def files() -> Storage:
    """Where files that were sent are kept; nothing serves them."""
    return storages[STORAGE]


def needs_two_people(process: Process) -> bool:
    """Whether another person than who sent a file must apply it."""
    return ImportPolicy.objects.filter(process=process, two_people=True).exists()


def newest_record(process_id: int) -> int:
    """The number of the last import of a process; 0 if there was none."""
    found = ImportRecord.objects.filter(process_id=process_id).aggregate(newest=Max("pk"))
    return found["newest"] or 0


def receive_upload(*, user: User, file: "UploadedFile[Any]", wanted: Wanted) -> Upload:
    """Store a file and have it checked. Nothing of it is read here.

    Raises:
        PermissionDenied: the account may not send files.
        UploadRefused: the file is empty or too large.
    """
    require(user, MAY_SEND)
    size = file.size or 0
    if not size:
        raise UploadRefused("El archivo está vacío. Elige otro.")
    if size > LARGEST_UPLOAD:
        raise UploadRefused(
            f"El archivo pesa {size / MEGABYTE:,.0f} MB; el máximo es"
            f" {LARGEST_UPLOAD // MEGABYTE} MB. Quita imágenes y hojas que no hagan falta, o"
            " divídelo."
        )
    name = uuid.uuid4()
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    file.seek(0)
    files().save(str(name), file)
    try:
        return _recorded(user, file, wanted, name=name, sha256=digest.hexdigest())
    except Exception:
        files().delete(str(name))
        raise


@transaction.atomic
def _recorded(
    user: User, file: "UploadedFile[Any]", wanted: Wanted, *, name: uuid.UUID, sha256: str
) -> Upload:
    official = wanted.kind == Kind.OFFICIAL
    upload = Upload.objects.create(
        process=wanted.process,
        kind=wanted.kind,
        profile=wanted.profile if official else "",
        own_profile=wanted.own_profile if official else None,
        publish=wanted.publish and official,
        repair_encoding=wanted.repair,
        sheet=wanted.sheet,
        stored=name,
        name=(file.name or "archivo")[-255:],
        sha256=sha256,
        size=file.size or 0,
        uploaded_by=user,
    )
    tasks.ask_for_review(upload.pk)
    return upload


def review_again(*, user: User, upload_id: int, sheet: str | None = None) -> Upload:
    """Have a file checked once more, perhaps another sheet of it.

    Raises:
        PermissionDenied: the account may not send files.
        UploadRefused: a job has the file, or it was applied or deleted already.
    """
    require(user, MAY_SEND)
    with transaction.atomic():
        upload = _locked(upload_id)
        _require_stored(upload)
        if upload.is_at_work or upload.state == State.APPLIED:
            raise UploadRefused(
                f"El archivo está en «{upload.get_state_display()}»: no se puede revisar ahora."
            )
        if sheet is not None:
            upload.sheet = sheet
        ask_again(upload)
    return upload


def ask_again(upload: Upload) -> None:
    """Put a file back to be checked; called in the transaction that locked it."""
    upload.state, upload.state_since, upload.attempts = State.RECEIVED, timezone.now(), 0
    upload.save(update_fields=["state", "state_since", "attempts", "sheet"])
    tasks.ask_for_review(upload.pk)


def apply_upload(*, user: User, upload_id: int, reviewed: str = "") -> Upload:
    """Have a file that was checked applied, whole or not at all.

    Args:
        reviewed: `reviewed_mark` of the report that was read; empty: whatever was found last.

    Raises:
        PermissionDenied: the account may not apply files.
        UploadRefused: it is not ready, it was checked again after it was read, another person must
            do it, another file of the process is being applied, or another one was applied after
            this one was checked.
    """
    require(user, MAY_APPLY)
    try:
        with transaction.atomic():
            upload, moved = _taken(user, upload_id, reviewed)
    except IntegrityError:
        # Two people at the same moment: the other one was first.
        raise UploadRefused(_who_applies(Upload.objects.get(pk=upload_id))) from None
    if moved:
        raise UploadRefused(moved)
    return upload


def reviewed_mark(upload: Upload) -> str:
    """What tells one check of a file from another, for the page that shows what was found."""
    return upload.reviewed_at.isoformat() if upload.reviewed_at else ""


def _taken(user: User, upload_id: int, reviewed: str) -> tuple[Upload, str]:
    """Take a file to be applied; the text says why it is checked again instead."""
    upload = _locked(upload_id)
    if upload.state != State.READY:
        raise UploadRefused(
            f"El archivo está en «{upload.get_state_display()}»: solo se aplica uno que esté"
            f" en «{State.READY.label}»."
        )
    _require_stored(upload)
    if reviewed and reviewed != reviewed_mark(upload):
        raise UploadRefused(
            "El archivo se revisó otra vez después de que abriste esta página, y no se aplicó."
            " Esto es lo que se encontró ahora: léelo antes de aplicarlo."
        )
    if upload.uploaded_by_id == user.pk and needs_two_people(upload.process):
        raise UploadRefused(
            "En este proceso lo aplica otra persona que quien lo subió. Pídelo a alguien más con la"
            " función de administración."
        )
    if busy := _who_applies(upload):
        raise UploadRefused(busy)
    if newest_record(upload.process_id) != upload.last_record:
        why = moved_words(upload)
        ask_again(upload)
        return upload, why
    upload.state, upload.state_since, upload.attempts = State.APPLYING, timezone.now(), 0
    upload.applied_by = user
    upload.save(update_fields=["state", "state_since", "attempts", "applied_by"])
    tasks.ask_for_application(upload)
    return upload, ""


def moved_words(upload: Upload) -> str:
    """Why a file that was ready is checked again: another one was applied in the meantime."""
    newest = ImportRecord.objects.filter(process_id=upload.process_id).order_by("-pk").first()
    who = newest.operator if newest else ""
    name = newest.source if newest else ""
    return (
        f"Después de revisarlo se aplicó otro archivo de este proceso: «{name}» ({who})."
        " No se aplicó este; se revisa de nuevo para decirte qué cambiaría ahora."
    )


def _who_applies(upload: Upload) -> str:
    """The words about another file of the process that is being applied; empty if there is none."""
    other = (
        Upload.objects.filter(process_id=upload.process_id, state=State.APPLYING)
        .exclude(pk=upload.pk)
        .select_related("applied_by")
        .first()
    )
    if other is None:
        return ""
    who = other.applied_by.get_username() if other.applied_by else "otra persona"
    since = timezone.localtime(other.state_since)
    return (
        f"{who} está aplicando «{other.name}» en este proceso desde las {since:%H:%M} h. Espera a"
        " que termine: este archivo se revisará de nuevo antes de aplicarse."
    )


def _locked(upload_id: int) -> Upload:
    return (
        Upload.objects.select_for_update(of=("self",)).select_related("process").get(pk=upload_id)
    )


def _require_stored(upload: Upload) -> None:
    if upload.stored is None:
        raise UploadRefused("El archivo ya se borró de aquí, como se anuncia. Súbelo de nuevo.")
