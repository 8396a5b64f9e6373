#!/usr/bin/env python
"""Django's command line; it starts the embedded PostgreSQL when DATABASE_URL is not set."""

import argparse
import os
import sys

COMMANDS_WITHOUT_DATABASE = {"help", "version", "collectstatic", "compilemessages", "makemessages"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conoceles_site.settings.development")
    from django.conf import settings
    from django.core.management import execute_from_command_line

    from conoceles_site.said import in_a_sentence

    _take_settings_from(sys.argv[2:])
    with in_a_sentence():
        settings.INSTALLED_APPS  # noqa: B018 (the settings are read here)
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command not in COMMANDS_WITHOUT_DATABASE:
        _start_embedded_postgres()
    execute_from_command_line(sys.argv)


def _take_settings_from(options: list[str]) -> None:
    """`--settings` decides before anything reads them."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--settings")
    if module := parser.parse_known_args(options)[0].settings:
        os.environ["DJANGO_SETTINGS_MODULE"] = module


def _start_embedded_postgres() -> None:
    from conoceles_site import embedded_postgres
    from conoceles_site.settings.database import USES_EMBEDDED_POSTGRES
    from conoceles_site.settings.environment import DATA_DIR

    if not USES_EMBEDDED_POSTGRES:
        return
    try:
        embedded_postgres.start(DATA_DIR)
    except embedded_postgres.EmbeddedPostgresError as problem:
        sys.exit(f"conoceles: {problem}")


if __name__ == "__main__":
    main()
