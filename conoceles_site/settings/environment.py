"""The environment, read once: contract §2."""

import os
import secrets
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

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
