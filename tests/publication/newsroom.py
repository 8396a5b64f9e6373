"""The work of Comunicación Social: the forms of the editor, posted as a browser posts them."""

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
    """A moment as it is typed in the editor, in the local time of the institute."""
    return "" if instant is None else timezone.localtime(instant).strftime("%Y-%m-%d %H:%M:%S")


def form_of(title: str, slug: str, **changes: Any) -> dict[str, Any]:
    """The form that the editor sends for a note."""
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
    """An image of the library, stored as if it had already been prepared."""
    model = get_image_model()
    name = default_storage.save("original_images/imagen.png", get_test_image_file())
    return model.objects.bulk_create([model(title=title, file=name, width=640, height=480)])[0]


def bring_forward(note: Page) -> datetime:
    """Move the publication that was scheduled for later to this moment; return the moment."""
    moment = timezone.now()
    revision: Revision = note.scheduled_revision
    revision.content = {**revision.content, "go_live_at": moment.isoformat()}
    revision.approved_go_live_at = moment
    revision.save(update_fields=["content", "approved_go_live_at"])
    return moment


class Newsroom:
    """A person of Comunicación Social with a session."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.index = NewsIndexPage.objects.get()

    def create(self, title: str, slug: str, **changes: Any) -> Any:
        """Post the form of a new note; return the response."""
        address = reverse("wagtailadmin_pages:add", args=["portal", "newspage", self.index.pk])
        return self.client.post(address, form_of(title, slug, **changes))

    def edit(self, note: Page, title: str, slug: str, **changes: Any) -> Any:
        """Post the form of an existing note; return the response."""
        address = reverse("wagtailadmin_pages:edit", args=[note.pk])
        return self.client.post(address, form_of(title, slug, **changes))

    def published(self, title: str, slug: str, **changes: Any) -> NewsPage:
        """Publish a note and return it."""
        response = self.create(title, slug, **{"action-publish": "1", **changes})
        assert response.status_code == 302, response.context["form"].errors
        return NewsPage.objects.get(slug=slug)

    def draft(self, title: str, slug: str) -> NewsPage:
        """Save a note as a draft and return it."""
        assert self.create(title, slug).status_code == 302
        return NewsPage.objects.get(slug=slug)

    def post(self, name: str, note: Page, **data: Any) -> Any:
        """Post to another view of the editor for a note."""
        return self.client.post(reverse(f"wagtailadmin_pages:{name}", args=[note.pk]), data)


def places_with(word: str) -> list[str]:
    """The public addresses that show a word to a visitor without a session."""
    visitor = Client()
    places = [place.format(word=word) for place in PUBLIC_PLACES]
    places += [f"/noticias/{word}/", f"/noticias/nota-{word}/", f"/api/v1/noticias/{word}/"]
    found = []
    for place in places:
        response = visitor.get(place)
        page = response.content.decode()
        # The page repeats what the visitor typed; that is not counted.
        shown = page.replace(f'value="{word}"', "").replace(f"q={word}", "")
        shown = shown.replace(f"«{word}»", "").replace(f'"{word}"', "")
        if response.status_code < 400 and word in shown:
            found.append(place)
    return found
