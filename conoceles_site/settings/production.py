"""Production: HTTPS, secrets from the environment, static files collected with their hash."""

from conoceles_site.settings.base import *  # noqa: F403
from conoceles_site.settings.encryption import required_keys
from conoceles_site.settings.environment import (
    SERVES_INTERNAL,
    https_origins,
    refuse_without_second_factor,
    required,
    switch,
    whole_number,
)

refuse_without_second_factor(CONOCELES_SECOND_FACTOR)  # noqa: F405
SECRET_KEY = required(
    "DJANGO_SECRET_KEY",
    "Genera una con «python -c 'import secrets; print(secrets.token_urlsafe(50))'».",
)
# Where nobody signs in nothing is encrypted, so the key must not be there.
ENCRYPTION_KEYS = required_keys() if SERVES_INTERNAL else []
required("ALLOWED_HOSTS", "Escribe los nombres del sitio, separados por comas.")
CSRF_TRUSTED_ORIGINS = https_origins(ALLOWED_HOSTS)  # noqa: F405
SECURE_SSL_REDIRECT = switch("SECURE_SSL_REDIRECT", default=True)
# The proxy in front sets this header, and removes what visitors send under its name (ADR 0018).
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = whole_number(
    "SECURE_HSTS_SECONDS", 31_536_000, smallest=0, largest=10 * 31_536_000
)
# Both bind names that are not of this site, and cannot be undone for months.
SECURE_HSTS_INCLUDE_SUBDOMAINS = switch("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = switch("SECURE_HSTS_PRELOAD", default=False)
# W019: Wagtail shows previews in a frame of the same site; `frame-ancestors` rules elsewhere.
# W005, W021: see above; the runbook says when to turn them on.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W019", "security.W021"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
