"""What a public row holds: the register, and the public answers of the live questionnaire."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify

from cms.candidacies.corrections import public_corrections
from cms.candidacies.models import CandidacyPage
from cms.candidacies.replacement import predecessors_of
from cms.catalogs.models import ProcessOffice
from cms.catalogs.spanish import sort_key
from cms.published.models import PublishedCandidacy
from cms.questionnaires.answers import public_answers, public_contacts, public_unanswered
from cms.questionnaires.definitions import Definition, Weight

# The database writes the vectors and the number of answers, and `pictures` what the files of the
# photograph are called.
NOT_WRITTEN = {
    *("candidacy_id", "search_vector", "register_vector", "answers_count"),
    *("photo_name", "photo_width"),
}
NOT_COMPARED = {*NOT_WRITTEN, "updated_at", "version"}
WRITTEN_FIELDS = [
    field.name
    for field in PublishedCandidacy._meta.concrete_fields
    if field.name not in NOT_WRITTEN
]
COMPARED_FIELDS = [
    field.attname
    for field in PublishedCandidacy._meta.concrete_fields
    if field.name not in NOT_COMPARED
]
# The fields that change when a definition changes how its answers are read.
FIELDS_THAT_DEFINITIONS_DECIDE = [
    "answers",
    "unanswered",
    "facet_values",
    "facet_labels",
    "text_high_weight",
    "text_low_weight",
]
# The length of the column; an «ñ» takes two characters of the key.
LONGEST_SORT_KEY = 250


@dataclass(frozen=True)
class RegisterHistory:
    """What the public sees of the history of some candidacies.

    Attributes:
        predecessors: candidacy → the one that it replaced.
        corrections: candidacy → the members of `PublishedCandidacy.corrections`.
    """

    predecessors: Mapping[int, int]
    corrections: Mapping[int, list[dict[str, str]]]


def register_history(candidacy_ids: Collection[int]) -> RegisterHistory:
    """The public history of these candidacies (two queries)."""
    return RegisterHistory(predecessors_of(candidacy_ids), public_corrections(candidacy_ids))


def same_content(before: PublishedCandidacy, after: PublishedCandidacy) -> bool:
    """Whether two rows say the same, whenever they were written."""
    return all(getattr(before, name) == getattr(after, name) for name in COMPARED_FIELDS)


def _as_text(answer: dict[str, Any]) -> str:
    value = answer["respuesta"]
    return "\n".join(value) if isinstance(value, list) else str(value)


def _register_text(candidacy: CandidacyPage) -> str:
    actor = candidacy.actor
    return " ".join(
        part
        for part in (
            candidacy.nickname,
            candidacy.office.name,
            candidacy.territory.name,
            actor.name,
            actor.acronym,
            " ".join(actor.members),
        )
        if part
    )


def register_row(
    candidacy: CandidacyPage, window: ProcessOffice, said: RegisterHistory
) -> PublishedCandidacy:
    """The unsaved row of a candidacy without its answers, which the publishers of each kind add.

    The caller sets `version` and `updated_at`.
    """
    return PublishedCandidacy(
        candidacy_id=candidacy.pk,
        external_id=candidacy.external_id,
        process_id=candidacy.process_id,
        office_id=candidacy.office_id,
        process_office_id=window.pk,
        territory_id=candidacy.territory_id,
        actor_id=candidacy.actor_id,
        name=candidacy.name,
        sort_key=sort_key(candidacy.name)[:LONGEST_SORT_KEY],
        slug=slugify(candidacy.name)[:120] or "candidatura",
        nickname=candidacy.nickname,
        principle=candidacy.principle,
        seat_kind=candidacy.seat_kind,
        list_number=candidacy.list_number,
        sex=candidacy.sex,
        age=candidacy.age,
        state=candidacy.state,
        end_cause=candidacy.end_cause,
        ended_on=candidacy.ended_on,
        superseded_by_id=candidacy.superseded_by_id,
        supersedes_id=said.predecessors.get(candidacy.pk),
        corrections=said.corrections.get(candidacy.pk, []),
        registered_at=candidacy.registered_at,
        register_text=_register_text(candidacy),
    )


def add_answers(row: PublishedCandidacy, given: Mapping[str, Any], definition: Definition) -> None:
    """Add what is public of the answers of a live questionnaire: texts, photograph and contacts.

    What another kind of questionnaire added before stays: its photograph and its facets too.
    """
    answers = public_answers(definition, given)
    row.answers = [*row.answers, *answers]
    unanswered = public_unanswered(definition, given)
    row.unanswered = {**row.unanswered, definition.kind: unanswered}
    row.contacts = [*row.contacts, *public_contacts(definition, given)]
    photograph, described = definition.photograph, definition.alternative_text
    if photograph is not None and given.get(photograph.key) and not row.photo:
        row.photo = given[photograph.key]
        alternative = given.get(described.key, "") if described is not None else ""
        row.photo_alt = alternative or f"Fotografía de {row.name}"
    for answer in answers:
        if answer["faceta"]:
            row.facet_values = {answer["faceta"]: answer["valor"], **row.facet_values}
            row.facet_labels = {answer["faceta"]: answer["respuesta"], **row.facet_labels}
    row.text_high_weight = _texts(row, Weight.ALTO)
    row.text_low_weight = _texts(row, Weight.BAJO)


def _texts(row: PublishedCandidacy, weight: Weight) -> str:
    return "\n".join(_as_text(answer) for answer in row.answers if answer["peso"] == weight)
