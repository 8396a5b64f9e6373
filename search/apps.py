"""Django's registration of this room."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
