"""`make run`: PostgreSQL, migrations, demo, web server and worker; Ctrl-C stops all of it."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from types import FrameType

from conoceles_site import embedded_postgres

SETTINGS = "conoceles_site.settings.development"
HOST = "127.0.0.1"
STOP_SECONDS = 15


class Stopped(Exception):
    """Somebody asked to stop."""


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _stop_on_signal(_signal: int, _frame: FrameType | None) -> None:
    raise Stopped


def _require_free_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            sys.exit(f"El puerto {port} está ocupado. Elige otro: make run PORT={port + 1}")


@contextlib.contextmanager
def _database() -> Iterator[None]:
    from conoceles_site.settings.database import USES_EMBEDDED_POSTGRES
    from conoceles_site.settings.environment import DATA_DIR

    if not USES_EMBEDDED_POSTGRES:
        yield
        return
    _say("· Iniciando PostgreSQL")
    try:
        started = embedded_postgres.start(DATA_DIR)
    except embedded_postgres.EmbeddedPostgresError as problem:
        sys.exit(f"conoceles: {problem}")
    try:
        yield
    finally:
        if started:
            embedded_postgres.stop(DATA_DIR)


def _prepare(with_demo: bool) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    _say("· Aplicando migraciones")
    call_command("migrate", verbosity=0)
    if with_demo:
        _say("· Cargando la demostración (personas y textos ficticios)")
        call_command("load_demo")
    else:
        _ensure_administrator()


def _ensure_administrator() -> None:
    from cms.accounts.models import Role, User
    from cms.accounts.services import create_staff

    if User.objects.exists():
        return
    password = secrets.token_urlsafe(12)
    account = create_staff(username="administracion", role=Role.ADMINISTRATOR, password=password)
    account.is_superuser = True
    account.save(update_fields=["is_superuser"])
    _say(f"· Cuenta creada: administracion / {password}")


def _start(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", *arguments], start_new_session=True)


def _start_web(port: int) -> subprocess.Popen[bytes]:
    return _start(
        "gunicorn",
        "conoceles_site.wsgi:application",
        *("--config", "python:conoceles_site.gunicorn", "--bind", f"{HOST}:{port}"),
    )


def _start_worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "procrastinate", "worker", "--concurrency", "2"],
        start_new_session=True,
    )


def _stop(process: subprocess.Popen[bytes] | None) -> None:
    if process is None or process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_until_ready(port: int, web: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up and web.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
            return
        time.sleep(0.1)
    sys.exit("El servidor no inició; arriba está la causa.")


def _supervise(port: int) -> None:
    web = _start_web(port)
    worker: subprocess.Popen[bytes] | None = None
    try:
        _wait_until_ready(port, web)
        worker = _start_worker()
        _say(f"\nListo: http://localhost:{port}   (Ctrl-C para terminar)\n")
        while web.poll() is None:
            if worker.poll() is not None:
                time.sleep(1)
                worker = _start_worker()
            time.sleep(0.5)
        sys.exit("El servidor terminó; arriba está la causa.")
    finally:
        _stop(worker)
        _stop(web)


def main() -> None:
    """Serve until Ctrl-C or SIGTERM."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    port = int(os.environ.get("PORT") or 8000)
    _require_free_port(port)
    signal.signal(signal.SIGTERM, _stop_on_signal)
    signal.signal(signal.SIGINT, _stop_on_signal)
    try:
        with _database():
            _prepare(with_demo=os.environ.get("DEMO", "1") != "0")
            _supervise(port)
    except Stopped:
        _say("\n· Terminado")


if __name__ == "__main__":
    main()
