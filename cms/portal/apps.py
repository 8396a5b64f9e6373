"""Django's registration of this room."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "cms.portal"
    verbose_name = _("portal")

    def ready(self) -> None:
        from cms.portal.first_page import ensure_home_page

        post_migrate.connect(ensure_home_page, sender=self, dispatch_uid="ensure_home_page")
