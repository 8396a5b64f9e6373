"""A cache never holds more bytes than its limit, whatever is stored in it."""

import threading

from hypothesis import given
from hypothesis import strategies as st

from cms.catalogs.remembered import ENTRY_BYTES, Remembered


def of_bytes(most: int) -> Remembered[str, str]:
    return Remembered(most, lambda key, value: len(key) + len(value))


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=900)), max_size=60))
def test_a_cache_never_holds_more_than_its_limit(entries) -> None:
    memory = of_bytes(3000)
    for key, value in entries:
        memory.keep(key, value)
        held = memory.get(key)
        fits = len(key) + len(value) + ENTRY_BYTES <= 3000
        assert held == (value if fits else None)
        assert memory.bytes <= 3000


def test_the_most_recently_used_values_stay() -> None:
    memory = of_bytes(3 * (ENTRY_BYTES + 2))
    for key in "abc":
        memory.keep(key, key)
    memory.get("a")
    memory.keep("d", "d")

    assert memory.get_many("abcd") == {"a": "a", "c": "c", "d": "d"}


def test_a_value_that_is_replaced_is_counted_once() -> None:
    memory = of_bytes(10_000)
    for _time in range(100):
        memory.keep("a", "x" * 90)

    assert (len(memory), memory.bytes) == (1, ENTRY_BYTES + 91)
    memory.forget()
    assert (len(memory), memory.bytes) == (0, 0)


def test_the_count_of_bytes_stays_right_with_several_threads() -> None:
    memory = of_bytes(20_000)

    def work(name: str) -> None:
        for number in range(2000):
            memory.keep(f"{name}{number % 50}", "x" * (number % 90))
            memory.get(f"{name}{(number * 7) % 50}")

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = memory.bytes
    keys = [f"{name}{number}" for name in "abcd" for number in range(50)]

    assert held == sum(
        len(key) + len(value) + ENTRY_BYTES for key, value in memory.get_many(keys).items()
    )
    assert held <= 20_000
