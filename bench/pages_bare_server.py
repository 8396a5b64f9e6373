"""How the bare site is served: as ours, without what our server does with pages that are kept."""

from typing import Any

from conoceles_site.gunicorn import *  # noqa: F403


def post_worker_init(_worker: Any) -> None:  # type: ignore[no-redef]
    """Nothing is kept."""


def post_request(  # type: ignore[no-redef]
    _worker: Any, _request: Any, _environ: dict[str, Any], _response: Any
) -> None:
    """Every answer counts."""
