"""`make run`: PostgreSQL, migrations, demo, web server and worker; Ctrl-C stops all of them."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import FrameType

from django.core.exceptions import ImproperlyConfigured

from conoceles_site import embedded_postgres, search_server
from conoceles_site.said import in_a_sentence

with in_a_sentence():
    from conoceles_site.settings.addresses import PORT
    from conoceles_site.settings.database import USES_EMBEDDED_POSTGRES
    from conoceles_site.settings.environment import DATA_DIR, env, switch

SETTINGS = "conoceles_site.settings.development"
STATIC_ROOT = "CONOCELES_STATIC_ROOT"
HOST = "127.0.0.1"
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STOP_SECONDS = 15
# The pause between two starts of a process, and the lifetime below which a start has failed.
PAUSE_SECONDS = 1
QUICK_END_SECONDS = 15
MOST_FAILURES = 10


class Stopped(Exception):
    """Somebody asked to stop."""


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


class _Signals:
    """Turns the first signal into `Stopped`, at once or after a step that must be finished."""

    def __init__(self) -> None:
        self.asked = False
        self.waits = False

    def install(self) -> None:
        for number in STOP_SIGNALS:
            signal.signal(number, self._receive)

    def _receive(self, _number: int, _frame: FrameType | None) -> None:
        # Stopping takes some seconds, and a second signal would leave half of the processes
        # running.
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        self.asked = True
        if not self.waits:
            raise Stopped

    @contextlib.contextmanager
    def held_back(self) -> Iterator[None]:
        """Whatever starts inside this block is complete before anything is stopped."""
        self.waits = True
        try:
            yield
        finally:
            self.waits = False
        if self.asked:
            raise Stopped


def _require_free_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            sys.exit(f"El puerto {port} está ocupado. Elige otro: make run PORT={port + 1}")


class _Database:
    """The embedded server of the data folder: it is started, restarted if it dies, and stopped."""

    def __init__(self, signals: _Signals) -> None:
        self.signals = signals
        self.ours = False
        self.failures = 0

    def __enter__(self) -> "_Database":
        if USES_EMBEDDED_POSTGRES:
            _say("· Iniciando PostgreSQL")
            try:
                self._start()
            except embedded_postgres.EmbeddedPostgresError as problem:
                sys.exit(f"conoceles: {problem}")
        return self

    def __exit__(self, *_error: object) -> None:
        if self.ours:
            embedded_postgres.stop(DATA_DIR)

    def _start(self) -> None:
        try:
            with self.signals.held_back():
                self.ours = embedded_postgres.start(DATA_DIR) or self.ours
        except Stopped:
            # Python does not call `__exit__` if `__enter__` failed.
            self.__exit__()
            raise

    def keep_running(self) -> None:
        """Start it again if it died. Its clients reconnect by themselves."""
        if not USES_EMBEDDED_POSTGRES or embedded_postgres.is_running(DATA_DIR):
            return
        _say("· PostgreSQL terminó; iniciándolo otra vez")
        try:
            self._start()
        except embedded_postgres.EmbeddedPostgresError as problem:
            self.failures += 1
            _say(f"conoceles: {problem}")
            if self.failures >= MOST_FAILURES:
                sys.exit("PostgreSQL no vuelve a iniciar; arriba está la causa.")
        else:
            self.failures = 0


class _Search:
    """The search server of the data folder, where one was asked for: SEARCH=elasticsearch.

    The processes that start after it find it by its variable. When it dies it is started again, and
    PostgreSQL answers meanwhile.
    """

    def __init__(self, signals: _Signals, *, is_wanted: bool) -> None:
        self.signals = signals
        self.is_wanted = is_wanted
        self.server: search_server.SearchServer | None = None
        self.failures = 0

    def __enter__(self) -> "_Search":
        if self.is_wanted:
            _say("· Iniciando el servidor de búsqueda (la primera vez se descarga)")
            try:
                with self.signals.held_back():
                    self.server = search_server.start(DATA_DIR / "search")
            except search_server.SearchServerError as problem:
                sys.exit(f"conoceles: {problem}")
            except Stopped:
                self.__exit__()
                raise
            os.environ["ELASTICSEARCH_URL"] = self.server.url
            _say(f"  Sus órdenes, en otra terminal: ELASTICSEARCH_URL={self.server.url}")
            _say("    .venv/bin/python manage.py search_doctor")
        return self

    def __exit__(self, *_error: object) -> None:
        if self.server is not None:
            self.server.stop()

    def keep_running(self) -> None:
        """Start it again if it died, at the address that it had."""
        if self.server is None or self.server.is_running() or self.failures >= MOST_FAILURES:
            return
        _say("· El servidor de búsqueda terminó; iniciándolo otra vez")
        try:
            with self.signals.held_back():
                self.server = search_server.start(DATA_DIR / "search", port=self.server.port)
        except search_server.SearchServerError as problem:
            self.failures += 1
            _say(f"conoceles: {problem}")


class _Kept:
    """A process that is started again when it ends."""

    def __init__(
        self,
        name: str,
        start: Callable[[], subprocess.Popen[bytes]],
        *,
        most_failures: float = float("inf"),
    ) -> None:
        self.name = name
        self.start = start
        self.most_failures = most_failures
        self.process = start()
        self.started = time.monotonic()
        self.quick_ends = 0

    def keep_running(self) -> None:
        """Start it again. A process that keeps ending right after its start is given up."""
        if self.process.poll() is None:
            return
        lived = time.monotonic() - self.started
        if lived < PAUSE_SECONDS:
            return
        self.quick_ends = self.quick_ends + 1 if lived < QUICK_END_SECONDS else 0
        if self.quick_ends >= self.most_failures:
            sys.exit(f"{self.name} termina cada vez que inicia; arriba está la causa.")
        self._end_the_rest()
        _say(f"· {self.name} terminó; iniciándolo otra vez")
        self.process = self.start()
        self.started = time.monotonic()

    def _end_the_rest(self) -> None:
        """Child processes of a killed server must not keep its port."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def stop(self) -> None:
        """Ask it and its child processes to end; after a while, kill them."""
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_SECONDS)
        self._end_the_rest()
        self.process.wait()


