"""Costly searches neither fill the memory nor hold up other visitors."""

import random
import string
import threading
from collections.abc import Callable
from itertools import cycle
from urllib.parse import quote

import pytest

from tests.attacks.scene import Scene, at_once

PAGE = "/buscar/?q=agua%20potable"
MOST_GROWTH = 24.0
MOST_MEMORY = 400.0
CLIENTS = 8


def _odd_word(chance: random.Random, letters: str, length: int) -> str:
    return "".join(chance.choices(letters, k=length))


def _addresses(kind: str, number: int) -> list[str]:
    """Addresses of searches of one kind, all different."""
    chance = random.Random(f"{kind} {number}")
    vowels = "aeiounáéí"
    texts: dict[str, Callable[[], str]] = {
        "one long word": lambda: _odd_word(chance, vowels, 190),
        "long words": lambda: " ".join(_odd_word(chance, vowels, 39) for _word in range(5)),
        "many words": lambda: " ".join(
            _odd_word(chance, string.ascii_lowercase, 1 + number % 3) for _word in range(99)
        ),
        "marks": lambda: "e" + "\u0301\u0323" * 600 + _odd_word(chance, vowels, 8),
        "quotes": lambda: '"a' * 60 + _odd_word(chance, vowels, 9) + ' -"b OR ' * 20,
        "names": lambda: " ".join(_odd_word(chance, "aeirsnz", 9) for _word in range(6)),
        "signs": lambda: "|&!()<->:*'\\%_" * 12 + _odd_word(chance, vowels, 9),
    }
    ends = {
        "facets": lambda: "".join(
            f"&municipio={quote(_odd_word(chance, vowels, 9))}" for _value in range(120)
        ),
        "far pages": lambda: f"&pagina={chance.randrange(1_000, 10_000)}&por_pagina=100",
    }
    if kind in ends:
        return [f"/buscar/?q=a{number}" + ends[kind]() for number in range(number)]
    return [f"/buscar/?q={quote(texts[kind]())}" for _search in range(number)]


# Kind → the status of every answer.
KINDS = {
    **dict.fromkeys(("one long word", "long words", "many words", "marks", "quotes"), 200),
    **dict.fromkeys(("names", "signs"), 200),
    # Municipalities that do not exist, and pages after the last.
    "facets": 400,
    "far pages": 404,
}


def _send(scene: Scene, addresses: list[str], expected: int) -> None:
    for address in addresses:
        status, _body = scene.ask(address)
        assert status == expected, f"{status} {address[:200]}"


def test_searches_that_are_all_different_fill_no_memory(scene: Scene) -> None:
    """298 such words once added 91 MB to a worker; here 400 are sent of each of two kinds."""
    for kind, expected in KINDS.items():
        _send(scene, _addresses(kind, 30), expected)
    before = scene.worker_memory_mb()
    words = _addresses("one long word", 400) + _addresses("long words", 400)
    quarters = (words[::4], words[1::4], words[2::4], words[3::4])
    at_once(4, lambda client: _send(scene, quarters[client], 200))

    assert scene.worker_memory_mb() - before < MOST_GROWTH
    assert scene.worker_memory_mb() < MOST_MEMORY


@pytest.mark.parametrize("kind", KINDS)
def test_a_costly_search_does_not_hold_up_another_visitor(scene: Scene, kind: str) -> None:
    usual = scene.usual_time(PAGE)
    rounds = cycle(range(1, 100))
    lock = threading.Lock()

    def attack() -> None:
        with lock:
            start = next(rounds)
        parts = [
            _addresses(kind, 6 * CLIENTS + start)[client::CLIENTS] for client in range(CLIENTS)
        ]
        at_once(CLIENTS, lambda client: _send(scene, parts[client], KINDS[kind]))

    assert scene.slowest_during(attack, PAGE, rounds=8, enough=5 * usual) <= 5 * usual
    assert scene.worker_memory_mb() < MOST_MEMORY
