"""Privacy notices in the admin: a new text is a new version, and what was in force stays."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.views.generic import CopyView, CreateView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from cms.catalogs.permissions import WrittenOnce
from cms.privacy.models import NOTICE_ELEMENTS, SimplifiedNotice
from cms.privacy.selectors import notice_in_force

register_permission_policy(SimplifiedNotice, WrittenOnce(SimplifiedNotice))


class _NewNotice(CreateView):
    """Begins today with the text in force, which is what one usually corrects."""

    def get_initial_form_instance(self) -> SimplifiedNotice:
        return _next_version_of(notice_in_force())

    def get_success_buttons(self) -> list[Any]:
        return []


class _NoticeFromAnother(_NewNotice, CopyView):
    """The same, with the text of an older one."""

    def get_initial_form_instance(self) -> SimplifiedNotice:
        return _next_version_of(self.get_object())


def _next_version_of(notice: SimplifiedNotice | None) -> SimplifiedNotice:
    fresh = SimplifiedNotice(in_force_from=timezone.now())
    for name in ("title", *NOTICE_ELEMENTS) if notice is not None else ():
        setattr(fresh, name, getattr(notice, name))
    return fresh


class SimplifiedNoticeViewSet(ModelViewSet):
    model = SimplifiedNotice
    icon = "lock"
    menu_label = _("Privacidad")
    menu_order = 70
    add_to_admin_menu = True
    add_view_class = _NewNotice
    copy_view_class = _NoticeFromAnother
    inspect_view_enabled = True
    inspect_view_fields = ("title", *NOTICE_ELEMENTS, "in_force_from")
    form_fields = ("title", *NOTICE_ELEMENTS, "in_force_from")
    list_display = ("title", "in_force_from")


@hooks.register("register_admin_viewset")
def notice_viewset() -> SimplifiedNoticeViewSet:
    return SimplifiedNoticeViewSet()
