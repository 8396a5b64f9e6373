"""Argon2 within the memory of a small server."""

from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

# The cores of the smallest server: more at once would only take more memory.
_at_once = BoundedSemaphore(2)


class BoundedArgon2(Argon2PasswordHasher):
    """Django's Argon2 with the parameters that OWASP gives for servers where many people sign in.

    Django's own parameters take 100 MB for each password: a few attempts at once would use all the
    memory of a small server.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _at_once:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _at_once:
            return super().verify(password, encoded)
