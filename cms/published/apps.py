"""Django's registration of this room."""

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _


class PublishedConfig(AppConfig):
    name = "cms.published"
    verbose_name = _("lo público")

    def ready(self) -> None:
        from wagtail.models import PageViewRestriction
        from wagtail.signals import page_slug_changed, post_page_move

        from cms.published import changes, editorial
        from cms.published.models import PublishedCandidacy

        post_delete.connect(
            changes.on_row_deleted, sender=PublishedCandidacy, dispatch_uid="row_deleted"
        )
        post_save.connect(editorial.on_page_saved, dispatch_uid="editorial_saved")
        post_delete.connect(editorial.on_page_deleted, dispatch_uid="editorial_deleted")
        for moved in (page_slug_changed, post_page_move):
            moved.connect(editorial.on_addresses_changed, dispatch_uid="editorial_moved")
        for changed in (post_save, post_delete):
            changed.connect(
                editorial.on_restriction_changed,
                sender=PageViewRestriction,
                dispatch_uid="editorial_restricted",
            )
