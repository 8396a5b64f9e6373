"""A cache of Django in the memory of the process, limited by bytes: it keeps what was used last.

Django's own is limited by entries, and copies each value whenever it is read.
"""

import sys
import time
from threading import Lock
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

from cms.catalogs.remembered import Remembered

MEGABYTE = 1024 * 1024
Entries = Remembered[str, tuple[float, Any]]
# Django makes an object of each cache for each thread; those of one place share its entries.
_places: dict[str, Entries] = {}
_placing = Lock()


class BoundedMemoryCache(BaseCache):
    """Takes the option MAX_MEGABYTES. Values must not be changed by whoever gets them.

    A value says how many bytes it takes (`size_in_memory`), or is measured as a flat object.
    """

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        most = int(params.get("OPTIONS", {})["MAX_MEGABYTES"]) * MEGABYTE
        with _placing:
            self._entries = _places.setdefault(location, Entries(most, _size_of))

    @property
    def bytes(self) -> int:
        """How many bytes the entries take."""
        return self._entries.bytes

    def __len__(self) -> int:
        return len(self._entries)

    def _until(self, timeout: Any) -> float:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return float("inf") if seconds is None else time.monotonic() + seconds

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        found = self._entries.get(self.make_key(key, version))
        if found is None or found[0] < time.monotonic():
            return default
        return found[1]

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._entries.keep(self.make_key(key, version), (self._until(timeout), value))

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        if self.get(key, self, version) is not self:
            return False
        self.set(key, value, timeout, version)
        return True

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        value = self.get(key, self, version)
        if value is self:
            return False
        self.set(key, value, timeout, version)
        return True

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._entries.drop(self.make_key(key, version))

    def clear(self) -> None:
        self._entries.forget()


def _size_of(key: str, entry: tuple[float, Any]) -> int:
    value = entry[1]
    own = getattr(value, "size_in_memory", None)
    return len(key) + (sys.getsizeof(value) if own is None else int(own))
