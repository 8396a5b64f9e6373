"""What a process keeps in memory: every cache of a function and every container of a module.

Comparing two calls of `held` shows what grows with the visitors' input, in our code or a library's.
"""

import functools
import gc
import sys
from collections.abc import Iterator
from types import ModuleType

from cms.catalogs.remembered import Remembered

# Python bounds these by the number of entries; the entries are patterns, and short here.
BOUNDED = ("re._cache", "re._cache2")


def _containers(module: ModuleType) -> Iterator[tuple[str, int]]:
    for name, value in list(vars(module).items()):
        # `type`, and not `isinstance`, which would evaluate lazy objects.
        if issubclass(type(value), (dict, list, set, Remembered)) and not name.startswith("__"):
            yield name, len(value)


def held() -> dict[str, int]:
    """Name → number of entries, for every cache or container that has no bound."""
    found: dict[str, int] = {}
    for thing in gc.get_objects():
        if type(thing) is functools._lru_cache_wrapper and thing.cache_info().maxsize is None:
            found[f"{thing.__module__}.{thing.__qualname__}"] = thing.cache_info().currsize
    for name, module in list(sys.modules.items()):
        if isinstance(module, ModuleType) and not name.startswith(("_pytest", "pytest", "tests")):
            found |= {f"{name}.{inner}": number for inner, number in _containers(module)}
    return {name: number for name, number in found.items() if name not in BOUNDED}


def grown(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """Name → how many entries were added since `before`; new names are modules just imported."""
    return {
        name: number - before[name]
        for name, number in after.items()
        if number > before.get(name, number)
    }
