"""What the screens of accounts do. The services know the rules; the views know HTTP."""

from typing import Any

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from wagtail.admin import messages

from cms.accounts import activation
from cms.candidacies.own_accounts import delivery, liaisons, list_views, receipts, runs, selectors
from cms.candidacies.own_accounts import sheets as printed
from cms.candidacies.own_accounts.forms import (
    ActionForm,
    DeliveryForm,
    LiaisonsForm,
    new_once,
)
from cms.candidacies.own_accounts.models import AccountRun, Receipt, SheetsFile
from cms.candidacies.own_accounts.screen import AccountsScreen
from cms.candidacies.own_accounts.words import whom_of
from cms.catalogs.current_process import chosen_process
from cms.catalogs.models import Process


class CurrentView(View):
    """/admin/cuentas/: leads to the current process, or else to the newest."""

    def get(self, request: HttpRequest) -> HttpResponse:
        activation.require_handing_out(request.user)
        process = chosen_process() or Process.objects.order_by("-election_date", "-pk").first()
        if process is None:
            messages.warning(request, _("Todavía no hay ningún proceso."))
            return redirect("wagtailadmin_home")
        return redirect("own_accounts:index", process.pk)


class _Doing(AccountsScreen):
    """What forms do: afterwards, or if it cannot be done, the page from which it came is shown."""

    def back(self) -> HttpResponse:
        """The list from which the form came."""
        name = "liaisons" if self.request.POST.get("lista") == "enlaces" else "index"
        kept = QueryDict(self.request.POST.get("filtros", "")).urlencode()
        address = self.address(name)
        return redirect(f"{address}?{kept}" if kept else address)

    def refused(self, why: str) -> HttpResponse:
        """Say why nothing was done."""
        messages.error(self.request, why)
        return self.back()

    def chosen(self, form: ActionForm) -> list[int]:
        """The chosen accounts in the order of the list; all that its filters show, if so asked."""
        kept = QueryDict(self.request.POST.get("filtros", ""))
        of_liaisons = self.request.POST.get("lista") == "enlaces"
        rows = list_views.filtered(self.process, kept, of_liaisons=of_liaisons)
        rows = rows.filter(account__isnull=False)
        if self.request.POST.get("todas") != "1":
            chosen = form.cleaned_data["cuenta"]
            if not chosen:
                return []
            # A single account may be sent from its own page, without a list.
            rows = rows.filter(account__in=chosen)
            found = list(rows.values_list("account", flat=True))
            return [*found, *(one for one in chosen if one not in set(found))]
        return list(rows.values_list("account", flat=True))


class GenerateView(_Doing):
    """Makes the accounts that are missing."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = ActionForm(request.POST)
        if not form.is_valid():
            return self.refused(_("Abre la página de nuevo y vuelve a oprimir el botón."))
        try:
            run = runs.generate(process=self.process, by=self.user, once=form.cleaned_data["once"])
        except runs.RunRefused as refused:
            return self.refused(str(refused))
        return redirect(self.address("run", run.pk))


class ActionView(_Doing):
    """Mails, prints, revokes, or asks who received the chosen accounts."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = ActionForm(request.POST)
        if not form.is_valid():
            return self.refused(_("Abre la página de nuevo y vuelve a oprimir el botón."))
        chosen, action = self.chosen(form), request.POST.get("accion")
        if not chosen:
            return self.refused(_("No elegiste ninguna cuenta: marca al menos una."))
        if action == "entrega":
            return self.delivery(chosen)
        if action == "anular":
            number = delivery.revoke(process=self.process, users=chosen, by=self.user)
            said = ngettext("Se anuló %d enlace.", "Se anularon %d enlaces.", number)
            messages.success(request, said % number)
            return self.back()
        begin = {"correo": runs.mail, "hojas": runs.print_sheets}.get(action or "")
        if begin is None:
            return self.refused(_("Oprime uno de los botones de la lista."))
        try:
            run = begin(
                process=self.process, users=chosen, by=self.user, once=form.cleaned_data["once"]
            )
        except runs.RunRefused as refused:
            return self.refused(str(refused))
        return redirect(self.address("run", run.pk))

    def delivery(self, chosen: list[int]) -> HttpResponse:
        """The form that asks who received them."""
        screen = DeliveryView()
        screen.setup(self.request, process_id=self.process.pk)
        screen.process = self.process
        return screen.form_screen(DeliveryForm(), chosen)


