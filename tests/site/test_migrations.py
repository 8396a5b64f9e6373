"""Migrations can be undone, and done again.

The portal's are left: undoing them keeps the rows of the page tree, which are Wagtail's own.
"""

import subprocess
import sys

from django.apps import apps
from django.db.models.signals import post_migrate

from tests import own_database

THERE_AND_BACK = """
import django
django.setup()
from django.core.management import call_command
rooms = "moderation publication published questionnaires privacy candidacies"
for room in rooms.split():
    call_command("migrate", room, "zero", verbosity=0)
call_command("migrate", verbosity=0)
"""


def test_the_rooms_can_be_unmade_and_made_again(tmp_path, django_db_setup):
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


def test_whatever_is_to_run_after_migrating_is_called() -> None:
    """Django emits the signal for applications that have models, and for no other."""
    emitted = {id(None)} | {id(config) for config in apps.get_app_configs() if config.models_module}
    never = [key for (key, sender), *_rest in post_migrate.receivers if sender not in emitted]

    assert never == []
