"""The screens of the terms of a process: its rules, and which open terms would move."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.log_actions import log

from cms.accounts.permissions import may_administer, require_administration
from cms.candidacies.terms.recount import MovesChanged, count_again, moves
from cms.catalogs.listing import moment_in
from cms.catalogs.models import Process, TermRules
from cms.catalogs.viewsets import number
from conoceles_site.process_setup.term_forms import TermRulesForm
from conoceles_site.process_setup.views import ProcessScreen

MAY_EDIT = "catalogs.change_termrules"
# As many terms as somebody reads before confirming; the number says how many there are in all.
MOST_SHOWN = 100


class TermRulesView(ProcessScreen):
    """How long the terms of a process are. It changes no term that runs."""

    permission = MAY_EDIT
    template_name = "terms/rules.html"
    header_icon = "time"

    def get_page_title(self) -> str:
        return _("Plazos de «%s»") % self.process

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        rules = TermRules.objects.filter(process=self.process).first()
        return self._shown(TermRulesForm(instance=rules or TermRules(process=self.process)))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            # Two people may write the first rules of a process at once.
            Process.objects.select_for_update(no_key=True).get(pk=self.process.pk)
            rules = TermRules.objects.filter(process=self.process).first()
            form = TermRulesForm(request.POST, instance=rules or TermRules(process=self.process))
            if not form.is_valid():
                return self._shown(form, status=422)
            saved = form.save()
            log(
                instance=saved, action="wagtail.edit" if rules else "wagtail.create", user=self.user
            )
        messages.success(request, _("Se guardaron los plazos del proceso."))
        return redirect("setup:terms", self.process.pk)

    def _shown(self, form: TermRulesForm, status: int = 200) -> HttpResponse:
        open_moves = moves(self.process, at=timezone.now()) if may_administer(self.user) else []
        return self.screen(
            status,
            form=form,
            back=self.checklist,
            would_move=len(open_moves),
            recount=reverse("setup:recount", args=[self.process.pk]),
            reports=reverse("reports:terms"),
        )


class RecountView(ProcessScreen):
    """Which open terms would end later by today's rules and holidays; a POST moves them."""

    permission = MAY_EDIT
    template_name = "terms/recount.html"
    header_icon = "time"

    def get_page_title(self) -> str:
        return _("Volver a contar los plazos de «%s»") % self.process

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.has_perm(self.permission):
            require_administration(request.user)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self._shown()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        seen = number(request.POST.get("vistos"))
        try:
            moved = count_again(process=self.process, seen=seen, by=self.user, at=timezone.now())
        except MovesChanged:
            why = _(
                "Mientras leías cambió cuáles se alargan. No cambió nada: revisa y confirma de"
                " nuevo."
            )
            return self._shown(409, why)
        said = ngettext("Se alargó %d plazo.", "Se alargaron %d plazos.", moved)
        messages.success(request, said % moved)
        return redirect("setup:terms", self.process.pk)

    def _shown(self, status: int = 200, why: str = "") -> HttpResponse:
        found = moves(self.process, at=timezone.now())
        shown = [
            {
                "name": move.term.candidacy.name,
                "place": move.term.candidacy.territory.name,
                "before": moment_in(move.term.due_at, move.due_at.tzinfo),
                "after": moment_in(move.due_at, move.due_at.tzinfo),
            }
            for move in found[:MOST_SHOWN]
        ]
        back = reverse("setup:terms", args=[self.process.pk])
        return self.screen(status, moves=shown, total=len(found), why=why, back=back)
