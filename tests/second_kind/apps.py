"""The configuration of the application."""

from django.apps import AppConfig


class SecondKindConfig(AppConfig):
    name = "tests.second_kind"
    label = "second_kind"
