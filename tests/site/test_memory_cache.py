"""The cache in memory that is limited by bytes."""

import threading
from dataclasses import dataclass
from typing import Any

import pytest

from conoceles_site.memory_cache import MEGABYTE, BoundedMemoryCache


@dataclass(frozen=True)
class Sized:
    size_in_memory: int


@pytest.fixture
def cache(request: Any) -> BoundedMemoryCache:
    return BoundedMemoryCache(request.node.name, {"OPTIONS": {"MAX_MEGABYTES": 1}})


def test_it_keeps_what_was_used_last(cache: BoundedMemoryCache) -> None:
    for name in "abc":
        cache.set(name, Sized(MEGABYTE // 4))
    assert cache.get("a") is not None
    cache.set("d", Sized(MEGABYTE // 4))
    assert {name for name in "abcd" if cache.get(name)} == {"a", "c", "d"}
    assert cache.bytes <= MEGABYTE


def test_what_is_larger_than_all_of_it_is_not_kept(cache: BoundedMemoryCache) -> None:
    cache.set("a", Sized(10))
    cache.set("large", Sized(2 * MEGABYTE))
    assert cache.get("large") is None
    assert cache.get("a") == Sized(10)


def test_threads_share_what_is_kept(cache: BoundedMemoryCache, request: Any) -> None:
    """Django makes an object of a cache for each thread."""
    found: list[Any] = []

    def look() -> None:
        other = BoundedMemoryCache(request.node.name, {"OPTIONS": {"MAX_MEGABYTES": 1}})
        found.append(other.get("a"))

    cache.set("a", 1)
    thread = threading.Thread(target=look)
    thread.start()
    thread.join(10)
    assert found == [1]


def test_time_ends_an_entry(cache: BoundedMemoryCache) -> None:
    cache.set("a", 1, timeout=0)
    cache.set("b", 1, timeout=None)
    assert (cache.get("a"), cache.get("b")) == (None, 1)


def test_it_does_what_django_expects_of_a_cache(cache: BoundedMemoryCache) -> None:
    assert cache.add("a", 1)
    assert not cache.add("a", 2)
    assert (cache.get("a"), cache.get("b", "none")) == (1, "none")
    assert cache.touch("a", 0)
    assert cache.get("a") is None
    assert not cache.touch("a")
    cache.set("c", 3)
    assert cache.delete("c")
    assert not cache.delete("c")
    cache.set("c", 3)
    cache.clear()
    assert len(cache) == 0
