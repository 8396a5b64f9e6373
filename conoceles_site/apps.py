"""The project as an application: its commands, and its changes to the CMS as a whole."""

from django.apps import AppConfig


class ConocelesSiteConfig(AppConfig):
    name = "conoceles_site"
    verbose_name = "Conóceles"

    def ready(self) -> None:
        from django.core import checks

        from conoceles_site.spreadsheets import guard_exports
        from conoceles_site.training import training_is_said
        from conoceles_site.wagtail_repairs import repair_forms

        checks.register(training_is_said)
        guard_exports()
        repair_forms()
