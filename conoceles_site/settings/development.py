"""`make run` on a developer's machine: secrets are generated into the data folder."""

from conoceles_site.settings.base import *  # noqa: F403
from conoceles_site.settings.encryption import generated_keys
from conoceles_site.settings.environment import env, generated_secret, switch

SECRET_KEY = env.str("DJANGO_SECRET_KEY", "") or generated_secret("django_secret_key")
ENCRYPTION_KEYS = generated_keys()
DEBUG = switch("CONOCELES_DEBUG", default=False)
DEMO_ALLOWED = True
ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]", ".localhost"]  # noqa: F405
# `make run` collects static files as an installation does; with CONOCELES_DEBUG, and for commands
# and tests, they are served from where they are written.
if not env.str("CONOCELES_STATIC_ROOT", ""):
    STORAGES["staticfiles"] = {  # noqa: F405
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    WHITENOISE_USE_FINDERS = True
    WHITENOISE_AUTOREFRESH = True
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]
