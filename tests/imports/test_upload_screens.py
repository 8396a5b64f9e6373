"""The screens of files that are sent: what each role sees and does, without a script."""

import html
import io
import re
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cms.accounts.services import create_staff
from cms.catalogs.models import Process
from cms.imports import report_rows, upload_jobs
from cms.imports.models import ImportPolicy, ImportRecord, State, Upload
from tests.imports.books import HEADER, ROW, xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client: Client) -> Client:
    client.force_login(create_staff(username="ana", role="administracion"))
    return client


def another(role: str) -> Client:
    client = Client()
    client.force_login(create_staff(username=f"persona.{role}", role=role))
    return client


def sent(client: Client, process: Process, content: bytes, **fields: Any) -> Any:
    file = SimpleUploadedFile("registro.xlsx", content)
    values = {"process": process.pk, "kind": "registro", "file": file, **fields}
    return client.post(reverse("uploads:new"), values)


def checked(client: Client, process: Process, content: bytes | None = None) -> Upload:
    response = sent(client, process, content or xlsx())
    assert response.status_code == 302, response.content.decode()[-3000:]
    upload = Upload.objects.latest("pk")
    upload_jobs.review(upload.pk)
    return Upload.objects.get(pk=upload.pk)


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_a_file_goes_from_the_form_to_applied(ana: Client, process: Process) -> None:
    assert "Subir un archivo" in text(ana.get(reverse("uploads:index")))
    assert "descarga la plantilla" in text(ana.get(reverse("uploads:new")))

    upload = checked(ana, process)
    address = reverse("uploads:detail", args=[upload.pk])
    page = text(ana.get(address))
    assert "Sin errores." in page
    assert "Candidaturas en el archivo: 1. Nuevas: 1." in page
    assert upload.sha256 in page

    response = ana.post(reverse("uploads:apply", args=[upload.pk]))
    assert (response.status_code, response["Location"]) == (302, address)
    assert "Aplicando." in text(ana.get(address))
    assert f'<a href="{address}">Actualizar</a>' in text(ana.get(address))
    upload_jobs.apply(upload.pk)

    assert "Aplicado." in text(ana.get(address))
    assert "registro.xlsx" in text(ana.get(reverse("uploads:index")))


def test_errors_are_read_on_the_screen_and_downloaded(ana: Client, process: Process) -> None:
    row = ["=HYPERLINK(1)", *ROW[1:9], "X", *ROW[10:]]
    upload = checked(ana, process, xlsx(rows=[HEADER, row], strings_to_formulas=False))

    page = text(ana.get(reverse("uploads:detail", args=[upload.pk])))
    assert upload.state == State.WRONG
    assert "2 errores." in page
    assert "<td>sexo</td> <td>X</td>" in page
    table = ana.get(reverse("uploads:csv", args=[upload.pk]))
    assert table.content.startswith(b"\xef\xbb\xbf")
    assert (
        "\"'=HYPERLINK(1)" in table.content.decode() or ",'=HYPERLINK(1)" in table.content.decode()
    )
    book = ana.get(reverse("uploads:xlsx", args=[upload.pk]))
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
    cells = [tuple(row) for row in sheet.values]
    assert cells[0] == report_rows.HEAD
    assert {kind for kind, *_ in cells[1:]} == {"Error"}
    assert {cell.data_type for line in sheet.iter_rows(min_row=2) for cell in line} <= {"s", "n"}


def test_the_words_of_commands_are_not_shown(ana: Client, process: Process) -> None:
    upload = checked(ana, process, xlsx(rows=[["nombre", "cargo"], ["x", "y"]]))
    damaged = checked(ana, process, xlsx(rows=[[*HEADER[:11], "PEÃ‘A"], ROW]))

    for one in (upload, damaged):
        page = text(ana.get(reverse("uploads:detail", args=[one.pk])))
        assert one.state == State.WRONG
        for row in report_rows.all_rows(one.report):
            assert "--" not in "".join(row.cells())
            assert "docs/" not in "".join(row.cells())
        assert "Qué pasa" in page


def test_a_book_with_several_sheets_is_asked_about(ana: Client, process: Process) -> None:
    content = xlsx(lambda book, sheet: book.add_worksheet("Otra").write(0, 0, "x"))
    upload = checked(ana, process, content)
    page = text(ana.get(reverse("uploads:detail", args=[upload.pk])))
    assert "<option>Registro</option>" in page

    ana.post(reverse("uploads:review", args=[upload.pk]), {"sheet": "Registro"})
    upload_jobs.review(upload.pk)

    assert Upload.objects.get(pk=upload.pk).state == State.READY


