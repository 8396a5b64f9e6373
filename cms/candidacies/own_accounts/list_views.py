"""The lists of accounts of a process: those of candidacies, and those of liaisons."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.accounts.models import User
from cms.candidacies.own_accounts import generation, selectors
from cms.candidacies.own_accounts.forms import AccountFilter, new_once
from cms.candidacies.own_accounts.models import AccountRun, Receipt
from cms.candidacies.own_accounts.screen import AccountsScreen
from cms.candidacies.own_accounts.selectors import AccountState
from cms.candidacies.own_accounts.words import position_of
from cms.catalogs.models import Process
from cms.notifications.mail import mail_is_sent

PAGE = 100
ORDER, BY_ACTOR = "orden", "actor_politico"


def filtered(process: Process, parameters: QueryDict, *, of_liaisons: bool) -> QuerySet[Any]:
    """The rows of a list as an address asks for them, in the order in which sheets are made."""
    form = AccountFilter(parameters, process=process, of_liaisons=of_liaisons)
    if of_liaisons:
        return form.apply(selectors.liaisons_of(process)).order_by("first_name", "pk")
    rows = form.apply(selectors.candidacies_of(process))
    return selectors.in_process_order(rows, by_actor=parameters.get(ORDER) == BY_ACTOR)


def can_mail(process: Process) -> bool:
    """Whether the accounts of a process may be mailed at all."""
    return mail_is_sent() and not process.is_rehearsal


class _ListView(AccountsScreen):
    """A list with its filters, its counts, and what can be done with the chosen ones."""

    template_name = "candidacies/accounts.html"
    of_liaisons = False

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = AccountFilter(request.GET, process=self.process, of_liaisons=self.of_liaisons)
        rows = filtered(self.process, request.GET, of_liaisons=self.of_liaisons)
        page = Paginator(self.shown(rows), PAGE).get_page(request.GET.get("p"))
        counts = selectors.counted(self.everything())
        kept = request.GET.copy()
        kept.pop("p", None)
        return self.screen(
            form=form,
            page=page,
            rows=self.lines(list(page.object_list)),
            counts=[(value, label, counts.get(value, 0)) for value, label in AccountState.choices],
            of_liaisons=self.of_liaisons,
            once=new_once(),
            kept=kept.urlencode(),
            by_actor=request.GET.get(ORDER) == BY_ACTOR,
            can_mail=can_mail(self.process),
            running=self.running(),
        )

    def running(self) -> AccountRun | None:
        """The work that a job is doing, or did last."""
        return AccountRun.objects.filter(process=self.process).order_by("-pk").first()

    def everything(self) -> QuerySet[Any]:
        raise NotImplementedError

    def shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows with what a line shows."""
        return rows

    def lines(self, rows: list[Any]) -> list[dict[str, Any]]:
        """The lines of a page, with the receipt of each account (one query)."""
        accounts = [row.account for row in rows if row.account is not None]
        receipts = {
            receipt.account: receipt
            for receipt in Receipt.objects.filter(account__in=accounts).order_by("-pk")
        }
        names = dict(User.objects.filter(pk__in=accounts).values_list("pk", "username"))
        now = timezone.now()
        return [
            {
                **self.line(row),
                "account": row.account,
                "username": names.get(row.account, ""),
                "state": row.account_state,
                "state_words": AccountState(row.account_state).label,
                "opened_at": row.opened_at,
                "expires_at": row.expires_at if row.expires_at and row.expires_at > now else None,
                "receipt": receipts.get(row.account),
            }
            for row in rows
        ]

    def line(self, row: Any) -> dict[str, Any]:
        raise NotImplementedError


class CandidaciesView(_ListView):
    """The candidacies of a process, with their accounts."""

    page_title = gettext_lazy("Cuentas de candidaturas")

    def everything(self) -> QuerySet[Any]:
        return selectors.candidacies_of(self.process)

    def shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("office", "territory", "actor", "person")

    def line(self, row: Any) -> dict[str, Any]:
        return {
            "name": row.name,
            "about": f"{position_of(row)} · {row.territory.name}",
            "actor": row.actor.acronym,
            "email": bool(row.person.email),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        missing = generation.without_account(self.process.pk).count()
        return super().get_context_data(**kwargs, missing=missing)


class LiaisonsView(_ListView):
    """The liaisons of the actors of a process."""

    page_title = gettext_lazy("Cuentas de enlaces")
    of_liaisons = True

    def everything(self) -> QuerySet[Any]:
        return selectors.liaisons_of(self.process)

    def shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.prefetch_related("scopes__actor")

    def line(self, row: Any) -> dict[str, Any]:
        return {
            "name": row.first_name or row.username,
            "about": _("Enlace"),
            "actor": ", ".join(scope.actor.acronym for scope in row.scopes.all()),
            "email": bool(row.email),
        }
