"""Collected static files: names with the hash of their content, and copies well compressed.

In the repository each component has its own style sheet. A browser that followed the imports of
`site.css` would need a second round of requests before it shows anything, so what is collected of
it is one file (ADR 0043).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from wsgiref.headers import Headers

from django.contrib.staticfiles.finders import get_finders
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.core.management import call_command
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage

SITE_SHEET: Final = "css/site.css"
FOLDER: Final = "css/"
HASHED: Final = re.compile(r"\.[0-9a-f]{12}\.[^/]+$")
_IMPORT = re.compile(r'@import url\("(?P<name>[^"]+)"\) layer\((?P<layer>\w+)\)(?P<media>[^;]*);')
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
_ADDRESS = re.compile(r"\burl\(")

# Name of a file → the storage where it was found, and its path there.
Found = dict[str, tuple[Storage, str]]


class ImportCannotMove(ValueError):
    """A style sheet cannot become a part of `site.css`."""


class _Joined(Storage):
    """Holds one style sheet with the text of those that it imports in the place of the imports."""

    def __init__(self, found: Mapping[str, tuple[Storage, str]]) -> None:
        self.found = found

    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        return ContentFile(_IMPORT.sub(self._imported, self._text(name)).encode(), name)

    def _text(self, name: str) -> str:
        storage, path = self.found[name]
        with storage.open(path) as file:
            return _COMMENT.sub("", file.read().decode())

    def _imported(self, match: re.Match[str]) -> str:
        text = self._text(FOLDER + match["name"])
        is_elsewhere = "/" in match["name"]
        if "@import" in text or (is_elsewhere and _ADDRESS.search(text)):
            raise ImportCannotMove(f"{match['name']}: its addresses are relative to its folder.")
        media = match["media"].strip()
        layered = f"@layer {match['layer']} {{\n{text}}}"
        return f"@media {media} {{\n{layered}\n}}" if media else layered


class StaticFiles(CompressedManifestStaticFilesStorage):
    """WhiteNoise's, with one style sheet for the site. Only files with a hash are compressed."""

    def post_process(self, paths: Found, *args: Any, **options: Any) -> Iterator[Any]:
        if SITE_SHEET in paths:
            paths = {**paths, SITE_SHEET: (_Joined(dict(paths)), SITE_SHEET)}
        yield from super().post_process(paths, *args, **options)

    def compress_files(self, paths: Iterable[str]) -> Iterator[Any]:
        yield from super().compress_files([path for path in paths if HASHED.search(path)])


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """WhiteNoise's, for servers without Caddy. It comes before nearly all other middleware."""

    FOREVER = 365 * 24 * 60 * 60

    def add_mime_headers(self, headers: Headers, path: str, url: str) -> None:
        """Also the header of security that counts for a file, which middleware adds to pages."""
        super().add_mime_headers(headers, path, url)
        headers["X-Content-Type-Options"] = "nosniff"


def collect(root: Path) -> None:
    """Collect into a folder, unless what is there was made of the very files that there are now."""
    digest = root.with_name(f"{root.name}.digest")
    now = _digest_of_all()
    if digest.exists() and digest.read_text() == now:
        return
    digest.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    digest.write_text(now)


def _digest_of_all() -> str:
    """Of the name, size and time of every static file, and of this module, which makes others."""
    files = [Path(__file__)]
    for finder in get_finders():
        files += [Path(storage.path(name)) for name, storage in finder.list([])]
    known = [f"{file} {(stat := file.stat()).st_size} {stat.st_mtime_ns}" for file in files]
    return sha256("\n".join(known).encode()).hexdigest()
