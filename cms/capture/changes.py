"""What the institute changed in a questionnaire since its answers were given, for who captures."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cms.catalogs.models import Process
from cms.questionnaires.answers import AnswerProblem, normalise, problems
from cms.questionnaires.definitions import Definition
from cms.questionnaires.models import DefinitionChange
from cms.questionnaires.selectors import InUse, parsed, version_named
from cms.questionnaires.versions.difference import Difference, differences


@dataclass(frozen=True)
class Changes:
    """What changed since, and what that asks for.

    Attributes:
        words: what changed, in Spanish.
        asked: what is missing or wrong now, and was not under the earlier version.
    """

    words: list[str]
    asked: list[AnswerProblem]


def words_since(given_under: str, *, in_use: InUse, process: Process) -> list[str]:
    """What changed since a version, in Spanish, as far as who captures notices.

    Args:
        given_under: as `selectors.InHand` has it.
    """
    before = _before(given_under, in_use, process)
    return [] if before is None else _words(before, _counted(in_use))


def changes_since(
    given_under: str, *, in_use: InUse, process: Process, answers: Mapping[str, Any]
) -> Changes | None:
    """What changed since a version, and what it asks for of these answers; None if nothing did."""
    before = _before(given_under, in_use, process)
    now = _counted(in_use)
    words = [] if before is None else _words(before, now)
    if before is None or not words:
        return None
    known = {(found.question, found.code) for found in _problems(before, answers)}
    asked = [
        found for found in _problems(now, answers) if (found.question, found.code) not in known
    ]
    return Changes(words, asked)


def _counted(in_use: InUse) -> Definition:
    return replace(in_use.definition, counting_rule=in_use.rule)


def _problems(definition: Definition, answers: Mapping[str, Any]) -> list[AnswerProblem]:
    return problems(definition, normalise(definition, answers))


def _before(given_under: str, in_use: InUse, process: Process) -> Definition | None:
    """The earlier version; None if it is the one in use, or unknown."""
    name, _blank, rule = given_under.partition(" ")
    if not name or (name == in_use.stored.version and rule in {"", in_use.rule}):
        return None
    stored = version_named(name)
    if stored is None:
        return None
    before = parsed(stored)
    if rule:
        return replace(before, counting_rule=rule)
    # A submission does not say how it was counted: the log says whether that changed.
    now = _counted(in_use)
    counting = [found for found in differences(before, now) if _is_of_all_counting(found)]
    noted = counting and DefinitionChange.objects.filter(
        process=process, kind=stored.kind, words__contains=[counting[0].words]
    )
    if noted and noted.exists():
        return before
    return replace(before, counting_rule=in_use.rule)


def _is_of_all_counting(found: Difference) -> bool:
    return found.code == "counting" and not found.key


def _words(before: Definition, now: Definition) -> list[str]:
    return [
        _gone(before, found) if found.code == "question_gone" else found.words
        for found in differences(before, now)
        if found.is_seen_in_capture
    ]


def _gone(before: Definition, found: Difference) -> str:
    label = before.question(found.key).label
    return f"«{label}» ya no se pregunta: lo que hayas escrito ahí no se envía."
