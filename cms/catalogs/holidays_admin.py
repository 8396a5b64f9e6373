"""The list of holidays in the admin: one by one, several pasted at once, a year copied."""

from datetime import date
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.widgets.button import HeaderButton

from cms.catalogs import holidays
from cms.catalogs.admin_screens import AdminScreen
from cms.catalogs.listing import CountedIndexView
from cms.catalogs.models import Holiday
from cms.catalogs.text_fields import CleanTextField
from cms.catalogs.viewsets import CatalogViewSet, number

SPACE = "holiday"
# Far more than the longest list.
LONGEST_TEXT = 60_000


class SeveralForm(forms.Form):
    """A day and its reason in each line."""

    days = CleanTextField(
        label=gettext_lazy("Días"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Un día en cada renglón, con su motivo: «01/05/2027 Día del Trabajo». Los que ya están"
            " en la lista se quedan como están."
        ),
    )

    def clean_days(self) -> list[holidays.NamedDay]:
        """Refuse the text as a whole if a line of it cannot be read."""
        read = holidays.pasted(self.cleaned_data["days"])
        if read.problems:
            raise forms.ValidationError(list(read.problems[:20]))
        return list(read.days)


class SeveralView(AdminScreen):
    """Paste several days; begin with those of the law, or with the list of another year."""

    template_name = "terms/holidays.html"
    page_title = gettext_lazy("Agregar varios días inhábiles")
    header_icon = "calendar-alt"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(holidays.MAY_ADD):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def trail(self) -> list[tuple[str, Any]]:
        return [(reverse(f"{SPACE}:index"), gettext_lazy("Días inhábiles"))]

    def get(self, request: HttpRequest) -> HttpResponse:
        year, source = self._year(), number(request.GET.get("de"))
        found: list[holidays.NamedDay] = []
        if request.GET.get("ley"):
            found = holidays.of_the_law(year)
        elif source:
            found = holidays.copied(source, year)
        form = SeveralForm(initial={"days": holidays.written(found)})
        return self._shown(form, empty_year=bool(source) and not found)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SeveralForm(request.POST)
        if not form.is_valid():
            return self._shown(form, status=422)
        added, known = holidays.add(days=form.cleaned_data["days"], by=request.user)
        messages.success(request, holidays.said_of(added, known))
        return redirect(f"{SPACE}:index")

    def _year(self) -> int:
        """The year that is asked for, within those that the list may have; else the next one."""
        asked = number(self.request.GET.get("anio"))
        return asked if 2000 <= asked <= 2100 else timezone.localdate().year + 1

    def _shown(
        self, form: SeveralForm, *, status: int = 200, empty_year: bool = False
    ) -> HttpResponse:
        dates = cast(list[date], list(Holiday.objects.dates("day", "year", order="DESC")))
        return self.screen(
            status,
            form=form,
            year=self._year(),
            years=[one.year for one in dates],
            empty_year=empty_year,
            back=reverse(f"{SPACE}:index"),
        )


class HolidayListView(CountedIndexView):
    """The days in their order, and the way to paste several."""

    @property
    def header_buttons(self) -> list[Any]:
        buttons = list(super().header_buttons)
        if self.request.user.has_perm(holidays.MAY_ADD):
            address = reverse(f"{SPACE}:several")
            buttons.append(HeaderButton(_("Agregar varios"), url=address, icon_name="list-ul"))
        return buttons


class HolidayViewSet(CatalogViewSet):
    """Which days do not count in terms in working days."""

    model = Holiday
    name = SPACE
    url_prefix = "dias-inhabiles"
    icon = "calendar-alt"
    menu_label = gettext_lazy("Días inhábiles")
    menu_order = 700
    index_view_class = HolidayListView
    form_fields = ("day", "name")
    help_texts: ClassVar = {
        "day": gettext_lazy(
            "No cuenta en los plazos en días hábiles que empiecen desde ahora. Los que ya corren"
            " no se mueven solos: se vuelven a contar en los plazos de cada proceso."
        ),
        "name": gettext_lazy("Por ejemplo: «Día del Trabajo», o el acuerdo que lo dice."),
    }
    list_display = ("day", "name")
    search_fields = ("name",)
    ordering = ("-day",)

    def get_urlpatterns(self) -> list[URLPattern]:
        several = path("varios/", SeveralView.as_view(), name="several")
        return [several, *super().get_urlpatterns()]
