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
    """A register of one row, checked."""
    return _sent_all(process, staff, {**REGISTRY, **changes})


def _sent_all(process: Process, staff: Any, *rows: dict[str, str]) -> Upload:
    """A register, checked."""
    content = xlsx(rows=[HEADER, *([*row.values()] for row in rows)])
    upload = uploads.receive_upload(
        user=staff,
        file=SimpleUploadedFile("registro.xlsx", content),
        wanted=Wanted(process=process, kind=Kind.REGISTER),
    )
    upload_jobs.review(upload.pk)
    return Upload.objects.get(pk=upload.pk)


def _applied(staff: Any, upload: Upload) -> None:
    uploads.apply_upload(user=staff, upload_id=upload.pk)
    upload_jobs.apply(upload.pk)


def _id_of(name: str) -> int:
    return int(CandidacyPage.objects.get(name=name).pk)


def _assert_only_those_who_stand_are_found(*, stands: set[int]) -> None:
    """In the search of the site and of the API, by name and without."""
    public = Client()
    ended = set(CandidacyPage.objects.filter(state="baja").values_list("pk", flat=True))
    assert ended
    for query in ("", "?q=hortensia+mezquite", "?q=regiduria", "?q=irene+sotol"):
        listed = public.get(f"/api/v1/candidaturas/{query}").json()["resultados"]
        assert {one["id"] for one in listed} <= stands, query
        page = public.get(f"/buscar/{query}").content.decode()
        assert not any(f"/candidaturas/{pk}/" in page for pk in ended), query
    everybody = public.get("/api/v1/candidaturas/").json()["resultados"]
    assert {one["id"] for one in everybody} == stands


def test_a_possible_replacement_leads_to_forms_with_the_data_of_the_row(
    process: Process, staff: Any
) -> None:
    first = _sent(process, staff)
    _applied(staff, first)
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
    _applied(staff, first)
    found = _sent(process, staff, nombre="Irene Sotol Vara")
    assert found.report["not_applied"][0]["register"]
    long_ago = timezone.now() - upload_jobs.KEPT - timedelta(days=1)
    Upload.objects.filter(pk=found.pk).update(state_since=long_ago)
    upload_jobs.forget_old()
    assert Upload.objects.get(pk=found.pk).report["not_applied"] == []


def test_who_takes_a_withdrawn_seat_is_replaced_from_the_file_and_found(
    process: Process, staff: Any
) -> None:
    """A slate of two, one of whom resigned; the register brings another name for that seat."""
    stays = {**REGISTRY, "numero_lista": "2", "nombre": "Ramiro Ocotillo Peña"}
    entering = {**REGISTRY, "nombre": "Irene Sotol Vara", "correo": "irene@ejemplo.mx"}
    _applied(staff, _sent_all(process, staff, REGISTRY, stays))
    old = CandidacyPage.objects.get(list_number=1)
    browser = Client()
    browser.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    end = {"cause": "renuncia", "on": "2024-04-18", "agreement": "", "reason": ""}
    assert browser.post(f"/admin/candidaturas/{old.pk}/baja/", end).status_code == 302

    found = _sent_all(process, staff, entering, stays)
    assert (found.report["created"], len(found.report["not_applied"])) == (0, 1)
    page = browser.get(f"/admin/cargas/{found.pk}/").content.decode()
    where = f"/admin/candidaturas/{old.pk}/sustituir/?archivo={found.pk}"
    assert f'href="{where}&amp;fila=2"' in page
    form = browser.get(f"{where}&fila=2").context["form"]
    filled = {name: form[name].value() or "" for name in form.fields}
    assert (filled["name"], filled["email"]) == ("Irene Sotol Vara", "irene@ejemplo.mx")
    assert "cause" not in filled
    assert browser.post(f"{where}&fila=2", filled).status_code == 302

    new = CandidacyPage.objects.get(list_number=1, state="activa")
    old.refresh_from_db()
    assert (new.name, old.superseded_by_id) == ("Irene Sotol Vara", new.pk)
    again = _sent_all(process, staff, entering, stays)
    assert (again.report["created"], again.report["updated"]) == (0, 0)
    assert again.report["not_applied"] == []
    # A file from before the replacement brings nobody back either.
    late = _sent_all(process, staff, REGISTRY, stays)
    assert (late.report["created"], late.report["not_applied"]) == (0, [])
    _assert_only_those_who_stand_are_found(stands={new.pk, _id_of("Ramiro Ocotillo Peña")})
