"""The cache in Redis that all processes share; the memory of each one while Redis says nothing."""

import threading
import time
from typing import Any

import structlog
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django_redis.cache import RedisCache
from redis.exceptions import RedisError

from conoceles_site.memory_cache import BoundedMemoryCache

logger = structlog.stdlib.get_logger("conoceles.site")

# After a failure Redis is left alone for so long; then one request tries.
PAUSE_SECONDS = 5.0


class _Pause:
    """Until when Redis is left alone. The threads of a process share it."""

    def __init__(self) -> None:
        self._until = 0.0
        self._is_failing = False
        self._lock = threading.Lock()

    def admits(self) -> bool:
        """Whether to ask now; after a pause one request tries, and the others do without."""
        if not self._is_failing:
            return True
        with self._lock:
            now = time.monotonic()
            if now < self._until:
                return False
            self._until = now + PAUSE_SECONDS
            return True

    def begins(self) -> None:
        with self._lock:
            self._until = time.monotonic() + PAUSE_SECONDS
            was_well, self._is_failing = not self._is_failing, True
        if was_well:
            logger.warning("shared_cache_failed")

    def ends(self) -> None:
        if self._is_failing:
            self._is_failing = False
            logger.info("shared_cache_answers_again")


_pause = _Pause()


class SharedCache(RedisCache):
    """Takes the options of Redis, which must not ignore exceptions, and MAX_MEGABYTES.

    Whoever reads must be able to tell by themselves whether a value is still right.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._own = BoundedMemoryCache("in place of Redis", params)

    def clear(self) -> None:
        self._own.clear()
        super().clear()

    def get(self, key: Any, default: Any = None, version: Any = None, client: Any = None) -> Any:
        if _pause.admits():
            try:
                found = super().get(key, default, version, client)
            except (RedisError, OSError):
                _pause.begins()
            else:
                _pause.ends()
                return found
        return self._own.get(key, default, version)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        if _pause.admits():
            try:
                done = super().set(key, value, timeout, version)
            except (RedisError, OSError):
                _pause.begins()
            else:
                _pause.ends()
                return done
        self._own.set(key, value, timeout, version)
        return True
