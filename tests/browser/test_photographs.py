"""A browser shows the lightest file that it can read, and never asks for it twice."""

from typing import Any

import pytest

pytestmark = pytest.mark.browser

PORTRAIT = "main .portrait--l img"
LOADED = f"document.querySelector('{PORTRAIT}').complete"
MEASURES = (
    f"(found => [found.currentSrc, found.naturalWidth > 0, found.clientWidth / found.clientHeight])"
    f"(document.querySelector('{PORTRAIT}'))"
)


def candidacy_with_photograph(page: Any, base: str) -> str:
    page.goto(f"{base}/buscar/")
    card = page.locator(".result", has=page.locator("picture")).first
    address: str = card.locator("a").first.get_attribute("href")
    return address


@pytest.mark.parametrize(
    ("width", "density", "shown"),
    [
        (390, 2, "-208.avif"),
        (390, 3.5, "-416.avif"),
        (1280, 1, "-208.avif"),
        (1280, 2, "-416.avif"),
    ],
)
def test_a_photograph_comes_in_avif_in_the_size_of_the_page(
    visitor: Any, width: int, density: float, shown: str
) -> None:
    citizen = visitor(width, device_scale_factor=density)
    citizen.go(candidacy_with_photograph(citizen.page, citizen.base))
    citizen.page.wait_for_function(LOADED)
    address, is_shown, ratio = citizen.page.evaluate(MEASURES)
    assert address.endswith(shown)
    assert is_shown
    assert ratio == pytest.approx(0.8, abs=0.02)


def test_a_photograph_is_asked_for_once(visitor: Any) -> None:
    citizen = visitor()
    address = candidacy_with_photograph(citizen.page, citizen.base)
    for _time in range(3):
        citizen.go(address)
        citizen.page.wait_for_function(LOADED)
        citizen.go("/municipios/")
    shown = "performance.getEntriesByType('resource')"
    citizen.go(address)
    citizen.page.wait_for_function(LOADED)
    moved = citizen.page.evaluate(
        f"{shown}.filter(e => e.name.includes('/fotos/')).map(e => [e.name, e.transferSize])"
    )
    assert moved
    assert all(size == 0 for _name, size in moved)
