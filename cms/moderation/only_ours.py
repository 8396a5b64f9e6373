"""Removes the workflow and the groups that Wagtail creates in its own migrations.

They are the groups «Editors» and «Moderators» and the workflow «Moderators approval». Nobody uses
them here, a member of those groups could publish without review, and their names are in English.
Those that an installation has used or changed are kept.
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
    """Remove them, unless they are in use; receiver of post_migrate."""
    for workflow in Workflow.objects.filter(name=WAGTAILS_WORKFLOW):
        _remove_workflow(workflow)
    for group in Group.objects.filter(name__in=WAGTAILS_GROUPS):
        if _is_untouched(group):
            group.delete()


def _remove_workflow(workflow: Workflow) -> None:
    """Remove it if no page went through it and it is assigned, as Wagtail did, to the root only."""
    tasks = [step.task for step in WorkflowTask.objects.filter(workflow=workflow)]
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
    """Whether a group is as Wagtail made it: without members, with rights on the root only."""
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
