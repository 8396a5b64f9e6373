"""The list of terms: by day for who follows the process, with names for administrators."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from cms.accounts.models import Role
from cms.candidacies import terms
from cms.reports import term_figures
from tests.reports.scene import begin, deliver, register
from tests.reports.test_figures import ByHand
from tests.reports.test_pages import entering, words_of

pytestmark = pytest.mark.django_db
LIST, FILE = "/admin/avance/plazos/", "/admin/avance/plazos/descargar/"


@pytest.fixture
def many(process: Any) -> Any:
    candidacies = register(process, 300, seed=4)
    begin(candidacies, seed=4)
    deliver(candidacies, seed=4)
    return candidacies


def test_each_day_counts_what_somebody_would_count(process: Any, many: Any) -> None:
    at = timezone.now()
    by_hand = ByHand(process, at)
    active = [one for one in by_hand.active() if one.pk in by_hand.due]

    found = term_figures.days(process, at=at)

    assert sum(one.total for one in found) == len(active)
    assert sum(one.pending for one in found if one.over) == sum(map(by_hand.is_overdue, active))
    zones = {one.day for one in found}
    assert len(zones) >= 4
    assert [one.day for one in found] == sorted(one.day for one in found)


@pytest.mark.parametrize("which", ["", "vencidos", "hoy", "pronto", "despues"])
def test_the_filters_part_the_list(process: Any, many: Any, which: str) -> None:
    at = timezone.now()
    by_hand = ByHand(process, at)
    limits = {
        "": (-999, 999),
        "vencidos": (-999, 0),
        "hoy": (0, 1),
        "pronto": (0, 3),
        "despues": (3, 999),
    }[which]
    begins, ends = (at + timedelta(days=days) for days in limits)
    expected = {
        one.pk
        for one in by_hand.active()
        if one.pk in by_hand.due and begins <= by_hand.due[one.pk] < ends
    }
    rows = term_figures.with_terms(process, term_figures.followed_kinds(process))
    for sent in ("", "falta", "enviado"):
        found = term_figures.narrowed(rows, which=which, sent=sent, actor=0, at=at)
        keys = set(found.values_list("pk", flat=True))
        assert keys <= expected
        if not sent:
            assert keys == expected


def test_administrators_read_names_and_others_only_counts(process: Any, candidacy: Any) -> None:
    now = timezone.now()
    terms.begin([candidacy.pk], event=terms.StartEvent.ACCOUNT_DELIVERED, at=now, by=None)
    observer = entering(Role.OBSERVER)
    for client, reads in ((entering(Role.ADMINISTRATOR), True), (observer, False)):
        words = words_of(client.get(f"{LIST}?plazo=basura&actor=x&pagina=-4"))
        assert (candidacy.name in words) == reads
        assert "Qué día vencen" in words
    assert observer.post(FILE, {"proceso": process.slug}).status_code == 403
    assert not ModelLogEntry.objects.filter(action="reports.download_terms").exists()


def test_without_terms_it_says_when_they_begin(process: Any) -> None:
    words = words_of(entering(Role.ADMINISTRATOR).get(LIST))
    assert "empieza con la entrega de su cuenta" in words


def test_the_file_has_what_the_list_shows_and_nothing_that_runs(
    process: Any, make_candidacy: Any
) -> None:
    candidacy = make_candidacy(name="=2+5 Ñandú")
    long_ago = timezone.now() - timedelta(days=60)
    terms.begin([candidacy.pk], event=terms.StartEvent.ACCOUNT_DELIVERED, at=long_ago, by=None)
    client, asked = entering(Role.ADMINISTRATOR), {"proceso": process.slug, "plazo": "vencidos"}

    book = load_workbook(io.BytesIO(client.post(FILE, {**asked, "formato": "xlsx"}).content))
    rows = [row for row in book["Plazos"].iter_rows(values_only=True) if row[1] == "Vencido"]
    assert len(rows) == 1
    assert "Ñandú" in rows[0][3]
    assert not rows[0][3].startswith("=")
    text = client.post(FILE, {**asked, "formato": "csv"}).content.decode("utf-8-sig")
    assert text.splitlines()[0].startswith("Vence,Plazo,Envío,Nombre")
    assert "Vencido,Falta," in text
    assert ModelLogEntry.objects.filter(action="reports.download_terms").count() == 2


def test_the_list_takes_few_queries_however_long_it_is(
    process: Any, many: Any, django_assert_num_queries: Any
) -> None:
    at = timezone.now()
    with django_assert_num_queries(2):
        assert len(term_figures.days(process, at=at)) > 3
