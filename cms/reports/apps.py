"""Django's registration of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "cms.reports"
    verbose_name = _("avance")

    def ready(self) -> None:
        from cms.accounts import grants
        from cms.accounts.models import Role
        from cms.notifications import kinds
        from cms.reports.reminders import REMINDED

        kinds.register(REMINDED)
        # The Commission supervises, and the internal body reports the progress.
        # Source: Plan de trabajo 2024, 1.
        grants.register(
            Role.OBSERVER,
            Role.INTERNAL_BODY,
            Role.ADMINISTRATOR,
            models=["reports.progress"],
            actions=["view"],
        )
        grants.register(Role.ADMINISTRATOR, models=["reports.followuprule"])
