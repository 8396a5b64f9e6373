"""Runs `check --deploy` with production settings and throw-away secrets: part of `make lint`."""

import os
import secrets
import sys


def main() -> None:
    """Run Django's deployment checks, and exit with their status."""
    os.environ.update(
        DJANGO_SETTINGS_MODULE="conoceles_site.settings.production",
        DJANGO_SECRET_KEY=secrets.token_urlsafe(60),
        CONOCELES_ENCRYPTION_KEY=secrets.token_urlsafe(60),
        ALLOWED_HOSTS="conoceles.example",
    )
    from django.core.management import execute_from_command_line

    execute_from_command_line([sys.argv[0], "check", "--deploy", "--fail-level", "WARNING"])


if __name__ == "__main__":
    main()
