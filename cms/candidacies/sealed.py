"""Pages that services write and nobody edits: every other door of the CMS is closed for them.

Design §3: process, territory, candidacy and questionnaire pages cannot be edited, published,
copied, moved or deleted from the editor, by bulk action, API or schedule, by anyone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from wagtail.models import Page, PagePermissionTester

_service_is_writing: ContextVar[bool] = ContextVar("service_is_writing", default=False)


@contextmanager
def writing_as_service() -> Iterator[None]:
    """Open the pages for the service that runs inside; closed again when it leaves."""
    token = _service_is_writing.set(True)
    try:
        yield
    finally:
        _service_is_writing.reset(token)


def _refuse() -> NoReturn:
    raise PermissionDenied(
        _("Esta página la escriben los servicios de captura y revisión, no el editor.")
    )


class SealedPermissionTester(PagePermissionTester):
    """Answers no to whatever would change a sealed page, superusers included."""

    def _no(self, *args: Any, **kwargs: Any) -> bool:
        return False

    can_add_subpage = can_edit = can_delete = can_unpublish = _no
    can_publish = can_publish_subpage = can_submit_for_moderation = _no
    can_set_view_restrictions = can_reorder_children = can_move = _no
    can_move_to = can_copy = can_copy_to = can_lock = can_unlock = _no
    can_unschedule = can_view_revisions = _no


class SealedPageMixin:
    """Refuses every write that does not come from a service of ours."""

    wagtail_reference_index_ignore = True

    def permissions_for_user(self, user: Any) -> SealedPermissionTester:
        return SealedPermissionTester(user, self)

    def is_previewable(self) -> bool:
        return False

    def _guard(self) -> None:
        if not _service_is_writing.get():
            _refuse()

    def save(self, *args: Any, **kwargs: Any) -> Any:
        self._guard()
        return super().save(*args, **kwargs)  # type: ignore[misc]

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        self._guard()
        return super().delete(*args, **kwargs)  # type: ignore[misc]

    def move(self, *args: Any, **kwargs: Any) -> Any:
        self._guard()
        return super().move(*args, **kwargs)  # type: ignore[misc]

    def copy(self, *args: Any, **kwargs: Any) -> Any:
        self._guard()
        return super().copy(*args, **kwargs)  # type: ignore[misc]

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        self._guard()
        return super().save_revision(*args, **kwargs)  # type: ignore[misc]

    def publish(self, *args: Any, **kwargs: Any) -> Any:
        self._guard()
        return super().publish(*args, **kwargs)  # type: ignore[misc]

    def unpublish(self, *args: Any, **kwargs: Any) -> Any:
        self._guard()
        return super().unpublish(*args, **kwargs)  # type: ignore[misc]


class SealedPage(SealedPageMixin, Page):
    """Base of the page types that only services write."""

    class Meta:
        abstract = True

    def serve(self, request: Any, *args: Any, **kwargs: Any) -> NoReturn:
        from django.http import Http404

        raise Http404
