"""What this room adds to the admin: files that are sent, their rules, and the list of imports."""

from typing import Any, ClassVar

from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from cms.catalogs.forms import WrittenJSON
from cms.catalogs.listing import Counted
from cms.catalogs.permissions import NeverDeleted, ReadOnly
from cms.catalogs.viewsets import CatalogViewSet
from cms.imports.listing import SearchedByName
from cms.imports.models import ImportPolicy, ImportRecord, OwnProfile
from cms.imports.uploads import MAY_SEE

register_permission_policy(ImportRecord, ReadOnly(ImportRecord))
register_permission_policy(ImportPolicy, NeverDeleted(ImportPolicy))


class ImportRecordListView(Counted, SearchedByName, IndexView):
    named_by = "source"


class ImportRecordViewSet(ModelViewSet):
    """Which file, whose, when, whether it was published, and what it changed."""

    model = ImportRecord
    index_view_class = ImportRecordListView
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
    list_display = ("source", "imported_at", "process", "user", "published", "counts_in_words")
    list_filter = ("process", "published")


class ImportPolicyViewSet(CatalogViewSet):
    """Whether another person than who sent a file must apply it, process by process."""

    model = ImportPolicy
    help_texts: ClassVar = {
        "process": _("La regla es de este proceso; sin regla, quien sube un archivo lo aplica.")
    }
    search_fields = ("process__name",)
    icon = "group"
    menu_label = _("Reglas de carga")
    add_to_settings_menu = True
    form_fields = ("process", "two_people")
    list_display = ("process", "two_people")


class OwnProfileViewSet(CatalogViewSet):
    """The formats of official files that the institute wrote; the product's are not listed."""

    model = OwnProfile
    icon = "table"
    menu_label = _("Formatos propios")
    add_to_settings_menu = True
    form_fields = ("name", "title", "content")
    list_display = ("title", "name")
    search_fields = ("title", "name")

    def formfield_for_dbfield(self, db_field: Any, **kwargs: Any) -> Any:
        if db_field.name == "content":
            kwargs["form_class"] = WrittenJSON
        return super().formfield_for_dbfield(db_field, **kwargs)


@hooks.register("register_admin_viewset")
def import_viewsets() -> list[ModelViewSet]:
    return [ImportRecordViewSet(), ImportPolicyViewSet(), OwnProfileViewSet()]


class _UploadsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(MAY_SEE))


@hooks.register("register_admin_urls")
def upload_urls() -> list[URLResolver]:
    return [path("cargas/", include("cms.imports.urls"))]


@hooks.register("register_admin_menu_item")
def uploads_menu_item() -> MenuItem:
    return _UploadsMenuItem(
        _("Subir archivos"),
        reverse_lazy("uploads:index"),
        name="cargas",
        icon_name="upload",
        order=74,
    )
