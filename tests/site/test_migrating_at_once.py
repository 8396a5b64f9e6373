"""Containers that start together migrate one after the other."""

import subprocess
import sys

import psycopg

from conoceles_site.management.commands.migrate import LOCK
from search.engines.postgres import functions
from tests import own_database

DATABASE = "at_once"


def test_two_migrations_of_an_empty_database_both_succeed(django_db_setup, tmp_path):
    env = own_database.create_empty(DATABASE, tmp_path)
    command = [sys.executable, "manage.py", "migrate", "--noinput"]
    both = [
        subprocess.Popen(
            command,
            cwd=own_database.ROOT,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _time in range(2)
    ]
    said = [one.communicate(timeout=300)[0] for one in both]
    try:
        assert [one.returncode for one in both] == [0, 0], said
        assert sum("Applying wagtailcore.0001" in one for one in said) == 1
        with psycopg.connect(env["DATABASE_URL"]) as connection:
            # Both would put the functions of the search in place.
            held = connection.execute("select obj_description('conoceles_search'::regnamespace)")
            assert held.fetchone() == (functions._fingerprint(),)
            # Nobody holds the lock afterwards.
            assert connection.execute("select pg_try_advisory_lock(%s)", [LOCK]).fetchone()[0]
    finally:
        own_database.drop(DATABASE)
