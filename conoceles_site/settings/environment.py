"""The environment, read once."""

import os
import secrets
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

ROOT = Path(__file__).resolve().parents[2]
env = environ.Env()

DATA_DIR = Path(env.str("CONOCELES_DATA_DIR", str(ROOT / "var"))).absolute()
ROLE = env.str("CONOCELES_ROLE", "all")
if ROLE not in {"all", "public", "internal"}:
    raise ImproperlyConfigured("CONOCELES_ROLE es «public», «internal» o «all».")
SERVES_PUBLIC = ROLE in {"all", "public"}
SERVES_INTERNAL = ROLE in {"all", "internal"}


def generated_secret(name: str) -> str:
    """A secret kept in the data folder: made the first time, the same ever after."""
    path = DATA_DIR / "keys" / name
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text().strip()
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
        return path.read_text().strip()


def required(name: str, what_to_do: str) -> str:
    """A variable without which production does not start."""
    value: str = env.str(name, "")
    if not value:
        raise ImproperlyConfigured(f"Falta la variable {name}. {what_to_do}")
    return value


def site_address(name: str) -> str:
    """A variable with the address of a site: scheme and host, without a slash at the end.

    Returns: empty where the variable is not set.
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


def https_origins(hosts: list[str]) -> list[str]:
    """The origins from which forms are accepted, for names as ALLOWED_HOSTS has them.

    A name that begins with a dot stands for itself and for all names below it.
    """
    origins: list[str] = []
    for host in hosts:
        if host.startswith("."):
            origins += [f"https://*{host}", f"https://{host[1:]}"]
        elif host != "*":
            origins.append(f"https://{host}")
    return origins


def mail_sender(public_address: str) -> str:
    """Who mail comes from: DEFAULT_FROM_EMAIL, else an address of the public site's own name.

    Raises: ImproperlyConfigured, where it is no address.
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
