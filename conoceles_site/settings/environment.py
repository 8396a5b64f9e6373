"""Reads the environment, once."""

import os
import re
import secrets
import tempfile
from collections.abc import Collection
from contextlib import suppress
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

ROOT = Path(__file__).resolve().parents[2]
env = environ.Env()

DATA_DIR = Path(env.str("CONOCELES_DATA_DIR", "") or ROOT / "var").absolute()
# The last of INEGI's keys of entities is that of Zacatecas.
LAST_ENTITY = 32
LONGEST_NUMBER = 12
ROLE = env.str("CONOCELES_ROLE", "all")
if ROLE not in {"all", "public", "internal"}:
    raise ImproperlyConfigured("CONOCELES_ROLE es «public», «internal» o «all».")
SERVES_PUBLIC = ROLE in {"all", "public"}
SERVES_INTERNAL = ROLE in {"all", "internal"}


_YES = {"1", "true", "t", "on", "y", "yes", "ok", "si", "sí"}
_NO = {"0", "false", "f", "off", "n", "no"}


def _text(name: str) -> str:
    """The value of a variable without blanks around it. An empty value counts as not set."""
    value: str = env.str(name, "")
    return value.strip()


def _digits(value: str) -> int | None:
    """A number written in ASCII digits, if there are not thousands of them; otherwise None."""
    is_number = value.isascii() and value.isdecimal() and len(value) <= LONGEST_NUMBER
    return int(value) if is_number else None


def switch(name: str, *, default: bool) -> bool:
    """A variable that is on or off. Raises ImproperlyConfigured, which says how to write it."""
    value = _text(name).lower()
    if value and value not in _YES | _NO:
        raise ImproperlyConfigured(f"{name} se escribe «true» o «false»; dice «{value[:40]}».")
    return value in _YES if value else default


def whole_number(name: str, default: int, *, smallest: int, largest: int) -> int:
    """A variable with a number. Raises ImproperlyConfigured, which says how to write it."""
    value = _text(name)
    if not value:
        return default
    number = _digits(value)
    if number is None or not smallest <= number <= largest:
        raise ImproperlyConfigured(
            f"{name} es un número de {smallest} a {largest}; dice «{value[:40]}»."
        )
    return number


def server_address(name: str, schemes: Collection[str], example: str) -> str:
    """A variable with the address of a server. It may hold a password, so no message quotes it.

    Returns: an empty text if the variable is not set.
    Raises: ImproperlyConfigured, which says how to write it.
    """
    address = _text(name)
    try:
        parts = urlsplit(address)
        well_formed = parts.scheme in schemes and (parts.port is None or parts.port > 0)
    except ValueError:
        well_formed = False
    if address and not well_formed:
        raise ImproperlyConfigured(
            f"{name} está mal escrita: es como {example}. Los signos de una contraseña que"
            " estorban (/, @, :, #) se escriben %2F, %40, %3A, %23."
        )
    return address


def home_entity() -> str:
    """INEGI's key of the institute's entity. Raises ImproperlyConfigured."""
    value = _text("CONOCELES_HOME_ENTITY") or "05"
    entity = _digits(value)
    if entity is None or not 1 <= entity <= LAST_ENTITY:
        raise ImproperlyConfigured(
            "CONOCELES_HOME_ENTITY es la clave del INEGI de la entidad, de 01 a"
            f" {LAST_ENTITY}, como 05; dice «{value[:40]}»."
        )
    return f"{entity:02}"


def time_zone() -> str:
    """The institute's time zone. Raises ImproperlyConfigured."""
    value = _text("TIME_ZONE") or "America/Monterrey"
    try:
        ZoneInfo(value)
    except (OSError, ValueError, LookupError):
        raise ImproperlyConfigured(
            f"TIME_ZONE es una zona horaria, como America/Monterrey; dice «{value[:40]}»."
        ) from None
    return value


def host_names(value: str) -> list[str]:
    """ALLOWED_HOSTS, separated by commas. Raises ImproperlyConfigured."""
    hosts = [host.strip() for host in value.split(",") if host.strip()]
    if (value.strip() and not hosts) or any(set(host) & set("/@ ") for host in hosts):
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS lleva nombres separados por comas, sin https:// ni diagonales, como"
            f" conoceles.example.mx; dice «{value[:80]}»."
        )
    return hosts


