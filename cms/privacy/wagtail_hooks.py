"""Privacy notices in the admin: a new text is a new version, and what was in force stays."""

from typing import Any

from django.forms.models import modelform_factory
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.views.generic import CopyView, CreateView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from cms.catalogs.listing import CountedIndexView
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


# The elements of the simplified notice: LGPDPPSO 22.
_HELP: dict[str, Any] = {
    "title": _("Quien captura lo lee arriba del texto, antes de aceptarlo."),
    "responsible": _("El nombre completo del Instituto y dónde está. Quien captura lo lee."),
    "purposes": _("Para qué se usan los datos, y cuáles se publican. Quien captura lo lee."),
    "consent_purposes": _(
        "Las finalidades que piden el consentimiento de la persona; si no hay, dilo. Quien captura"
        " lo lee."
    ),
    "transfers": _("A quién se dan los datos y para qué; si a nadie, dilo. Quien captura lo lee."),
    "refusal": _("Qué hace, y dónde, quien no está de acuerdo. Quien captura lo lee."),
    "integral_notice": _("En qué dirección se lee completo. Quien captura la abre desde ahí."),
    "in_force_from": _(
        "Desde entonces quien captura tiene que aceptar este texto antes de escribir algo, también"
        " quien ya aceptó otro. No puede ser una fecha pasada."
    ),
}


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
    index_view_class = CountedIndexView
    search_fields = ("title", "responsible", "purposes")

    def get_form_class(self, for_update: bool = False) -> Any:
        return modelform_factory(
            self.model,
            fields=self.get_form_fields(),
            formfield_callback=self.formfield_for_dbfield,
            help_texts=_HELP,
        )


@hooks.register("register_admin_viewset")
def notice_viewset() -> SimplifiedNoticeViewSet:
    return SimplifiedNoticeViewSet()
