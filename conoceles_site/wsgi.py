"""WSGI entry point."""

import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from conoceles_site.said import in_a_sentence

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conoceles_site.settings.production")
# A page takes milliseconds; what takes so long would only keep others from being served.
os.environ.setdefault("CONOCELES_STATEMENT_SECONDS", "15")
with in_a_sentence():
    settings.INSTALLED_APPS  # noqa: B018 (the settings are read here)
django.setup(set_prefix=False)

from conoceles_site.wellformed import Utf8Request  # noqa: E402 (after the settings)


class Application(WSGIHandler):
    """Django's, with requests that never fail while they are made."""

    request_class = Utf8Request


application = Application()
