"""How much a draft may hold: far more than any answer needs, and little enough to stay fast."""

from collections.abc import Mapping
from typing import Any, Final

from cms.catalogs.spanish import clean_text
from cms.questionnaires.answers import AnswerProblem, number
from cms.questionnaires.definitions import Definition, Question

# How many times its own limit a text may have in a draft, so that people can shorten it here.
TIMES_ITS_LIMIT: Final = 4
SHORTEST_LIMIT: Final = 2_000
MOST_ITEMS: Final = 100
LONGEST_DRAFT: Final = 250_000


class AnswersTooLarge(Exception):
    """An answer is far longer than is allowed; nothing was written. `problems` says where."""

    def __init__(self, found: list[AnswerProblem]) -> None:
        self.problems = found
        self.explanation = " ".join(f"{problem.label}: {problem.message}" for problem in found)
        super().__init__(self.explanation)


def storable(changes: Mapping[str, Any], definition: Definition) -> dict[str, Any]:
    """The answers that a draft keeps: texts and lists of texts that the questionnaire asks for.

    Raises: AnswersTooLarge. Nothing is cut: a text without its end would pass for whole.
    """
    kept: dict[str, Any] = {}
    found: list[AnswerProblem] = []
    for key, value in changes.items():
        if not definition.has(key) or not _is_text(value):
            continue
        question = definition.question(key)
        problem = _too_large(question, value)
        if problem is not None:
            found.append(problem)
        elif isinstance(value, str):
            kept[key] = clean_text(value)
        else:
            kept[key] = [clean_text(item) for item in value]
    if found:
        raise AnswersTooLarge(found)
    return kept


def require_bearable(answers: Mapping[str, Any], definition: Definition) -> None:
    """Raise AnswersTooLarge, at the longest answer, if the whole draft is too large."""
    lengths = {key: _length(value) for key, value in answers.items() if definition.has(key)}
    if sum(lengths.values()) <= LONGEST_DRAFT:
        return
    longest = definition.question(max(lengths, key=lambda key: lengths[key]))
    raise AnswersTooLarge([_problem(longest, "El cuestionario entero ya es demasiado largo.")])


def _is_text(value: Any) -> bool:
    if isinstance(value, list):
        return all(isinstance(item, str) for item in value)
    return isinstance(value, str)


def _length(value: Any) -> int:
    return sum(map(len, value)) if isinstance(value, list) else len(str(value or ""))


def _limit(question: Question) -> int:
    return max(TIMES_ITS_LIMIT * question.max_length, SHORTEST_LIMIT)


def _too_large(question: Question, value: str | list[str]) -> AnswerProblem | None:
    if isinstance(value, list):
        if len(value) > MOST_ITEMS:
            return _problem(
                question, f"Son {number(len(value))} renglones; caben {number(MOST_ITEMS)}."
            )
        longest = max(map(len, value), default=0)
    else:
        longest = len(value)
    if longest <= _limit(question):
        return None
    return _problem(
        question,
        f"El texto tiene {number(longest)} caracteres; aquí se guardan hasta"
        f" {number(_limit(question))}.",
    )


def _problem(question: Question, what: str) -> AnswerProblem:
    return AnswerProblem(
        question=question.key,
        label=question.label,
        code="too_large",
        problem=what,
        remedy="Acórtalo y guarda de nuevo; este apartado todavía no se guardó.",
    )
