"""What Comunicación Social does in the editor, and what citizens can then read."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from cms.accounts.services import create_staff
from cms.portal.models import ContentPage, HomePage, NewsPage
from cms.published.models import PublishedContent
from tests.publication.newsroom import Newsroom, as_typed, bring_forward, places_with

CANARY = "canarioverdeagua"


@pytest.fixture
def newsroom(client: Client, process: Any) -> Newsroom:
    client.force_login(create_staff(username="prensa.uno", role="comunicacion"))
    return Newsroom(client)


def copy_of(note: Page) -> PublishedContent | None:
    return PublishedContent.objects.filter(page_id=note.pk).first()


def same_instant(first: datetime, second: datetime) -> bool:
    """Compare to the millisecond, the precision that a version in the editor keeps."""
    return abs(first - second) < timedelta(milliseconds=1)


def test_a_draft_whose_slug_changes_stays_a_draft(
    newsroom: Newsroom, django_capture_on_commit_callbacks: Any
) -> None:
    note = newsroom.draft(f"Nota {CANARY}", CANARY)

    with django_capture_on_commit_callbacks(execute=True):
        response = newsroom.edit(note, f"Nota {CANARY}", f"nota-{CANARY}")

    assert response.status_code == 302
    note.refresh_from_db()
    assert not note.live
    assert copy_of(note) is None
    assert places_with(CANARY) == []


def test_the_draft_of_a_live_note_is_not_read_before_it_is_published(
    newsroom: Newsroom, django_capture_on_commit_callbacks: Any
) -> None:
    note = newsroom.published("Debate en Saltillo", "debate")

    with django_capture_on_commit_callbacks(execute=True):
        newsroom.edit(note, f"Nota {CANARY}", f"nota-{CANARY}")
        # Any other write of the page in the meantime copies the live version.
        live = NewsPage.objects.get(pk=note.pk)
        live.slug = "debate-en-saltillo"
        live.save()

    copy = copy_of(note)
    assert copy is not None
    assert (copy.title, copy.url) == ("Debate en Saltillo", "/noticias/debate-en-saltillo/")
    assert places_with(CANARY) == []

    newsroom.edit(note, f"Nota {CANARY}", f"nota-{CANARY}", **{"action-publish": "1"})
    assert f"/noticias/nota-{CANARY}/" in places_with(CANARY)


def test_a_scheduled_note_is_read_from_its_time_on(newsroom: Newsroom) -> None:
    moment = timezone.now().replace(microsecond=0) + timedelta(seconds=8)
    response = newsroom.create(
        f"Nota {CANARY}",
        f"nota-{CANARY}",
        **{"action-publish": "1", "go_live_at": as_typed(moment)},
    )
    assert response.status_code == 302
    note = NewsPage.objects.get(slug=f"nota-{CANARY}")

    call_command("publish_scheduled")
    assert copy_of(note) is None
    assert places_with(CANARY) == []

    with time_machine.travel(moment + timedelta(seconds=1), tick=False):
        call_command("publish_scheduled")

        copy = copy_of(note)
        assert copy is not None
        assert copy.published_at == moment + timedelta(seconds=1)
        assert places_with(CANARY) == [
            *("/", "/noticias/", "/sitemap.xml", "/api/v1/noticias/"),
            f"/noticias/nota-{CANARY}/",
        ]


def test_the_first_version_stays_until_the_moment_for_which_a_later_one_is_scheduled(
    newsroom: Newsroom,
) -> None:
    note = newsroom.published("Debate en Saltillo", "debate")
    first = PublishedContent.objects.get(page_id=note.pk).published_at
    changes = {"action-publish": "1", "go_live_at": as_typed(timezone.now() + timedelta(hours=1))}

    response = newsroom.edit(note, f"Nota {CANARY}", "debate", **changes)

    assert response.status_code == 302
    assert places_with(CANARY) == []
    assert PublishedContent.objects.get(page_id=note.pk).title == "Debate en Saltillo"
    moment = bring_forward(note) + timedelta(seconds=1)
    with time_machine.travel(moment, tick=False):
        call_command("publish_scheduled")
    copy = PublishedContent.objects.get(page_id=note.pk)
    assert copy.title == f"Nota {CANARY}"
    assert same_instant(copy.published_at, first)
    assert copy.updated_at == moment


def test_a_note_that_expires_is_not_read_any_more(newsroom: Newsroom) -> None:
    later = as_typed(timezone.now() + timedelta(hours=1))
    note = newsroom.published(f"Nota {CANARY}", f"nota-{CANARY}", expire_at=later)
    assert places_with(CANARY) != []

    NewsPage.objects.filter(pk=note.pk).update(expire_at=timezone.now())
    call_command("publish_scheduled")

    assert copy_of(note) is None
    assert places_with(CANARY) == []


def test_a_note_that_is_unpublished_and_published_again_keeps_its_first_date(
    newsroom: Newsroom,
) -> None:
    note = newsroom.published(f"Nota {CANARY}", f"nota-{CANARY}")
    first = PublishedContent.objects.get(page_id=note.pk).published_at

    assert newsroom.post("unpublish", note).status_code == 302
    assert copy_of(note) is None
    assert places_with(CANARY) == []

    moment = timezone.now() + timedelta(minutes=1)
    with time_machine.travel(moment, tick=False):
        newsroom.edit(note, f"Nota {CANARY}", f"nota-{CANARY}", **{"action-publish": "1"})
    copy = PublishedContent.objects.get(page_id=note.pk)
    assert same_instant(copy.published_at, first)
    assert copy.updated_at == moment


@pytest.mark.parametrize("action", ["unpublish", "delete"])
def test_a_selection_that_is_withdrawn_is_not_read(
    newsroom: Newsroom, superuser: Any, action: str
) -> None:
    note = newsroom.published(f"Nota {CANARY}", f"nota-{CANARY}")
    newsroom.client.force_login(superuser)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])

    response = newsroom.client.post(f"{address}?id={note.pk}&next=/admin/pages/")

    assert response.status_code == 302
    assert copy_of(note) is None
    assert places_with(CANARY) == []


def test_a_selection_of_drafts_that_is_published_is_read(newsroom: Newsroom) -> None:
    note = newsroom.draft(f"Nota {CANARY}", f"nota-{CANARY}")
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])

    newsroom.client.post(f"{address}?id={note.pk}&next=/admin/pages/")

    assert copy_of(note) is not None
    assert f"/noticias/nota-{CANARY}/" in places_with(CANARY)


def test_a_copy_is_a_draft_and_an_alias_follows_its_source(newsroom: Newsroom) -> None:
    note = newsroom.published("Debate en Saltillo", "debate")

    newsroom.post(
        "copy",
        note,
        new_title=f"Nota {CANARY}",
        new_slug=f"nota-{CANARY}",
        new_parent_page=newsroom.index.pk,
    )
    assert NewsPage.objects.filter(slug=f"nota-{CANARY}", live=False).exists()
    assert places_with(CANARY) == []

    alias = note.create_alias(update_slug="otra-vez")
    assert PublishedContent.objects.get(page_id=alias.pk).url == "/noticias/otra-vez/"
    newsroom.edit(note, "Debate en Torreón", "debate", **{"action-publish": "1"})
    assert PublishedContent.objects.get(page_id=alias.pk).title == "Debate en Torreón"


def test_going_back_to_an_earlier_version_is_a_draft_until_it_is_published(
    newsroom: Newsroom,
) -> None:
    note = newsroom.published(f"Nota {CANARY}", "debate")
    old = note.latest_revision
    newsroom.edit(note, "Debate en Saltillo", "debate", **{"action-publish": "1"})
    assert places_with(CANARY) == []

    newsroom.edit(note, f"Nota {CANARY}", "debate", revision=old.pk)

    assert places_with(CANARY) == []
    assert PublishedContent.objects.get(page_id=note.pk).title == "Debate en Saltillo"


def test_the_notes_move_when_the_list_of_news_moves(
    newsroom: Newsroom, django_capture_on_commit_callbacks: Any
) -> None:
    note = newsroom.published("Debate en Saltillo", "debate")
    draft = newsroom.draft(f"Nota {CANARY}", CANARY)

    with django_capture_on_commit_callbacks(execute=True):
        newsroom.index.slug = "comunicados"
        newsroom.index.save()

    assert PublishedContent.objects.get(page_id=note.pk).url == "/comunicados/debate/"
    assert copy_of(draft) is None
    assert places_with(CANARY) == []


def test_a_note_with_restricted_access_has_no_public_copy(newsroom: Newsroom) -> None:
    note = newsroom.published(f"Nota {CANARY}", f"nota-{CANARY}")
    restriction = PageViewRestriction.objects.create(
        page=newsroom.index, restriction_type=PageViewRestriction.LOGIN
    )
    assert copy_of(note) is None

    restriction.delete()
    assert copy_of(note) is not None


def test_cancelling_a_scheduled_publication_publishes_nothing(newsroom: Newsroom) -> None:
    later = as_typed(timezone.now() + timedelta(hours=1))
    newsroom.create(
        f"Nota {CANARY}", f"nota-{CANARY}", **{"action-publish": "1", "go_live_at": later}
    )
    note = NewsPage.objects.get(slug=f"nota-{CANARY}")
    bring_forward(note)
    address = reverse(
        "wagtailadmin_pages:revisions_unschedule", args=[note.pk, note.scheduled_revision.pk]
    )

    assert newsroom.client.post(address).status_code == 302
    call_command("publish_scheduled")

    assert places_with(CANARY) == []


def test_a_link_to_a_draft_does_not_reveal_it_before_it_is_published(newsroom: Newsroom) -> None:
    draft = newsroom.draft(f"Nota {CANARY}", f"nota-{CANARY}")
    home = HomePage.objects.get()
    page = home.add_child(
        instance=ContentPage(
            title="Enlaces",
            slug="enlaces",
            body=f'<p><a linktype="page" id="{draft.pk}">lo que viene</a></p>',
        )
    )
    page.save_revision().publish()

    def shown() -> dict[str, int]:
        """How often each address that shows the page names the draft."""
        visitor = Client()
        places = ("/enlaces/", "/api/v1/paginas/enlaces/")
        return {place: visitor.get(place).content.decode().count(CANARY) for place in places}

    assert shown() == {"/enlaces/": 0, "/api/v1/paginas/enlaces/": 0}
    newsroom.edit(draft, f"Nota {CANARY}", f"nota-{CANARY}", **{"action-publish": "1"})
    assert shown() == {"/enlaces/": 1, "/api/v1/paginas/enlaces/": 1}
    newsroom.post("unpublish", draft)
    assert shown() == {"/enlaces/": 0, "/api/v1/paginas/enlaces/": 0}
