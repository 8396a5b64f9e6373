"""The search server that tests and the demonstration start."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from conoceles_site import search_server
from conoceles_site.search_server import SearchServer, SearchServerError, fetching
from tests.database_server import ROOT
from tests.search_server import started


def asked(server: SearchServer, address: str, method: str = "GET") -> Any:
    request = urllib.request.Request(f"{server.url}{address}", method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


@pytest.fixture
def old_java(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose Javas are too old for the server."""
    monkeypatch.setattr(fetching, "OLDEST_JAVA", 1000)


def test_a_killed_server_starts_again_with_what_it_held_on_a_java_that_was_fetched(
    tmp_path: Path, old_java: None
) -> None:
    server = started(tmp_path)
    try:
        program = Path(f"/proc/{server.pid}/exe").resolve()
        assert program.is_relative_to(fetching.cache_folder())
        asked(server, "/held", "PUT")
        assert search_server.start(tmp_path) == server  # It runs already.
        server.kill()
        assert not server.is_running()

        again = search_server.start(tmp_path)

        assert again.url == server.url
        assert [one["index"] for one in asked(again, "/_cat/indices?format=json")] == ["held"]
        assert asked(again, "/held/_search?q=agua")["hits"]["total"]["value"] == 0
        again.stop()
        assert search_server.running(tmp_path) is None
    finally:
        if left := search_server.running(tmp_path):
            left.kill()


def test_a_server_that_cannot_start_says_where_to_read_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_server, "MEMORY", "nothing")
    with pytest.raises(SearchServerError, match=r"lee .*server\.log"):
        search_server.start(tmp_path)
    assert "Invalid initial heap size" in (tmp_path / "server.log").read_text()


def test_jars_that_are_not_those_of_the_list_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Maven brings is put in the cache whole and checked, or not at all."""
    fetching.jars()  # Otherwise a machine without them would fail for another reason.
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    programs = tmp_path / "programs"
    programs.mkdir()
    maven = programs / "mvn"
    maven.write_text(
        '#!/bin/sh\nfor word; do case "$word" in -DoutputDirectory=*)'
        ' mkdir "${word#*=}"; echo other > "${word#*=}/other.jar";; esac; done\n'
    )
    maven.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")

    with pytest.raises(SearchServerError, match=r"no es lo que dice jars\.sha256.*other\.jar"):
        fetching.jars()

    assert [path.name for path in (tmp_path / "conoceles").iterdir() if path.is_dir()] == []


def test_without_maven_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SearchServerError, match="instala «maven»"):
        fetching.jars()


def test_another_engine_is_refused_in_a_sentence() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "conoceles_site.serve"],
        cwd=ROOT,
        env={**os.environ, "SEARCH": "solr"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "conoceles: SEARCH es «postgresql» o «elasticsearch»; dice «solr».\n"
