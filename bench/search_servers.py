"""Gives a measurement a search server of its own."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def search_server(name: str) -> Iterator[str]:
    """The address of the server of the settings, or of an empty one that is stopped afterwards.

    Where none can be had the address is "", and the reason is printed.

    Args:
        name: of the server's folder within the data folder.
    """
    from django.conf import settings

    from conoceles_site import search_server as servers

    if settings.ELASTICSEARCH_URL:
        yield settings.ELASTICSEARCH_URL
        return
    folder = Path(settings.CONOCELES_DATA_DIR) / name
    shutil.rmtree(folder, ignore_errors=True)
    try:
        server = servers.start(folder)
    except servers.SearchServerError as problem:
        print(f"Sin servidor de búsqueda: {problem}")
        yield ""
        return
    try:
        yield server.url
    finally:
        server.stop()
