"""What a process holds on to: every cache of functions and every container of a module.

Asked twice, it tells what grows with what visitors type, whoever wrote it.
"""

import functools
import gc
import sys
from collections.abc import Iterator
from types import ModuleType

from cms.catalogs.remembered import Remembered

# Bounded by a number of small entries: patterns of Python's own, which are short here.
BOUNDED = ("re._cache", "re._cache2")


def _containers(module: ModuleType) -> Iterator[tuple[str, int]]:
    for name, value in list(vars(module).items()):
        # By its type alone: lazy objects come to life, or fail, when they are asked.
        if issubclass(type(value), (dict, list, set, Remembered)) and not name.startswith("__"):
            yield name, len(value)


def held() -> dict[str, int]:
    """Name → entries of whatever a process remembers without end."""
    found: dict[str, int] = {}
    for one in gc.get_objects():
        if type(one) is functools._lru_cache_wrapper and one.cache_info().maxsize is None:
            found[f"{one.__module__}.{one.__qualname__}"] = one.cache_info().currsize
    for name, module in list(sys.modules.items()):
        if isinstance(module, ModuleType) and not name.startswith(("_pytest", "pytest", "tests")):
            found |= {f"{name}.{one}": number for one, number in _containers(module)}
    return {name: number for name, number in found.items() if name not in BOUNDED}


def grown(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """What has more entries than before, and how many more; what is new was only imported."""
    return {
        name: number - before[name]
        for name, number in after.items()
        if number > before.get(name, number)
    }