def index_prefix() -> str:
    """How the names of this installation's search indexes begin. Raises ImproperlyConfigured."""
    value = _text("ELASTICSEARCH_PREFIX") or "conoceles"
    if not re.fullmatch("[a-z][a-z0-9_]{0,39}", value):
        raise ImproperlyConfigured(
            "ELASTICSEARCH_PREFIX lleva minúsculas sin acento, cifras y guiones bajos, y empieza"
            f" con una letra, como conoceles; dice «{value[:40]}»."
        )
    return value


def generated_secret(name: str) -> str:
    """A secret kept in the data folder. It is generated the first time and never changes.

    Raises: ImproperlyConfigured, if the folder cannot be written.
    """
    try:
        return _kept_secret(DATA_DIR / "keys" / name)
    except OSError as problem:
        raise ImproperlyConfigured(
            f"No se puede escribir en la carpeta de datos {DATA_DIR} ({problem.strerror}): revisa"
            " CONOCELES_DATA_DIR, sus permisos y el espacio en disco."
        ) from problem


def _kept_secret(path: Path) -> str:
    """The secret in a file, which appears whole: processes that start at once all read the same."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Made for its owner alone, and linked to its name only when it is written.
        descriptor, draft = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(50))
                file.flush()
                os.fsync(descriptor)
            with suppress(FileExistsError):
                path.hardlink_to(draft)
        finally:
            Path(draft).unlink()
        return path.read_text().strip()


def required(name: str, what_to_do: str) -> str:
    """A variable without which production does not start."""
    value: str = env.str(name, "")
    if not value:
        raise ImproperlyConfigured(f"Falta la variable {name}. {what_to_do}")
    return value


def site_address(name: str) -> str:
    """A variable with the address of a site: scheme and host, without a slash at the end.

    Returns: an empty text if the variable is not set.
    Raises: ImproperlyConfigured, which says how to write it.
    """
    value: str = env.str(name, "")
    address = value.strip().rstrip("/")
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        well_formed = parts.scheme in {"http", "https"} and bool(parts.hostname)
        well_formed = well_formed and (parts.port is None or parts.port > 0)
    except ValueError:
        well_formed = False
    if not well_formed or address != f"{parts.scheme}://{parts.netloc}" or "@" in parts.netloc:
        raise ImproperlyConfigured(
            f"{name} es la dirección del sitio, con https:// y sin nada después del nombre,"
            f" como https://conoceles.example.mx; dice «{value}»."
        )
    return address


def refuse_without_second_factor(is_required: bool) -> None:
    """Raise ImproperlyConfigured, in production, where the second factor is turned off."""
    if not is_required:
        raise ImproperlyConfigured(
            "CONOCELES_SECOND_FACTOR=off es solo para desarrollo: el personal del Instituto entra"
            " con segundo paso. Quita la variable."
        )


def https_origins(hosts: list[str]) -> list[str]:
    """The origins from which forms are accepted, for names written as in ALLOWED_HOSTS.

    A name that begins with a dot stands for itself and for every name below it.
    """
    origins: list[str] = []
    for host in hosts:
        if host.startswith("."):
            origins += [f"https://*{host}", f"https://{host[1:]}"]
        elif host != "*":
            origins.append(f"https://{host}")
    return origins


def mail_sender(public_address: str) -> str:
    """The sender of mail: DEFAULT_FROM_EMAIL, or else an address under the name of the public site.

    Raises: ImproperlyConfigured, if it is not an address.
    """
    host = urlsplit(public_address).hostname or "localhost"
    sender: str = env.str("DEFAULT_FROM_EMAIL", "") or f"Conóceles <no-responder@{host}>"
    address = parseaddr(sender)[1]
    try:
        validate_email(address)
    except ValidationError:
        raise ImproperlyConfigured(
            "DEFAULT_FROM_EMAIL es la dirección de correo de la que salen los avisos, como"
            " «Conóceles <no-responder@example.mx>»."
        ) from None
    return sender
