"""The contests of an office of a process: taken, loaded, their seats, and removed."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin import messages

from cms.catalogs import contests, district_table
from cms.catalogs.contest_screens.base import OfficeScreen, address
from cms.catalogs.contest_screens.forms import DistrictsForm
from cms.catalogs.contest_screens.seats import SeatRows
from cms.catalogs.contest_screens.words import contests_in_words, seats_in_words, taking_of
from cms.catalogs.contests import ContestsRefused, SeatsMoved
from cms.catalogs.districts import Loaded, load_districts
from cms.catalogs.files import municipalities_of
from cms.catalogs.models import Contest, TerritoryKind
from cms.catalogs.offices import remove_office

MOST_PROBLEMS = 100


class OfficeView(OfficeScreen):
    """The contests of an office, with their seats in one form."""

    template_name = "catalogs/office.html"

    def trail(self) -> list[tuple[str, Any]]:
        return super().trail()[:-1]

    def get_page_title(self) -> str:
        return f"{self.held.office.name}, {self.held.process.name}"

    def _rows(self) -> SeatRows:
        found = self.held.contests.select_related("territory").order_by("territory__sort_key")
        return SeatRows(list(found), contests.standing(self.held))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._shown(self._rows())

    def _shown(
        self, seats: SeatRows, status: int = 200, problems: Sequence[str] = ()
    ) -> HttpResponse:
        found = [row.contest for row in seats.rows]
        known = [one.seats for one in found if one.seats is not None]
        own = [one for one in found if one.territory.entity_code == self.held.process.entity_code]
        kind = self.held.office.territory_kind
        return self.screen(
            status,
            held=self.held,
            seats=seats,
            problems=problems,
            standing=sum(row.standing for row in seats.rows),
            how_many=contests_in_words(len(found)),
            how_many_seats=seats_in_words(sum(known), len(found) - len(known)),
            taking=taking_of(self.held, len(own)),
            is_of_districts=kind == TerritoryKind.DISTRICT,
            is_from_register=kind == TerritoryKind.CONSTITUENCY,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        seats = self._rows()
        seats.read(request.POST)
        if seats.wrong or seats.fill_error:
            return self._shown(seats, 422)
        try:
            number = contests.set_seats(
                process_office=self.held, seats=seats.changed, opened=seats.opened, by=self.user
            )
        except SeatsMoved as moved:
            seats.tell(moved.now)
            return self._shown(seats, 409)
        except ContestsRefused as refused:
            return self._shown(seats, 409, refused.problems)
        if number:
            said = ngettext(
                "Se guardaron los lugares de %(n)s elección.",
                "Se guardaron los lugares de %(n)s elecciones.",
                number,
            )
            messages.success(request, said % {"n": number})
        else:
            messages.info(request, _("No había nada que guardar: los lugares ya eran esos."))
        return self.back()


class TakeView(OfficeScreen):
    """Takes the contests of an office from the catalogue."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        statewide = self.held.office.territory_kind == TerritoryKind.ENTITY
        take = contests.take_statewide if statewide else contests.take_municipalities
        try:
            number = take(process_office=self.held, by=self.user)
        except ContestsRefused as refused:
            for problem in refused.problems:
                messages.error(request, problem)
            return self.back()
        if number:
            said = ngettext("Se agregó %(n)s elección.", "Se agregaron %(n)s elecciones.", number)
            messages.success(request, said % {"n": number})
        else:
            messages.info(request, _("Ya estaban todas: no cambió nada."))
        return self.back()


