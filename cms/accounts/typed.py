"""What somebody typed into a form whose session ended: bounded, and sealed for this server only.

The seal hides the text in the source of the page and in the database, and from everybody until an
account that may see the form has signed in. ADR 0022.
"""

import json
import re
import time
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.utils.timezone import localtime

from cms.accounts.keys import Unreadable, seal_bytes, unseal_bytes

PURPOSE = "typed form"
# A working day, with its evening.
LASTS = timedelta(hours=12)
# Bytes, names and values together: many times the longest questionnaire.
LARGEST = 1_000_000
SEALED = "escrito"
RESUMED = "retomado"
# Never carried along: tokens, and the sealed forms themselves. Passwords lose their value.
_LEFT_OUT = {"csrfmiddlewaretoken", SEALED, RESUMED}
_SECRET = ("password", "contrasena")
_TIES = re.compile(
    r"(^|-)(id|ORDER|DELETE|order|deleted|type|count|seal|hash|next|version"
    r"|[A-Z]+_FORMS|loaded_revision_\w+|action-\w+)$"
)
_MARKS = re.compile(r"[0-9a-f-]{32,}|\d{1,9}|on")


@dataclass(frozen=True)
class TypedForm:
    """A form as it arrived.

    Attributes:
        address: path and query that it was sent to.
        fields: name and value of each field, in their order.
        files: field and name of each file; the files themselves cannot be kept.
        typed_at: seconds since 1970.
    """

    address: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...]
    typed_at: int

    @property
    def posted(self) -> QueryDict:
        """The fields as a view reads them."""
        found = QueryDict(mutable=True)
        for name, value in self.fields:
            found.appendlist(name, value)
        return found

    @property
    def typed_on(self) -> datetime:
        return localtime(datetime.fromtimestamp(self.typed_at, tz=UTC))

    @property
    def readable(self) -> list[tuple[str, str]]:
        """The fields that a person recognises, without the numbers and marks that tie a form."""
        return [
            (name, value)
            for name, value in self.fields
            if value.strip() and not _TIES.search(name) and not _MARKS.fullmatch(value)
        ]

    @property
    def has_secrets(self) -> bool:
        """Whether a password was typed, which is not kept."""
        return any(_is_secret(name) and not value for name, value in self.fields)


class TooMuchTyped(Exception):
    """The form holds more than we carry along (LARGEST)."""


def _is_secret(name: str) -> bool:
    return any(part in name.lower() for part in _SECRET)


def of_request(request: HttpRequest) -> TypedForm | None:
    """The form that a request carries; None when it is empty or cannot be read.

    Raises: TooMuchTyped.
    """
    try:
        posted, files = request.POST, request.FILES
    except (SuspiciousOperation, UnreadablePostError, MultiPartParserError):
        return None
    fields = tuple(
        (name, "" if _is_secret(name) else str(value))
        for name, values in posted.lists()
        if name not in _LEFT_OUT
        for value in values
    )
    if sum(len(name.encode()) + len(value.encode()) for name, value in fields) > LARGEST:
        raise TooMuchTyped
    chosen = tuple(
        (name, str(upload.name or "")[:200])
        for name, uploads in files.lists()
        for upload in uploads
        if upload
    )
    if not fields and not chosen:
        return None
    return TypedForm(request.get_full_path()[:2000], fields, chosen[:50], int(time.time()))


def seal(form: TypedForm) -> str:
    """The form as a text that only this installation can open, and only for LASTS."""
    plain = json.dumps(asdict(form), ensure_ascii=False).encode()
    return seal_bytes(PURPOSE, zlib.compress(plain, 6))


def unseal(sealed: str) -> TypedForm | None:
    """The form that `seal` sealed; None when the text is not ours, was changed, or is too old."""
    if not sealed or len(sealed) > 2 * LARGEST or not sealed.isascii():
        return None
    try:
        found: Mapping[str, Any] = json.loads(
            zlib.decompress(unseal_bytes(PURPOSE, sealed, max_age=LASTS))
        )
    except (Unreadable, zlib.error, ValueError):
        return None
    return TypedForm(
        address=found["address"],
        fields=tuple((name, value) for name, value in found["fields"]),
        files=tuple((name, value) for name, value in found["files"]),
        typed_at=found["typed_at"],
    )
