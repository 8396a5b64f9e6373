"""Serves images and documents of the CMS from the storage that holds them."""

from mimetypes import guess_type

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path
from django.views.decorators.http import require_safe
from wagtail.documents.views.serve import serve as serve_document
from wagtail.images import get_image_model

from cms.catalogs.stored_files import stored_file
from cms.published.caching import IMAGE, PUBLIC


@require_safe
def image(request: HttpRequest, name: str) -> FileResponse:
    """Serve a rendition of a public image; never an original, a document or a photograph."""
    renditions = get_image_model().get_rendition_model().objects.select_related("image__collection")
    found = renditions.filter(file=name).first()
    if found is None or found.image.collection.get_view_restrictions().exists():
        raise Http404
    response = stored_file(default_storage, name, guess_type(name)[0] or "image/jpeg")
    response["Cache-Control"] = IMAGE
    return response


def document(request: HttpRequest, document_id: str, name: str) -> HttpResponseBase:
    """Serve a document as Wagtail does; the address stays when its file is replaced."""
    response: HttpResponseBase = serve_document(request, document_id, name)
    response.setdefault("Cache-Control", PUBLIC)
    return response


urlpatterns: list[URLPattern] = [
    # Wagtail's own list of routes would also serve the password form of restricted collections,
    # which are closed here.
    re_path(r"^documentos/(\d+)/(.*)$", document, name="wagtaildocs_serve"),
    path(f"{settings.MEDIA_URL.lstrip('/')}<path:name>", image, name="image"),
]
