"""Django's registration of this room."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CatalogsConfig(AppConfig):
    name = "cms.catalogs"
    verbose_name = _("catálogos")

    def ready(self) -> None:
        from cms.catalogs.loading import load_catalogues

        post_migrate.connect(load_catalogues, sender=self, dispatch_uid="load_catalogues")
