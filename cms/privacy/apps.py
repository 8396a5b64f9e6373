"""Django's registration of this room."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "cms.privacy"
    verbose_name = _("privacidad")

    def ready(self) -> None:
        from cms.accounts import grants
        from cms.accounts.models import Role
        from cms.privacy.default_notice import ensure_default_notice

        # Source: Plan de trabajo 2024, 1.1 (avisos de privacidad).
        grants.register(Role.ADMINISTRATOR, Role.INTERNAL_BODY, models=["privacy.simplifiednotice"])
        post_migrate.connect(ensure_default_notice, sender=self, dispatch_uid="default_notice")
