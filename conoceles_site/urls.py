"""Addresses: contract §4. The role of the process decides which half is served."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from conoceles_site import media

handler404 = "conoceles_site.errors.not_found"
handler403 = "conoceles_site.errors.forbidden"
handler500 = "conoceles_site.errors.server_error"


def _internal() -> list[URLPattern | URLResolver]:
    """Capture and admin: not even imported where nobody signs in."""
    return [
        path("acceso/", include("cms.accounts.urls")),
        path("captura/", include("cms.capture.urls")),
        # Wagtail's own login form would stay open and unthrottled otherwise.
        path("admin/login/", RedirectView.as_view(url="/acceso/?next=/admin/")),
        path("admin/password_reset/", RedirectView.as_view(url="/acceso/")),
        path("admin/", include(wagtailadmin_urls)),
    ]


_public: list[URLPattern | URLResolver] = [
    path("api/v1/", include("api.urls")),
    path("documentos/", include(wagtaildocs_urls)),
    *media.urlpatterns,
    path("", include("cms.portal.urls")),
    path("", include(wagtail_urls)),
]

urlpatterns = [
    *(_internal() if settings.SERVE_INTERNAL_SITE else []),
    *(_public if settings.SERVE_PUBLIC_SITE else []),
]
