"""How many connections each worker of the server has, in memory that all of them share.

Workers wait for visitors at the same door, and the same one is first nearly each time: of sixteen
connections that were opened in a quiet moment and stayed open, one worker took all, and the other
one had nothing to do. So one that has more than another leaves whoever comes to it, for a moment.
"""

import mmap
from typing import Final

# More workers than these share places, which only makes them less even.
_PLACES: Final = 64
_NOBODY: Final = 2**32 - 1
# Made before workers are, so that it is the same memory for all. Each writes to its own place.
_connections: Final = memoryview(mmap.mmap(-1, 4 * _PLACES)).cast("I")
_connections[:] = memoryview(b"\xff" * (4 * _PLACES)).cast("I")


def say(age: int, connections: int) -> None:
    """Say how many connections a worker has; `age` is gunicorn's number of the worker."""
    _connections[age % _PLACES] = connections


def end(age: int) -> None:
    """Say that a worker takes nobody any more."""
    _connections[age % _PLACES] = _NOBODY


def least_of_others(age: int) -> int:
    """The connections of the worker that has fewest, of all but one; very many without another."""
    place = age % _PLACES
    return min(count for other, count in enumerate(_connections) if other != place)
