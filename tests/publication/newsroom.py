"""Comunicación Social at its desk: the editor's own forms, posted as a browser posts them."""

from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, Revision
from wagtail.test.utils.form_data import rich_text

from cms.portal.models import NewsIndexPage, NewsPage

PUBLIC_PLACES = (
    "/",
    "/noticias/",
    "/sitemap.xml",
    "/api/v1/noticias/",
    "/api/v1/paginas/",
    "/api/v1/sugerencias/?q={word}",
    "/api/v1/candidaturas/?q={word}",
    "/buscar/?q={word}",
)


def as_typed(instant: datetime | None) -> str:
    """A moment as the editor's fields take it: the institute's own clock."""
    return "" if instant is None else timezone.localtime(instant).strftime("%Y-%m-%d %H:%M:%S")


def form_of(title: str, slug: str, **changes: Any) -> dict[str, Any]:
    """What the editor sends for a note."""
    return {
        "title": title,
        "slug": slug,
        "date": "2024-05-01",
        "summary": f"Resumen de {title}",
        "body": rich_text(f"<p>Texto de {title}</p>"),
        "image": "",
        "image_alt": "",
        "seo_title": "",
        "search_description": "",
        "go_live_at": "",
        "expire_at": "",
        **changes,
    }


def stored_image(title: str) -> Any:
    """An image of the library as it is once it has been prepared."""
    model = get_image_model()
    name = default_storage.save("original_images/imagen.png", get_test_image_file())
    return model.objects.bulk_create([model(title=title, file=name, width=640, height=480)])[0]


def bring_forward(note: Page) -> datetime:
    """Schedule for this very moment what was scheduled for later; returns the moment."""
    moment = timezone.now()
    revision: Revision = note.scheduled_revision
    revision.content = {**revision.content, "go_live_at": moment.isoformat()}
    revision.approved_go_live_at = moment
    revision.save(update_fields=["content", "approved_go_live_at"])
    return moment


class Newsroom:
    """One person of Comunicación Social with a session."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.index = NewsIndexPage.objects.get()

    def create(self, title: str, slug: str, **changes: Any) -> Any:
        """Post the form of a new note; returns the response."""
        address = reverse("wagtailadmin_pages:add", args=["portal", "newspage", self.index.pk])
        return self.client.post(address, form_of(title, slug, **changes))

    def edit(self, note: Page, title: str, slug: str, **changes: Any) -> Any:
        """Post the form of an existing note; returns the response."""
        address = reverse("wagtailadmin_pages:edit", args=[note.pk])
        return self.client.post(address, form_of(title, slug, **changes))

    def published(self, title: str, slug: str, **changes: Any) -> NewsPage:
        """A note that is live."""
        response = self.create(title, slug, **{"action-publish": "1", **changes})
        assert response.status_code == 302, response.context["form"].errors
        return NewsPage.objects.get(slug=slug)

    def draft(self, title: str, slug: str) -> NewsPage:
        """A note that nobody published."""
        assert self.create(title, slug).status_code == 302
        return NewsPage.objects.get(slug=slug)

    def post(self, name: str, note: Page, **data: Any) -> Any:
        """Post to another view of the editor about a note."""
        return self.client.post(reverse(f"wagtailadmin_pages:{name}", args=[note.pk]), data)


def places_with(word: str) -> list[str]:
    """Public addresses that say a word, asked for by somebody without a session."""
    visitor = Client()
    places = [place.format(word=word) for place in PUBLIC_PLACES]
    places += [f"/noticias/{word}/", f"/noticias/nota-{word}/", f"/api/v1/noticias/{word}/"]
    found = []
    for place in places:
        response = visitor.get(place)
        page = response.content.decode()
        # What the visitor typed is said back, but not found.
        said = page.replace(f'value="{word}"', "").replace(f"q={word}", "")
        said = said.replace(f"«{word}»", "").replace(f'"{word}"', "")
        if response.status_code < 400 and word in said:
            found.append(place)
    return found
