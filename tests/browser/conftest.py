"""A real server on a database of its own, with the demonstration loaded, and Chromium."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests import own_database
from tests.site.servers import wait_for
from tests.waiting import free_port

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
# `target-size` is off by default: it checks that what a finger touches is large enough.
AXE_RULES = {"target-size": {"enabled": True}}
# With forced colours the browser paints the reader's own; axe would measure the page's colours.
AXE_RULES_OF_FORCED_COLOURS = {**AXE_RULES, "color-contrast": {"enabled": False}}
AXE_RULES_OF_COLOURS = ("color-contrast", "link-in-text-block")
# Violations in Wagtail's own markup, which we cannot mend: rule → a piece of the element's markup.
NOT_OURS = {
    # The arrow that folds a panel is 24 px; the sticky foot of the page may cover half of it until
    # the reader scrolls, as it may cover anything else.
    "target-size": ("data-panel-toggle",),
    # The button of the filters shows how many are in use; its accessible name lacks the number.
    "label-content-name-mismatch": ('aria-label="Mostrar filtros"',),
}
# After two frames changes are painted, transitions have begun, and messages were announced.
PAINTED = (
    "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))"
)
# A promise that is resolved when all transitions have ended; endless animations do not count.
AT_REST = (
    f"{PAINTED}.then(() => Promise.allSettled(document.getAnimations()"
    ".filter(animation => animation.effect.getComputedTiming().iterations !== Infinity)"
    ".map(animation => animation.finished))).then(() => null)"
)
# The admin's `main` scrolls on its own and hides what overflows it: it is measured as well.
WIDTH = (
    "Math.max(...[document.documentElement, ...document.querySelectorAll('main')]"
    ".map(element => element.scrollWidth))"
)
# Preferences of readers, which the browser reports to the page.
LIGHT: dict[str, Any] = {"color_scheme": "light"}
FORCED: dict[str, Any] = {"forced_colors": "active"}
USUAL_SIGHTS: tuple[dict[str, Any], ...] = (LIGHT, {"color_scheme": "dark"})
OTHER_SIGHTS: tuple[dict[str, Any], ...] = (
    {"color_scheme": "light", "contrast": "more"},
    {"color_scheme": "dark", "contrast": "more"},
    FORCED,
)
DATABASE = "browser"
# The first is the same Chromium without its own windows and menus, which nobody sees here.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


@dataclass
class Site:
    """The server under test. `mail_port`: of the server that takes its mail; 0: it sends none."""

    base: str
    passwords: dict[str, str]
    env: dict[str, str]
    log: Path
    mail_port: int = 0


@pytest.fixture(scope="session")
def site(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Site]:
    """gunicorn in its own processes, with the demonstration loaded.

    Its mail server is only there while a test runs one at `mail_port`.
    """
    data_dir = tmp_path_factory.mktemp("browser")
    port, mail_port = free_port(), free_port()
    ports = {"PORT": str(port), "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}"}
    env = own_database.create_with_demo(DATABASE, data_dir) | ports
    passwords = json.loads((data_dir / "keys" / "demo_passwords.json").read_text())
    log = data_dir / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "conoceles_site.wsgi:application"),
                *("--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "4"),
                *("--log-level", "warning"),
            ],
            cwd=own_database.ROOT,
            env=env,
            stdout=output,
            stderr=output,
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", server, log)
        yield Site(f"http://127.0.0.1:{port}", passwords, env, log, mail_port)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)
        own_database.drop(DATABASE)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, closed after these tests: while its event loop runs, the ORM refuses."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    assert path, "Falta Chromium: sh tests/require_packages.sh"
    options = ["--disable-gpu", "--disable-background-networking", "--no-first-run"]
    if os.geteuid() == 0:
        options.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()


def _sights(width: int, *, every_sight: bool) -> tuple[dict[str, Any], ...]:
    if every_sight:
        return (*USUAL_SIGHTS, *OTHER_SIGHTS)
    return USUAL_SIGHTS if width < 1000 else (LIGHT,)


@dataclass
class Visitor:
    """A person with their own browser; problems that the browser shows are collected."""

    page: Page
    base: str
    wrong: list[str] = field(default_factory=list)
    expected_statuses: set[int] = field(default_factory=set)
    failures_are_expected: bool = False
    is_auditing: bool = False

    def go(self, path: str) -> None:
        self.page.goto(self.base + path)

    def see(self, sight: dict[str, Any]) -> None:
        """Show the page as a reader with these preferences sees it, after all transitions."""
        usual = {"color_scheme": "light", "contrast": "no-preference", "forced_colors": "none"}
        self.page.emulate_media(**{**usual, **sight}, reduced_motion="reduce")
        # Colours change in a transition; axe measures what a reader sees at rest.
        self.page.evaluate(AT_REST)

    def audit(self, *, every_sight: bool = False) -> None:
        """Run axe at 390 and 1280 px; at 320 px nothing may scroll sideways.

        At 390 px also in dark, with the rules of colours only, since nothing else changes.
        `every_sight` adds dark at 1280 px, and more contrast, light and dark, and forced colours at
        both, for one page of each kind.
        """
        # Of a page that is still arriving, axe would miss what its links lead to.
        self.page.wait_for_load_state()
        size = self.page.viewport_size
        for width in (1280, 390):
            self.page.set_viewport_size({"width": width, "height": 900})
            for sight in _sights(width, every_sight=every_sight):
                self.see(sight)
                self._axe(f"{self.page.url} {width} {sight}", sight)
        self.page.set_viewport_size({"width": 320, "height": 800})
        self.see({})
        across = self.page.evaluate(WIDTH)
        if across > 320:
            self.wrong.append(f"{self.page.url}: {across} px wide at 320")
        if size is not None:
            self.page.set_viewport_size(size)

    def _axe(self, where: str, sight: dict[str, Any]) -> None:
        options: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
        if sight == LIGHT:
            options["rules"] = AXE_RULES
        elif sight == FORCED:
            options["rules"] = AXE_RULES_OF_FORCED_COLOURS
        else:
            options["runOnly"] = {"type": "rule", "values": AXE_RULES_OF_COLOURS}
        # axe adds styles that the page's policy refuses: the console is ignored only meanwhile.
        self.is_auditing = True
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE)
        found = self.page.evaluate("options => axe.run(document, options)", options)
        self.page.evaluate(PAINTED)
        self.is_auditing = False
        for violation in found["violations"]:
            excused = NOT_OURS.get(violation["id"], ())
            targets = [
                node["target"]
                for node in violation["nodes"]
                if not any(mark in node["html"] for mark in excused)
            ]
            if targets:
                self.wrong.append(f"{where}: {violation['id']} {targets[:3]}")


@pytest.fixture
def visitor(chromium: Browser, site: Site) -> Iterator[Any]:
    """A function that makes visitors; the test fails if any of their browsers had a problem."""
    made: list[Visitor] = []

    def make(width: int = 1280, **options: Any) -> Visitor:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, locale="es-MX", **options
        )
        person = Visitor(context.new_page(), site.base)
        person.page.on("pageerror", lambda error: person.wrong.append(f"script: {error}"))

        def console(message: Any) -> None:
            # The browser also logs the statuses that a test expects, and lost connections.
            expected = person.failures_are_expected or any(
                f"status of {code}" in message.text for code in person.expected_statuses
            )
            if message.type in {"error", "warning"} and not expected and not person.is_auditing:
                person.wrong.append(f"console: {message.text}")

        def request(sent: Any) -> None:
            if not sent.url.startswith((site.base, "data:", "blob:")):
                person.wrong.append(f"request left the site: {sent.url}")

        person.page.on("console", console)
        person.page.on("request", request)
        made.append(person)
        return person

    yield make
    wrong = [problem for person in made for problem in person.wrong]
    for person in made:
        person.page.context.close()
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def administrator(visitor: Any, site: Site) -> Visitor:
    """A visitor signed in to the admin as administración."""
    made: Visitor = visitor()
    made.go("/acceso/?next=/admin/")
    made.page.fill("#id_login", "administracion")
    made.page.fill("#id_password", site.passwords["administracion"])
    made.page.click("main button[type=submit]")
    # The address of signing in ends with the same words, in its query.
    made.page.wait_for_url(re.compile(r"^[^?]*/admin/$"))
    return made
