"""Django's registration of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "cms.imports"
    verbose_name = _("importaciones")
