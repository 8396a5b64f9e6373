"""Migrations can be undone, and done again.

The first migrations of accounts, catalogs and portal stay: Wagtail's own rows depend on them.
"""

import subprocess
import sys

from django.apps import apps
from django.db.models.signals import post_migrate

from tests import own_database

# One plan undoes all the migrations, so that their dependencies decide the order.
THERE_AND_BACK = """
import django
django.setup()
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connection)
ours = {config.label for config in apps.get_app_configs() if config.name.startswith("cms.")}
ours &= executor.loader.migrated_apps
stay = {"accounts", "catalogs", "portal"}
undone = [(room, None) for room in sorted(ours - stay)]
executor.migrate(undone + [(room, "0001_initial") for room in sorted(stay)])
left = {room for room, _name in MigrationExecutor(connection).loader.applied_migrations}
assert left & ours == stay, left
call_command("migrate", verbosity=0)
"""


def test_the_migrations_of_the_rooms_can_be_undone_and_done_again(tmp_path, django_db_setup):
    env = own_database.create("reversed", tmp_path)
    try:
        done = subprocess.run(
            [sys.executable, "-c", THERE_AND_BACK],
            cwd=own_database.ROOT,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        own_database.drop("reversed")
    assert done.returncode == 0, done.stderr[-3000:]


def test_every_receiver_of_post_migrate_is_called() -> None:
    """Django sends the signal only for applications that have models."""
    emitted = {id(None)} | {id(config) for config in apps.get_app_configs() if config.models_module}
    never = [key for (key, sender), *_rest in post_migrate.receivers if sender not in emitted]

    assert never == []
