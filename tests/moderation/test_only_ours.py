"""Wagtail's own groups and workflows are removed, unless an installation uses them."""

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import (
    GroupApprovalTask,
    GroupPagePermission,
    Page,
    Task,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from cms.accounts.groups import GROUP_OF_ROLE
from cms.accounts.models import User
from cms.moderation.only_ours import remove_wagtails_own
from cms.questionnaires.kinds import CURRICULAR

pytestmark = pytest.mark.django_db


def test_a_new_installation_has_only_ours():
    assert set(Group.objects.values_list("name", flat=True)) == set(GROUP_OF_ROLE.values())
    assert list(Workflow.objects.values_list("name", flat=True)) == [CURRICULAR.workflow]
    assert list(Task.objects.values_list("name", flat=True)) == [CURRICULAR.workflow]
    assert not WorkflowPage.objects.exists()


@pytest.fixture
def moderators():
    """The group and workflow that Wagtail's migrations left in older installations."""
    group = Group.objects.create(name="Moderators")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in ("add_page", "change_page", "publish_page"):
        GroupPagePermission.objects.create(
            group=group,
            page=Page.get_first_root_node(),
            permission=Permission.objects.get(
                content_type__app_label="wagtailcore", codename=codename
            ),
        )
    task = GroupApprovalTask.objects.create(name="Moderators approval")
    task.groups.add(group)
    workflow = Workflow.objects.create(name="Moderators approval")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page=Page.get_first_root_node())
    return group


def test_an_older_installation_loses_them_if_nobody_used_them(moderators):
    remove_wagtails_own()

    test_a_new_installation_has_only_ours()


def test_a_group_with_people_or_other_rights_stays(moderators):
    User.objects.create_user(username="alguien").groups.add(moderators)
    editors = Group.objects.create(name="Editors")
    editors.permissions.add(Permission.objects.get(codename="change_portalsettings"))

    remove_wagtails_own()

    assert Group.objects.filter(name__in=["Moderators", "Editors"]).count() == 2
    assert not Workflow.objects.filter(name="Moderators approval").exists()


def test_a_workflow_that_was_used_or_changed_stays(moderators, superuser):
    workflow = Workflow.objects.get(name="Moderators approval")
    page = Page.objects.get(slug="preguntas").specific
    page.save_revision()
    workflow.start(page, superuser)

    remove_wagtails_own()

    assert Workflow.objects.filter(pk=workflow.pk).exists()
    assert Group.objects.filter(name="Moderators").exists()