def _prepare(with_demo: bool) -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command

    with in_a_sentence():
        settings.INSTALLED_APPS  # noqa: B018 (the settings are read here)
    django.setup()
    from conoceles_site import static_files

    if os.environ.get(STATIC_ROOT):
        _say("· Reuniendo los archivos estáticos")
        static_files.collect(Path(os.environ[STATIC_ROOT]))
    _say("· Aplicando migraciones")
    call_command("migrate", verbosity=0)
    if with_demo:
        _say("· Cargando la demostración (personas y textos ficticios)")
        call_command("load_demo")
    else:
        _ensure_administrator()
    if settings.ELASTICSEARCH_URL:
        _say("· Indexando")
        call_command("search_rebuild")


def _ensure_administrator() -> None:
    from cms.accounts.models import Role, User
    from cms.accounts.services import create_staff

    if User.objects.exists():
        _say("· Cuentas: las que ya hay. Si olvidaste una contraseña:")
        _say("  .venv/bin/python manage.py changepassword USUARIO")
        return
    password = secrets.token_urlsafe(12)
    account = create_staff(username="administracion", role=Role.ADMINISTRATOR, password=password)
    account.is_superuser = True
    account.save(update_fields=["is_superuser"])
    _say(f"· Cuenta creada: administracion / {password}")
    _say(f"  Entra en http://localhost:{PORT}/acceso/; la primera página dice qué falta.")


def _start_web(port: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "conoceles_site.wsgi:application"),
            *("--config", "python:conoceles_site.gunicorn", "--bind", f"{HOST}:{port}"),
            *("--graceful-timeout", str(STOP_SECONDS - 5)),
        ],
        start_new_session=True,
    )


def _start_worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "procrastinate", "worker", "--concurrency", "2"],
        start_new_session=True,
    )


def _wait_until_ready(port: int, web: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up and web.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
            return
        time.sleep(0.1)
    sys.exit("El servidor no inició; arriba está la causa.")


def _say_training() -> None:
    from cms.catalogs.training import is_training
    from conoceles_site.training import WARNING

    if is_training():
        _say(f"\n{WARNING}")


def _supervise(port: int, database: _Database, search: _Search, signals: _Signals) -> None:
    kept: list[_Kept] = []
    try:
        with signals.held_back():
            start_web = partial(_start_web, port)
            kept.append(_Kept("El servidor", start_web, most_failures=MOST_FAILURES))
        _wait_until_ready(port, kept[0].process)
        with signals.held_back():
            kept.append(_Kept("El proceso de la cola", _start_worker))
        _say_training()
        _say(f"\nListo: http://localhost:{port}   (Ctrl-C para terminar)\n")
        while True:
            database.keep_running()
            search.keep_running()
            for process in kept:
                with signals.held_back():
                    process.keep_running()
            time.sleep(0.25)
    finally:
        for process in reversed(kept):
            process.stop()


def _is_search_server_wanted() -> bool:
    """Whether SEARCH asks for a search server. Raises ImproperlyConfigured."""
    engine: str = env.str("SEARCH", "").strip().lower()
    if engine not in {"", "postgresql", "elasticsearch"}:
        raise ImproperlyConfigured(
            f"SEARCH es «postgresql» o «elasticsearch»; dice «{engine[:40]}»."
        )
    return engine == "elasticsearch"


def main() -> None:
    """Serve until Ctrl-C or SIGTERM."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    with in_a_sentence():
        with_demo = switch("DEMO", default=True)
        with_search = _is_search_server_wanted()
        if not switch("CONOCELES_DEBUG", default=False):
            os.environ.setdefault(STATIC_ROOT, str(DATA_DIR / "static"))
    _require_free_port(PORT)
    signals = _Signals()
    signals.install()
    try:
        with (
            _Search(signals, is_wanted=with_search) as search,
            _Database(signals) as database,
        ):
            _prepare(with_demo=with_demo)
            _supervise(PORT, database, search, signals)
    except Stopped:
        _say("\n· Terminado")


if __name__ == "__main__":
    main()
