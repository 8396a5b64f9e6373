"""What many public pages need, remembered while the versions that it depends on stay the same.

It is used only while a public page is made: the versions were read when that began, so nothing that
is remembered is older than the request. Elsewhere (commands, jobs, the internal half) nobody may
have read them, and everything is read anew each time.
"""

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar
from weakref import WeakSet

from cms.catalogs.remembered import Remembered
from cms.published import scope, versions

K = TypeVar("K")
V = TypeVar("V")


class _Forgetful(Protocol):
    def forget(self) -> None: ...


_all: WeakSet[_Forgetful] = WeakSet()


class RememberedByVersion(Generic[K, V]):
    """Values by key, each of the versions for which it was made. Threads may share it."""

    def __init__(self, most_bytes: int, size_of: Callable[[V], int]) -> None:
        """Args: size_of: about how many bytes a value takes, never fewer."""
        self._entries: Remembered[K, tuple[tuple[int, ...], V]] = Remembered(
            most_bytes, lambda _key, entry: size_of(entry[1])
        )
        _all.add(self)

    def get(self, key: K, names: tuple[str, ...], make: Callable[[], V]) -> V:
        """The value of a key, made if it is not remembered. The page depends on the versions.

        Args:
            names: the versions of everything that `make` reads.
        """
        scope.depends_on(*names)
        if not scope.is_open():
            return make()
        # Read before the value is made, which may so be newer than its versions, and never older.
        known = tuple(map(versions.of, names))
        entry = self._entries.get(key)
        if entry is not None and entry[0] == known:
            return entry[1]
        value = make()
        self._entries.keep(key, (known, value))
        return value

    def peek(self, key: K, names: tuple[str, ...]) -> V | None:
        """The value of a key, if it is remembered for the versions as they are known now."""
        entry = self._entries.get(key)
        known = tuple(map(versions.of, names))
        return entry[1] if entry is not None and entry[0] == known else None

    def latest(self, key: K) -> tuple[tuple[int, ...], V] | None:
        """The value of a key with the versions for which it was made, whatever they are now."""
        return self._entries.get(key)

    def forget(self) -> None:
        """Forget everything."""
        self._entries.forget()


def with_versions(remembered: Remembered[K, V]) -> Remembered[K, V]:
    """The same, of which the keys hold versions: it is forgotten with all that depends on them."""
    _all.add(remembered)
    return remembered


def forget() -> None:
    """Forget everything that depends on versions, as a process that has just started."""
    for remembered in _all:
        remembered.forget()
