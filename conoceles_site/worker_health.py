"""`python -m conoceles_site.worker_health`: exits with 0 while a worker of the queue is alive.

A worker writes a heartbeat into the database every ten seconds, from the loop that also takes jobs.
This module does without Django, since a container runs it every half minute.
"""

import sys

import psycopg

from conoceles_site.settings.database import DATABASES

STALE_SECONDS = 60
QUERY = """
    select extract(epoch from now() - max(last_heartbeat)) from procrastinate_workers
"""


def _seconds_since_heartbeat() -> float | None:
    server = DATABASES["default"]
    parameters = {
        "host": server.get("HOST"),
        "port": server.get("PORT"),
        "dbname": server.get("NAME"),
        "user": server.get("USER"),
        "password": server.get("PASSWORD"),
    }
    given = {name: value for name, value in parameters.items() if value}
    with psycopg.connect(**given, connect_timeout=5) as connection:
        row = connection.execute(QUERY).fetchone()
    return None if row is None or row[0] is None else float(row[0])


def main() -> None:
    """Exit with 0 if a worker is alive; otherwise say what is wrong and exit with 1."""
    try:
        seconds = _seconds_since_heartbeat()
    except psycopg.Error as problem:
        sys.exit(f"La base de datos no contesta: {type(problem).__name__}.")
    if seconds is None:
        sys.exit("Ningún proceso «procrastinate worker» está en marcha.")
    if seconds > STALE_SECONDS:
        sys.exit(f"El proceso de la cola no da señales desde hace {seconds:.0f} segundos.")


if __name__ == "__main__":
    main()
