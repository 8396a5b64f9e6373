"""Who looks at the progress, what each sees, and what is downloaded."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from cms.accounts.models import Role
from cms.accounts.services import create_staff
from cms.catalogs.models import PoliticalActor, Process
from cms.reports import services
from cms.reports.permissions import NotYourProgress
from tests.reports.scene import register

pytestmark = pytest.mark.django_db
FOLLOWS = (Role.OBSERVER, Role.INTERNAL_BODY, Role.ADMINISTRATOR)


def entering(role: str) -> Client:
    """A browser in which an account of this role is signed in."""
    client = Client()
    staff = create_staff(username=f"cuenta.{role}", role=role)
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client


def words_of(response: Any) -> str:
    """The text of a page, without its markup."""
    page = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace("\N{NO-BREAK SPACE}", " ")


def downloaded(client: Client, process: Any) -> Any:
    """The spreadsheet that the button gives."""
    response = client.post("/admin/avance/descargar/", {"proceso": process.slug})
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    return load_workbook(io.BytesIO(response.content))


@pytest.mark.parametrize("role", FOLLOWS)
def test_who_follows_the_process_reads_its_progress(submission: Any, role: str) -> None:
    page = entering(role).get("/admin/avance/")

    words = words_of(page)
    assert page.status_code == 200
    assert "Corte al" in words
    assert "Candidaturas registradas 1 " in words
    assert "Por revisar 1; la que más espera" in words


@pytest.mark.parametrize("role", [Role.CURRICULAR_REVIEWER, Role.COMMUNICATION])
def test_who_does_not_follow_it_is_led_away_and_has_no_menu_item(process: Any, role: str) -> None:
    client = entering(role)

    assert client.get("/admin/avance/")["Location"] == "/admin/"
    assert client.post("/admin/avance/descargar/").status_code == 403
    assert "/admin/avance/" not in client.get("/admin/").content.decode()


def test_nothing_is_downloaded_for_who_does_not_follow(process: Any, validator: Any) -> None:
    with pytest.raises(NotYourProgress):
        services.download_progress(process=process, user=validator, at=timezone.now())
    assert not ModelLogEntry.objects.exists()


def test_the_admin_of_who_only_looks_begins_with_the_progress(process: Any) -> None:
    client = entering(Role.OBSERVER)

    page = client.get("/admin/", follow=True)

    assert page.redirect_chain == [("/admin/avance/", 302)]


def test_who_lost_the_permission_is_not_led_in_circles(process: Any) -> None:
    client = entering(Role.OBSERVER)
    group = Group.objects.get(name="Consulta")
    group.permissions.remove(group.permissions.get(codename="view_progress"))

    page = client.get("/admin/")

    assert page.status_code == 200
    assert client.get("/admin/avance/")["Location"] == "/admin/"


def test_who_only_looks_finds_nothing_to_click_that_is_not_theirs(process: Any) -> None:
    client = entering(Role.OBSERVER)
    page = client.get("/admin/avance/").content.decode()

    links = set(re.findall(r'(?:href|action|"url"|"_args")\W+(/admin/[^"#?]*)', page))
    assert links == {
        "/admin/avance/plazos/",
        "/admin/",
        "/admin/avance/",
        "/admin/avance/descargar/",
        "/admin/avance/vista-previa/",
        "/admin/account/",
        "/admin/logout/",
    }
    assert "wagtail.sidebar.SearchModule" not in page
    for link in ("/admin/", "/admin/avance/", "/admin/avance/vista-previa/", "/admin/account/"):
        assert client.get(link, follow=True).status_code == 200


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.INTERNAL_BODY])
def test_no_name_of_a_candidacy_is_told_to_who_may_not_explore_them(
    process: Any, make_candidacy: Any, role: str
) -> None:
    make_candidacy(name="Xilonombrada Palma Yuca")
    client = entering(role)

    assert "Xilonombrada" not in client.get("/admin/avance/").content.decode()
    book = downloaded(client, process)
    cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if "Xilonombrada" in str(cell)]


def test_administrators_are_led_to_who_has_nothing_captured_and_others_are_not(
    process: Any, make_candidacy: Any, submission: Any
) -> None:
    make_candidacy(name="Xilonombrada Palma Yuca")
    admin = entering(Role.ADMINISTRATOR)

    page = admin.get("/admin/avance/").content.decode()

    link = re.search(r'href="([^"]*questionnaire=sin_captura[^"]*)"', page)
    assert link is not None
    listed = words_of(admin.get(link[1].replace("&amp;", "&")))
    assert "Xilonombrada Palma Yuca" in listed
    assert submission.questionnaire.candidacy.name not in listed
    others = entering(Role.INTERNAL_BODY).get("/admin/avance/").content.decode()
    assert "questionnaire=sin_captura" not in others


def test_administrators_download_who_has_nothing_captured(
    process: Any, make_candidacy: Any, submission: Any
) -> None:
    make_candidacy(name="Xilonombrada Palma Yuca")

    sheet = downloaded(entering(Role.ADMINISTRATOR), process)["Curricular, nombres"]

    names = [row[5].value for row in sheet.iter_rows(min_row=6)]
    assert names == ["Xilonombrada Palma Yuca"], "not who sent a questionnaire"


def test_the_spreadsheet_holds_numbers_under_a_fixed_header_with_process_and_cut(
    process: Any,
) -> None:
    register(process, 300, seed=5)
    book = downloaded(entering(Role.OBSERVER), process)

    assert len(book.sheetnames) == 8
    for sheet in book.worksheets:
        assert sheet["A1"].value == process.name
        assert re.fullmatch(r"Corte al \d+ de \w+ de \d{4}, \d?\d:\d\d h", sheet["A3"].value)
    sheet = book["Curricular por actor"]
    assert sheet.freeze_panes == "B6"
    head = [cell.value for cell in sheet[5]]
    rows = list(sheet.iter_rows(min_row=6, max_row=13, values_only=True))
    registered = head.index("Registradas")
    assert all(isinstance(row[registered], int) for row in rows)
    assert sum(row[registered] for row in rows) == 300
    assert sheet.cell(14, registered + 1).value == 300
    share = head.index("% con respuestas")
    assert sheet.cell(6, share + 1).number_format == "0.0%"
    assert rows[0][share] == 0


def test_no_name_of_an_actor_runs_as_a_formula(process: Any, make_candidacy: Any) -> None:
    make_candidacy()
    PoliticalActor.objects.update(name='=HYPERLINK("https://malo.example","ver")')

    book = downloaded(entering(Role.OBSERVER), process)

    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert [cell for cell in cells if str(cell.value).startswith("'=HYPERLINK")]


def test_who_downloaded_and_which_cut_is_in_the_history_of_the_process(process: Any) -> None:
    client = entering(Role.OBSERVER)
    downloaded(client, process)
    client.get("/admin/avance/")

    entry = ModelLogEntry.objects.get(action="reports.download")
    assert entry.user.username == "cuenta.consulta"
    assert entry.object_id == str(process.pk)
    assert entry.data["nombres"] is False
    assert entry.formatter.format_message(entry) == "Descargó el avance"


def test_a_download_is_not_a_link_that_somebody_may_be_led_to(process: Any) -> None:
    assert entering(Role.OBSERVER).get("/admin/avance/descargar/").status_code == 405


def test_the_current_process_comes_first_and_another_can_be_chosen(
    process: Any, make_candidacy: Any
) -> None:
    make_candidacy()
    later = Process.objects.create(
        slug="pel-2027", name="Proceso 2027", election_date=timezone.localdate()
    )
    client = entering(Role.OBSERVER)

    first = client.get("/admin/avance/")
    other = client.get("/admin/avance/", {"proceso": later.slug})

    options = re.findall(r"<option value=\"([^\"]+)\"", first.content.decode())
    assert options == [process.slug, later.slug]
    assert "Candidaturas registradas 1 " in words_of(first)
    assert "Candidaturas registradas 0 " in words_of(other)


@pytest.mark.parametrize("slug", ["", "no-hay", "a\0b", "x" * 5000, "\u202e=1+1", "<script>"])
def test_a_process_that_does_not_exist_is_said_and_another_can_be_chosen(
    process: Any, slug: str
) -> None:
    client = entering(Role.OBSERVER)
    for answer in (
        client.get("/admin/avance/", {"proceso": slug}),
        client.post("/admin/avance/descargar/", {"proceso": slug}),
    ):
        assert answer.status_code in {400, 404}
        if answer.status_code == 404:
            assert "Ese proceso no existe: elige uno de la lista." in words_of(answer)
            assert "Corte al" not in words_of(answer)


def test_without_any_process_the_page_says_so(db: None) -> None:
    Process.objects.all().delete()
    page = entering(Role.OBSERVER).get("/admin/avance/")
    assert page.status_code == 200
    assert "Todavía no hay ningún proceso" in words_of(page)


def test_the_days_without_movement_are_a_rule_of_the_process(
    process: Any, make_candidacy: Any
) -> None:
    candidacy = make_candidacy()
    candidacy.__class__.objects.filter(pk=candidacy.pk).update(
        registered_at=timezone.now() - timedelta(days=3)
    )
    client, admin = entering(Role.OBSERVER), entering(Role.ADMINISTRATOR)
    assert "Sin captura Actor político 1" in words_of(client.get("/admin/avance/"))
    assert "Sin movimiento en 7 días o más" in words_of(client.get("/admin/avance/"))

    sent = admin.post("/admin/followuprule/new/", {"process": process.pk, "idle_days": "2"})

    assert sent.status_code == 302
    said = words_of(client.get("/admin/avance/"))
    assert "Sin movimiento en 2 días o más" in said
    assert re.search(r"Sin captura Actor político 1 .{20,40} h 3 1 ", said)


@pytest.mark.parametrize("days", ["0", "-1", "121", "", "siete", "1" * 400])
def test_a_number_of_days_that_cannot_be_is_refused(process: Any, days: str) -> None:
    admin = entering(Role.ADMINISTRATOR)
    sent = admin.post("/admin/followuprule/new/", {"process": process.pk, "idle_days": days})
    assert sent.status_code == 200
    assert "error" in sent.content.decode()


def test_the_whole_page_is_made_with_a_fixed_number_of_queries(
    process: Any, django_assert_num_queries: Any
) -> None:
    register(process, 500, seed=4)
    client = entering(Role.OBSERVER)
    client.get("/admin/avance/")

    # Nine of ours: the processes, and the progress. Eight of every page of the admin: session,
    # account, its profile, and permissions.
    with django_assert_num_queries(9 + 8):
        client.get("/admin/avance/")


@pytest.mark.parametrize("name", ["aging-pages", "page-types-usage", "workflow", "workflow_tasks"])
def test_reports_that_list_pages_nobody_edits_do_not_exist(
    superuser: Any, submission: Any, name: str
) -> None:
    client = Client()
    client.force_login(superuser, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(f"/admin/reports/{name}/").status_code == 404
    assert client.get(f"/admin/reports/{name}/results/").status_code == 404
    assert f"/admin/reports/{name}/" not in client.get("/admin/").content.decode()
    assert "/admin/reports/site-history/" in client.get("/admin/").content.decode()
