"""Production: HTTPS, secrets from the environment, static files collected with their hash."""

from conoceles_site.settings.base import *  # noqa: F403
from conoceles_site.settings.encryption import required_keys
from conoceles_site.settings.environment import SERVES_INTERNAL, env, required

SECRET_KEY = required(
    "DJANGO_SECRET_KEY",
    "Genera una con «python -c 'import secrets; print(secrets.token_urlsafe(50))'».",
)
# Where nobody signs in nothing is encrypted, and the key has no business being there.
ENCRYPTION_KEYS = required_keys() if SERVES_INTERNAL else []
ALLOWED_HOSTS = [
    host.strip()
    for host in required(
        "ALLOWED_HOSTS", "Escribe los nombres del sitio, separados por comas."
    ).split(",")
]
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS if host != "*"]
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
# Wagtail shows previews in a frame of the same site; `frame-ancestors` rules everywhere else.
SILENCED_SYSTEM_CHECKS = ["security.W019"]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
