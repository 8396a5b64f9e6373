"""How gunicorn serves the site: the same in `make run` and in the image. Logs as everywhere."""

from typing import Any

from conoceles_site.settings.logs import LOGGING

workers = 2
# Read once and shared: half the time of a start, and half the memory.
preload_app = True
# Idle and slow visitors cost no thread (docs/adr/0017).
worker_class = "conoceles_site.web_worker.WebWorker"
threads = 4
worker_connections = 500
limit_request_line = 8190
# Longer than a proxy in front keeps its connections, so that it never writes to a closed one.
keepalive = 75
# What an answer writes is kept for its reader: no file goes past that.
sendfile = False
# Workers are replaced now and then, each at its own time: whatever leaks, leaks little.
max_requests = 5000
max_requests_jitter = 1000
# A worker whose loop stands still is replaced; a stopping one finishes what it has begun.
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
