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
from pathlib import Path
from typing import Any, Final

from PIL import Image

from conoceles_site.manual_pictures.screens import ANONYMOUS, CANDIDATE, SCREENS, Screen, places
from conoceles_site.manuals.reading import PICTURES

# Not the one of the settings: reading them now would fix the data folder.
ROOT: Final = Path(__file__).parents[2]
TELEPHONE, COMPUTER = 390, 960
# Pixels for each pixel of the page.
TELEPHONE_SCALE, COMPUTER_SCALE = 2.0, 1.5
QUALITY: Final = 80
START_SECONDS: Final = 900
BROWSERS: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


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
    from django.conf import settings
    from django.test import Client

    from cms.accounts.models import User

    found: dict[str, str] = {}
    for name in names - {ANONYMOUS}:
        client = Client()
        user = User.objects.get(username=name)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        # As if the second factor had been asked for: it is not what the pictures show.
        session["account_authentication_methods"] = [
            {"method": "mfa", "type": "totp", "at": time.time()}
        ]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
        found[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return found


def _prepare() -> tuple[dict[str, int], dict[str, str]]:
    """Read the demonstration, and give a candidacy its own account."""
    import django

    django.setup()
    from cms.candidacies.models import CandidacyPage
    from cms.candidacies.services import give_own_account
    from cms.privacy.selectors import notice_hash, notice_in_force
    from cms.privacy.services import accept_notice

    found = places()
    own = CandidacyPage.objects.get(pk=found["own"])
    user = give_own_account(candidacy=own, username=CANDIDATE, by=None)
    notice = notice_in_force()
    if notice is not None:
        accept_notice(user=user, notice_hash=notice_hash(notice))
    return found, _sessions({screen.who for screen in SCREENS})


def _register() -> str:
    """The address of the list of candidacies in the admin."""
    from django.urls import reverse

    return reverse("register:index")


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
    if session:
        context.add_cookies([{"name": "sessionid", "value": session, "url": base}])
    page = context.new_page()
    page.goto(base + path, wait_until="networkidle")
    for pressed in screen.click:
        page.click(pressed)
    if screen.scroll_to:
        page.locator(screen.scroll_to).first.evaluate("element => element.scrollIntoView()")
    taken: bytes = page.screenshot(animations="disabled", caret="hide")
    context.close()
    return taken


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
        numbers, sessions = _prepare()
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
                path = screen.path.format(**numbers, register=_register())
                taken = _take(browser, base, screen, path, sessions.get(screen.who, ""))
                size = _written(taken, PICTURES / screen.file)
                _say(f"{screen.file}: {size // 1024} kB")
            browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
