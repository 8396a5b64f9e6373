"""Processes with what they elect; the offices of one, several at once; its actors, copied."""

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin import messages

from cms.catalogs import entities
from cms.catalogs.actors import copy_actors
from cms.catalogs.contest_screens.base import ProcessScreen, Screen, address
from cms.catalogs.contest_screens.forms import ActorsForm, OfficesForm
from cms.catalogs.contest_screens.words import contests_in_words, seats_in_words
from cms.catalogs.models import (
    Contest,
    Office,
    PoliticalActor,
    Process,
    ProcessOffice,
    TerritoryKind,
)
from cms.catalogs.offices import add_offices


def _counted(rows: QuerySet[Any], of: str) -> Coalesce:
    """How many rows belong to a process, in a column of their own."""
    number = rows.filter(**{of: OuterRef("pk")}).order_by().values(of).annotate(n=Count("pk"))
    return Coalesce(Subquery(number.values("n")), 0, output_field=IntegerField())


class IndexView(Screen):
    """Every process, with the way to what it elects."""

    template_name = "catalogs/processes.html"
    page_title = _("Elecciones")

    def trail(self) -> list[tuple[str, Any]]:
        return []

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        processes = Process.objects.annotate(
            office_count=_counted(ProcessOffice.objects.all(), "process"),
            contest_count=_counted(Contest.objects.all(), "process_office__process"),
            actor_count=_counted(PoliticalActor.objects.all(), "process"),
        )
        names = dict(entities.choices())
        rows = [(one, names.get(one.entity_code) if one.entity_code else "") for one in processes]
        return self.screen(rows=rows)


class ProcessView(ProcessScreen):
    """What a process elects: its offices with their contests, and its actors."""

    template_name = "catalogs/process.html"

    def trail(self) -> list[tuple[str, Any]]:
        return Screen.trail(self)

    def get_page_title(self) -> str:
        return self.process.name

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        offices = self.process.offices.select_related("office").annotate(
            contest_count=Count("contests"),
            seats=Coalesce(Sum("contests__seats"), 0),
            unknown=Count("contests", filter=Q(contests__seats__isnull=True)),
        )
        rows = [
            (one, contests_in_words(one.contest_count), seats_in_words(one.seats, one.unknown))
            for one in offices.order_by("office__ballot_order")
        ]
        kinds = self.process.actors.order_by().values_list("kind").annotate(number=Count("pk"))
        return self.screen(
            process=self.process,
            entity=entities.name_of(self.process.entity_code),
            rows=rows,
            actors=sum(number for _kind, number in kinds),
            may_add_office=request.user.has_perm(AddOfficesView.permission),
            may_add_actor=request.user.has_perm(CopyActorsView.permission),
            has_sources=Process.objects.exclude(pk=self.process.pk)
            .filter(actors__isnull=False)
            .exists(),
        )


class AddOfficesView(ProcessScreen):
    """Adds several offices of the catalogue at once."""

    permission = "catalogs.add_processoffice"
    template_name = "catalogs/offices.html"
    page_title = _("Agregar cargos")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._shown(OfficesForm(process=self.process))

    def _shown(self, form: OfficesForm, status: int = 200) -> HttpResponse:
        fields: Any = form.fields
        kinds = dict(TerritoryKind.choices)
        fields["offices"].label_from_instance = lambda office: _per(office, kinds)
        back = address("process", self.process.pk)
        is_empty = not fields["offices"].queryset.exists()
        return self.screen(status, form=form, back=back, is_empty=is_empty)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = OfficesForm(request.POST, process=self.process)
        if not form.is_valid():
            return self._shown(form, 422)
        new = add_offices(
            process=self.process,
            offices=list(form.cleaned_data["offices"]),
            with_silence=form.cleaned_data.get("with_silence", False),
            by=self.user,
        )
        said = ngettext("Se agregó %(n)s cargo.", "Se agregaron %(n)s cargos.", len(new))
        messages.success(request, said % {"n": len(new)})
        return self.back()


def _per(office: Office, kinds: dict[Any, Any]) -> str:
    """«Regiduría (por municipio)»."""
    return f"{office.name} ({_('por')} {kinds[office.territory_kind]})"


class CopyActorsView(ProcessScreen):
    """Copies actors of another process: first whose, then which."""

    permission = "catalogs.add_politicalactor"
    header_icon = "group"
    template_name = "catalogs/copy_actors.html"
    page_title = _("Copiar actores políticos")

    def _sources(self) -> QuerySet[Process]:
        others = Process.objects.exclude(pk=self.process.pk)
        return others.annotate(number=Count("actors")).filter(number__gt=0)

    def _source(self, sent: Any) -> Process | None:
        pk = str(sent.get("desde", ""))
        known = pk.isascii() and pk.isdecimal() and len(pk) < 10
        return self._sources().filter(pk=int(pk)).first() if known else None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        source = self._source(request.GET)
        form = ActorsForm(source=source, target=self.process) if source is not None else None
        return self._shown(source, form)

    def _shown(
        self, source: Process | None, form: ActorsForm | None, status: int = 200
    ) -> HttpResponse:
        back = address("process", self.process.pk)
        return self.screen(
            status,
            process=self.process,
            sources=self._sources(),
            source=source,
            form=form,
            back=back,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        source = self._source(request.POST)
        if source is None:
            messages.error(request, _("Elige de qué proceso se copian."))
            return self._shown(None, None, 422)
        form = ActorsForm(request.POST, source=source, target=self.process)
        if form.is_empty:
            # A form that is sent twice: the first sending copied them.
            messages.info(request, _("Este proceso ya tiene todos esos actores."))
            return self.back()
        if not form.is_valid():
            return self._shown(source, form, 422)
        number = copy_actors(
            source=source, target=self.process, keys=form.cleaned_data["keys"], by=self.user
        )
        said = ngettext(
            "Se copió %(n)s actor político.", "Se copiaron %(n)s actores políticos.", number
        )
        messages.success(request, said % {"n": number})
        return self.back()
