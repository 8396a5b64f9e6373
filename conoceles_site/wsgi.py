"""WSGI entry point."""

import os
from importlib import import_module

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from conoceles_site.said import in_a_sentence

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conoceles_site.settings.production")
# A page takes milliseconds. A statement that takes this long would only keep other visitors
# waiting.
os.environ.setdefault("CONOCELES_STATEMENT_SECONDS", "15")
with in_a_sentence():
    settings.INSTALLED_APPS  # noqa: B018 (the settings are read here)
django.setup(set_prefix=False)

from conoceles_site.training import say_at_start  # noqa: E402 (after the settings)
from conoceles_site.wellformed import Utf8Request  # noqa: E402 (after the settings)


class Application(WSGIHandler):
    """Django's, with requests that can always be created."""

    request_class = Utf8Request


say_at_start()
# All code is read now, before the web server makes its workers, so that they share it.
import_module(settings.ROOT_URLCONF)
application = Application()
