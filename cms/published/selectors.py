"""What may be shown now. Every reader of the public side starts here.

Each selector notes the versions of what it reads, and the instant at which a date changes it, for
the page that is being made (`cms.published.scope`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from django.apps import apps
from django.db import connection
from django.db.models import (
    Case,
    F,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.fields import BooleanField
from django.db.models.functions import JSONObject
from django.utils import timezone
from wagtail.models import Page, Site

from cms.catalogs import prepared
from cms.catalogs.contact import Contact
from cms.catalogs.models import (
    CandidacyState,
    PortalSettings,
    Process,
    Territory,
    TerritoryKind,
)
from cms.catalogs.public_paths import CANDIDACY, MUNICIPALITY
from cms.catalogs.selectors import public_processes
from cms.published import cards, catalogues, places, scope, tallies, versions
from cms.published.by_version import RememberedByVersion
from cms.published.cards import Card
from cms.published.models import (
    ContentKind,
    JSONReadOften,
    PublishedCandidacy,
    PublishedContent,
    PublishedQuestionnaire,
)
from cms.published.places import Elected, Place
from cms.published.tallies import Tally

# What a public page says of the institute, in the order in which it is read.
_INSTITUTE = (
    "institute_name",
    "contact_area",
    "contact_email",
    "contact_telephone",
    "contact_address",
    "contact_hours",
    "contact_answer_days",
)


# Columns that no page shows.
_ONLY_SEARCHED = (
    "search_vector",
    "register_vector",
    "register_text",
    "text_high_weight",
    "text_low_weight",
)


@dataclass(frozen=True)
class PortalState:
    """What every public page says: the institute and the current process."""

    process: Process | None
    institute_name: str
    contact: Contact


_state: RememberedByVersion[str, PortalState] = RememberedByVersion(
    64 * 1024, lambda _state: 10_000
)


def portal_state() -> PortalState:
    """The state of the portal (one query, or none while it is remembered; two without a process).

    When staff chose no current process, the process with the latest election stands in; never a
    rehearsal.
    """
    return _state.get("portal", (versions.SITE,), _read_state)


def _read_state() -> PortalState:
    settings = PortalSettings.objects.order_by("pk")
    chosen = settings.annotate(said=JSONObject(**{name: name for name in _INSTITUTE}))
    process = (
        public_processes()
        .annotate(institute=Subquery(chosen.values("said")[:1]))
        .order_by("-is_current", F("election_date").desc(nulls_last=True), "-pk")
        .first()
    )
    if process is None:
        said = settings.values(*_INSTITUTE).first()
    else:
        said = getattr(process, "institute", None)
    institute = PortalSettings(**(said or {}))
    return PortalState(
        process=process,
        institute_name=institute.institute_name,
        contact=institute.contact,
    )


def ballot_place(slug: str, *, process: Process | None) -> Territory | None:
    """The territory of a ballot by the slug of its address; None when there is none.

    One query, or none while the catalogues of a process are remembered. Without a process it is any
    municipality.
    """
    if process is not None:
        return catalogues.of_process(process.pk).ballot_place(slug)
    scope.depends_on(versions.SITE)
    return Territory.objects.filter(kind=TerritoryKind.MUNICIPALITY, slug=slug).first()


def _register_is_public(at: datetime) -> Q:
    return Q(process_office__visibility__register_during__contains=at)


def _answers_are_public(at: datetime) -> Q:
    return Q(process_office__visibility__answers_during__contains=at)


def depends_on_process(process_pk: int, at: datetime, *names: str) -> None:
    """Note that a page shows rows of a process as they are seen at an instant.

    Args:
        names: the versions of those rows.
    """
    scope.depends_on(versions.SITE, versions.process(process_pk), *names)
    catalogues.note_dates(process_pk, at)


def visible_candidacies(
    *, process: Process | None = None, at: datetime | None = None
) -> QuerySet[PublishedCandidacy]:
    """Rows whose register is public at an instant (now), each with `answers_public` (bool).

    Whoever shows a row must blank what `answers_public` says is over: see `showable`. Whoever names
    no process notes what the page depends on.
    """
    instant = at or timezone.now()
    rows = _visible(instant)
    if process is not None:
        depends_on_process(process.pk, instant, versions.rows(process.pk))
        rows = rows.filter(process=process)
    return rows.select_related("process_office", "process", "office", "territory", "actor")


def _visible(at: datetime) -> QuerySet[PublishedCandidacy]:
    return _with_visibility(PublishedCandidacy.objects.filter(_register_is_public(at)), at)


def _with_visibility(
    rows: QuerySet[PublishedCandidacy], at: datetime
) -> QuerySet[PublishedCandidacy]:
    return rows.defer(*_ONLY_SEARCHED).annotate(answers_public=_whether(_answers_are_public(at)))


def _whether(condition: Q) -> Case:
    return Case(
        When(condition, then=Value(True)), default=Value(False), output_field=BooleanField()
    )


def searched() -> QuerySet[PublishedCandidacy]:
    """The rows that a search may find, whenever they are public: nobody whose candidacy ended."""
    return PublishedCandidacy.objects.filter(state=CandidacyState.ACTIVE)


def shows_answers(row: PublishedCandidacy) -> bool:
    """Whether the answers of a row from `visible_candidacies` were public at its instant."""
    return bool(getattr(row, "answers_public", False))


def without_answers(row: PublishedCandidacy) -> PublishedCandidacy:
    """The same row with only its register: what stays public after `public_until`."""
    row.answers = []
    row.unanswered = {}
    row.contacts = []
    row.photo = row.photo_alt = ""
    row.facet_values, row.facet_labels = {}, {}
    row.published_at = None
    return row


def showable(row: PublishedCandidacy) -> PublishedCandidacy:
    """A row from `visible_candidacies` with nothing in it that is not public any more."""
    if shows_answers(row) and row.state == CandidacyState.ACTIVE:
        return row
    return without_answers(row)


_SHOWN = [
    field for field in PublishedCandidacy._meta.concrete_fields if field.name not in _ONLY_SEARCHED
]
_SHOWN_NAMES = [field.attname for field in _SHOWN]
_OF_JSON = [number for number, field in enumerate(_SHOWN) if isinstance(field, JSONReadOften)]
_CANDIDACY = f"""
select {", ".join(f'c."{field.column}"' for field in _SHOWN)},
    v.answers_during @> %(at)s, v.register_during @> %(at)s
