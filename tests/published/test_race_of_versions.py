"""A page that was made before a change never gets the version of after it."""

from collections.abc import Iterator
from typing import Any

import pytest

from cms.published import versions


class Slow(dict[str, int]):
    """Calls somebody in the middle of an update, as another thread may come between."""

    def __init__(self, meanwhile: Any) -> None:
        super().__init__()
        self._meanwhile = meanwhile

    def update(self, *given: Any, **named: Any) -> None:
        self._meanwhile()
        super().update(*given, **named)
        self._meanwhile()


@pytest.fixture
def known() -> Iterator[Any]:
    versions.forget()
    yield versions._known
    versions.forget()


@pytest.mark.parametrize("slow", ["versions", "changed_in"])
def test_whoever_sees_the_new_version_sees_that_it_changed(known: Any, slow: str) -> None:
    name = versions.candidacy(7)
    known.versions[name] = 1
    seen: list[Any] = []
    setattr(known, slow, Slow(lambda: seen.append(versions.unchanged_since(0, [name]))))
    if slow == "versions":
        dict.update(known.versions, {name: 1})

    versions._learn([(name, 2, ""), (None, 5, "1:1:")])

    assert seen
    assert all(found is None or found == {name: 1} for found in seen)
