"""How gunicorn serves the site: the same in `make run` and in the image. Logs as everywhere."""

from typing import Any

from conoceles_site.settings.logs import LOGGING

workers = 2
# Read once and shared: half the time of a start, and half the memory.
preload_app = True
threads = 4
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
