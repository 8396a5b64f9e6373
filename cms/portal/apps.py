"""Django's registration of this room."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_save
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "cms.portal"
    verbose_name = _("portal")

    def ready(self) -> None:
        from wagtail.images import get_image_model

        from cms.catalogs.public_pages import name_the_site
        from cms.portal.first_page import ensure_home_page, name_the_roots
        from cms.portal.images import strip_before_saving

        post_migrate.connect(ensure_home_page, sender=self, dispatch_uid="ensure_home_page")
        post_migrate.connect(name_the_roots, sender=self, dispatch_uid="name_the_roots")
        post_migrate.connect(name_the_site, sender=self, dispatch_uid="name_the_site")
        pre_save.connect(strip_before_saving, sender=get_image_model(), dispatch_uid="strip_images")
