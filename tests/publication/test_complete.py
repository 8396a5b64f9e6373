"""Whatever is published is complete, in every way of publishing; a draft may be incomplete."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.accounts.services import create_staff
from cms.portal.models import NewsPage
from cms.published.models import PublishedContent
from tests.publication.newsroom import Newsroom, as_typed, bring_forward, form_of, stored_image


@pytest.fixture
def newsroom(client: Client, process: Any) -> Newsroom:
    client.force_login(create_staff(username="prensa.uno", role="comunicacion"))
    return Newsroom(client)


@pytest.fixture
def image(db: None) -> Any:
    return stored_image("mesa.jpg")


@pytest.mark.parametrize("action", [{"action-publish": "1"}, {"action-publish": "1", "later": "1"}])
@pytest.mark.parametrize(
    ("alternative", "words"),
    [
        ("", "Escribe qué muestra la imagen, para quien no la ve."),
        (" \u200b\u00ad ", "Escribe qué muestra la imagen, para quien no la ve."),
        ("IMG_2034.JPG", "no su archivo"),
    ],
)
def test_an_image_without_alternative_text_is_refused_at_its_field(
    newsroom: Newsroom, image: Any, action: dict[str, str], alternative: str, words: str
) -> None:
    changes = {"image": image.pk, "image_alt": alternative, **action}
    if changes.pop("later", None):
        changes["go_live_at"] = as_typed(timezone.now() + timedelta(hours=1))

    response = newsroom.create("Debate", "debate", **changes)

    assert response.status_code == 200
    form = response.context["form"]
    assert list(form.errors) == ["image_alt"]
    assert words in str(form.errors["image_alt"])
    assert not NewsPage.objects.exists()


def test_a_draft_may_lack_its_alternative_text_but_is_published_only_with_it(
    newsroom: Newsroom, image: Any
) -> None:
    assert newsroom.create("Debate", "debate", image=image.pk).status_code == 302
    note = NewsPage.objects.get()

    refused = newsroom.edit(note, "Debate", "debate", image=image.pk, **{"action-publish": "1"})
    assert "image_alt" in refused.context["form"].errors
    with pytest.raises(ValidationError):
        note.latest_revision.publish()
    newsroom.edit(
        note,
        "Debate",
        "debate",
        image=image.pk,
        image_alt="Tres personas en una mesa",
        **{"action-publish": "1"},
    )

    copy = PublishedContent.objects.get(page_id=note.pk)
    assert copy.image_alt == "Tres personas en una mesa"
    # A newer draft of a live note may lack it too.
    assert newsroom.edit(note, "Debate", "debate", image=image.pk).status_code == 302
    assert PublishedContent.objects.get(page_id=note.pk).image_alt == "Tres personas en una mesa"


def test_an_incomplete_selection_is_refused_and_the_message_says_what_is_missing(
    newsroom: Newsroom, image: Any
) -> None:
    complete = newsroom.draft("Registro", "registro")
    newsroom.create("Debate", "debate", image=image.pk)
    newsroom.create("Sin texto", "sin-texto", summary="", body=form_of("", "")["body"])
    keys = "&".join(f"id={pk}" for pk in NewsPage.objects.values_list("pk", flat=True))
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])

    response = newsroom.client.post(f"{address}?{keys}&next=/admin/pages/", follow=True)

    content = response.content.decode()
    assert "Debate. Texto alternativo: Escribe qué muestra la imagen" in content
    assert "Sin texto. Resumen: Este campo no puede quedar en blanco." in content
    assert not PublishedContent.objects.filter(page_id=complete.pk).exists()
    assert not NewsPage.objects.live().exists()


def test_a_note_that_cannot_be_published_does_not_delay_the_others(
    newsroom: Newsroom, image: Any
) -> None:
    later = as_typed(timezone.now() + timedelta(hours=1))
    for slug in ("debate", "registro"):
        newsroom.create(slug.title(), slug, **{"action-publish": "1", "go_live_at": later})
        bring_forward(NewsPage.objects.get(slug=slug))
    broken = NewsPage.objects.get(slug="debate").scheduled_revision
    broken.content |= {"image": image.pk, "image_alt": ""}
    broken.save()

    call_command("publish_scheduled")

    assert NewsPage.objects.get(slug="registro").live
    assert not NewsPage.objects.get(slug="debate").live
    assert NewsPage.objects.get(slug="debate").scheduled_revision is not None
