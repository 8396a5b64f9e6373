"""How the tests are shared out among the processes that run them: the longest first."""

from pathlib import Path

import pytest
from xdist.scheduler import LoadFileScheduling

HERE = Path(__file__).parent
BROWSER = "tests/browser"
# It needs a server of its own in any case, so that another process may run it.
OWN_SERVER = f"{BROWSER}/test_empty_installation.py"
# The slowest files begin first, so that the processes of the tests end at about the same time.
LONGEST_FIRST = (
    "browser/test_walk.py",
    "browser/test_portal.py",
    "browser",
    "attacks/test_malformed_requests.py",
    "security/test_walk.py",
    "security/test_walk_of_pages.py",
    "security",
    "site/test_debian_postgres.py",
    "site/test_migrations.py",
    "site/test_roles.py",
    "upgrade",
    "imports/test_upload_worker.py",
    "search/test_quality.py",
    "search/test_official_file.py",
    "imports/test_official_file.py",
    "site",
    "faults",
    "demo",
    "stores",
)


def longest_first(items: list[pytest.Item]) -> None:
    """Put the slowest files first; the order within each file stays."""

    def place(item: pytest.Item) -> int:
        path = item.path.relative_to(HERE)
        names = (str(path), path.parts[0])
        return next(
            (number for number, name in enumerate(LONGEST_FIRST) if name in names),
            len(LONGEST_FIRST),
        )

    items.sort(key=place)


class ByFile(LoadFileScheduling):
    """A file is run by one process; so are all files of the browser, which share a server.

    While the browser works, the process of its tests waits: there are more processes than cores.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = str(super()._split_scope(nodeid))
        shares_a_server = file.startswith(f"{BROWSER}/") and file != OWN_SERVER
        return BROWSER if shares_a_server else file
