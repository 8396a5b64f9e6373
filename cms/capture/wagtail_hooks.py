"""What this room adds to the admin: the advice, and how a draft of a version will be captured."""

from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cms.capture import document_views, preview
from cms.capture.advice.permissions import may_answer

_ADDRESSES = [
    path("<int:draft_id>/", preview.form, name="form"),
    path("<int:draft_id>/apartado/<slug:key>/", preview.section, name="section"),
    path("<int:draft_id>/lectura/", preview.reading, name="reading"),
]


@hooks.register("register_admin_urls")
def preview_urls() -> list[URLResolver]:
    return [path("cuestionarios/vista/", include((_ADDRESSES, "version_preview")))]


@hooks.register("register_admin_urls")
def advice_urls() -> list[URLResolver]:
    return [path("asesorias/", include("cms.capture.advice.urls"))]


@hooks.register("register_admin_urls")
def document_urls() -> list[URLResolver]:
    one = [path("<int:submission_id>.pdf", document_views.pdf_in_the_admin, name="pdf")]
    return [path("envios/", include((one, "submission_document")))]


class _AdviceMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_answer(request.user)


@hooks.register("register_admin_menu_item")
def advice_menu_item() -> MenuItem:
    return _AdviceMenuItem(
        _("Asesorías"), reverse_lazy("advice:index"), name="asesorias", icon_name="mail", order=58
    )
