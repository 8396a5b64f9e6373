"""A cache that is limited by bytes: it keeps what was used last.

A cache that is limited by entries may hold as many bytes as its largest entry times their number,
and visitors choose how large entries are. Every cache of the web server whose keys come from
visitors is one of these (ADR 0024).
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

# Bytes of an entry besides its key and value: links of the dictionary, and the stored size.
ENTRY_BYTES = 200


class Remembered(Generic[K, V]):
    """The entries used last, together at most `most_bytes`. Threads may share it."""

    def __init__(self, most_bytes: int, size_of: Callable[[K, V], int]) -> None:
        """Args: size_of: about how many bytes a key and its value take, never fewer."""
        self._most_bytes = most_bytes
        self._size_of = size_of
        self._entries: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._lock = Lock()
        self._bytes = 0

    @property
    def bytes(self) -> int:
        return self._bytes

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: K) -> V | None:
        """The value of a key; None if it is not remembered."""
        with self._lock:
            found = self._entries.get(key)
            if found is None:
                return None
            self._entries.move_to_end(key)
            return found[0]

    def get_many(self, keys: Iterable[K]) -> dict[K, V]:
        """The keys that are remembered, with their values."""
        found = {key: self.get(key) for key in keys}
        return {key: value for key, value in found.items() if value is not None}

    def keep(self, key: K, value: V) -> None:
        """Remember a value, and forget those not used for longest until the rest fits.

        A value that is larger than the whole cache is not remembered.
        """
        size = self._size_of(key, value) + ENTRY_BYTES
        with self._lock:
            _old, freed = self._entries.pop(key, (None, 0))
            self._bytes -= freed
            if size > self._most_bytes:
                return
            self._entries[key] = (value, size)
            self._bytes += size
            while self._bytes > self._most_bytes:
                _key, (_value, freed) = self._entries.popitem(last=False)
                self._bytes -= freed

    def keep_many(self, values: Mapping[K, V]) -> None:
        """Remember several values."""
        for key, value in values.items():
            self.keep(key, value)

    def drop(self, key: K) -> bool:
        """Forget one key; whether it was remembered."""
        with self._lock:
            found, freed = self._entries.pop(key, (None, 0))
            self._bytes -= freed
            return found is not None

    def forget(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()
            self._bytes = 0
