"""Another name at a known place: the report of the file leads to a replacement or a correction."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cms.accounts.services import create_staff
from cms.candidacies.models import CandidacyPage
from cms.catalogs.models import Process
from cms.imports import findings, upload_jobs, uploads
from cms.imports.models import Kind, Upload
from cms.imports.uploads import Wanted
from tests.imports.books import HEADER, xlsx
from tests.imports.conftest import REGISTRY

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(db: None) -> Any:
    return create_staff(username="ana", role="administracion")


def _sent(process: Process, staff: Any, **changes: str) -> Upload:
    """A register of one row, checked; and applied where nothing is doubtful."""
    content = xlsx(rows=[HEADER, [*{**REGISTRY, **changes}.values()]])
    upload = uploads.receive_upload(
        user=staff,
        file=SimpleUploadedFile("registro.xlsx", content),
        wanted=Wanted(process=process, kind=Kind.REGISTER),
    )
    upload_jobs.review(upload.pk)
    return Upload.objects.get(pk=upload.pk)


def test_a_possible_replacement_leads_to_forms_with_the_data_of_the_row(
    process: Process, staff: Any
) -> None:
    first = _sent(process, staff)
    uploads.apply_upload(user=staff, upload_id=first.pk)
    upload_jobs.apply(first.pk)
    candidacy = CandidacyPage.objects.get()
    data = {"nombre": "Irene Sotol Vara", "correo": "irene@ejemplo.mx"}
    found = _sent(process, staff, **data)

    browser = Client()
    browser.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    page = browser.get(f"/admin/cargas/{found.pk}/").content.decode()
    for screen in ("sustituir", "corregir"):
        where = f"/admin/candidaturas/{candidacy.pk}/{screen}/?archivo={found.pk}&amp;fila=2"
        assert f'href="{where}"' in page
    assert "irene@ejemplo.mx" not in page
    form = browser.get(
        f"/admin/candidaturas/{candidacy.pk}/sustituir/", {"archivo": found.pk, "fila": 2}
    )
    assert 'value="irene@ejemplo.mx"' in form.content.decode()
    # Nothing of a row that was applied is kept, and nothing in what programs read.
    assert first.report["not_applied"] == []
    row = findings.row_of(
        upload_id=found.pk, row=2, candidacy_id=candidacy.pk, process_id=process.pk
    )
    assert row["name"] == "Irene Sotol Vara"
    other = findings.row_of(
        upload_id=found.pk, row=2, candidacy_id=candidacy.pk, process_id=process.pk + 1
    )
    assert other == {}


def test_what_a_row_said_goes_with_the_report(process: Process, staff: Any) -> None:
    from datetime import timedelta

    from django.utils import timezone

    first = _sent(process, staff)
    uploads.apply_upload(user=staff, upload_id=first.pk)
    upload_jobs.apply(first.pk)
    found = _sent(process, staff, nombre="Irene Sotol Vara")
    assert found.report["not_applied"][0]["register"]
    long_ago = timezone.now() - upload_jobs.KEPT - timedelta(days=1)
    Upload.objects.filter(pk=found.pk).update(state_since=long_ago)
    upload_jobs.forget_old()
    assert Upload.objects.get(pk=found.pk).report["not_applied"] == []
