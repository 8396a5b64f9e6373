"""Every address of the admin that takes a page, and the tables that must not change."""

from collections.abc import Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.urls import URLPattern, get_resolver, reverse
from wagtail.models import Page, TaskState

PAGE_ARGUMENTS = ("page_id", "parent_page_id", "page_to_move_id", "page_pk", "object_id")
# The tables that these addresses could change. Sessions and messages are not among them.
TABLES = (
    "wagtailcore_page",
    "wagtailcore_revision",
    "wagtailcore_workflow",
    "wagtailcore_workflowpage",
    "wagtailcore_workflowstate",
    "wagtailcore_workflowtask",
    "wagtailcore_task",
    "wagtailcore_taskstate",
    "wagtailcore_pageviewrestriction",
    "wagtailcore_pagelogentry",
    "wagtailcore_comment",
    "wagtailadmin_editingsession",
    "candidacies_processpage",
    "candidacies_territorypage",
    "candidacies_candidacypage",
    "questionnaires_curricularquestionnairepage",
    "questionnaires_questionnaire",
    "questionnaires_submission",
    "moderation_decision",
    "moderation_observation",
    "published_publishedcandidacy",
)


def everything() -> dict[str, str]:
    """A hash of all rows of each table in `TABLES` (one query)."""
    digests = " union all ".join(
        f"select '{table}', md5(string_agg(t::text, ';' order by t::text)) from {table} t"
        for table in TABLES
    )
    with connection.cursor() as cursor:
        cursor.execute(digests)
        return dict(cursor.fetchall())


def _patterns(resolver: Any, namespaces: tuple[str, ...] = ()) -> Iterator[tuple[str, set[str]]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield ":".join((*namespaces, pattern.name)), set(pattern.pattern.regex.groupindex)
        else:
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _patterns(pattern, inner)


def admin_names() -> dict[str, set[str]]:
    """Names of Wagtail's admin addresses, with the arguments that they take."""
    return {
        name: arguments
        for name, arguments in _patterns(get_resolver())
        if name.startswith("wagtailadmin")
    }


def page_names() -> dict[str, set[str]]:
    """Names of the admin addresses that take the id of a page, with their arguments."""
    return {
        name: arguments
        for name, arguments in admin_names().items()
        if arguments & set(PAGE_ARGUMENTS)
        or (name.startswith(("wagtailadmin_pages:", "wagtailadmin_api:pages:")) and arguments)
    }


def addresses_of(page: Page, revision_id: int) -> Iterator[tuple[str, str]]:
    """(name, address) of every way to reach a page, for each action that an address may name."""
    model = ContentType.objects.get_for_id(page.content_type_id)
    state = TaskState.objects.get(revision_id=revision_id)
    values: dict[str, Any] = {
        **dict.fromkeys(PAGE_ARGUMENTS, page.pk),
        "pk": page.pk,
        "session_id": 0,
        "destination_id": page.get_parent().pk,
        "revision_id": revision_id,
        "revision_id_a": "earliest",
        "revision_id_b": revision_id,
        "task_state_id": state.pk,
        "task_id": state.task_id,
        "workflow_state_id": state.workflow_state_id,
        "workflow_pk": state.workflow_state.workflow_id,
        "content_type_app_name": model.app_label,
        "content_type_model_name": model.model,
        "app_label": model.app_label,
        "model_name": model.model,
    }
    page_actions: tuple[str, ...] = (
        *("convert_alias", "copy", "copy_for_translation", "create_alias", "delete"),
        *("move", "publish", "revert_to_page_revision", "unpublish"),
    )
    for name, arguments in page_names().items():
        actions = page_actions if name.startswith("wagtailadmin_api") else ("approve", "reject")
        for action in actions if "action_name" in arguments else ("",):
            chosen = {key: values[key] for key in arguments if key != "action_name"}
            if action:
                chosen["action_name"] = action
            yield name, reverse(name, kwargs=chosen)
    for action in ("delete", "move", "publish", "unpublish"):
        path = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
        yield f"bulk {action}", f"{path}?id={page.pk}"


def what_a_form_would_send(page: Page, revision_id: int) -> dict[str, str]:
    """One form with every field that the forms of these addresses ask for."""
    return {
        "title": "Título cambiado",
        "slug": "cambiado",
        "new_title": "Copia",
        "new_slug": "copia",
        "new_parent_page": str(page.get_parent().pk),
        "copy_subpages": "on",
        "publish_copies": "on",
        "alias": "on",
        "action-publish": "1",
        "action-workflow-action": "1",
        "workflow-action-name": "approve",
        "workflow-action-extra-data": "{}",
        "include_descendants": "on",
        "chooser": str(page.get_parent().pk),
        "restriction_type": "login",
        "confirm_site_name": "Conóceles",
        "wagtail_site_name": "Conóceles",
        "comment": "De acuerdo",
        "revision_id": str(revision_id),
        "destination_page_id": str(page.get_parent().pk),
        "recursive": "true",
        "locale": "es-mx",
    }