from published_publishedcandidacy c
join published_visibility v on v.process_office_id = c.process_office_id
where c.candidacy_id = %(candidacy)s
"""  # noqa: S608 (names of columns)


def candidacy(candidacy_id: int, *, at: datetime | None = None) -> PublishedCandidacy | None:
    """One public candidacy, already `showable`; None when there is none (one query)."""
    instant = at or timezone.now()
    scope.depends_on(versions.candidacy(candidacy_id))
    with prepared.cursor() as cursor:
        cursor.execute(_CANDIDACY, {"candidacy": candidacy_id, "at": instant})
        columns = cursor.fetchone()
    if columns is None:
        return None
    found, is_public = _as_row(columns)
    # Also of a row that is not public yet: a date may make it public.
    depends_on_process(found.process_id, instant)
    if not is_public:
        return None
    row = catalogues.joined(found.process_id, lambda known: known.complete(found))
    row.process_office = catalogues.office_of(row)
    return showable(row)


def _as_row(columns: Sequence[Any]) -> tuple[PublishedCandidacy, bool]:
    """What `_CANDIDACY` reads, and whether its register is public."""
    *values, answers_public, register_public = columns
    for number in _OF_JSON:
        values[number] = orjson.loads(values[number])
    row = PublishedCandidacy.from_db(connection.alias, _SHOWN_NAMES, values)
    row.answers_public = answers_public  # type: ignore[attr-defined]
    return row, register_public


_Questions = list[dict[str, Any]]
_asked: RememberedByVersion[int, _Questions] = RememberedByVersion(
    4 * 1024 * 1024, lambda questions: 2000 * len(questions)
)


def asked_of(row: PublishedCandidacy) -> _Questions:
    """What the process of a row asks now, in reading order (one query, or none).

    One questionnaire after the other; the members are those of `PublishedQuestionnaire.questions`.
    Nobody may change them.
    """
    pk = row.process_id
    return _asked.get(pk, (versions.process(pk),), lambda: _read_asked(pk))


def _read_asked(process_pk: int) -> _Questions:
    asked = PublishedQuestionnaire.objects.filter(process=process_pk, is_current=True)
    found = asked.order_by("kind").values_list("questions", flat=True)
    return [question for questions in found for question in questions]


def has_photograph(name: str) -> Q:
    """The condition that a row's photograph has this random name."""
    return Q(photo_name=name) | Q(photo=name)


