"""Images of the CMS, served by the application where no object storage or proxy does it."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.static import serve


def image(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file of the CMS's own library: images of news. Photographs are not here."""
    response = serve(request, name, document_root=str(settings.MEDIA_ROOT))
    response["Cache-Control"] = "public, max-age=86400"
    return response


urlpatterns: list[URLPattern] = [
    path(f"{settings.MEDIA_URL.lstrip('/')}<path:name>", image, name="image")
]
