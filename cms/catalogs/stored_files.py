"""Files that a view serves out of a store, a folder or a bucket alike."""

import hashlib
import io

from django.core.files.storage import Storage
from django.http import FileResponse, Http404

PICTURE = "image/jpeg"


def stored_file(storage: Storage, name: str, content_type: str = PICTURE) -> FileResponse:
    """A small file with its ETag. It is read whole first: no store fails inside an answer.

    Raises: Http404 without it.
    """
    try:
        with storage.open(name, "rb") as file:
            content: bytes = file.read()
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(io.BytesIO(content), content_type=content_type)
    response["ETag"] = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    return response
