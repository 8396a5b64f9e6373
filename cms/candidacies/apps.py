"""Django's registration of this room."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CandidaciesConfig(AppConfig):
    name = "cms.candidacies"
    verbose_name = _("candidaturas")

    def ready(self) -> None:
        from cms.accounts import activation, grants, second_factor
        from cms.accounts.models import Role
        from cms.accounts.resume import comes_back
        from cms.candidacies import contests, standing_mail
        from cms.candidacies.own_accounts import receipts, words
        from cms.candidacies.services import refresh_folded_names
        from cms.catalogs import contests as catalog
        from cms.catalogs.first_data import when_migrated
        from cms.notifications import kinds

        follow = when_migrated("candidacies.CandidacyPage")(refresh_folded_names)
        post_migrate.connect(follow, sender=self, dispatch_uid="refresh_folded_names", weak=False)
        post_migrate.connect(contests.ensure_of_all, sender=self, dispatch_uid="ensure_contests")
        catalog.register("candidacies", contests.standing)
        grants.register(
            Role.ADMINISTRATOR,
            Role.INTERNAL_BODY,
            models=["candidacies.reopening"],
            actions=["add", "view"],
        )
        for role in (Role.CANDIDATE, Role.LIAISON):
            activation.register_owners(role, words.whom_of)
        activation.when_received(receipts.hear)
        kinds.register(standing_mail.NOTIFICATION)
        # Whoever hands accounts out proves again who they are (ADR 0056).
        second_factor.ask_afresh("/admin/cuentas/")
        comes_back(
            *("own_accounts:generate", "own_accounts:action", "own_accounts:delivery"),
            page="own_accounts:index",
            may_see=lambda user, _arguments: activation.may_hand_out(user),
            shows=False,
        )
        # Work plan 1: the internal body generates and delivers the accounts.
        grants.register(
            Role.ADMINISTRATOR,
            Role.INTERNAL_BODY,
            models=["candidacies.candidateaccount"],
            actions=["change"],
        )
