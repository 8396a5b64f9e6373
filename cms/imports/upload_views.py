"""The screens of files that are sent. The services know the rules; the views know HTTP."""

from typing import Any, ClassVar, cast

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.base import BaseListingView

from cms.accounts.models import User
from cms.candidacies.ending import may_change_register
from cms.catalogs.listing import Counted
from cms.imports import report_rows, uploads
from cms.imports.forms import SheetForm, UploadForm
from cms.imports.institute_register import COLUMNS
from cms.imports.listing import SearchedByName
from cms.imports.models import ImportRecord, State, Upload
from cms.imports.uploads import MAY_APPLY, MAY_SEE, MAY_SEND, UploadRefused

BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_SHOWN = 200


class StaffOnly:
    """Refuse accounts that may not do what a view is for; the services ask again."""

    request: HttpRequest
    permission = MAY_SEE

    @property
    def user(self) -> User:
        """The account; `dispatch` has checked it."""
        return cast(User, self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            raise PermissionDenied
        uploads.require(request.user, self.permission)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response


class UploadFilterSet(WagtailFilterSet):
    class Meta:
        model = Upload
        fields: ClassVar = ["process", "state", "kind"]


class UploadListView(Counted, SearchedByName, StaffOnly, BaseListingView):
    """The files that were sent, the newest first."""

    model = Upload
    page_title = gettext_lazy("Archivos subidos")
    header_icon = "upload"
    index_url_name = "uploads:index"
    index_results_url_name = "uploads:results"
    filterset_class = UploadFilterSet
    default_ordering = "-uploaded_at"
    paginate_by = 50
    verbose_name_plural = gettext_lazy("archivos subidos")
    columns: ClassVar = [
        TitleColumn(
            "name",
            label=gettext_lazy("Archivo"),
            get_url=lambda upload: reverse("uploads:detail", args=[upload.pk]),
            sort_key="name",
        ),
        Column("process", label=gettext_lazy("Proceso")),
        Column("kind", label=gettext_lazy("Qué trae"), accessor="get_kind_display"),
        Column("state", label=gettext_lazy("Estado"), accessor="get_state_display"),
        Column("uploaded_by", label=gettext_lazy("Quién lo subió")),
        DateColumn("uploaded_at", label=gettext_lazy("Subido"), sort_key="uploaded_at"),
        Column("applied_by", label=gettext_lazy("Quién lo aplicó")),
    ]

    def get_base_queryset(self) -> QuerySet[Upload]:
        return Upload.objects.select_related("process", "uploaded_by", "applied_by")

    @property
    def header_buttons(self) -> list[Any]:
        from wagtail.admin.widgets.button import HeaderButton

        if not self.user.has_perm(MAY_SEND):
            return []
        return [HeaderButton(_("Subir un archivo"), url=reverse("uploads:new"), icon_name="plus")]


class _Screen(StaffOnly, WagtailAdminTemplateMixin):
    """A screen below the list."""

    header_icon = "upload"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("uploads:index"), "label": _("Archivos subidos")},
            {"url": "", "label": str(self.get_page_title())},
        ]


