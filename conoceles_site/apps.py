"""The project itself as an application: its commands."""

from django.apps import AppConfig


class ConocelesSiteConfig(AppConfig):
    name = "conoceles_site"
    verbose_name = "Conóceles"
