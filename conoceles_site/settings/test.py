"""The tests: the real database and search, cheap password hashing, mail kept in memory."""

from conoceles_site.settings.development import *  # noqa: F403

SECRET_KEY = "only-for-tests-" + "x" * 50
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["*"]

INSTALLED_APPS = [*INSTALLED_APPS, "django_migration_linter", "tests.second_kind"]  # noqa: F405
MIGRATION_LINTER_OPTIONS = {
    "include_apps": [
        "accounts",
        "candidacies",
        "catalogs",
        "imports",
        "moderation",
        "notifications",
        "portal",
        "privacy",
        "publication",
        "published",
        "questionnaires",
    ],
    # Renames the table of imports, which only the CMS lists: a server that still runs the version
    # of before lacks that list until it restarts.
    # The other two drop and rename columns that questionnaires as data replaced: the servers of the
    # version of before stop while this upgrade migrates.
    "ignore_name": [
        "0002_imports_have_a_room",
        "0002_public_contact",
        "0005_words_and_visibility",
    ],
    # Until the first release no installation has rows to lock or to fill.
    "exclude_migration_tests": [
        "ADD_UNIQUE",
        "CREATE_INDEX",
        "CREATE_INDEX_EXCLUSIVE",
        "DROP_INDEX",
        "NOT_NULL",
    ],
}
