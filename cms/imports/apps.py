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
        grants.register(
            Role.ADMINISTRATOR, models=["imports.upload"], actions=("add", "change", "view")
        )
        grants.register(Role.INTERNAL_BODY, models=["imports.upload"], actions=("view",))
        grants.register(Role.ADMINISTRATOR, models=["imports.importpolicy"])
        grants.register(
            Role.ADMINISTRATOR,
            models=["imports.ownprofile"],
            actions=("add", "change", "view", "delete"),
        )
        grants.register(Role.INTERNAL_BODY, models=["imports.importpolicy"], actions=("view",))
        grants.model_moved("publication.importrecord", "imports.importrecord")
