"""The public side as it will be seen on the date on which every office is in sight.

It is made of the rows that will be public. The names of an office that is not in sight yet are for
administrators only, and its photographs are served to nobody (ADR 0020).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.catalogs.listing import moment
from cms.catalogs.models import Process, Territory
from cms.portal import ballot, frames, heads, municipality_maps, whole_process
from cms.published import cards, selectors, tallies
from cms.published.cards import Card
from cms.published.tallies import Figures
from cms.reports.permissions import may_see_names
from cms.reports.views import PARAMETER, ForWhoLooks


@dataclass(frozen=True)
class Foreseen:
    """What is in sight of a process on the date on which all that has a date is.

    Attributes:
        is_later: whether that date is still to come. undated: offices without a date.
        places: (territory, active candidacies) of each ballot with somebody on it.
    """

    at: datetime
    is_later: bool
    undated: int
    figures: Figures
    places: list[tuple[Territory, int]]


def date_of(process: Process, now: datetime) -> datetime:
    """The first instant, from now on, at which every office that has a date is in sight."""
    last = process.offices.aggregate(last=Max("visible_from"))["last"]
    return max(now, last or now)


def foreseen(process: Process, now: datetime) -> Foreseen:
    """What will be in sight (four queries)."""
    at = date_of(process, now)
    tally = tallies.of_process(process.pk, at=at)
    known = Territory.objects.in_bulk(tally.active)
    return Foreseen(
        at=at,
        is_later=at > now,
        undated=process.offices.filter(visible_from__isnull=True).count(),
        figures=tally.figures,
        places=sorted(
            ((known[key], count) for key, count in tally.active.items()),
            key=lambda pair: pair[0].sort_key,
        ),
    )


class PreviewView(ForWhoLooks):
    """The figures of that date, and a way to each ballot."""

    template_name = "reports/preview.html"
    page_title = gettext_lazy("Vista previa de lo público")
    header_icon = "view"
    http_method_names = ("get", "head")

    def above(self) -> list[dict[str, str]]:
        return [{"url": reverse("reports:progress"), "label": str(ForWhoLooks.page_title)}]

    def get(self, request: HttpRequest) -> HttpResponse:
        process = self.chosen(request.GET.get(PARAMETER))
        if process is None:
            return self.nothing_there()
        seen = foreseen(process, timezone.now())
        return self.screen(process=process, seen=seen, date=moment(seen.at))


class BallotPreviewView(ForWhoLooks):
    """A ballot, written by the template of the public page."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        process = self.chosen(request.GET.get(PARAMETER))
        if process is None:
            return self.nothing_there()
        territory = selectors.ballot_place(slug, process=process)
        if territory is None:
            raise Http404
        return _ballot(request, process, territory)


def _ballot(request: HttpRequest, process: Process, territory: Territory) -> HttpResponse:
    now = timezone.now()
    at = date_of(process, now)
    rows = cards.of_ballot(process_pk=process.pk, territory_pk=territory.pk, at=at)
    in_sight = set(
        process.offices.filter(visibility__register_during__contains=now).values_list(
            "office", flat=True
        )
    )
    with_names = may_see_names(request.user)
    arranged = ballot.arrange(_as_it_may_be_read(rows, in_sight, with_names=with_names))
    held = selectors.ballot_of(process=process, territory=territory)
    context: dict[str, Any] = {
        "process": process,
        "territory": territory,
        "ballot": arranged,
        "held": held,
        **whole_process.ballot_words(territory, arranged, held),
        "upcoming": [],
        "map": municipality_maps.map_around(territory),
        "date": moment(at),
        "is_later": at > now,
        "with_names": with_names,
        "back": f"{reverse('reports:preview')}?{PARAMETER}={process.slug}",
    }
    head = replace(heads.of_ballot(territory), is_indexed=False, is_shared=False)
    return frames.page(request, head, "portal/municipality_preview.html", context)


def _as_it_may_be_read(
    rows: Iterable[Card], in_sight: set[int], *, with_names: bool
) -> Iterable[Card]:
    """The rows without what is not for this reader: see the module."""
    for row in rows:
        if row.office.pk in in_sight:
            yield row
        elif with_names:
            yield replace(row, photo="")
        else:
            yield replace(
                row,
                photo="",
                name=_("Nombre por publicar"),
                slug="por-publicar",
                candidacy_id=0,
                sex="",
            )
