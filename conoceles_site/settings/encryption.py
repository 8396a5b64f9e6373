"""CONOCELES_ENCRYPTION_KEY: one key or several, the newest first, separated by commas."""

from django.core.exceptions import ImproperlyConfigured

from conoceles_site.settings.environment import env, generated_secret, required

HOW_TO_MAKE_ONE = (
    "Genera una con «python -c 'import secrets; print(secrets.token_urlsafe(50))'»"
    " y guárdala aparte de los respaldos."
)
SHORTEST = 40
FEWEST_CHARACTERS = 16


def _is_weak(key: str) -> bool:
    """Whether somebody could guess it: it is short, or repeats a few characters."""
    return len(key) < SHORTEST or len(set(key)) < FEWEST_CHARACTERS


def parsed(value: str) -> list[str]:
    """The keys in the value of a variable.

    Raises: ImproperlyConfigured, which says what is wrong and never quotes a key.
    """
    keys = [key.strip() for key in value.split(",")]
    if not all(keys):
        raise ImproperlyConfigured(
            "CONOCELES_ENCRYPTION_KEY tiene una coma de más: hay una clave vacía."
        )
    if len(set(keys)) < len(keys):
        raise ImproperlyConfigured("CONOCELES_ENCRYPTION_KEY repite una clave: quita la repetida.")
    for place, key in enumerate(keys, start=1):
        if _is_weak(key):
            raise ImproperlyConfigured(
                f"La clave {place} de CONOCELES_ENCRYPTION_KEY se puede adivinar: debe tener al"
                f" menos {SHORTEST} caracteres, y no los mismos repetidos. {HOW_TO_MAKE_ONE}"
            )
    return keys


def required_keys() -> list[str]:
    """The keys of production, which does not start without them."""
    return parsed(required("CONOCELES_ENCRYPTION_KEY", HOW_TO_MAKE_ONE))


def generated_keys() -> list[str]:
    """The keys of development: those of the environment, or a key kept in the data folder."""
    return parsed(env.str("CONOCELES_ENCRYPTION_KEY", "") or generated_secret("encryption_key"))