def photographed(name: str, *, at: datetime | None = None) -> PublishedCandidacy | None:
    """The row whose photograph has this random name, if it may be shown now (one query).

    The name is that of the publication, or of the photograph that was approved. The row holds what
    it says of its photograph and nothing else.
    """
    instant = at or timezone.now()
    rows = PublishedCandidacy.objects.filter(has_photograph(name))
    fields = ("candidacy_id", "photo", "photo_name", "photo_width")
    return rows.filter(_answers_are_public(instant)).only(*fields).first()


def news() -> QuerySet[PublishedContent]:
    """Published news, newest first."""
    scope.depends_on(versions.EDITORIAL)
    return PublishedContent.objects.filter(kind=ContentKind.NEWS)


def pages() -> QuerySet[PublishedContent]:
    """Published content pages, by title."""
    scope.depends_on(versions.EDITORIAL)
    return PublishedContent.objects.filter(kind=ContentKind.PAGE).order_by("title")


# What one of the paths takes, besides its letters.
_BYTES_OF_A_PATH = 300
_paths: RememberedByVersion[str, dict[str, tuple[str, int]]] = RememberedByVersion(
    1024 * 1024, lambda paths: sum(map(len, paths)) + _BYTES_OF_A_PATH * len(paths)
)


_OF_PATHS = (versions.SITE, versions.EDITORIAL)


def editorial_paths() -> Mapping[str, tuple[str, int]]:
    """The paths of the live pages that staff edit, without the first slash: "", "noticias/"…

    Three queries, or none while they are remembered.

    Returns: path → model and key of the page.
    """
    return _paths.get("paths", _OF_PATHS, _read_paths)


def remembered_editorial_paths() -> Mapping[str, tuple[str, int]] | None:
    """The same if they are remembered, without any query; else None."""
    return _paths.peek("paths", _OF_PATHS)


def _read_paths() -> dict[str, tuple[str, int]]:
    roots = list(Site.objects.values_list("root_page__url_path", flat=True))
    live = Page.objects.live().public().filter(content_type__app_label="portal")
    return {
        path.removeprefix(root): (model, pk)
        for path, model, pk in live.values_list("url_path", "content_type__model", "pk")
        for root in roots
        if path.startswith(root)
    }


def editorial_page(path: str) -> Any:
    """The live page that staff edit at a path of `editorial_paths`; None where there is none.

    No query where there is none, and one where there is.
    """
    found = editorial_paths().get(path)
    if found is None:
        return None
    model, pk = found
    return apps.get_model("portal", model)._default_manager.filter(pk=pk, live=True).first()


def for_lists(rows: QuerySet[PublishedCandidacy]) -> QuerySet[PublishedCandidacy]:
    """Leave out what only a candidacy's own page shows."""
    return rows.defer("answers", "contacts", *_ONLY_SEARCHED)


def ballot_rows(*, process: Process, territory: Territory) -> list[Card]:
    """Everyone on a territory's ballot in the neutral order, ended candidacies too (one query)."""
    instant = timezone.now()
    depends_on_process(process.pk, instant, versions.territory(process.pk, territory.pk))
    return cards.of_ballot(process_pk=process.pk, territory_pk=territory.pk, at=instant)


