"""Values that only this installation can read or make: sealed with CONOCELES_ENCRYPTION_KEY.

Each purpose has its own key, derived from the key of the environment: a value that was sealed for
a purpose is worthless for any other. The first key seals; the others only open, so an installation
can change its key and still open what it sealed before.
"""

import base64
import hmac
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(Exception):
    """A sealed value that is not ours, was altered, or is too old."""


@lru_cache(maxsize=64)
def _derived(key: str, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose."""
    return HKDF(SHA256(), length=32, salt=None, info=f"conoceles:{purpose}".encode()).derive(
        key.encode()
    )


def _sealer(purpose: str) -> MultiFernet:
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(_derived(key, purpose))) for key in settings.ENCRYPTION_KEYS
    )


def seal(purpose: str, value: str) -> str:
    """Encrypt and sign a text; the result holds letters, digits, `-`, `_` and `=` only."""
    return seal_bytes(purpose, value.encode())


def unseal(purpose: str, sealed: str, *, max_age: timedelta | None = None) -> str:
    """The text that `seal` received, of the same purpose and not older than `max_age`.

    Raises: Unreadable.
    """
    return unseal_bytes(purpose, sealed, max_age=max_age).decode()


def seal_bytes(purpose: str, value: bytes) -> str:
    """The same as `seal`, for bytes."""
    return _sealer(purpose).encrypt(value).decode()


def unseal_bytes(purpose: str, sealed: str, *, max_age: timedelta | None = None) -> bytes:
    """The bytes that `seal_bytes` received. Raises: Unreadable."""
    seconds = None if max_age is None else int(max_age.total_seconds())
    try:
        return _sealer(purpose).decrypt(sealed.encode(), ttl=seconds)
    except InvalidToken as error:
        raise Unreadable from error


def _counted(part: str) -> bytes:
    """A text preceded by its length, so that different lists of texts give different bytes."""
    written = part.encode(errors="surrogatepass")
    return len(written).to_bytes(8, "big") + written


def fingerprint(purpose: str, *parts: str) -> str:
    """64 hexadecimal digits that stand for values which we need not keep, such as an address.

    Nobody without the key can find the value by trying all of them.
    """
    message = b"".join(_counted(part) for part in parts)
    return hmac.new(_derived(settings.ENCRYPTION_KEYS[0], purpose), message, sha256).hexdigest()
