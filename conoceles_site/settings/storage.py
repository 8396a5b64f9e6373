"""Files: static ones with their hash, media of the CMS, and photographs that only a view serves."""

from pathlib import Path
from typing import Any

from conoceles_site.settings.environment import DATA_DIR, ROOT, env

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("CONOCELES_STATIC_ROOT", str(DATA_DIR / "static")))
STATICFILES_DIRS = [ROOT / "conoceles_site" / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
PHOTOGRAPHS_ROOT = DATA_DIR / "private" / "photographs"

_BUCKET = env.str("AWS_STORAGE_BUCKET_NAME", "")


def _files(location: str) -> dict[str, Any]:
    if _BUCKET:
        return {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {"bucket_name": _BUCKET, "location": location, "querystring_auth": True},
        }
    backend = "django.core.files.storage.FileSystemStorage"
    if location == "media":
        return {"BACKEND": backend, "OPTIONS": {"location": str(MEDIA_ROOT), "base_url": MEDIA_URL}}
    return {"BACKEND": backend, "OPTIONS": {"location": str(PHOTOGRAPHS_ROOT)}}


STORAGES: dict[str, Any] = {
    "default": _files("media"),
    "photographs": _files("photographs"),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
