"""The line of a request is what structlog would write, and is written in a third of the time."""

import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import structlog

from conoceles_site import logs


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The lines that the formatter of every handler makes."""
    lines: list[str] = []
    formatter = logs.json_formatter()

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(formatter.format(record))

    logger = logging.getLogger("conoceles.access")
    monkeypatch.setattr(logger, "handlers", [Keeper()])
    monkeypatch.setattr(logger, "propagate", False)
    monkeypatch.setattr(logger, "level", logging.INFO)
    return lines


def test_the_line_of_a_request_is_what_structlog_writes(written: list[str]) -> None:
    logs.begin_request()
    logs.log_request(method="GET", route="búsqueda/<slug>/", status=200, started=0.0)
    ours: dict[str, Any] = json.loads(written[0])
    structlog.stdlib.get_logger("conoceles.access").info(
        "request",
        method="GET",
        route="búsqueda/<slug>/",
        status=200,
        milliseconds=ours["milliseconds"],
    )
    theirs: dict[str, Any] = json.loads(written[1])

    moments = [datetime.fromisoformat(line.pop("timestamp")) for line in (ours, theirs)]
    assert list(ours.items()) == list(theirs.items())
    assert "búsqueda" in written[0]
    assert all(datetime.now(UTC) - moment < timedelta(minutes=1) for moment in moments)


def test_a_level_above_that_of_requests_leaves_their_lines_out(
    written: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    logging.getLogger("conoceles.access").setLevel(logging.ERROR)
    logs.log_request(method="GET", route="", status=200, started=0.0)

    assert written == []
