"""How gunicorn serves the site, the same in `make run` and in the image. Logs as everywhere."""

import gc
from typing import Any

from django.conf import settings

from conoceles_site import worker_loads
from conoceles_site.page_store import FROM_THE_STORE
from conoceles_site.settings.logs import LOGGING

workers = 2
# The code is read once and shared by the workers: half the time of a start, and half the memory.
preload_app = True
# Idle and slow visitors cost no thread (docs/adr/0017).
worker_class = "conoceles_site.web_worker.WebWorker"
threads = 4
worker_connections = 500
limit_request_line = 8190
# No header of a request says where the site begins.
forwarder_headers = ""
# Longer than a proxy keeps its connections, so that the proxy never writes to a closed one.
keepalive = 75
# Answers are kept for their reader, so no file may be sent past that.
sendfile = False
# Workers are replaced from time to time, each at its own moment, so that leaks stay small. Answers
# that were only taken from the store do not count: with its worker a whole store goes.
max_requests = 100_000
max_requests_jitter = 20_000
# A worker whose loop stands still is replaced; a worker that is stopping finishes its requests.
timeout = 30
graceful_timeout = 25
# Heartbeats of the workers never wait for a disk.
worker_tmp_dir = "/dev/shm"  # noqa: S108
# Its warnings quote addresses of visitors; the application writes the line of each request.
logconfig_dict: dict[str, Any] = {
    **LOGGING,
    "root": {**LOGGING["root"], "level": "ERROR"},
    "loggers": {
        "gunicorn.error": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}


# A worker makes a few thousand objects for each page, and nearly all go without a collector. Python
# would look for the others 20 times on each page.
GARBAGE = (20_000, 10, 10)


def when_ready(_server: Any) -> None:
    """Called by gunicorn when it has read the code, before it makes workers."""
    gc.collect()
    # The code stays: no worker searches it for garbage, or copies it by doing so.
    gc.freeze()
    gc.set_threshold(*GARBAGE)


def post_worker_init(worker: Any) -> None:
    """Called by gunicorn when a worker has loaded an application: ours, or another one."""
    if not settings.configured or settings.ROOT_URLCONF != "conoceles_site.urls":
        return
    from conoceles_site import quick_answers

    if quick_answers.are_possible():
        worker.quick = quick_answers.QuickAnswers(worker)


def child_exit(_server: Any, worker: Any) -> None:
    """Called by gunicorn when a worker has ended, however it did."""
    worker_loads.end(worker.age)


def post_request(worker: Any, _request: Any, environ: dict[str, Any], _response: Any) -> None:
    """Called by gunicorn after each request."""
    if FROM_THE_STORE in environ:
        worker.nr -= 1
