"""Argon2 within the memory of a small server."""

from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

# As many as the smallest server has cores: more would only take memory at the same time.
_at_once = BoundedSemaphore(2)


class BoundedArgon2(Argon2PasswordHasher):
    """Django's own, with the parameters of OWASP for servers where many people sign in.

    Django's take 100 MB for each password, so that a few attempts at once would take all the memory
    of a small server.
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
