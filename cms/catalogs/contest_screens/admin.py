"""The addresses of these screens, and their entry in the menu."""

from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from cms.catalogs.contest_screens import office_views, process_views
from cms.catalogs.contest_screens.base import SPACE, Screen


class _ContestsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(Screen.permission))


class ContestsViewSet(ViewSet):
    """What each process elects, and where."""

    name = SPACE
    url_prefix = "elecciones"
    icon = "globe"
    menu_label = _("Elecciones")
    menu_order = 150
    menu_item_class = _ContestsMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        process, office = "<int:process_id>/", "cargo/<int:process_office_id>/"
        return [
            path("", process_views.IndexView.as_view(), name="index"),
            path(process, process_views.ProcessView.as_view(), name="process"),
            path(f"{process}cargos/", process_views.AddOfficesView.as_view(), name="add_offices"),
            path(f"{process}actores/", process_views.CopyActorsView.as_view(), name="copy_actors"),
            path(office, office_views.OfficeView.as_view(), name="office"),
            path(f"{office}tomar/", office_views.TakeView.as_view(), name="take"),
            path(f"{office}distritos/", office_views.DistrictsView.as_view(), name="districts"),
            path(f"{office}quitar/", office_views.RemoveView.as_view(), name="remove"),
            path(
                f"{office}quitar-cargo/",
                office_views.RemoveOfficeView.as_view(),
                name="remove_office",
            ),
        ]
