"""The store of public pages in memory: one for all threads of a process, limited by bytes."""

from concurrent.futures import ThreadPoolExecutor

from conoceles_site.memory_cache import MEGABYTE, BoundedMemoryCache


def cache(name: str) -> BoundedMemoryCache:
    return BoundedMemoryCache(name, {"OPTIONS": {"MAX_MEGABYTES": 1}})


def test_what_one_thread_keeps_every_thread_finds() -> None:
    cache("threads").set("page", "text")
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _number: cache("threads").get("page"), range(8)))
    assert found == ["text"] * 8


def test_what_was_not_used_for_longest_makes_room() -> None:
    kept = cache("room")
    for number in range(8):
        kept.set(f"page {number}", "x" * (MEGABYTE // 4))
    assert kept.bytes <= MEGABYTE
    assert [kept.get(f"page {number}") is not None for number in range(8)] == (
        [False] * 5 + [True] * 3
    )
