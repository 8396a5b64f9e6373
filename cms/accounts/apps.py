"""Django's registration of this room."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "cms.accounts"
    verbose_name = _("cuentas")

    def ready(self) -> None:
        from cms.accounts import own_grants
        from cms.accounts.groups import ensure_groups
        from cms.accounts.links import NOTIFICATION
        from cms.accounts.sessions import count_from_signing_in
        from cms.notifications import kinds

        own_grants.register_all()
        kinds.register(NOTIFICATION)
        count_from_signing_in()
        # The last application that emits the signal: by then every permission exists.
        last = apps.get_app_config("sessions")
        post_migrate.connect(ensure_groups, sender=last, dispatch_uid="ensure_groups")
