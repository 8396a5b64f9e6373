"""PostgreSQL: the server of DATABASE_URL, or the embedded server of the data folder."""

from typing import Any
from urllib.parse import unquote

from conoceles_site import embedded_postgres
from conoceles_site.settings.environment import DATA_DIR, env, server_address, whole_number

_POSTGRES = {"postgres", "postgresql", "pgsql", "psql"}
_DATABASE_URL = server_address(
    "DATABASE_URL", _POSTGRES, "postgres://usuario:clave@servidor:5432/conoceles"
)
_REDIS_URL = server_address("REDIS_URL", {"redis", "rediss", "unix"}, "redis://servidor:6379/0")
USES_EMBEDDED_POSTGRES = not _DATABASE_URL


def _default_database() -> dict[str, Any]:
    if not USES_EMBEDDED_POSTGRES:
        server = dict(env.db_url_config(_DATABASE_URL))
        # The folder of a socket is percent-encoded, as libpq writes it.
        return {**server, "HOST": unquote(server.get("HOST") or "")}
    cluster = embedded_postgres.cluster_folder(DATA_DIR)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": embedded_postgres.DATABASE,
        "USER": embedded_postgres.USER,
        "HOST": str(embedded_postgres.socket_folder(cluster)),
        "PORT": str(embedded_postgres.PORT),
    }


def _with_limits(server: dict[str, Any]) -> dict[str, Any]:
    """Limits for how long a lost server, or a locked row, may hold a thread.

    The web server sets CONOCELES_STATEMENT_SECONDS (`conoceles_site.wsgi`). Commands and migrations
    take the time that they need.
    """
    # Of the queries that are prepared (`cms.catalogs.prepared`), each is from its first time on.
    options = {"connect_timeout": 10, "prepare_threshold": 0, **server.get("OPTIONS", {})}
    seconds = whole_number("CONOCELES_STATEMENT_SECONDS", 0, smallest=0, largest=3600)
    if seconds:
        limits = (
            f"-c statement_timeout={seconds}s -c idle_in_transaction_session_timeout={seconds * 2}s"
        )
        options["options"] = f"{options.get('options', '')} {limits}".strip()
    return {**server, "OPTIONS": options}


DATABASES = {
    "default": {
        **_with_limits(_default_database()),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# How long a request waits for Redis, to connect and for each answer.
_REDIS_SECONDS = whole_number("CONOCELES_REDIS_SECONDS", 1, smallest=1, largest=30)
_REDIS: dict[str, Any] = {
    "BACKEND": "django_redis.cache.RedisCache",
    "LOCATION": _REDIS_URL,
    # Nothing is kept only in the cache: without it the site is slower, and still serves.
    "OPTIONS": {
        "IGNORE_EXCEPTIONS": True,
        "SOCKET_CONNECT_TIMEOUT": _REDIS_SECONDS,
        "SOCKET_TIMEOUT": _REDIS_SECONDS,
    },
}
# The memory that public pages may take in each process of the web server (ADR 0042).
_MEGABYTES = whole_number("CONOCELES_PAGES_MEGABYTES", 64, smallest=1, largest=4096)
_PAGES: dict[str, Any] = {
    "BACKEND": "conoceles_site.memory_cache.BoundedMemoryCache",
    "LOCATION": "pages",
    "OPTIONS": {"MAX_MEGABYTES": _MEGABYTES},
}
# While Redis says nothing, each process keeps pages in its own memory.
_SHARED_PAGES: dict[str, Any] = {
    "BACKEND": "conoceles_site.shared_cache.SharedCache",
    "LOCATION": _REDIS_URL,
    "KEY_PREFIX": "pages",
    "OPTIONS": {**_REDIS["OPTIONS"], "IGNORE_EXCEPTIONS": False, "MAX_MEGABYTES": _MEGABYTES},
}
CACHES: dict[str, Any] = {
    "default": _REDIS
    if _REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "pages": _SHARED_PAGES if _REDIS_URL else _PAGES,
}
# How long pages that were made go on being answered while the database is out of reach.
KEPT_PAGES_WITHOUT_DATABASE_SECONDS = whole_number(
    "CONOCELES_PAGES_WITHOUT_DATABASE_SECONDS", 300, smallest=0, largest=86_400
)
