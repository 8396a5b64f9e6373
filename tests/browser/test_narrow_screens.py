"""In the narrowest window, no screen of the private side is wider than the window."""

import re
from pathlib import Path

import pytest

from tests.browser.conftest import AT_REST, WIDTH

pytestmark = pytest.mark.browser
ADDRESSES = Path(__file__).parents[1] / "security" / "addresses.txt"
# The addresses of the admin that name nothing: lists, and forms of something new.
WITHOUT_OBJECTS = re.compile(r"^ +((?:admin|acceso/cuenta)/[a-z0-9_/-]*)$", re.MULTILINE)
# They end the session, or answer with a file or with a part of a page; and Wagtail's screens of
# what was done, of uses and of deletions, which look the same for everything.
NOT_SCREENS = re.compile(
    r"logout|terminar|chooser|choose-page|results?/|resultados/|descargar|export|sprite|jsi18n"
    r"|/api/|/history/|/usage/|/delete/|/copy/"
)
# From a list to the screens of its first row.
LEADS = (
    "[...document.querySelectorAll('#listing-results tbody a, .setup a, .own-accounts a,"
    " .review a')].map(link => new URL(link.href).pathname)"
    ".filter(path => path.startsWith('/admin/') && !path.endsWith('.pdf'))"
)
# What a path has in the place of a number is another object of the same screen.
NUMBER = re.compile(r"/\d+(?=/)")
IS_A_SCREEN = "document.querySelector('main') !== null"


def screens_without_objects() -> list[str]:
    """The paths of the admin, and of one's own account, that need no object."""
    found = set(WITHOUT_OBJECTS.findall(ADDRESSES.read_text(encoding="utf-8")))
    return sorted(f"/{path}" for path in found if not NOT_SCREENS.search(path))


def test_no_screen_is_wider_than_the_narrowest_window(administrator):
    page = administrator.page
    # Some addresses refuse an administrator, or want something in their query.
    administrator.failures_are_expected = True
    page.set_viewport_size({"width": 320, "height": 800})
    waiting, seen, wide = screens_without_objects(), set(), []
    while waiting:
        path = waiting.pop()
        screen = NUMBER.sub("/N", path)
        if screen in seen or NOT_SCREENS.search(path):
            continue
        page.goto(administrator.base + path, wait_until="domcontentloaded")
        if not page.evaluate(IS_A_SCREEN):
            continue
        seen.add(screen)
        page.evaluate(AT_REST)
        across = page.evaluate(WIDTH)
        if across > 320:
            wide.append(f"{path}: {across} px")
        waiting += page.evaluate(LEADS)

    assert not wide, "\n".join(wide)
    assert {"/admin/users/", "/admin/candidaturas/N/persona/", "/admin/cuentas/N/"} <= seen
    assert len(seen) > 100, sorted(seen)
