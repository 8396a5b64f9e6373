"""What may be shown now. Every reader of the public side starts here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.fields import BooleanField
from django.db.models.functions import JSONObject
from django.utils import timezone

from cms.catalogs.contact import Contact
from cms.catalogs.models import (
    CandidacyState,
    PortalSettings,
    Process,
    Territory,
    TerritoryKind,
)
from cms.catalogs.public_paths import CANDIDACY, MUNICIPALITY
from cms.published.models import (
    ContentKind,
    PublishedCandidacy,
    PublishedContent,
    PublishedQuestionnaire,
)

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


@dataclass(frozen=True)
class PortalState:
    """What every public page says: the institute, the current process, the last publication."""

    process: Process | None
    institute_name: str
    contact: Contact
    last_publication: datetime | None


def portal_state() -> PortalState:
    """The state of the portal, in one query (two while there is no process).

    When staff chose no current process, the process with the latest election stands in.
    """
    settings = PortalSettings.objects.order_by("pk")
    latest = (
        PublishedCandidacy.objects.filter(process=OuterRef("pk"))
        .order_by()
        .values("process")
        .annotate(latest=Max("updated_at"))
        .values("latest")
    )
    chosen = settings.annotate(said=JSONObject(**{name: name for name in _INSTITUTE}))
    process = (
        Process.objects.annotate(
            is_current=Exists(settings.filter(current_process=OuterRef("pk"))),
            institute=Subquery(chosen.values("said")[:1]),
            latest=Subquery(latest),
        )
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
        last_publication=getattr(process, "latest", None),
    )


def _register_is_public(at: datetime) -> Q:
    return Q(process_office__visibility__register_during__contains=at)


def _answers_are_public(at: datetime) -> Q:
    return Q(process_office__visibility__answers_during__contains=at)


def visible_candidacies(
    *, process: Process | None = None, at: datetime | None = None
) -> QuerySet[PublishedCandidacy]:
    """Rows whose register is public at an instant (now), each with `answers_public` (bool).

    Whoever shows a row must blank what `answers_public` says is over: see `showable`.
    """
    instant = at or timezone.now()
    rows = PublishedCandidacy.objects.filter(_register_is_public(instant))
    if process is not None:
        rows = rows.filter(process=process)
    return (
        rows.select_related("process_office", "process", "office", "territory", "actor")
        .defer(
            "search_vector",
            "register_vector",
            "register_text",
            "text_high_weight",
            "text_low_weight",
        )
        .annotate(
            answers_public=Case(
                When(_answers_are_public(instant), then=Value(True)),
                default=Value(False),
                output_field=BooleanField(),
            )
        )
    )


def shows_answers(row: PublishedCandidacy) -> bool:
    """Whether the answers of a row from `visible_candidacies` were public at its instant."""
    return bool(getattr(row, "answers_public", False))


def without_answers(row: PublishedCandidacy) -> PublishedCandidacy:
    """The same row with only its register: what stays public after `public_until`."""
    row.answers = []
    row.contacts = []
    row.photo = row.photo_alt = ""
    row.facet_values, row.facet_labels = {}, {}
    row.published_at = None
    return row


def showable(row: PublishedCandidacy) -> PublishedCandidacy:
    """A row from `visible_candidacies` with nothing in it that is not public any more."""
    if shows_answers(row):
        return row
    return without_answers(row)


def candidacy(candidacy_id: int, *, at: datetime | None = None) -> PublishedCandidacy | None:
    """One public candidacy, already `showable`; None when there is none (one query).

    It also holds what its process asks now, which `asked_of` gives.
    """
    asked = PublishedQuestionnaire.objects.filter(process=OuterRef("process"), is_current=True)
    rows = visible_candidacies(at=at).annotate(
        asked=ArraySubquery(asked.order_by("kind").values("questions"))
    )
    row = rows.filter(candidacy_id=candidacy_id).first()
    return None if row is None else showable(row)


def asked_of(row: PublishedCandidacy) -> list[dict[str, Any]]:
    """What the process of a row from `candidacy` asks now, in reading order (no query).

    One questionnaire after the other; the members are those of `PublishedQuestionnaire.questions`.
    """
    return [question for questions in getattr(row, "asked", ()) for question in questions]


def ballot_order(rows: QuerySet[PublishedCandidacy]) -> QuerySet[PublishedCandidacy]:
    """The neutral order: office, actor on the ballot, list number, propietaria first, name."""
    return rows.order_by(
        "office__ballot_order",
        "actor__ballot_order",
        "actor__key",
        F("list_number").asc(nulls_last=True),
        "seat_kind",
        "sort_key",
    )


def photograph_is_public(name: str, *, at: datetime | None = None) -> bool:
    """Whether a photograph (its random name, without size or extension) may be served now."""
    instant = at or timezone.now()
    return (
        PublishedCandidacy.objects.filter(photo=name).filter(_answers_are_public(instant)).exists()
    )


def news() -> QuerySet[PublishedContent]:
    """Published news, newest first."""
    return PublishedContent.objects.filter(kind=ContentKind.NEWS)


def pages() -> QuerySet[PublishedContent]:
    """Published content pages, by title."""
    return PublishedContent.objects.filter(kind=ContentKind.PAGE).order_by("title")


# Numbers above this are registration keys of an export, not places on a list.
LAST_PLACE = 99


def for_lists(rows: QuerySet[PublishedCandidacy]) -> QuerySet[PublishedCandidacy]:
    """Leave out what only a candidacy's own page shows."""
    return rows.defer(
        "answers",
        "contacts",
        "search_vector",
        "register_vector",
        "register_text",
        "text_high_weight",
        "text_low_weight",
    )


