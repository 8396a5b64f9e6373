"""Django's registration of this room."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class QuestionnairesConfig(AppConfig):
    name = "cms.questionnaires"
    verbose_name = _("cuestionarios")

    def ready(self) -> None:
        from cms.accounts import grants
        from cms.accounts.models import Role
        from cms.notifications import kinds as notifications
        from cms.questionnaires import checks, kinds  # noqa: F401
        from cms.questionnaires.loading import load_definitions
        from cms.questionnaires.versions.notifications import CHANGED

        grants.register(
            Role.ADMINISTRATOR,
            models=[
                "questionnaires.questionnairedefinition",
                "questionnaires.processquestionnaire",
            ],
        )
        grants.register(Role.ADMINISTRATOR, models=["questionnaires.definitiondraft"])
        grants.register(
            Role.INTERNAL_BODY, models=["questionnaires.definitiondraft"], actions=["view"]
        )
        grants.register(
            Role.ADMINISTRATOR,
            Role.INTERNAL_BODY,
            models=["questionnaires.definitionchange"],
            actions=["view", "change"],
        )
        kinds.register(kinds.CURRICULAR)
        notifications.register(CHANGED)
        post_migrate.connect(load_definitions, sender=self, dispatch_uid="load_definitions")
