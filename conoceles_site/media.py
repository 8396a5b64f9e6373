"""Images of the CMS, served by the application where no object storage or proxy does it."""

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.static import serve
from wagtail.images import get_image_model


def image(request: HttpRequest, name: str) -> HttpResponseBase:
    """A size of an image of a public collection. Originals, documents, photographs: never."""
    renditions = get_image_model().get_rendition_model().objects.select_related("image__collection")
    found = renditions.filter(file=name).first()
    if found is None or found.image.collection.get_view_restrictions().exists():
        raise Http404
    response = serve(request, name, document_root=str(settings.MEDIA_ROOT))
    response["Cache-Control"] = "public, max-age=86400"
    return response


urlpatterns: list[URLPattern] = [
    path(f"{settings.MEDIA_URL.lstrip('/')}<path:name>", image, name="image")
]
