"""Django's registration of this room."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate, post_save, pre_delete, pre_save
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    name = "cms.moderation"
    verbose_name = _("revisión")

    def ready(self) -> None:
        from wagtail.models import Task, Workflow, WorkflowTask

        from cms.accounts.resume import comes_back
        from cms.catalogs.models import ProcessOffice
        from cms.moderation import only_ours, permissions, tasks, workflow
        from cms.moderation.notifications import OBSERVED
        from cms.notifications import kinds

        comes_back(
            "moderation:return",
            "moderation:approve",
            page="moderation:review",
            may_see=permissions.may_see,
        )
        kinds.register(OBSERVED)
        post_save.connect(
            tasks.on_dates_saved, sender=ProcessOffice, dispatch_uid="silence_may_have_moved"
        )
        workflow.disconnect_mail()
        for signal in (pre_save, pre_delete):
            signal.connect(workflow.guard_task, sender=Task)
            signal.connect(workflow.guard_workflow, sender=Workflow)
            signal.connect(workflow.guard_workflow_task, sender=WorkflowTask)
        # Emitted last: by then the tables and content types of every application exist.
        last = apps.get_app_config("sessions")
        post_migrate.connect(workflow.make_workflows, sender=last, dispatch_uid="ensure_workflow")
        post_migrate.connect(only_ours.remove_wagtails_own, sender=last, dispatch_uid="only_ours")
