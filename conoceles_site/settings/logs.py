"""Logs: one JSON object per line, without personal data (`conoceles_site.logs`)."""

from typing import Any

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "conoceles_site.logs.json_formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Messages of these loggers quote addresses and values; the line of the request says enough.
        "django.request": {"level": "CRITICAL"},
        "django.security": {"level": "CRITICAL"},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": False},
        "procrastinate": {"level": "WARNING"},
        # Wagtail logs titles of pages, which are names of persons.
        "wagtail": {"level": "WARNING"},
        "django_tasks": {"level": "WARNING"},
        # The client of the search server writes a line for each request, and for each failure one
        # with its address; `search_server_failed` says enough.
        "elastic_transport": {"level": "ERROR"},
    },
}
