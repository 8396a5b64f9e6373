"""Serves images of the CMS from the storage that holds them."""

from mimetypes import guess_type

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe
from wagtail.images import get_image_model

from cms.catalogs.stored_files import stored_file


@require_safe
def image(request: HttpRequest, name: str) -> FileResponse:
    """Serve a rendition of a public image; never an original, a document or a photograph."""
    renditions = get_image_model().get_rendition_model().objects.select_related("image__collection")
    found = renditions.filter(file=name).first()
    if found is None or found.image.collection.get_view_restrictions().exists():
        raise Http404
    response = stored_file(default_storage, name, guess_type(name)[0] or "image/jpeg")
    response["Cache-Control"] = "public, max-age=86400"
    return response


urlpatterns: list[URLPattern] = [
    path(f"{settings.MEDIA_URL.lstrip('/')}<path:name>", image, name="image")
]
