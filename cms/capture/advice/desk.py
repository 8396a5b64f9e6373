"""The advice in the admin: the list of what waits, and the conversation with its answer."""

from datetime import datetime
from typing import Any, ClassVar, cast

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.search import SearchForm
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import BaseListingView, WagtailAdminTemplateMixin

from cms.accounts.models import User
from cms.capture.advice import selectors, services
from cms.capture.advice.permissions import may_answer
from cms.capture.models import AdviceRequest, Topic
from cms.catalogs.listing import Counted, moment
from cms.catalogs.spanish import identity

_STATES = [
    ("respondidas", _("Respondidas")),
    ("cerradas", _("Cerradas")),
    ("todas", _("Todas")),
]


def waited(since: datetime, now: datetime) -> str:
    """How long somebody waits, in words: «3 días», «5 horas», «menos de una hora»."""
    hours = int((now - since).total_seconds() // 3600)
    if hours >= 24:
        return ngettext("%d día", "%d días", hours // 24) % (hours // 24)
    if hours:
        return ngettext("%d hora", "%d horas", hours) % hours
    return gettext("menos de una hora")


class AnswersOnly:
    """Answer 403 to accounts that do not answer."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_answer(request.user):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response


class AdviceFilterSet(WagtailFilterSet):
    """State and topic; without a state, what waits for an answer."""

    state = django_filters.ChoiceFilter(
        choices=_STATES, method="in_state", label=_("Estado"), empty_label=_("Esperan respuesta")
    )
    topic = django_filters.ChoiceFilter(
        choices=Topic.choices, label=_("Tema"), empty_label=_("Todos")
    )

    class Meta:
        model = AdviceRequest
        fields: ClassVar[list[str]] = []

    def in_state(
        self, rows: QuerySet[AdviceRequest], name: str, state: str
    ) -> QuerySet[AdviceRequest]:
        """The conversations in a state."""
        if state == "cerradas":
            return rows.filter(closed_at__isnull=False)
        if state == "respondidas":
            return rows.filter(closed_at=None, waits_since=None)
        return rows

    def filter_queryset(self, queryset: QuerySet[AdviceRequest]) -> QuerySet[AdviceRequest]:
        found: QuerySet[AdviceRequest] = super().filter_queryset(queryset)
        if not self.form.cleaned_data.get("state"):
            found = found.filter(waits_since__isnull=False)
        return found


def _waiting_time(advice: AdviceRequest) -> str:
    if advice.waits_since is None:
        return "—"
    return waited(advice.waits_since, timezone.now())


def _about(advice: AdviceRequest) -> str:
    return advice.candidacy.name if advice.candidacy is not None else "—"


class AdviceListView(Counted, AnswersOnly, BaseListingView):
    """What waits for an answer, the oldest first."""

    template_name = "moderation/queue.html"
    model = AdviceRequest
    page_title = _("Asesorías")
    header_icon = "mail"
    index_url_name = "advice:index"
    index_results_url_name = "advice:results"
    filterset_class = AdviceFilterSet
    paginate_by = 50
    is_searchable = True
    verbose_name_plural = _("asesorías")
    default_ordering = (F("waits_since").asc(nulls_last=True), "-asked_at", "-pk")
    columns: ClassVar[list[Column]] = [
        TitleColumn(
            "topic",
            label=_("Tema"),
            accessor=lambda row: f"{row.pk}. {row.get_topic_display()}",
            get_url=lambda row: reverse("advice:conversation", args=[row.pk]),
        ),
        Column("asker", label=_("Quién pregunta"), accessor="asker_snapshot.username"),
        Column("candidacy", label=_("Candidatura"), accessor=_about),
        Column("asked_at", label=_("Preguntó"), accessor=lambda row: moment(row.asked_at)),
        Column("waits_since", label=_("Espera desde hace"), accessor=_waiting_time),
        Column("state", label=_("Estado"), accessor="state"),
    ]

    def get_search_form(self) -> SearchForm:
        return SearchForm(self.request.GET or None, placeholder=_("Buscar por candidatura"))

    def get_base_queryset(self) -> QuerySet[AdviceRequest]:
        return AdviceRequest.objects.select_related("candidacy")

    def search_queryset(self, queryset: QuerySet[AdviceRequest]) -> QuerySet[AdviceRequest]:
        for word in identity(self.search_query).split()[:20]:
            queryset = queryset.filter(candidacy__folded_name__contains=word)
        return queryset


class ConversationView(AnswersOnly, WagtailAdminTemplateMixin, View):
    """A conversation with the form that answers it."""

    template_name = "capture/advice_desk.html"
    header_icon = "mail"
    http_method_names = ("get", "head", "post")
    _show_breadcrumbs = True
    advice: AdviceRequest

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.request_id: int = kwargs["request_id"]

    def get(self, request: HttpRequest, request_id: int) -> HttpResponse:
        return self.screen()

    def post(self, request: HttpRequest, request_id: int) -> HttpResponse:
        closes = request.POST.get("cierra") == "si"
        try:
            services.answer(
                request_id=request_id,
                by=cast(User, request.user),
                message=request.POST.get("respuesta", ""),
                seen=_seen(request),
                closes=closes,
            )
        except services.NoSuchAdvice:
            raise Http404 from None
        except services.AdviceRefused as refused:
            return self.screen(refused)
        messages.success(request, gettext("Se envió tu respuesta a la asesoría %d.") % request_id)
        return redirect("advice:index")

    def screen(self, refused: services.AdviceRefused | None = None) -> HttpResponse:
        found = AdviceRequest.objects.select_related(
            "candidacy__office", "candidacy__territory", "candidacy__actor"
        )
        advice = found.filter(pk=self.request_id).first()
        if advice is None:
            raise Http404
        self.advice = advice
        written = selectors.messages_of(advice)
        context = self.get_context_data(
            advice=advice,
            written=written,
            seen=written[-1].pk if written else 0,
            waited=_waiting_time(advice),
            refused=refused,
            text=self.request.POST.get("respuesta", ""),
            longest=services.LONGEST_MESSAGE,
        )
        status = 200 if refused is None else refused.status
        return TemplateResponse(self.request, self.template_name, context, status=status)

    def get_page_title(self) -> str:
        return gettext("Asesoría %d") % self.advice.pk

    def get_page_subtitle(self) -> str:
        return str(self.advice.get_topic_display())

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("advice:index"), "label": gettext("Asesorías")},
            {"url": "", "label": self.get_page_title()},
        ]


class CloseView(ConversationView):
    """Closes a conversation without another answer."""

    def get(self, request: HttpRequest, request_id: int) -> HttpResponse:
        return redirect("advice:conversation", request_id)

    def post(self, request: HttpRequest, request_id: int) -> HttpResponse:
        by = cast(User, request.user)
        try:
            services.close(request_id=request_id, by=by, seen=_seen(request))
        except services.NoSuchAdvice:
            raise Http404 from None
        except services.AdviceRefused as refused:
            return self.screen(refused)
        messages.success(request, gettext("Se cerró la asesoría %d.") % request_id)
        return redirect("advice:index")


def _seen(request: HttpRequest) -> int:
    given = request.POST.get("visto", "")
    return int(given) if given.isdecimal() and len(given) < 19 else 0
