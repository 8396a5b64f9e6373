"""WSGI entry point."""

import os

import django
from django.core.handlers.wsgi import WSGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conoceles_site.settings.production")
# A page takes milliseconds; what takes so long would only keep others from being served.
os.environ.setdefault("CONOCELES_STATEMENT_SECONDS", "15")
django.setup(set_prefix=False)

from conoceles_site.wellformed import Utf8Request  # noqa: E402 (after the settings)


class Application(WSGIHandler):
    """Django's, with requests that never fail while they are made."""

    request_class = Utf8Request


application = Application()
