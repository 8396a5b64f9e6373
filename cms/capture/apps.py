"""Django's registration of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaptureConfig(AppConfig):
    name = "cms.capture"
    verbose_name = _("captura")

    def ready(self) -> None:
        from cms.accounts.resume import comes_back
        from cms.capture.selectors import may_see

        comes_back("capture:section", "capture:autosave", page="capture:section", may_see=may_see)
        comes_back("capture:review", page="capture:review", may_see=may_see)
        comes_back("capture:notice", page="capture:notice", may_see=may_see)
