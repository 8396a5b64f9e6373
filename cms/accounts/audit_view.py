"""/admin/auditoria/: what was done to accounts, also to those that are gone. For administrators."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.forms.search import SearchForm
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import BaseListingView

from cms.accounts.audit import SERVER, Event
from cms.accounts.factors import Check, Reason
from cms.accounts.models import AccountEvent, Role
from cms.accounts.permissions import require_administration
from cms.catalogs.listing import Counted

# Words of the program in the details, as people read them.
_WORDS: dict[str, Any] = {
    **dict(Role.choices),
    **dict(Reason.choices),
    **dict(Check.choices),
    "totp": gettext_lazy("aplicación de códigos"),
    "webauthn": gettext_lazy("llave de acceso"),
    "correo": gettext_lazy("por correo"),
    "papel": gettext_lazy("en una hoja"),
    "mi cuenta": gettext_lazy("desde su cuenta"),
    "enlace por correo": gettext_lazy("con un enlace por correo"),
    SERVER: gettext_lazy("desde el servidor"),
    "por administracion": gettext_lazy("puesta por Administración"),
}


class EventFilterSet(WagtailFilterSet):
    """What happened, and when."""

    event = django_filters.ChoiceFilter(
        choices=Event.choices, label=gettext_lazy("Qué pasó"), empty_label=gettext_lazy("Todo")
    )
    at = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("Cuándo"), widget=DateRangePickerWidget
    )

    class Meta:
        model = AccountEvent
        fields: ClassVar[list[str]] = []


def _event(row: AccountEvent) -> str:
    return str(Event(row.event).label) if row.event in Event.values else row.event


def _detail(row: AccountEvent) -> str:
    """The words of the details; keys of rows say nothing to a reader, and are left out."""
    said = [
        str(_WORDS.get(value, value)) for value in row.detail.values() if isinstance(value, str)
    ]
    return "; ".join(said)


class AuditView(Counted, BaseListingView):
    """Every event, the newest first; found by the name of the account or of who did it."""

    template_name = "accounts/audit.html"
    model = AccountEvent
    page_title = gettext_lazy("Auditoría de cuentas")
    header_icon = "history"
    index_url_name = "audit:index"
    index_results_url_name = "audit:results"
    filterset_class = EventFilterSet
    paginate_by = 50
    is_searchable = True
    verbose_name_plural = gettext_lazy("movimientos de las cuentas")
    default_ordering = ("-at", "-pk")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require_administration(request.user)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    @property
    def columns(self) -> list[Column]:
        return [
            DateColumn("at", label=_("Cuándo")),
            Column("account_name", label=_("Cuenta")),
            Column("event", label=_("Qué pasó"), accessor=_event),
            Column("by_name", label=_("Quién"), accessor=lambda row: row.by_name or "—"),
            Column("detail", label=_("Detalle"), accessor=_detail),
        ]

    def get_search_form(self) -> SearchForm:
        return SearchForm(self.request.GET or None, placeholder=_("Buscar por cuenta"))

    def get_base_queryset(self) -> QuerySet[AccountEvent]:
        events: QuerySet[AccountEvent] = AccountEvent.objects.all()
        return events

    def search_queryset(self, queryset: QuerySet[AccountEvent]) -> QuerySet[AccountEvent]:
        named = queryset.filter(account_name__icontains=self.search_query)
        return named | queryset.filter(by_name__icontains=self.search_query)
