"""Files that are sent through the admin: checked, applied whole, and deleted."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from cms.accounts.models import User
from cms.accounts.services import create_staff
from cms.candidacies.models import CandidacyPage
from cms.catalogs.models import Process
from cms.imports import upload_jobs, uploads
from cms.imports.models import ImportPolicy, ImportRecord, Kind, State, Upload
from cms.imports.uploads import UploadRefused, Wanted
from tests.imports.books import HEADER, xlsx
from tests.imports.conftest import INE_2022, REGISTRY

pytestmark = pytest.mark.django_db

Send = Callable[..., Upload]


def person(name: str, role: str = "administracion") -> User:
    return create_staff(username=name, role=role)


@pytest.fixture
def ana(db: None) -> User:
    return person("ana")


@pytest.fixture
def beto(db: None) -> User:
    return person("beto")


@pytest.fixture
def send(process: Process, ana: User) -> Send:
    """Send a register of these rows; by Ana, as XLSX, unless it is said otherwise."""

    def made(*rows: dict[str, str], by: User | None = None, **options: Any) -> Upload:
        table = [HEADER, *([*{**REGISTRY, **row}.values()] for row in rows or ({},))]
        content = options.pop("content", None) or xlsx(rows=table)
        file = SimpleUploadedFile(options.pop("name", "registro.xlsx"), content)
        wanted = Wanted(process=process, kind=Kind.REGISTER, **options)
        return uploads.receive_upload(user=by or ana, file=file, wanted=wanted)

    return made


def fresh(upload: Upload) -> Upload:
    return Upload.objects.get(pk=upload.pk)


def ready(upload: Upload) -> Upload:
    assert upload_jobs.review(upload.pk) == State.READY
    return fresh(upload)


def test_a_file_is_checked_first_and_changes_nothing_until_it_is_applied(
    send: Send, ana: User, database_print: Any
) -> None:
    upload = send({}, {"numero_lista": "2", "nombre": "Ramiro Ocotillo Peña"})
    assert upload.state == State.RECEIVED

    checked = ready(upload)
    assert CandidacyPage.objects.count() == 0
    assert (checked.report["created"], checked.report["sheet"]) == (2, "Registro")
    assert [change["what"] for change in checked.report["changes"]] == ["Candidatura nueva."] * 2

    uploads.apply_upload(user=ana, upload_id=upload.pk)
    assert fresh(upload).state == State.APPLYING
    assert upload_jobs.apply(upload.pk) == State.APPLIED

    applied, record = fresh(upload), ImportRecord.objects.get()
    assert CandidacyPage.objects.count() == 2
    assert applied.record == record
    assert (record.source, record.sha256, record.user) == ("registro.xlsx", upload.sha256, ana)
    assert (applied.applied_by, record.counts["created"]) == (ana, 2)


def test_errors_are_told_with_row_column_value_and_remedy_and_nothing_can_be_applied(
    send: Send, ana: User
) -> None:
    upload = send({"sexo": "X"}, {"municipio_clave": "99999", "numero_lista": "2"})

    assert upload_jobs.review(upload.pk) == State.WRONG

    errors = fresh(upload).report["errors"]
    assert [(error["row"], error["column"], error["value"]) for error in errors] == [
        (2, "sexo", "X"),
        (3, "municipio_clave", "99999"),
    ]
    with pytest.raises(UploadRefused, match="Con errores"):
        uploads.apply_upload(user=ana, upload_id=upload.pk)


def test_a_possible_replacement_is_told_and_not_applied(send: Send, ana: User) -> None:
    first = ready(send())
    uploads.apply_upload(user=ana, upload_id=first.pk)
    upload_jobs.apply(first.pk)

    second = ready(send({"nombre": "Irene Sotol Vara"}))

    (note,) = second.report["not_applied"]
    assert (note["row"], note["name"]) == (2, "Irene Sotol Vara")
    assert second.report["created"] == 0


def test_what_changes_names_the_fields_and_not_their_values(send: Send, ana: User) -> None:
    first = ready(send())
    uploads.apply_upload(user=ana, upload_id=first.pk)
    upload_jobs.apply(first.pk)

    second = ready(send({"correo": "otra@example.org", "sobrenombre": "Tenchita"}))

    (change,) = second.report["changes"]
    assert change["what"] == "Cambia: correo, sobrenombre."


@pytest.mark.parametrize("role", ["comunicacion", "revision_curricular", "consulta"])
def test_other_roles_may_neither_send_nor_apply(send: Send, role: str) -> None:
    other = person("otra.persona", role)
    upload = ready(send())

    with pytest.raises(PermissionDenied):
        send(by=other)
    with pytest.raises(PermissionDenied):
        uploads.apply_upload(user=other, upload_id=upload.pk)
    with pytest.raises(PermissionDenied):
        uploads.review_again(user=other, upload_id=upload.pk)


def test_the_internal_body_reads_and_does_not_send(send: Send) -> None:
    body = person("transparencia", "instancia_interna")

    assert body.has_perm(uploads.MAY_SEE)
    with pytest.raises(PermissionDenied):
        send(by=body)


def test_where_two_people_are_asked_for_the_sender_may_not_apply(
    send: Send, process: Process, ana: User, beto: User
) -> None:
    ImportPolicy.objects.create(process=process, two_people=True)
    upload = ready(send())

    with pytest.raises(UploadRefused, match="lo aplica otra persona"):
        uploads.apply_upload(user=ana, upload_id=upload.pk)
    uploads.apply_upload(user=beto, upload_id=upload.pk)
    upload_jobs.apply(upload.pk)

    assert fresh(upload).applied_by == beto


def test_one_file_of_a_process_is_applied_at_a_time(send: Send, ana: User, beto: User) -> None:
    first, second = ready(send()), ready(send({"sexo": "hombre"}, by=beto))
    uploads.apply_upload(user=ana, upload_id=first.pk)

    with pytest.raises(UploadRefused, match=r"ana está aplicando «registro\.xlsx»"):
        uploads.apply_upload(user=beto, upload_id=second.pk)

    upload_jobs.apply(first.pk)
    with pytest.raises(UploadRefused, match=r"se aplicó otro archivo .* \(ana\)"):
        uploads.apply_upload(user=beto, upload_id=second.pk)
    assert fresh(second).state == State.RECEIVED
    again = ready(second)
    assert again.report["updated"] == 1


def test_what_was_imported_by_command_meanwhile_has_the_file_checked_again(
    send: Send, ana: User, bring_register_in: Any, file_of: Any
) -> None:
    upload = ready(send())
    uploads.apply_upload(user=ana, upload_id=upload.pk)
    bring_register_in(file_of(REGISTRY, {"numero_lista": "7", "nombre": "Irene Sotol Vara"}))

    assert upload_jobs.apply(upload.pk) == State.RECEIVED
    assert CandidacyPage.objects.count() == 1


def test_a_job_that_runs_twice_applies_once(send: Send, ana: User) -> None:
    upload = ready(send())
    uploads.apply_upload(user=ana, upload_id=upload.pk)

    assert upload_jobs.apply(upload.pk) == State.APPLIED
    assert upload_jobs.apply(upload.pk) == ""
    assert upload_jobs.review(upload.pk) == ""

    assert ImportRecord.objects.count() == 1


def test_a_job_that_ends_its_worker_each_time_is_not_tried_for_ever(send: Send) -> None:
    upload = send()
    Upload.objects.filter(pk=upload.pk).update(
        state=State.CHECKING, attempts=upload_jobs.MOST_ATTEMPTS
    )

    assert upload_jobs.review(upload.pk) == ""

    assert fresh(upload).state == State.FAILED
    assert "Se intentó 5 veces" in fresh(upload).report["failed"]


def test_several_sheets_are_asked_about_and_one_is_chosen(send: Send, ana: User) -> None:
    content = xlsx(lambda book, sheet: book.add_worksheet("Otra").write(0, 0, "x"))
    upload = send(content=content)

    assert upload_jobs.review(upload.pk) == State.WRONG
    assert fresh(upload).report["sheets"] == ["Registro", "Otra"]
    uploads.review_again(user=ana, upload_id=upload.pk, sheet="Registro")

    assert ready(upload).report["created"] == 1


def test_files_that_are_empty_or_too_large_are_not_stored(
    send: Send, monkeypatch: pytest.MonkeyPatch, process: Process, ana: User
) -> None:
    empty = SimpleUploadedFile("a.xlsx", b"")
    wanted = Wanted(process=process, kind=Kind.REGISTER)
    with pytest.raises(UploadRefused, match="vacío"):
        uploads.receive_upload(user=ana, file=empty, wanted=wanted)
    monkeypatch.setattr(uploads, "LARGEST_UPLOAD", 10)
    with pytest.raises(UploadRefused, match="pesa"):
        send()
    assert not Upload.objects.exists()


def test_an_official_file_brings_its_answers_under_the_rules_of_the_command(
    process: Process, ana: User
) -> None:
    content = xlsx(rows=[list(INE_2022), list(INE_2022.values())])
    wanted = Wanted(process=process, kind=Kind.OFFICIAL, publish=True)
    upload = uploads.receive_upload(
        user=ana, file=SimpleUploadedFile("ine.xlsx", content), wanted=wanted
    )

    assert ready(upload).report["profile"] == "ine-2022"
    uploads.apply_upload(user=ana, upload_id=upload.pk)
    upload_jobs.apply(upload.pk)

    assert fresh(upload).report["with_texts"] == 1
    assert ImportRecord.objects.get().published


def test_files_and_the_rows_of_their_reports_are_deleted_and_hash_and_counts_stay(
    send: Send, ana: User
) -> None:
    upload, waiting = send({"sexo": "X"}), send()
    upload_jobs.review(upload.pk)
    name = str(fresh(upload).stored)
    long_ago = timezone.now() - upload_jobs.KEPT - timedelta(hours=1)
    Upload.objects.update(state_since=long_ago)

    assert upload_jobs.forget_old() == 1

    kept = fresh(upload)
    assert kept.stored is None
    assert not uploads.files().exists(name)
    assert kept.report["errors"] == []
    assert (kept.report["totals"]["errors"], len(kept.sha256)) == (1, 64)
    assert uploads.files().exists(str(fresh(waiting).stored)), "a job has it"
    with pytest.raises(UploadRefused, match="ya se borró"):
        uploads.review_again(user=ana, upload_id=upload.pk)


def test_the_stored_name_says_nothing_of_the_file(send: Send) -> None:
    upload = send(name="candidaturas secretas.xlsx")

    assert len(str(upload.stored)) == 36
    assert uploads.files().listdir("")[1] == [str(upload.stored)]


def test_a_lost_job_is_asked_for_again(send: Send) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    upload = send()
    assert upload_jobs.resume_waiting() == 0
    Upload.objects.update(state_since=timezone.now() - timedelta(minutes=3))
    assert upload_jobs.resume_waiting() == 0, "its job waits in the queue"
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")

    assert upload_jobs.resume_waiting() == 1
    assert ProcrastinateJob.objects.get().args == {"upload_id": upload.pk}
