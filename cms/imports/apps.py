"""Django's registration of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "cms.imports"
    verbose_name = _("importaciones")

    def ready(self) -> None:
        from cms.accounts import grants
        from cms.accounts.models import Role

        # Source: Plan de trabajo 2024, 1.1 (seguimiento).
        grants.register(Role.ADMINISTRATOR, Role.INTERNAL_BODY, models=["imports.importrecord"])
        grants.model_moved("publication.importrecord", "imports.importrecord")
