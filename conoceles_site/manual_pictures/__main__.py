"""Starts a demonstration of its own, signs in as each account, and writes the pictures."""

import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from PIL import Image

from conoceles_site.manual_pictures.screens import ANONYMOUS, SCREENS, Screen
from conoceles_site.manuals.reading import PICTURES

# Not the one of the settings: reading them now would fix the data folder.
ROOT: Final = Path(__file__).parents[2]
TELEPHONE, COMPUTER = 390, 960
# Pixels for each pixel of the page.
TELEPHONE_SCALE, COMPUTER_SCALE = 2.0, 1.5
QUALITY: Final = 80
START_SECONDS: Final = 900
BROWSERS: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# On computers, below the heading of the admin, which stays.
SHOWN: Final = """(element, room) => {
    element.style.scrollMarginTop = room;
    element.scrollIntoView();
}"""
# The browser that takes the pictures knows no Spanish: fields of days, hours and files are written
# as browsers in Mexico do.
AS_IN_MEXICO: Final = """() => {
    const words = {date: "dd/mm/aaaa", time: "--:--", file: "Elegir archivo"};
    for (const [kind, empty] of Object.entries(words)) {
        for (const field of document.querySelectorAll(`input[type=${kind}]`)) {
            const shown = document.createElement("input");
            shown.type = "text";
            shown.className = field.className;
            shown.placeholder = empty;
            shown.value = kind === "date" ? field.value.split("-").reverse().join("/") : "";
            field.replaceWith(shown);
        }
    }
}"""


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _demonstration() -> Iterator[str]:
    """A running demonstration in a folder that goes afterwards; its address."""
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="conoceles-manual-") as folder:
        os.environ.update(
            CONOCELES_DATA_DIR=folder,
            PORT=str(port),
            DJANGO_SETTINGS_MODULE="conoceles_site.settings.development",
            # Everything that needs mail is shown, and none leaves.
            EMAIL_URL="memorymail://",
        )
        os.environ.pop("CONOCELES_TRAINING", None)
        server = subprocess.Popen([sys.executable, "-m", "conoceles_site.serve"], cwd=ROOT)
        address = f"http://localhost:{port}"
        try:
            _wait_for(f"{address}/readyz", server)
            yield address
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        if server.poll() is not None:
            sys.exit("La demostración no inició; arriba está la causa.")
        try:
            urllib.request.urlopen(address, timeout=5).read()  # noqa: S310 (our own server)
        except OSError:
            time.sleep(1)
        else:
            return
    sys.exit("La demostración tarda demasiado en iniciar.")


def _sessions(names: set[str]) -> dict[str, str]:
    """The session of each account, made without a password: name → value of the cookie."""
    from cms.accounts.models import User

    users = User.objects.filter(username__in=names)
    for user in users:
        _session(user, "Chrome en Windows", days=2)
    return {user.username: _session(user, "Chrome en Android") for user in users}


def _session(user: Any, device: str, *, days: int = 0) -> str:
    """Sign an account in at a device, some days ago; the value of the cookie."""
    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from cms.accounts.models import OpenSession

    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    # As if the second factor had been asked for: it is not what the pictures show.
    session["account_authentication_methods"] = [
        {"method": "mfa", "type": "totp", "at": time.time()}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    at = timezone.now() - timedelta(days=days)
    mine = OpenSession.objects.filter(key=session.session_key)
    mine.update(device=device, began_at=at, used_at=at)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _prepare() -> tuple[dict[str, int | str], dict[str, str]]:
    """Read and complete the demonstration: what addresses name, and the sessions."""
    import django

    django.setup()
    # It reads models, which are there from now on.
    from conoceles_site.manual_pictures.scenes import prepare

    return prepare(), _sessions({screen.who for screen in SCREENS} - {ANONYMOUS})


def _take(browser: Any, base: str, screen: Screen, path: str, session: str) -> bytes:
    """One picture as the browser gives it (PNG)."""
    is_telephone = screen.is_telephone
    context = browser.new_context(
        viewport={"width": TELEPHONE if is_telephone else COMPUTER, "height": screen.height},
        device_scale_factor=TELEPHONE_SCALE if is_telephone else COMPUTER_SCALE,
        color_scheme="light",
        reduced_motion="reduce",
        locale="es-MX",
    )
    cookies = {"sessionid": session, "wagtail_sidebar_collapsed": str(int(not screen.has_menu))}
    context.add_cookies(
        [{"name": name, "value": value, "url": base} for name, value in cookies.items() if value]
    )
    page = context.new_page()
    page.goto(base + path, wait_until="networkidle")
    for field, value in screen.fill:
        _fill(page.locator(field), value)
    for pressed in screen.click:
        page.click(pressed)
    page.wait_for_load_state("networkidle")
    page.evaluate(AS_IN_MEXICO)
    room = "1rem" if is_telephone else "4.5rem"
    if screen.scroll_to:
        page.locator(screen.scroll_to).first.evaluate(SHOWN, room)
    taken: bytes = page.screenshot(animations="disabled", caret="hide")
    context.close()
    return taken


def _fill(field: Any, value: str) -> None:
    if field.evaluate("element => element.tagName") == "SELECT":
        field.select_option(value)
    else:
        field.fill(value)


def _written(content: bytes, target: Path) -> int:
    """Write a picture as a small WebP; returns its bytes."""
    with Image.open(io.BytesIO(content)) as picture:
        picture.convert("RGB").save(target, "WEBP", quality=QUALITY, method=6)
    return target.stat().st_size


def main(wanted: Sequence[str]) -> None:
    """Take the pictures named, or all of them."""
    from playwright.sync_api import sync_playwright

    unknown = set(wanted) - {screen.name for screen in SCREENS}
    chromium = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if unknown or chromium is None:
        sys.exit(f"No hay: {', '.join(sorted(unknown)) or 'Chromium'}")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with _demonstration() as base:
        # Before the browser: while its event loop runs, Django refuses to ask the database.
        names, sessions = _prepare()
        options = [
            "--disable-gpu",
            "--lang=es-MX",
            *(["--no-sandbox"] if os.geteuid() == 0 else []),
        ]
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=options)
            for screen in SCREENS:
                if wanted and screen.name not in wanted:
                    continue
                path = screen.path.format(**names)
                taken = _take(browser, base, screen, path, sessions.get(screen.who, ""))
                size = _written(taken, PICTURES / screen.file)
                _say(f"{screen.file}: {size // 1024} kB")
            browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
