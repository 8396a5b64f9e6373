"""The tests: the real database and search, cheap password hashing, mail kept in memory."""

from conoceles_site.settings.development import *  # noqa: F403

SECRET_KEY = "only-for-tests-" + "x" * 50  # noqa: S105
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["*"]
