"""A private bucket in any storage that speaks S3. Loaded only if a bucket is configured."""

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar
from urllib.parse import urljoin

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from conoceles_site.file_stores import OutOfReach

CONNECT_SECONDS = 3
READ_SECONDS = 10
IN_MEMORY = 1024 * 1024


@contextmanager
def _reaching() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError, Boto3Error) as error:
        raise OutOfReach(type(error).__name__) from error


def _guarded(method: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: Any, *args: Any, **kwargs: Any) -> Any:
        with _reaching():
            return method(self, *args, **kwargs)

    return guarded


class Bucket(S3Storage):
    """Nobody is given an address of the bucket: the site serves its files."""

    # botocore reads its descriptions of the service once for all threads and storages.
    _session: ClassVar[Any] = None
    _lock: ClassVar[threading.Lock] = threading.Lock()

    def get_default_settings(self) -> dict[str, Any]:
        """The configuration of django-storages, with short timeouts since a thread waits."""
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"total_max_attempts": 2, "mode": "standard"},
            signature_version="s3v4",
            # Storages other than Amazon's do not know these checksums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        given = super().get_default_settings()
        ours = {"client_config": config, "max_memory_size": IN_MEMORY, "file_overwrite": False}
        return {**given, **ours, "default_acl": None, "base_url": ""}

    @property
    def connection(self) -> Any:
        """A connection for each thread, all of them from one session."""
        if getattr(self._connections, "connection", None) is None:
            # A session cannot make two clients at the same time; once made, threads share a client.
            with self._lock:
                return super().connection
        return super().connection

    def _create_session(self) -> Any:
        if Bucket._session is None:
            Bucket._session = super()._create_session()
        return Bucket._session

    def url(self, name: str, *_args: Any, **_kwargs: Any) -> str:
        """The address at which this site serves the file; None if it serves it nowhere."""
        if not self.base_url:
            raise ValueError("Only a view serves this file.")
        return str(urljoin(self.base_url, filepath_to_uri(name)))

    def probe(self) -> None:
        """Write a file and delete it. Raises OutOfReach."""
        self.delete(self.save(f"readyz-{uuid.uuid4().hex}", ContentFile(b"readyz")))

    def _open(self, name: str, mode: str = "rb") -> Any:
        with _reaching():
            file = super()._open(name, mode)
            if "r" in mode:
                # Read the whole file now: later, a failure would break an answer off in the middle.
                file.open()
            return file

    _save = _guarded(S3Storage._save)
    delete = _guarded(S3Storage.delete)
    exists = _guarded(S3Storage.exists)
    listdir = _guarded(S3Storage.listdir)
    size = _guarded(S3Storage.size)
    get_modified_time = _guarded(S3Storage.get_modified_time)
