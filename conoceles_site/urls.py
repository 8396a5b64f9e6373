"""The URL configuration. CONOCELES_ROLE decides which half of the site is served."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.urls import serve_pattern

from api import problems
from cms.catalogs.public_paths import API
from cms.portal import urls as portal_urls
from cms.portal import views as portal
from conoceles_site import errors, media

handler400 = "conoceles_site.errors.bad_request"
handler404 = "conoceles_site.errors.not_found"
handler403 = "conoceles_site.errors.forbidden"
handler500 = "conoceles_site.errors.server_error"


def _internal() -> list[URLPattern | URLResolver]:
    """Capture and admin. They are not even imported where nobody signs in."""
    from cms.reports.views import first_page

    return [
        path("acceso/", include("cms.accounts.urls")),
        path("captura/", include("cms.capture.urls")),
        path("ayuda/", include("conoceles_site.manuals.urls")),
        # Otherwise Wagtail's own login form would stay open, without limits on attempts.
        path("admin/login/", RedirectView.as_view(url="/acceso/?next=/admin/")),
        path("admin/password_reset/", RedirectView.as_view(url="/acceso/")),
        # Wagtail's view fails on purpose, to show what an error looks like.
        path("admin/failwhale/", errors.nothing_here),
        path("admin/", first_page, name="wagtailadmin_home"),
        path("admin/", include(wagtailadmin_urls)),
    ]


_public: list[URLPattern | URLResolver] = [
    path(API.route, include("api.urls")),
    re_path(r"^api(?:/.*)?$", problems.unknown_address),
    # Wagtail's own list of routes would add a second form to sign in.
    re_path(serve_pattern, portal.editorial, name="wagtail_serve"),
]

# An internal half of its own begins with signing in. No other page is at its root.
_start = [] if settings.SERVE_PUBLIC_SITE else [path("", RedirectView.as_view(url="/acceso/"))]

urlpatterns = [
    # First those that are asked for most: each route before them is tried in vain.
    *(portal_urls.urlpatterns if settings.SERVE_PUBLIC_SITE else []),
    *_start,
    *(_internal() if settings.SERVE_INTERNAL_SITE else []),
    # Both the admin and public pages show images and documents.
    *media.urlpatterns,
    *(_public if settings.SERVE_PUBLIC_SITE else []),
]