class DistrictsView(OfficeScreen):
    """Loads the districts of an office from a table, which begins as it is now."""

    template_name = "catalogs/districts.html"
    page_title = _("Cargar distritos")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.held.office.territory_kind != TerritoryKind.DISTRICT:
            return self.back()
        return self._shown(DistrictsForm(initial={"table": self._as_it_is()}))

    def _as_it_is(self) -> str:
        names = {
            row["cvegeo"]: row["nombre"] for row in municipalities_of(self.held.process.entity_code)
        }
        found = self.held.contests.select_related("territory").order_by("territory__sort_key")
        lines = [
            "\t".join(
                (
                    str(one.territory.number or ""),
                    one.territory.name.partition(", ")[2],
                    "; ".join(names.get(key, key) for key in one.covers),
                )
            )
            for one in found
        ]
        return "\n".join(lines)

    def _shown(
        self, form: DistrictsForm, status: int = 200, problems: Sequence[str] = ()
    ) -> HttpResponse:
        return self.screen(
            status,
            held=self.held,
            form=form,
            problems=problems[:MOST_PROBLEMS],
            further=len(problems[MOST_PROBLEMS:]),
            back=address("office", self.held.pk),
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = DistrictsForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._shown(form, 422)
        try:
            table = form.cleaned_data["table"]
            if form.cleaned_data["file"] is not None:
                content = form.cleaned_data["file"].read()
                table = district_table.decoded(content).replace("\0", "")
                # The table is then shown as text, so that it can be mended where it stands.
                form = DistrictsForm({"table": table})
            rows = district_table.read(table, self.held.process.entity_code)
            loaded = load_districts(process_office=self.held, rows=rows, by=self.user)
        except ContestsRefused as refused:
            return self._shown(form, 422, refused.problems)
        self._tell(loaded, len(rows))
        return self.back()

    def _tell(self, loaded: Loaded, total: int) -> None:
        said = ngettext("Se agregó %(n)s distrito.", "Se agregaron %(n)s distritos.", loaded.added)
        if loaded.added:
            messages.success(self.request, said % {"n": loaded.added})
        if loaded.redrawn:
            said = ngettext(
                "Cambiaron los municipios de %(n)s distrito.",
                "Cambiaron los municipios de %(n)s distritos.",
                loaded.redrawn,
            )
            messages.success(self.request, said % {"n": loaded.redrawn})
        for name in loaded.kept:
            told = _("«%(name)s» conserva su nombre: otro proceso también lo tiene.")
            messages.warning(self.request, told % {"name": name})
        if total and not (loaded.added or loaded.redrawn):
            messages.info(self.request, _("Los distritos de la tabla ya estaban."))


class RemoveView(OfficeScreen):
    """Asks before it removes contests, and says in which of them somebody stands."""

    template_name = "catalogs/remove.html"
    page_title = _("Quitar elecciones")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.back()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        chosen = self._chosen()
        if not chosen:
            messages.warning(request, _("Marca primero las elecciones que quieres quitar."))
            return self.back()
        if request.POST.get("confirmed") != "yes":
            return self._shown(chosen)
        try:
            number = contests.remove_contests(
                process_office=self.held, contest_ids=[one.pk for one in chosen], by=self.user
            )
        except ContestsRefused:
            return self._shown(chosen, 409)
        said = ngettext("Se quitó %(n)s elección.", "Se quitaron %(n)s elecciones.", number)
        messages.success(request, said % {"n": number})
        return self.back()

    def _chosen(self) -> list[Contest]:
        sent = self.request.POST.getlist("contest")
        keys = [int(key) for key in sent if key.isascii() and key.isdecimal() and len(key) < 10]
        found = self.held.contests.filter(pk__in=keys).select_related("territory")
        return list(found.order_by("territory__sort_key"))

    def _shown(self, chosen: list[Contest], status: int = 200) -> HttpResponse:
        standing = contests.standing(self.held)
        return self.screen(
            status,
            held=self.held,
            problems=contests.standing_in_words(chosen, standing),
            free=[one for one in chosen if not standing.get(one.territory_id)],
            back=address("office", self.held.pk),
        )


class RemoveOfficeView(OfficeScreen):
    """Asks before it takes an office without contests from a process."""

    permission = "catalogs.change_processoffice"
    template_name = "catalogs/remove_office.html"
    page_title = _("Quitar el cargo")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.held.contests.exists():
            return self.back()
        return self.screen(held=self.held, back=address("office", self.held.pk))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            remove_office(process_office=self.held, by=self.user)
        except ContestsRefused as refused:
            for problem in refused.problems:
                messages.error(request, problem)
            return self.back()
        messages.success(request, _("Se quitó el cargo del proceso."))
        return redirect(address("process", self.held.process_id))