def test_what_was_checked_again_after_it_was_read_is_not_applied(
    ana: Client, process: Process
) -> None:
    content = xlsx(lambda book, sheet: book.add_worksheet("Otra").write(0, 0, "x"))
    upload = checked(ana, process, content)
    choose = reverse("uploads:review", args=[upload.pk])
    ana.post(choose, {"sheet": "Registro"})
    upload_jobs.review(upload.pk)
    page = ana.get(reverse("uploads:detail", args=[upload.pk])).content.decode()
    read = re.search(r'name="revisado" value="([^"]+)"', page)
    assert read is not None
    ana.post(choose, {"sheet": "Registro"})
    upload_jobs.review(upload.pk)

    apply = reverse("uploads:apply", args=[upload.pk])
    refused = ana.post(apply, {"revisado": html.unescape(read[1])})
    assert refused.status_code == 409
    assert "El archivo se revisó otra vez después de que abriste esta página" in text(refused)
    assert Upload.objects.get(pk=upload.pk).state == State.READY
    again = re.search(r'name="revisado" value="([^"]+)"', refused.content.decode())
    assert again is not None
    assert ana.post(apply, {"revisado": html.unescape(again[1])}).status_code == 302


def test_a_sheet_that_cannot_be_is_refused(ana: Client, process: Process) -> None:
    upload = checked(ana, process)

    refused = ana.post(reverse("uploads:review", args=[upload.pk]), {"sheet": "x" * 300})

    assert refused.status_code == 409
    assert "Ese nombre de hoja no puede ser." in text(refused)


def test_a_wrong_form_says_so_and_stores_nothing(ana: Client, process: Process) -> None:
    response = sent(ana, process, b"")
    assert response.status_code == 422
    assert "El archivo está vacío. Elige otro." in text(response)
    assert sent(ana, process, xlsx(), kind="otro").status_code == 422
    assert not Upload.objects.exists()


def test_who_may_not_apply_is_told_why(ana: Client, process: Process) -> None:
    ImportPolicy.objects.create(process=process, two_people=True)
    upload = checked(ana, process)

    assert "lo aplica otra persona" in text(ana.get(reverse("uploads:detail", args=[upload.pk])))
    refused = ana.post(reverse("uploads:apply", args=[upload.pk]))
    assert refused.status_code == 409
    assert "lo aplica otra persona" in text(refused)
    assert (
        another("administracion").post(reverse("uploads:apply", args=[upload.pk])).status_code
        == 302
    )


def test_the_internal_body_reads_and_nothing_else(ana: Client, process: Process) -> None:
    upload = checked(ana, process)
    body = another("instancia_interna")

    page = text(body.get(reverse("uploads:detail", args=[upload.pk])))
    assert "Sin errores." in page
    assert "<button" not in page.split('class="upload"')[1].split("</main>")[0]
    assert body.get(reverse("uploads:csv", args=[upload.pk])).status_code == 200
    for name in ("apply", "review"):
        body.post(reverse(f"uploads:{name}", args=[upload.pk]))
    assert Upload.objects.get(pk=upload.pk).state == State.READY


@pytest.mark.parametrize("role", ["comunicacion", "revision_curricular", "consulta"])
def test_others_are_shown_nothing(ana: Client, process: Process, role: str) -> None:
    upload = checked(ana, process)
    other = another(role)

    for name, args in (("index", []), ("new", []), ("detail", [upload.pk]), ("csv", [upload.pk])):
        assert other.get(reverse(f"uploads:{name}", args=args)).status_code == 302
    assert "Subir archivos" not in text(other.get(reverse("wagtailadmin_home")))


def test_lists_are_searched_by_file_without_accents(ana: Client, process: Process) -> None:
    upload = checked(ana, process)
    Upload.objects.update(name="Sindicaturas de Múzquiz.xlsx")
    ImportRecord.objects.create(
        process=process, source="Sindicaturas de Múzquiz.xlsx", sha256=upload.sha256, counts={}
    )

    for address in (reverse("uploads:results"), reverse("importrecord:index_results")):
        assert "Múzquiz.xlsx" in text(ana.get(address, {"q": "MUZQUIZ"}))
        assert "Múzquiz.xlsx" not in text(ana.get(address, {"q": "parras"}))


def test_progress_is_told_and_says_when_it_is_done(ana: Client, process: Process) -> None:
    sent(ana, process, xlsx())
    upload = Upload.objects.latest("pk")
    address = reverse("uploads:progress", args=[upload.pk])
    assert ana.get(address)["X-Done"] == "0"
    upload_jobs.review(upload.pk)
    assert ana.get(address)["X-Done"] == "1"


def test_the_template_brings_the_columns_of_the_register(ana: Client) -> None:
    book = openpyxl.load_workbook(io.BytesIO(ana.get(reverse("uploads:template")).content))

    assert {cell.value for cell in book.active[1]} >= set(HEADER)


def test_the_list_asks_the_database_twelve_things_however_many_files_there_are(
    ana: Client, process: Process, django_assert_num_queries: Any
) -> None:
    checked(ana, process)
    ana.get(reverse("uploads:index"))
    for _ in range(4):
        checked(ana, process)
    with django_assert_num_queries(12):
        ana.get(reverse("uploads:index"))