class NewUploadView(_Screen, FormView):  # type: ignore[type-arg]
    """The form with which a file is sent."""

    permission = MAY_SEND
    page_title = gettext_lazy("Subir un archivo")
    template_name = "imports/new.html"
    form_class = UploadForm

    def get_initial(self) -> dict[str, Any]:
        return {"process": self.request.GET.get("process"), "kind": "registro"}

    def form_valid(self, form: UploadForm) -> HttpResponse:
        try:
            upload = uploads.receive_upload(
                user=self.user, file=form.cleaned_data["file"], wanted=form.wanted()
            )
        except UploadRefused as refused:
            form.add_error("file", str(refused))
            return self.form_invalid(form)
        return redirect("uploads:detail", upload.pk)

    def form_invalid(self, form: UploadForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class TemplateView(StaffOnly, View):
    """An empty register with the names of its columns."""

    permission = MAY_SEND

    def get(self, request: HttpRequest) -> HttpResponse:
        names = [name for name in COLUMNS if name != "persona"]
        return _download(report_rows.book(names, [], sheet="Registro"), "registro.xlsx", BOOK)


def _download(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class DetailView(_Screen, View):
    """A file that was sent: where it stands, what was found, and what can be done now."""

    template_name = "imports/detail.html"
    upload: Upload

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.upload_id = kwargs["upload_id"]

    def get_page_title(self) -> str:
        return self.upload.name

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.screen()

    def screen(self, status: int = 200, **context: Any) -> HttpResponse:
        self.upload = _upload(self.upload_id)
        shown = self.get_context_data(**_shown(self.upload, self.user), **context)
        return self.render_to_response(shown, status=status)  # type: ignore[no-any-return]


def _upload(upload_id: int) -> Upload:
    return get_object_or_404(
        Upload.objects.select_related("process", "uploaded_by", "applied_by", "record", "progress"),
        pk=upload_id,
    )


def _shown(upload: Upload, user: User) -> dict[str, Any]:
    """What the screen of a file shows to an account."""
    report, ready = upload.report, upload.state == State.READY
    totals = report.get("totals", {})
    others = ImportRecord.objects.filter(process=upload.process, sha256=upload.sha256)
    two_people = uploads.needs_two_people(upload.process)
    may_send, may_apply = user.has_perm(MAY_SEND), user.has_perm(MAY_APPLY)
    waits = ready and two_people and upload.uploaded_by_id == user.pk
    parts = [
        (name, title, rows[:MOST_SHOWN], totals.get(name, len(rows)))
        for name, title, rows in (
            ("errors", _("Errores"), report_rows.errors_of(report)),
            ("not_applied", _("Por revisar: no se aplican"), report_rows.replacements_of(report)),
            ("left_alone", _("Se dejan como están"), report_rows.left_of(report)),
            ("warnings", _("Avisos"), report_rows.warnings_of(report)),
            ("changes", _("Qué cambia"), report_rows.changes_of(report)),
        )
        if rows
    ]
    is_again = upload.state in {State.READY, State.WRONG, State.FAILED}
    return {
        "upload": upload,
        "report": report,
        "parts": parts,
        "nothing_changes": ready and not (report["created"] or report["updated"]),
        "same_before": others.exclude(pk=upload.record_id or 0).first(),
        "waits_for_another": waits,
        "may_apply": ready and may_apply and not waits,
        "may_review": is_again and may_send and upload.stored is not None,
        "may_send": may_send,
        "may_decide": may_change_register(user),
        "reviewed": uploads.reviewed_mark(upload),
        "kept_days": _kept_days(),
    }


def _kept_days() -> int:
    from cms.imports.upload_jobs import KEPT

    return KEPT.days


class ProgressView(StaffOnly, WagtailAdminTemplateMixin, View):
    """The part of the screen that changes while a job has the file."""

    template_name = "imports/_progress.html"
    page_title = ""

    def get(self, request: HttpRequest, upload_id: int) -> HttpResponse:
        upload = _upload(upload_id)
        response = cast(HttpResponse, self.render_to_response({"upload": upload}))
        response["X-Done"] = "0" if upload.is_at_work else "1"
        return response


class _ActionView(DetailView):
    """Does something with a file, and shows why if it cannot be done."""

    http_method_names = ("post",)
    done = gettext_lazy("Listo.")

    def act(self, request: HttpRequest) -> None:
        """Call the service. Raises UploadRefused."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        get_object_or_404(Upload, pk=self.upload_id)
        try:
            self.act(request)
        except UploadRefused as refused:
            return self.screen(status=409, why=str(refused))
        messages.success(request, self.done)
        return redirect("uploads:detail", self.upload_id)


class ApplyView(_ActionView):
    permission = MAY_APPLY
    done = gettext_lazy("Se está aplicando. Si algo falla, no se aplica nada.")

    def act(self, request: HttpRequest) -> None:
        reviewed = request.POST.get("revisado", "")
        uploads.apply_upload(user=self.user, upload_id=self.upload_id, reviewed=reviewed)


class ReviewAgainView(_ActionView):
    permission = MAY_SEND
    done = gettext_lazy("Se revisa de nuevo.")

    def act(self, request: HttpRequest) -> None:
        form = SheetForm(request.POST)
        if not form.is_valid():
            raise UploadRefused(_("Ese nombre de hoja no puede ser."))
        sheet = form.cleaned_data["sheet"] if "sheet" in request.POST else None
        uploads.review_again(user=self.user, upload_id=self.upload_id, sheet=sheet)


class ReportView(StaffOnly, View):
    """The report as a file."""

    def get(self, request: HttpRequest, upload_id: int, ending: str) -> HttpResponse:
        upload = get_object_or_404(Upload, pk=upload_id)
        name = f"informe-{slugify(upload.process.slug)}-{upload.pk}.{ending}"
        if ending == "csv":
            return _download(report_rows.as_csv(upload.report), name, "text/csv; charset=utf-8")
        return _download(report_rows.as_xlsx(upload.report), name, BOOK)
