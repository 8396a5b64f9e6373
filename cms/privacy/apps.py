"""Django's registration of this room."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "cms.privacy"
    verbose_name = _("privacidad")

    def ready(self) -> None:
        from cms.privacy.default_notice import ensure_default_notice

        post_migrate.connect(ensure_default_notice, sender=self, dispatch_uid="default_notice")
