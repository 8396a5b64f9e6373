"""Where files are kept: in a folder of this machine, or in a private bucket (`bucket`).

Both raise `OutOfReach` when they cannot be reached, give addresses of this site only, and can be
asked whether they accept a file (`probe`).
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from django.core.files.storage import FileSystemStorage
from django.http import Http404, HttpRequest, HttpResponse

from conoceles_site.errors import refused

logger = structlog.stdlib.get_logger("conoceles.files")


class OutOfReach(OSError):
    """The files cannot be read or written at the moment. Nothing is wrong with the request."""


@contextmanager
def _reaching() -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, OutOfReach):
        raise
    except OSError as error:
        raise OutOfReach(type(error).__name__) from error


class Folder(FileSystemStorage):
    """A folder within the data folder."""

    def _open(self, name: str, mode: str = "rb") -> Any:
        with _reaching():
            return super()._open(name, mode)  # type: ignore[misc]

    def _save(self, name: str, content: Any) -> str:
        with _reaching():
            return str(super()._save(name, content))  # type: ignore[misc]

    def probe(self) -> None:
        """Write a file without a name, which leaves nothing behind. Raises OutOfReach."""
        with _reaching():
            Path(self.location).mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.location) as file:
                file.write(b"readyz")
                file.flush()


class FilesOutOfReachMiddleware:
    """Says in words that the files cannot be reached (503), whichever view needed one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """It may also be the cause of an error that a library raised."""
        if isinstance(error, FileNotFoundError) and request.path_info.startswith("/documentos/"):
            raise Http404 from error
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, OutOfReach):
            cause = cause.__cause__ or cause.__context__
        if cause is None:
            return None
        logger.error("files out of reach", kind=str(cause), process=os.getpid())
        detail = "Los archivos no están disponibles en este momento. Lo que ya guardaste sigue ahí."
        return refused(request, 503, detail, headers={"Retry-After": "30"})
