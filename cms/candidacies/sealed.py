"""Pages that only services write: nothing else in the CMS can change them.

Nobody can edit, publish, copy, move or delete a page of a process, territory, candidacy or
questionnaire: not in the editor, nor by a bulk action, the API or a schedule. The permission tester
refuses where Wagtail asks for permission, and the guards below where it does not ask. See ADR 0010.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NoReturn

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError
from django.db.models.signals import pre_delete, pre_save
from django.utils.translation import gettext as _
from wagtail.models import Page, PagePermissionTester, Revision, TaskState, WorkflowState
from wagtail.signals import pre_page_move

from cms.catalogs.public_pages import PublicAddress

_service_is_writing: ContextVar[bool] = ContextVar("service_is_writing", default=False)


@contextmanager
def writing_as_service() -> Iterator[None]:
    """Let the service that runs inside the block write sealed pages, until the block ends."""
    token = _service_is_writing.set(True)
    try:
        yield
    finally:
        _service_is_writing.reset(token)


def service_is_writing() -> bool:
    """Whether this code runs inside `writing_as_service`."""
    return _service_is_writing.get()


def explanation() -> str:
    """Why a change was refused, in Spanish, for the person who tried it."""
    return _("Esta página la escriben los servicios de captura y revisión, no el editor.")


def require_service() -> None:
    """Raise PermissionDenied outside `writing_as_service`."""
    if not service_is_writing():
        raise PermissionDenied(explanation())


class SealedPermissionTester(PagePermissionTester):
    """Permits nothing that would change a sealed page, not even to a superuser."""

    def _no(self, *args: Any, **kwargs: Any) -> bool:
        return False

    can_add_subpage = can_edit = can_delete = can_unpublish = _no
    can_publish = can_publish_subpage = can_submit_for_moderation = _no
    can_set_view_restrictions = can_reorder_children = can_move = _no
    can_move_to = can_copy = can_copy_to = can_lock = can_unlock = _no
    can_unschedule = can_view_revisions = _no


class SealedPageMixin:
    """Refuses every write outside `writing_as_service`."""

    wagtail_reference_index_ignore = True

    def permissions_for_user(self, user: Any) -> SealedPermissionTester:
        return SealedPermissionTester(user, self)

    def is_previewable(self) -> bool:
        return False

    @classmethod
    def can_create_at(cls, parent: Any) -> bool:
        """Never from the editor: services write these pages in bulk."""
        return False

    def save(self, *args: Any, **kwargs: Any) -> Any:
        require_service()
        return super().save(*args, **kwargs)  # type: ignore[misc]

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        require_service()
        return super().delete(*args, **kwargs)  # type: ignore[misc]

    def move(self, *args: Any, **kwargs: Any) -> Any:
        require_service()
        return super().move(*args, **kwargs)  # type: ignore[misc]

    def copy(self, *args: Any, **kwargs: Any) -> Any:
        require_service()
        return super().copy(*args, **kwargs)  # type: ignore[misc]

    def create_alias(self, *args: Any, **kwargs: Any) -> Any:
        require_service()
        return super().create_alias(*args, **kwargs)  # type: ignore[misc]

    def copy_for_translation(self, *args: Any, **kwargs: Any) -> Any:
        require_service()
        return super().copy_for_translation(*args, **kwargs)  # type: ignore[misc]

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        require_service()
        return super().save_revision(*args, **kwargs)  # type: ignore[misc]

    def publish(self, *args: Any, **kwargs: Any) -> Any:
        require_service()
        return super().publish(*args, **kwargs)  # type: ignore[misc]

    def unpublish(self, *args: Any, **kwargs: Any) -> Any:
        require_service()
        return super().unpublish(*args, **kwargs)  # type: ignore[misc]


class SealedPage(SealedPageMixin, PublicAddress, Page):
    """Base of the page types that only services write."""

    class Meta:
        abstract = True

    def serve(self, request: Any, *args: Any, **kwargs: Any) -> NoReturn:
        from django.http import Http404

        raise Http404


def is_sealed(model: Any) -> bool:
    """Whether only services write pages of this type."""
    return isinstance(model, type) and issubclass(model, SealedPageMixin)


def _is_sealed_type(content_type_id: int) -> bool:
    return is_sealed(ContentType.objects.get_for_id(content_type_id).model_class())


def holds_sealed_pages(page: Page) -> bool:
    """Whether a page is sealed, or has sealed pages below."""
    types = page.get_descendants(inclusive=True).order_by()
    return any(map(_is_sealed_type, types.values_list("content_type", flat=True).distinct()))


def _guard_base_page(sender: Any, instance: Page, **kwargs: Any) -> None:
    """Guard a sealed page that was read as a plain `Page`, which has none of the methods above."""
    if _is_sealed_type(instance.content_type_id):
        require_service()


def _guard_move(sender: Any, instance: Page, **kwargs: Any) -> None:
    """Guard the move of an ancestor, which moves the sealed pages below it."""
    if not service_is_writing() and holds_sealed_pages(instance):
        require_service()


def _guard_revision(sender: Any, instance: Revision, **kwargs: Any) -> None:
    """Guard the revisions: Wagtail schedules and overwrites one without saving its page."""
    if _is_sealed_type(instance.content_type_id):
        require_service()


def _guard_revision_deletion(sender: Any, instance: Revision, **kwargs: Any) -> None:
    """Guard the revision of a submission, which is evidence.

    `purge_revisions` counts a ProtectedError as a protected revision and goes on.
    """
    if _is_sealed_type(instance.content_type_id) and not service_is_writing():
        raise ProtectedError(explanation(), {instance})


def _guard_workflow_state(sender: Any, instance: WorkflowState, **kwargs: Any) -> None:
    """Guard the states of workflows: Wagtail changes one by its id without asking for the page."""
    if _is_sealed_type(instance.content_type_id):
        require_service()


def _guard_task_state(sender: Any, instance: TaskState, **kwargs: Any) -> None:
    if _is_sealed_type(instance.workflow_state.content_type_id):
        require_service()


pre_page_move.connect(_guard_move, dispatch_uid="sealed_move")
for _signal, _name in ((pre_save, "save"), (pre_delete, "delete")):
    _signal.connect(_guard_base_page, sender=Page, dispatch_uid=f"sealed_page_{_name}")
    _signal.connect(
        _guard_workflow_state, sender=WorkflowState, dispatch_uid=f"sealed_workflow_{_name}"
    )
    _signal.connect(_guard_task_state, sender=TaskState, dispatch_uid=f"sealed_task_{_name}")
pre_save.connect(_guard_revision, sender=Revision, dispatch_uid="sealed_revision_save")
pre_delete.connect(_guard_revision_deletion, sender=Revision, dispatch_uid="sealed_revision_delete")
