"""Pages that Comunicación Social edits."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from cms.published.editorial import EditorialPage
from cms.published.models import ContentKind

PROSE_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link", "hr"]


class HomePage(Page):
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


class NewsIndexPage(Page):
    """The list of news."""

    max_count = 1
    parent_page_types: ClassVar = ["portal.HomePage"]
    subpage_types: ClassVar = ["portal.NewsPage"]

    class Meta:
        verbose_name = _("noticias")


class NewsPage(EditorialPage):
    """One piece of news."""

    editorial_kind = ContentKind.NEWS
    date = models.DateField(_("fecha"))
    summary = models.CharField(_("resumen"), max_length=300)
    body = RichTextField(_("texto"), features=PROSE_FEATURES)
    image = models.ForeignKey(
        "wagtailimages.Image",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("imagen"),
    )
    image_alt = models.CharField(_("texto alternativo"), max_length=250, blank=True)

    parent_page_types: ClassVar = ["portal.NewsIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("date"),
        FieldPanel("summary"),
        FieldPanel("body"),
        FieldPanel("image"),
        FieldPanel("image_alt"),
    ]

    class Meta:
        verbose_name = _("noticia")
        verbose_name_plural = _("noticias")


class ContentPage(EditorialPage):
    """A page of text: accessibility, privacy, how the information is reviewed…"""

    summary = models.CharField(_("resumen"), max_length=300, blank=True)
    body = RichTextField(_("texto"), features=PROSE_FEATURES)

    parent_page_types: ClassVar = ["portal.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("página de texto")
        verbose_name_plural = _("páginas de texto")


class FaqPage(EditorialPage):
    """Frequent questions."""

    summary = models.CharField(_("resumen"), max_length=300, blank=True)
    body = RichTextField(_("texto"), features=PROSE_FEATURES)

    parent_page_types: ClassVar = ["portal.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("preguntas frecuentes")
