"""Django's registration of this room."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_delete, post_migrate, post_save
from django.utils.translation import gettext_lazy as _


class PublicationConfig(AppConfig):
    name = "cms.publication"
    verbose_name = _("publicación")

    def ready(self) -> None:
        from cms.catalogs.models import Office, PoliticalActor, Territory
        from cms.publication import pictures
        from cms.publication.signals import rewrite_rows, say_what_is_asked
        from cms.publication.upgrading import follow_definitions
        from cms.published.models import PublishedCandidacy
        from cms.questionnaires.models import ProcessQuestionnaire

        for model in (PoliticalActor, Office, Territory):
            post_save.connect(rewrite_rows, sender=model, dispatch_uid=f"rewrite_{model.__name__}")
        post_save.connect(
            say_what_is_asked, sender=ProcessQuestionnaire, dispatch_uid="say_what_is_asked"
        )
        post_delete.connect(
            pictures.on_row_deleted, sender=PublishedCandidacy, dispatch_uid="pictures_forgotten"
        )
        # This room has no models of its own, so Django emits no signal for it.
        last = apps.get_app_config("sessions")
        post_migrate.connect(follow_definitions, sender=last, dispatch_uid="follow_definitions")
