"""What may be shown now. Every reader of the public side starts here."""

from datetime import datetime

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.fields import BooleanField
from django.utils import timezone

from cms.catalogs.models import Process
from cms.published.models import ContentKind, PublishedCandidacy, PublishedContent


def _answers_are_public(at: datetime) -> Q:
    return Q(process_office__public_until__isnull=True) | Q(process_office__public_until__gt=at)


def visible_candidacies(
    *, process: Process | None = None, at: datetime | None = None
) -> QuerySet[PublishedCandidacy]:
    """Rows whose register is public at an instant (now), each with `answers_public` (bool).

    Whoever shows a row must blank what `answers_public` says is over: see `without_answers`.
    Source: Lineamientos (start of publication); LGTAIP 58, 63, 70 (the register stays).
    """
    instant = at or timezone.now()
    rows = PublishedCandidacy.objects.filter(process_office__visible_from__lte=instant)
    if process is not None:
        rows = rows.filter(process=process)
    return (
        rows.select_related("process_office", "process", "office", "territory", "actor")
        .defer("search_vector", "register_vector", "register_text", "text_proposals", "text_life")
        .annotate(
            answers_public=Case(
                When(_answers_are_public(instant), then=Value(True)),
                default=Value(False),
                output_field=BooleanField(),
            )
        )
    )


def without_answers(row: PublishedCandidacy) -> PublishedCandidacy:
    """The same row with only its register: what stays public after `public_until`."""
    row.answers = []
    row.contacts = []
    row.photo = row.photo_alt = ""
    row.degree = row.degree_label = ""
    row.published_at = None
    return row


def showable(row: PublishedCandidacy) -> PublishedCandidacy:
    """A row from `visible_candidacies` with nothing in it that is not public any more."""
    if getattr(row, "answers_public", False):
        return row
    return without_answers(row)


def candidacy(candidacy_id: int, *, at: datetime | None = None) -> PublishedCandidacy | None:
    """One public candidacy, already `showable`; None when there is none (one query)."""
    row = visible_candidacies(at=at).filter(candidacy_id=candidacy_id).first()
    return None if row is None else showable(row)


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
        PublishedCandidacy.objects.filter(photo=name, process_office__visible_from__lte=instant)
        .filter(_answers_are_public(instant))
        .exists()
    )


def news() -> QuerySet[PublishedContent]:
    """Published news, newest first."""
    return PublishedContent.objects.filter(kind=ContentKind.NEWS)


def pages() -> QuerySet[PublishedContent]:
    """Published content pages, by title."""
    return PublishedContent.objects.filter(kind=ContentKind.PAGE).order_by("title")
