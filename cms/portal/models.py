"""Pages that Comunicación Social edits."""

import datetime
import re
from http import HTTPMethod
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.rich_text import expand_db_html

from cms.catalogs.public_pages import PublicAddress
from cms.catalogs.spanish import clean_line
from cms.portal import whole_process
from cms.portal.forms import EditorialForm
from cms.published import selectors
from cms.published.caching import PUBLIC
from cms.published.editorial import EditorialPage
from cms.published.models import ContentKind

NEWS_ON_HOME = 3
TOPICS = (
    "agua potable",
    "alumbrado",
    "campo",
    "cultura",
    "deporte",
    "discapacidad",
    "empleo",
    "jóvenes",
    "pavimentación",
    "salud",
    "seguridad",
    "violencia de género",
)
# Letters of text without markup; a long page of the institute has about fifteen thousand.
LONGEST_TEXT = 60_000
_FILE_NAME = re.compile(r"\.(?:avif|gif|jpe?g|png|svg|webp)$", re.IGNORECASE)
PROSE_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link", "hr"]


class ReadByEverybody:
    """A page that everybody may read: caches may keep it, and it cannot be made private.

    Its copy would stay in lists and in the API. Staff who want nobody to read it must unpublish it.
    """

    private_page_options: ClassVar[list[str]] = []
    allowed_http_methods = (HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Serve as Wagtail does, and say what caches may do. Previews do not come through here."""
        response: HttpResponse = super().serve(request, *args, **kwargs)  # type: ignore[misc]
        response["Cache-Control"] = PUBLIC
        return response


class HomePage(ReadByEverybody, PublicAddress, Page):
    """The root of the site."""

    max_count = 1
    subpage_types: ClassVar = [
        "portal.NewsIndexPage",
        "portal.FaqPage",
        "portal.ContentPage",
        "candidacies.ProcessPage",
    ]

    class Meta:
        verbose_name = _("portada")

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The portal's state, the places of the process, what is public of it, and news."""
        state = selectors.portal_state()
        return {
            **super().get_context(request, *args, **kwargs),
            "portal": state,
            **whole_process.context(state.process),
            "topics": TOPICS,
            "news": list(selectors.news()[:NEWS_ON_HOME]),
        }


class NewsIndexPage(ReadByEverybody, PublicAddress, Page):
    """The list of news."""

    max_count = 1
    parent_page_types: ClassVar = ["portal.HomePage"]
    subpage_types: ClassVar = ["portal.NewsPage"]

    class Meta:
        verbose_name = _("noticias")

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """All the news, newest first."""
        return {**super().get_context(request, *args, **kwargs), "news": selectors.news()}


class NewsPage(ReadByEverybody, EditorialPage):
    """One piece of news."""

    editorial_kind = ContentKind.NEWS
    date = models.DateField(_("fecha"))
    summary = models.CharField(_("resumen"), max_length=300)
    body = RichTextField(_("texto"), features=PROSE_FEATURES, max_length=LONGEST_TEXT)
    image = models.ForeignKey(
        "wagtailimages.Image",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("imagen"),
    )
    image_alt = models.CharField(
        _("texto alternativo"),
        max_length=250,
        blank=True,
        help_text=_(
            "Qué muestra la imagen, para quien no la ve. Hace falta para publicar una nota con"
            " imagen."
        ),
    )

    base_form_class = EditorialForm

    parent_page_types: ClassVar = ["portal.NewsIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("date", help_text=_("La nota la dice, y las noticias van de la más nueva.")),
        FieldPanel(
            "summary",
            help_text=_(
                "Una o dos oraciones. Se lee en la lista de noticias, en la portada y en los"
                " buscadores."
            ),
        ),
        FieldPanel("body", help_text=_("Lo que la gente lee al abrir la nota.")),
        FieldPanel(
            "image", help_text=_("Va arriba del texto, y al compartir la nota. Puede no llevar.")
        ),
        FieldPanel("image_alt"),
    ]

    class Meta:
        verbose_name = _("noticia")
        verbose_name_plural = _("noticias")

    def editorial_summary(self) -> str:
        return str(self.summary)

    def editorial_body_html(self) -> str:
        return str(expand_db_html(self.body))

    def editorial_date(self) -> datetime.date | None:
        found: datetime.date | None = self.date
        return found

    def editorial_image(self) -> tuple[str, str]:
        if self.image is None:
            return "", ""
        return self.image.get_rendition("max-1200x800").url, str(self.image_alt)

    def missing_to_publish(self) -> dict[str, str]:
        """Ask for words that say what the image shows; the name of its file does not."""
        described = clean_line(self.image_alt)
        if self.image is None:
            return {}
        if not described:
            return {"image_alt": gettext("Escribe qué muestra la imagen, para quien no la ve.")}
        if _FILE_NAME.search(described):
            return {"image_alt": gettext("Escribe qué muestra la imagen, no su archivo.")}
        return {}


class TextPage(ReadByEverybody, EditorialPage):
    """A page of text with a summary."""

    summary = models.CharField(_("resumen"), max_length=300, blank=True)
    body = RichTextField(_("texto"), features=PROSE_FEATURES, max_length=LONGEST_TEXT)

    parent_page_types: ClassVar = ["portal.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel(
            "summary",
            help_text=_("Se lee debajo del título y en los buscadores. Puede ir vacío."),
        ),
        FieldPanel("body", help_text=_("Lo que la gente lee en la página.")),
    ]

    class Meta:
        abstract = True

    def editorial_summary(self) -> str:
        return str(self.summary)

    def editorial_body_html(self) -> str:
        return str(expand_db_html(self.body))


class ContentPage(TextPage):
    """Accessibility, privacy, how the information is reviewed…"""

    class Meta:
        verbose_name = _("página de texto")
        verbose_name_plural = _("páginas de texto")


class FaqPage(TextPage):
    """Frequent questions."""

    class Meta:
        verbose_name = _("preguntas frecuentes")
