"""Serves files from a storage, whether it is a folder or a bucket."""

import hashlib
import io

from django.core.files.storage import Storage
from django.http import FileResponse, Http404

PICTURE = "image/jpeg"


def stored_file(storage: Storage, name: str, content_type: str = PICTURE) -> FileResponse:
    """A small file with its ETag. It is read whole first, so that no answer stops half-way.

    Raises: Http404 if there is no such file.
    """
    try:
        with storage.open(name, "rb") as file:
            content: bytes = file.read()
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(io.BytesIO(content), content_type=content_type)
    response["ETag"] = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    return response
