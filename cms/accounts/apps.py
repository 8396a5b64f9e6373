"""Django's registration of this room."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "cms.accounts"
    verbose_name = _("cuentas")

    def ready(self) -> None:
        from cms.accounts import (
            activation_mail,
            links,
            new_email,
            open_sessions,
            own_grants,
            password_links,
            told,
        )
        from cms.accounts.groups import ensure_groups
        from cms.accounts.sessions import count_from_signing_in
        from cms.notifications import kinds

        own_grants.register_all()
        for told_by in (links, password_links, told, activation_mail, new_email):
            kinds.register(told_by.NOTIFICATION)
        count_from_signing_in()
        open_sessions.follow()
        # The last application that emits the signal: by then every permission exists.
        last = apps.get_app_config("sessions")
        post_migrate.connect(ensure_groups, sender=last, dispatch_uid="ensure_groups")
