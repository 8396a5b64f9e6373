"""What is read about new versions: drafts, what they change, and whom it reaches."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from cms.catalogs.models import Process
from cms.questionnaires.definitions import Definition, DefinitionError
from cms.questionnaires.kinds import Kind
from cms.questionnaires.kinds import kind as kind_of
from cms.questionnaires.models import (
    DefinitionChange,
    DefinitionDraft,
    Draft,
    Questionnaire,
    QuestionnaireDefinition,
    QuestionnaireState,
)
from cms.questionnaires.selectors import InUse, NoQuestionnaire, definition_for
from cms.questionnaires.versions import editing, keys
from cms.questionnaires.versions.difference import Difference, differences

S = QuestionnaireState


def mark_of(part: Mapping[str, Any] | None, *, place: str = "") -> str:
    """A mark of what a part of a draft says, by which a form knows that somebody changed it."""
    if part is None:
        return "-"
    written = json.dumps([part, place], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()[:32]


def question_mark(content: Mapping[str, Any], key: str) -> str:
    """The mark of a question and of the section in which it is asked."""
    holder = editing.holder_of(content, key)
    return mark_of(editing.question_of(content, key), place=holder["key"] if holder else "")


def section_mark(content: Mapping[str, Any], key: str) -> str:
    """The mark of a section, without its questions."""
    section = editing.section_of(content, key)
    said = section and {name: text for name, text in section.items() if name != "questions"}
    return mark_of(said)


def chapter_mark(content: Mapping[str, Any], key: str) -> str:
    """The mark of a chapter."""
    return mark_of(editing.chapter_of(content, key))


def names_mark(content: Mapping[str, Any]) -> str:
    """The mark of the title and the counting rule."""
    return mark_of({name: content[name] for name in ("title", "counting_rule")})


def types_used(kind: str) -> dict[str, set[str]]:
    """Key → the types that it has had in the versions of a kind (one query)."""
    stored = QuestionnaireDefinition.objects.filter(kind=kind)
    return keys.types_used(stored.values_list("content", flat=True))


def in_force(process: Process, kind: Kind) -> InUse | None:
    """The version that a process uses of a kind; None if it asks nothing of it."""
    try:
        return definition_for(process=process, kind=kind)
    except NoQuestionnaire:
        return None


def as_counted(in_use: InUse | None) -> Definition | None:
    """A version with the counting rule by which the process counts it."""
    if in_use is None:
        return None
    return replace(in_use.definition, counting_rule=in_use.rule)


@dataclass(frozen=True)
class Prospect:
    """What putting a draft in force would do.

    Attributes:
        problems: what has to be mended before, in Spanish.
        definition: the draft read as a version; None while it has problems.
        changes: against the version in force, in order.
    """

    in_force: InUse | None
    problems: list[str]
    definition: Definition | None
    changes: list[Difference]

    @property
    def asked_again(self) -> list[Difference]:
        """The changes for which somebody who had finished may have to write again."""
        return [change for change in self.changes if change.asks_again]


def prospect_of(draft: DefinitionDraft) -> Prospect:
    """What a draft would do now (two queries)."""
    now = in_force(draft.process, kind_of(draft.kind))
    problems = editing.problems_of(draft.content, types_used(draft.kind))
    definition = definition_of(draft)
    if definition is None:
        return Prospect(now, problems, None, [])
    return Prospect(now, problems, definition, differences(as_counted(now), definition))


def definition_of(draft: DefinitionDraft) -> Definition | None:
    """A draft read as a version; None while it cannot be."""
    try:
        return Definition.from_content(draft.content)
    except DefinitionError:
        return None


@dataclass(frozen=True)
class Reach:
    """How many candidacies have something written under the version in force."""

    drafts: int
    under_review: int
    published: int


def reach_of(process: Process, kind: str) -> Reach:
    """Whom a new version reaches (two queries)."""
    drafts = Draft.objects.filter(
        questionnaire__candidacy__process=process, questionnaire__kind=kind
    ).count()
    dossiers = Questionnaire.objects.filter(candidacy__process=process, kind=kind)
    counted = dossiers.aggregate(
        under_review=Count("pk", filter=Q(state__in=[S.SUBMITTED, S.VALIDATED])),
        published=Count("pk", filter=Q(page__live=True)),
    )
    return Reach(drafts, counted["under_review"], counted["published"])


@dataclass(frozen=True)
class Clock:
    """How much time is left to inform INE of a change."""

    words: str
    tone: str


def clock_of(change: DefinitionChange) -> Clock:
    """The clock of a change, in words; it stops when INE was informed, and no rehearsal has one."""
    if change.process.is_rehearsal:
        return Clock("Es un ensayo: no se informa", "done")
    if change.informed_on is not None:
        late = (change.informed_on - change.due_on).days
        if late > 0:
            return Clock(f"Informado {days(late)} después del plazo", "late")
        return Clock("Informado", "done")
    left = (change.due_on - timezone.localdate()).days
    if left < 0:
        return Clock(f"El plazo venció hace {days(-left)}", "late")
    if left == 0:
        return Clock("El plazo vence hoy", "soon")
    return Clock(f"Queda{'' if left == 1 else 'n'} {days(left)}", "soon")


def days(number: int) -> str:
    """«1 día», «3 días»."""
    return f"{number} día{'' if number == 1 else 's'}"
