"""A bare Django site: no middleware, no database, and one view, which answers what is in a folder.

It is served as our own site is, and answers the same bytes: what a page of ours costs above that is
ours.
"""

import os
from pathlib import Path

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path

from bench.pages_servers import BARE_FOLDER

_bodies = {
    file.name: file.read_bytes()
    for file in (Path(os.environ[BARE_FOLDER]).iterdir() if BARE_FOLDER in os.environ else ())
}


def page(request: HttpRequest, name: str) -> HttpResponse:
    """The bytes of a file, with their length: what every answer of ours carries too."""
    body = _bodies[name]
    status = 404 if name == "404" else 200
    return HttpResponse(body, status=status, headers={"Content-Length": str(len(body))})


urlpatterns = [path("<name>", page)]

if not settings.configured:
    settings.configure(
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["*"],
        SECRET_KEY="nothing is signed",  # noqa: S106 (there is nothing to protect)
        MIDDLEWARE=[],
        USE_I18N=False,
    )
    django.setup(set_prefix=False)
application = WSGIHandler()
