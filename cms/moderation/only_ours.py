"""Of workflows and groups there are the institute's only: Wagtail's first ones are taken away.

Wagtail makes the groups «Editors» and «Moderators» and the workflow «Moderators approval» in its
own migrations. Nobody here is in them, they would let whoever is put there publish without review,
and their names are in English. What an installation has used or changed is left as it is.
"""

from typing import Any

from django.contrib.auth.models import Group
from wagtail.models import (
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowTask,
)

from cms.catalogs.first_data import when_migrated

WAGTAILS_GROUPS = ("Editors", "Moderators")
WAGTAILS_WORKFLOW = "Moderators approval"
WAGTAILS_PERMISSIONS = {"access_admin"} | {
    f"{action}_{model}"
    for action in ("add", "change", "delete", "choose")
    for model in ("document", "image")
}


@when_migrated("wagtailcore.Workflow", "wagtailcore.GroupApprovalTask", "auth.Group")
def remove_wagtails_own(sender: Any = None, **kwargs: Any) -> None:
    """Receiver of post_migrate."""
    for workflow in Workflow.objects.filter(name=WAGTAILS_WORKFLOW):
        _remove_workflow(workflow)
    for group in Group.objects.filter(name__in=WAGTAILS_GROUPS):
        if _is_untouched(group):
            group.delete()


def _remove_workflow(workflow: Workflow) -> None:
    """Only while no page went through it and it rules where Wagtail put it: the whole tree."""
    tasks = [one.task for one in WorkflowTask.objects.filter(workflow=workflow)]
    is_first = [task.name for task in tasks] == [WAGTAILS_WORKFLOW]
    elsewhere = workflow.workflow_pages.exclude(page=Page.get_first_root_node()).exists()
    if not is_first or elsewhere or workflow.workflow_states.exists():
        return
    task = tasks[0]
    used = task.task_states.exists() or task.workflow_tasks.exclude(workflow=workflow).exists()
    names = set(task.specific.groups.values_list("name", flat=True))
    workflow.delete()
    if not used and names <= set(WAGTAILS_GROUPS):
        task.specific.delete()


def _is_untouched(group: Group) -> bool:
    """Whether a group is as Wagtail made it: nobody in it, and rights over the whole tree only."""
    own = set(group.permissions.values_list("codename", flat=True))
    root = Page.get_first_root_node()
    return (
        not group.user_set.exists()
        and own <= WAGTAILS_PERMISSIONS
        and not GroupPagePermission.objects.filter(group=group).exclude(page=root).exists()
        and not GroupCollectionPermission.objects.filter(group=group)
        .exclude(collection__depth=1)
        .exists()
        and not GroupApprovalTask.objects.filter(groups=group).exists()
    )
