"""Files that a view serves out of a store, a folder or a bucket alike."""

from django.core.files.storage import Storage
from django.http import Http404, HttpResponse

PICTURE = "image/jpeg"


def stored_file(storage: Storage, name: str, content_type: str = PICTURE) -> HttpResponse:
    """A small file, whole, so that every answer gets its ETag. Raises Http404 without it."""
    try:
        with storage.open(name, "rb") as file:
            content: bytes = file.read()
    except FileNotFoundError:
        raise Http404 from None
    return HttpResponse(content, content_type=content_type)
