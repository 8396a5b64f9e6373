"""Django's registration of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaptureConfig(AppConfig):
    name = "cms.capture"
    verbose_name = _("captura")

    def ready(self) -> None:
        from cms.accounts import grants
        from cms.accounts.models import Role
        from cms.accounts.resume import comes_back
        from cms.capture.advice.notifications import ANSWERED, ASKED
        from cms.capture.advice.selectors import may_see_conversation
        from cms.capture.selectors import may_see
        from cms.notifications import kinds

        comes_back("capture:section", "capture:autosave", page="capture:section", may_see=may_see)
        comes_back("capture:review", page="capture:review", may_see=may_see)
        comes_back("capture:copy", page="capture:copy", may_see=may_see)
        comes_back("capture:notice", page="capture:notice", may_see=may_see)
        comes_back("capture:advice_ask", page="capture:advice_ask", may_see=may_see)
        comes_back(
            "capture:advice_conversation",
            page="capture:advice_conversation",
            may_see=may_see_conversation,
        )
        grants.register(
            Role.INTERNAL_BODY,
            Role.ADMINISTRATOR,
            models=["capture.advicerequest"],
            actions=["view", "change"],
        )
        kinds.register(ASKED)
        kinds.register(ANSWERED)