class DeliveryView(_Doing):
    """Confirms that accounts arrived."""

    template_name = "candidacies/delivery.html"
    page_title = gettext_lazy("Confirmar la entrega")

    def form_screen(
        self, form: DeliveryForm, chosen: list[int], status: int = 200, why: str = ""
    ) -> HttpResponse:
        """The form for these accounts."""
        found = selectors.accounts_of(self.process).filter(pk__in=chosen)
        names = dict(found.values_list("pk", "username"))
        return self.screen(
            status,
            form=form,
            why=why,
            chosen=[(pk, names[pk]) for pk in chosen if pk in names],
            once=new_once(),
            lista=self.request.POST.get("lista", ""),
            filtros=QueryDict(self.request.POST.get("filtros", "")).urlencode(),
            back=self.address("index"),
        )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return redirect(self.address("index"))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form, sent = DeliveryForm(request.POST), ActionForm(request.POST)
        chosen = sent.cleaned_data["cuenta"] if sent.is_valid() else []
        if not chosen:
            return self.refused(_("No elegiste ninguna cuenta: marca al menos una."))
        if not form.is_valid():
            return self.form_screen(form, chosen, 422)
        try:
            made = delivery.confirm(
                process=self.process, users=chosen, by=self.user, **form.cleaned_data
            )
        except delivery.DeliveryRefused as refused:
            return self.form_screen(form, chosen, 422, str(refused))
        said = ngettext(
            "Se registró %d entrega con su acuse.",
            "Se registraron %d entregas con sus acuses.",
            len(made),
        )
        messages.success(request, said % len(made))
        return self.back()


class NewLiaisonsView(AccountsScreen):
    """Makes accounts of liaisons from a pasted table."""

    template_name = "candidacies/new_liaisons.html"
    page_title = gettext_lazy("Agregar enlaces")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.shown(LiaisonsForm())

    def shown(self, form: LiaisonsForm, status: int = 200, **context: Any) -> HttpResponse:
        """The form, and the acronyms that it understands."""
        actors = self.process.actors.exclude(acronym="").order_by("ballot_order", "pk")
        return self.screen(
            status, form=form, actors=actors, back=self.address("liaisons"), **context
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = LiaisonsForm(request.POST)
        if not form.is_valid():
            return self.shown(form, 422)
        try:
            made = liaisons.make_liaisons(
                process=self.process, table=form.cleaned_data["table"], by=self.user
            )
        except liaisons.LiaisonsRefused as refused:
            return self.shown(form, 422, problems=refused.problems)
        said = ngettext("Se hizo %d cuenta.", "Se hicieron %d cuentas.", len(made))
        messages.success(request, said % len(made))
        return redirect(self.address("liaisons"))


class RunView(AccountsScreen):
    """A piece of work: how far it is, and its file."""

    template_name = "candidacies/run.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        found = AccountRun.objects.select_related("asked_by")
        self.run = get_object_or_404(found, pk=kwargs["run_id"], process=kwargs["process_id"])

    def get_page_title(self) -> str:
        return str(self.run.get_kind_display())

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        pages = SheetsFile.objects.filter(run=self.run).values_list("pages", flat=True).first()
        return self.screen(run=self.run, pages=pages)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Make the file of the sheets again."""
        try:
            runs.make_file_again(run=self.run, by=self.user)
        except runs.RunRefused as refused:
            messages.error(request, str(refused))
        return redirect(self.address("run", self.run.pk))


class RunProgressView(RunView):
    """The part of the page that changes while a job works."""

    template_name = "candidacies/_run_progress.html"
    http_method_names = ("get", "head")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response = self.screen(run=self.run)
        response["X-Done"] = "0" if self.run.is_at_work else "1"
        return response


class SheetsView(RunView):
    """The sheets as a file."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        stored = SheetsFile.objects.filter(run=self.run).first()
        content = printed.unsealed(stored) if stored is not None else b""
        if not content:
            messages.warning(
                request, _("El archivo ya no está guardado: oprime «Hacer el archivo otra vez».")
            )
            return redirect(self.address("run", self.run.pk))
        return _pdf(content, f"hojas-{self.run.pk}.pdf")


class ReceiptView(AccountsScreen):
    """A receipt as a file."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        found = Receipt.objects.filter(pk=kwargs["receipt_id"], process=self.process.pk).first()
        if found is None:
            raise Http404
        return _pdf(receipts.document(found), f"acuse-{found.folio}.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


class AccountView(AccountsScreen):
    """An account: whom it is for, how far it is, every link, and every receipt."""

    template_name = "candidacies/account.html"
    http_method_names = ("get", "head")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        found = selectors.accounts_of(self.process).filter(pk=kwargs["user_id"])
        account = get_object_or_404(found)
        self.page_title = account.username
        state = selectors.with_state(found.annotate(account=F("pk"))).get()
        now = timezone.now()
        links = account.activation_links.select_related("made_by").order_by("-pk")
        return self.screen(
            account=account,
            whom=whom_of(account),
            state=selectors.AccountState(state.account_state),
            links=[(link, link.state(now).label) for link in links],
            receipts=Receipt.objects.filter(account=account.pk).order_by("-pk"),
            once=new_once(),
            of_liaisons=not hasattr(account, "own_candidacy"),
            can_mail=list_views.can_mail(self.process),
            back=reverse("own_accounts:index", args=[self.process.pk]),
        )
