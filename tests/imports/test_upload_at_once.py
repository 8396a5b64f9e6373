"""A worker that was taken for dead goes on while another applies the same file: it counts once."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from cms.accounts.services import create_staff
from cms.candidacies.services import ensure_process
from cms.imports import upload_jobs, uploads
from cms.imports.models import ImportRecord, Kind, State, Upload
from cms.imports.run import lock_imports
from cms.imports.uploads import Wanted
from tests.imports.books import HEADER, xlsx
from tests.imports.conftest import REGISTRY
from tests.two_connections import SECONDS, thread

pytestmark = pytest.mark.usefixtures("committed")


def test_a_file_that_two_workers_apply_stays_applied(committed: None) -> None:
    process = ensure_process(slug="pel-2024", election_date=date(2024, 6, 2)).process
    ana = create_staff(username="ana", role="administracion")
    file = SimpleUploadedFile("registro.xlsx", xlsx(rows=[HEADER, [*REGISTRY.values()]]))
    upload = uploads.receive_upload(
        user=ana, file=file, wanted=Wanted(process=process, kind=Kind.REGISTER)
    )
    assert upload_jobs.review(upload.pk) == State.READY
    uploads.apply_upload(user=ana, upload_id=upload.pk)
    said: list[Any] = []

    late = thread(lambda: upload_jobs.apply(upload.pk), said)
    with transaction.atomic():
        lock_imports()
        late.start()
        late.join(3)
        assert late.is_alive(), said
        assert upload_jobs.apply(upload.pk) == State.APPLIED
    late.join(SECONDS)

    assert said == [""]
    assert Upload.objects.get(pk=upload.pk).state == State.APPLIED
    assert ImportRecord.objects.count() == 1
