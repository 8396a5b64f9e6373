"""The list of imports in the CMS, for the staff who answer for them."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from cms.catalogs.permissions import ReadOnly
from cms.imports.models import ImportRecord

register_permission_policy(ImportRecord, ReadOnly(ImportRecord))


class ImportRecordViewSet(ModelViewSet):
    """Which file, whose, when, whether it was published, and what it changed."""

    model = ImportRecord
    icon = "upload"
    menu_label = _("Importaciones")
    menu_order = 75
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = (
        "imported_at",
        "process",
        "command",
        "profile",
        "source",
        "sha256",
        "published",
        "user",
        "operator",
        "counts_in_words",
    )
    # The viewset needs a form, though it never shows one.
    form_fields = ("source",)
    list_display = ("source", "imported_at", "process", "published", "counts_in_words")
    list_filter = ("process", "published")


@hooks.register("register_admin_viewset")
def import_viewset() -> ImportRecordViewSet:
    return ImportRecordViewSet()
