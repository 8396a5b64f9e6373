"""Django's registration of this room."""

from django.apps import AppConfig
from django.db.models.signals import post_delete
from django.utils.translation import gettext_lazy as _


class PublishedConfig(AppConfig):
    name = "cms.published"
    verbose_name = _("lo público")

    def ready(self) -> None:
        from wagtail.signals import page_published, page_slug_changed, page_unpublished

        from cms.published import editorial

        page_published.connect(editorial.on_page_published, dispatch_uid="editorial_published")
        page_slug_changed.connect(editorial.on_page_published, dispatch_uid="editorial_slug")
        page_unpublished.connect(editorial.on_page_withdrawn, dispatch_uid="editorial_withdrawn")
        post_delete.connect(editorial.on_page_withdrawn, dispatch_uid="editorial_deleted")