@dataclass(frozen=True)
class BallotOf:
    """What a territory elects in a process, and the ballots of other places that it is part of.

    Attributes:
        near: the districts of a municipality, or the municipalities of a district.
        wider: what the whole entity elects.
    """

    elected: list[Elected]
    near: list[Place]
    wider: list[Place]


def ballot_of(*, process: Process, territory: Territory) -> BallotOf:
    """What a territory elects (one query, or none while the catalogues are remembered)."""
    known = catalogues.of_process(process.pk)
    near, wider = places.beside(known, territory)
    return BallotOf(places.elected_in(known, territory.pk), near, wider)


@dataclass(frozen=True)
class OfficeDates:
    """When an office of a process is public, and its campaigns.

    Attributes:
        target: as it follows «candidata»: «a la presidencia municipal».
    """

    target: str
    visible_from: datetime | None
    campaign_from: date | None
    campaign_until: date | None


def dates_of_offices(process: Process) -> list[OfficeDates]:
    """The dates of each office in the order of the ballot (two queries, or none if remembered)."""
    offices = catalogues.of_process(process.pk).offices
    windows = sorted(
        catalogues.dates_of(process.pk).offices.values(),
        key=lambda window: offices[window.office_id].ballot_order,
    )
    return [
        OfficeDates(
            offices[window.office_id].target,
            window.visible_from,
            window.campaign_from,
            window.campaign_until,
        )
        for window in windows
    ]


@dataclass(frozen=True)
class Rivals:
    """Who else is on the ballot beside a candidacy."""

    competitors: list[Card]
    partner: Card | None
    successor: Card | None
    predecessor: Card | None


def rivals(row: PublishedCandidacy) -> Rivals:
    """Who competes for the same seat, who shares its formula, who replaced it, whom it replaced.

    One query.
    """
    instant = timezone.now()
    depends_on_process(row.process_id, instant, versions.seat(row), versions.formula(row))
    for other in (row.superseded_by_id, row.supersedes_id):
        if other is not None:
            scope.depends_on(versions.candidacy(other))
    found = cards.beside(row, at=instant)
    partners = [
        other
        for other in found
        if other.actor.pk == row.actor_id
        and other.seat_kind != row.seat_kind
        and other.list_number == row.list_number
    ]
    return Rivals(
        competitors=[
            other
            for other in found
            if other.seat_kind == row.seat_kind and other.state == CandidacyState.ACTIVE
        ],
        partner=partners[0] if len(partners) == 1 else None,
        successor=_one_of(found, row.superseded_by_id),
        predecessor=_one_of(found, row.supersedes_id),
    )


def _one_of(found: Sequence[Card], candidacy_id: int | None) -> Card | None:
    return next((other for other in found if other.candidacy_id == candidacy_id), None)


def tally(*, process: Process, at: datetime | None = None) -> Tally:
    """How much of a process can be read (one query)."""
    instant = at or timezone.now()
    depends_on_process(process.pk, instant, versions.rows(process.pk))
    return tallies.of_process(process.pk, at=instant)


def addresses(
    *, process: Process | None, at: datetime | None = None
) -> list[tuple[str, datetime | None]]:
    """Every public address of a process with its last change, and the editorial pages.

    The page of a candidacy that ended is kept, and nobody is sent to it.

    Of a rehearsal none: nobody should find it by searching the web.
    """
    scope.depends_on(versions.EDITORIAL)
    editorial: list[tuple[str, datetime | None]] = list(
        PublishedContent.objects.values_list("url", "updated_at").order_by("url")
    )
    if process is None or process.is_rehearsal:
        return editorial
    instant = at or timezone.now()
    found: list[tuple[str, datetime | None]] = [
        (MUNICIPALITY.path(place.slug), None)
        for place in tally(process=process, at=instant).places().all
    ]
    rows = (
        searched()
        .filter(_register_is_public(instant), process=process)
        .values_list("candidacy_id", "slug", "updated_at")
    )
    found += [
        (CANDIDACY.path(key, slug), changed) for key, slug, changed in rows.order_by("candidacy_id")
    ]
    return found + editorial
