"""No text that a user wrote runs as a formula in the exports of the admin."""

import csv
import io
from decimal import Decimal

import pytest
from django.utils import timezone
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.contrib.redirects.models import Redirect

from cms.catalogs.spreadsheet_cells import harmless

FORMULA = '=HYPERLINK("https://malo.example","ver")'


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+52 844 987 1234",
        "-2+3",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "  =1+1",
        "\u00a0=1+1",
        "\u200b=1+1",
        "\ufeff=1+1",
        "\x0b=1+1",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(A1)",
        "﹦1",
        "−1",
        gettext_lazy("=1+1"),
    ],
)
def test_a_text_that_begins_like_a_formula_is_exported_with_an_apostrophe_before_it(text):
    assert harmless(text).startswith("'")


@pytest.mark.parametrize(
    "value", ["", "Graciela Cenizo", "a=b", "1-2", -5, Decimal("-1.5"), None, True, timezone.now()]
)
def test_any_other_value_is_exported_unchanged(value):
    assert harmless(value) == value


def _rows(response, kind):
    content = b"".join(response.streaming_content)
    if kind == "csv":
        return list(csv.reader(io.StringIO(content.decode())))
    sheet = load_workbook(io.BytesIO(content)).active
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    return [[str(cell.value) for cell in row] for row in sheet.iter_rows()]


@pytest.fixture
def written(superuser, process, actor, candidacy):
    """A formula in every field of the lists and reports that a user can write."""
    from cms.imports.models import ImportRecord
    from cms.portal.models import NewsIndexPage, NewsPage

    index = NewsIndexPage.objects.first()
    news = index.add_child(
        instance=NewsPage(
            title=FORMULA,
            slug="formula",
            date=timezone.localdate(),
            summary="x",
            body="<p>x</p>",
            locked=True,
            owner=superuser,
        )
    )
    news.save_revision(user=superuser, log_action=True).publish(user=superuser)
    superuser.first_name = FORMULA
    superuser.save()
    Redirect.objects.create(old_path="/viejo", redirect_link=FORMULA)
    actor.name = FORMULA
    actor.save()
    return ImportRecord


REPORTS = {
    "/admin/reports/locked/": True,
    "/admin/reports/site-history/": True,
    "/admin/redirects/": True,
}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_export_of_the_admin_holds_a_formula(client, superuser, written, kind):
    client.force_login(superuser, backend="django.contrib.auth.backends.ModelBackend")
    for address, holds in REPORTS.items():
        response = client.get(address, {"export": kind})
        assert response.status_code == 200, address
        cells = [cell for row in _rows(response, kind) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))], address
        assert ("'" + FORMULA in cells) is holds, address


def test_every_view_of_the_admin_that_exports_is_guarded():
    def with_subclasses(view):
        below = view.__subclasses__()
        return {view} | {inner for subclass in below for inner in with_subclasses(subclass)}

    views = with_subclasses(SpreadsheetExportMixin)
    own = [view for view in views if "preprocess_field_value" in vars(view)]
    assert own == [SpreadsheetExportMixin]
    assert SpreadsheetExportMixin.preprocess_field_value.__name__ == "guarded"
