"""Django's registration of this room."""

from django.apps import AppConfig
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _


class PublicationConfig(AppConfig):
    name = "cms.publication"
    verbose_name = _("publicación")

    def ready(self) -> None:
        from cms.accounts import grants
        from cms.accounts.models import Role
        from cms.catalogs.models import Office, PoliticalActor, Territory
        from cms.publication.signals import rewrite_rows

        # Source: work plan 1 (follow-up).
        grants.register(Role.ADMINISTRATOR, Role.INTERNAL_BODY, models=["publication.importrecord"])
        for model in (PoliticalActor, Office, Territory):
            post_save.connect(rewrite_rows, sender=model, dispatch_uid=f"rewrite_{model.__name__}")
