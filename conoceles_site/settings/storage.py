"""Files: static ones with their hash, media of the CMS, and those of private folders.

A view serves photographs. Nothing serves the files that were imported.
"""

from pathlib import Path
from typing import Any

from conoceles_site.settings.environment import DATA_DIR, env, server_address

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("CONOCELES_STATIC_ROOT", "") or DATA_DIR / "static")
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
PHOTOGRAPHS_ROOT = DATA_DIR / "private" / "photographs"
IMPORTS_ROOT = DATA_DIR / "private" / "imports"

_BUCKET = env.str("AWS_STORAGE_BUCKET_NAME", "")
_ENDPOINT = server_address("AWS_S3_ENDPOINT_URL", {"http", "https"}, "https://objetos.example.mx")


def _files(location: str, folder: Path, base_url: str) -> dict[str, Any]:
    """The storage of one kind of files. boto3 itself reads the keys of a bucket."""
    if not _BUCKET:
        options: dict[str, Any] = {"location": str(folder)}
        if base_url:
            options["base_url"] = base_url
        return {"BACKEND": "conoceles_site.file_stores.Folder", "OPTIONS": options}
    return {
        "BACKEND": "conoceles_site.bucket.Bucket",
        "OPTIONS": {
            "bucket_name": _BUCKET,
            "location": location,
            "base_url": base_url,
            "endpoint_url": _ENDPOINT or None,
            "region_name": env.str("AWS_S3_REGION_NAME", "") or None,
        },
    }


STORAGES: dict[str, Any] = {
    "default": _files("media", MEDIA_ROOT, MEDIA_URL),
    "photographs": _files("photographs", PHOTOGRAPHS_ROOT, ""),
    "imports": _files("imports", IMPORTS_ROOT, ""),
    "staticfiles": {"BACKEND": "conoceles_site.static_files.StaticFiles"},
}