def _showable_list(rows: QuerySet[PublishedCandidacy]) -> list[PublishedCandidacy]:
    found = list(for_lists(rows))
    for row in found:
        if not shows_answers(row):
            row.photo = row.photo_alt = ""
            row.facet_values, row.facet_labels = {}, {}
            row.published_at = None
    return found


def ballot_rows(*, process: Process, territory: Territory) -> list[PublishedCandidacy]:
    """Everyone on a territory's ballot in the neutral order, ended candidacies too (one query)."""
    return _showable_list(
        ballot_order(visible_candidacies(process=process).filter(territory=territory))
    )


@dataclass(frozen=True)
class Rivals:
    """Who else is on the ballot beside a candidacy."""

    competitors: list[PublishedCandidacy]
    partner: PublishedCandidacy | None
    successor: PublishedCandidacy | None


def rivals(row: PublishedCandidacy) -> Rivals:
    """Who competes for the same seat, who shares its formula, who replaced it (one query)."""
    same_seat = Q(seat_kind=row.seat_kind, principle=row.principle, state=CandidacyState.ACTIVE)
    if row.list_number is not None and row.list_number <= LAST_PLACE:
        same_seat &= Q(list_number=row.list_number)
    formula = Q(
        actor_id=row.actor_id,
        principle=row.principle,
        list_number=row.list_number,
        state=CandidacyState.ACTIVE,
    ) & ~Q(seat_kind=row.seat_kind)
    contest = Q(process_id=row.process_id, office_id=row.office_id, territory_id=row.territory_id)
    wanted = (contest & (same_seat | formula)) | Q(candidacy_id=row.superseded_by_id)
    found = _showable_list(
        ballot_order(visible_candidacies().filter(wanted).exclude(candidacy_id=row.candidacy_id))
    )
    partners = [
        other
        for other in found
        if other.actor_id == row.actor_id
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
        successor=next(
            (other for other in found if other.candidacy_id == row.superseded_by_id), None
        ),
    )


def municipality_counts(
    *, process: Process, at: datetime | None = None
) -> list[tuple[str, str, str, int]]:
    """(name, slug, CVEGEO, active candidacies) of each municipality, in Spanish order."""
    return list(
        PublishedCandidacy.objects.filter(
            _register_is_public(at or timezone.now()),
            process=process,
            territory__kind=TerritoryKind.MUNICIPALITY,
            state=CandidacyState.ACTIVE,
        )
        .values_list("territory__name", "territory__slug", "territory__cvegeo")
        .annotate(total=Count("candidacy_id"))
        .order_by("territory__sort_key")
    )


@dataclass(frozen=True)
class Figures:
    """How much there is to read: registered, with and without information, answers."""

    registered: int
    informed: int
    answers: int

    @property
    def silent(self) -> int:
        return self.registered - self.informed


_LENGTH = Func("answers", function="jsonb_array_length", output_field=IntegerField())


def figures(*, process: Process, at: datetime | None = None) -> Figures:
    """The figures of the home page, all from the same cut (one query)."""
    instant = at or timezone.now()
    informed = Q(published_at__isnull=False) & _answers_are_public(instant)
    found = PublishedCandidacy.objects.filter(
        _register_is_public(instant),
        process=process,
        state=CandidacyState.ACTIVE,
    ).aggregate(
        registered=Count("candidacy_id"),
        informed=Count("candidacy_id", filter=informed),
        answers=Sum(_LENGTH, filter=informed),
    )
    return Figures(found["registered"], found["informed"], found["answers"] or 0)


def addresses(
    *, process: Process | None, at: datetime | None = None
) -> list[tuple[str, datetime | None]]:
    """Every public address of a process with its last change, and the editorial pages."""
    editorial: list[tuple[str, datetime | None]] = list(
        PublishedContent.objects.values_list("url", "updated_at").order_by("url")
    )
    if process is None:
        return editorial
    instant = at or timezone.now()
    found: list[tuple[str, datetime | None]] = [
        (MUNICIPALITY.path(slug), None)
        for _name, slug, _cvegeo, _total in municipality_counts(process=process, at=instant)
    ]
    rows = PublishedCandidacy.objects.filter(
        _register_is_public(instant), process=process
    ).values_list("candidacy_id", "slug", "updated_at")
    found += [
        (CANDIDACY.path(key, slug), changed) for key, slug, changed in rows.order_by("candidacy_id")
    ]
    return found + editorial
