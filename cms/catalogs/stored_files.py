"""Serves files from a storage, whether it is a folder or a bucket."""

import hashlib
import io
import re

from django.core.files.storage import Storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.http import parse_etags

PICTURE = "image/jpeg"


def stored_file(storage: Storage, name: str, content_type: str = PICTURE) -> FileResponse:
    """A small file with its ETag. It is read whole first, so that no answer stops half-way.

    Raises: Http404 if there is no such file.
    """
    content = _content(storage, name)
    response = FileResponse(io.BytesIO(content), content_type=content_type)
    response["ETag"] = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    return response


def lasting_file(
    request: HttpRequest, storage: Storage, name: str, content_type: str
) -> HttpResponse:
    """A small file whose content never changes under its name, whole or the part that is asked for.

    Its ETag is its name, so a visitor who has it is answered 304 without reading it.

    Raises: Http404 if there is no such file.
    """
    etag = f'"{name.rsplit("/", 1)[-1]}"'
    asked = parse_etags(request.headers.get("If-None-Match", ""))
    if "*" in asked or etag in {known.removeprefix("W/") for known in asked}:
        response = HttpResponse(status=304)
        del response["Content-Type"]
    else:
        response = _answer(_content(storage, name), _range_of(request, etag), content_type)
    response["ETag"] = etag
    return response


def _content(storage: Storage, name: str) -> bytes:
    try:
        with storage.open(name, "rb") as file:
            content: bytes = file.read()
    except FileNotFoundError:
        raise Http404 from None
    return content


def _range_of(request: HttpRequest, etag: str) -> str:
    """The part that is asked for of this very version of the file; empty for the whole file.

    Of several parts none is given: the whole file is as right an answer (RFC 9110, 14.2).
    """
    if request.method != "GET" or request.headers.get("If-Range", etag) != etag:
        return ""
    unit, _equals, part = request.headers.get("Range", "").partition("=")
    return part.strip() if unit.strip().lower() == "bytes" and "," not in part else ""


# «first-last», «first-» or «-how many at the end».
_PART = re.compile(r"(\d{0,18})-(\d{0,18})", re.ASCII)


def _bounds(part: str, size: int) -> tuple[int, int] | None:
    """The first byte, and the one after the last; None if the file has no such part."""
    found = _PART.fullmatch(part)
    if found is None or part == "-":
        return None
    first, last = found.groups()
    if not first:
        start, stop = max(size - int(last), 0), size
    else:
        start, stop = int(first), min(int(last) + 1, size) if last else size
    return (start, stop) if start < stop else None


def _answer(content: bytes, part: str, content_type: str) -> HttpResponse:
    size = len(content)
    bounds = _bounds(part, size) if part else (0, size)
    if bounds is None:
        response = HttpResponse(status=416, content_type=content_type)
        response["Content-Range"] = f"bytes */{size}"
    else:
        start, stop = bounds
        response = HttpResponse(content[start:stop], content_type, 206 if part else 200)
        if part:
            response["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    response["Content-Length"] = str(len(response.content))
    response["Accept-Ranges"] = "bytes"
    return response
