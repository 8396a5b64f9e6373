"""The search of the admin takes any text."""

from typing import Any

import pytest

from conoceles_site.staff_search import MOST_WORDS, words_of


def test_words_are_folded_and_counted_once() -> None:
    assert words_of("O’Farrill, Óscar oscar") == ["o", "farrill", "oscar"]


@pytest.mark.parametrize("text", ["ab-" * 200, " ".join(f"palabra{n}" for n in range(500))])
def test_a_text_of_many_words_is_searched_by_its_first(text: str, admin_client: Any) -> None:
    assert len(words_of(text)) <= MOST_WORDS
    for address in ("/admin/documents/results/", "/admin/images/results/", "/admin/pages/search/"):
        assert admin_client.get(address, {"q": text}).status_code == 200
