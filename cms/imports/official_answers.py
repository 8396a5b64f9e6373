"""Answers of official exports: read by a profile, judged by the same rules as what is captured."""

from collections.abc import Mapping, Sequence
from typing import Any

from cms.catalogs.spanish import clean_text, fold
from cms.imports.profiles import Profile
from cms.imports.reading import Row, column_key
from cms.imports.report import RowProblem, shortened
from cms.imports.words import Words, word_key
from cms.questionnaires.answers import normalise, problems
from cms.questionnaires.definitions import Question
from cms.questionnaires.models import QuestionnaireDefinition
from cms.questionnaires.selectors import parsed

LONGEST_WORD_OF_NOTHING = 40


class AnswerReader:
    """Reads the answers of a row. A word that neither profile nor question knows is a problem."""

    def __init__(
        self, profile: Profile, header: Sequence[str], version: QuestionnaireDefinition
    ) -> None:
        self.version = version
        self._profile, self._definition = profile, parsed(version)
        definition = self._definition
        asked = {column_key(column): key for column, key in profile.answers.items()}
        self._columns: dict[str, list[tuple[int, str]]] = {}
        for place, column in enumerate(header):
            key = asked.get(column_key(column))
            if key is not None and definition.has(key):
                self._columns.setdefault(key, []).append((place, column))
        self._options = {
            key: Words({option.label: option.value for option in definition.question(key).options})
            for key in self._columns
            if definition.question(key).kind == "opcion"
        }
        self._details_in_cell = {
            detail.of: question for question, detail in profile.details.items() if detail.same_cell
        }
        self._texts = [
            key for key in self._columns if definition.question(key).kind == "texto_largo"
        ]

    def read(self, row: Row, *, judged: bool = False) -> tuple[dict[str, Any], list[RowProblem]]:
        """The answers of a row as they are stored, and everything that is wrong with them.

        `judged`: the row was read before without a problem, so it is not judged again.
        """
        found: list[RowProblem] = []
        raw: dict[str, Any] = {}
        for key, columns in self._columns.items():
            question = self._definition.question(key)
            cells = [text for place, _ in columns if (text := self._cell(row.cells[place]))]
            if not cells:
                continue
            if question.kind == "opcion":
                raw.update(self._option(row, question, cells[0], found))
            else:
                raw[key] = cells if question.kind == "lista" else self._joined(question, cells)
        if not judged:
            found.extend(
                self._located(row, wrong.question, wrong.problem, wrong.remedy)
                for wrong in problems(self._definition, raw, complete=False)
            )
        return normalise(self._definition, raw), found

    @property
    def brings(self) -> frozenset[str]:
        """The questions for which the file has a column."""
        return frozenset(self._columns)

    @property
    def details(self) -> dict[str, str]:
        """Question → the question that its answer is about."""
        return {question: detail.of for question, detail in self._profile.details.items()}

    def has_texts(self, answers: Mapping[str, Any]) -> bool:
        """Whether the row brings any long answer."""
        return any(key in answers for key in self._texts)

    def _cell(self, cell: str) -> str:
        text = clean_text(cell)
        if len(text) <= LONGEST_WORD_OF_NOTHING and fold(text) in self._profile.absent:
            return ""
        return text

    @staticmethod
    def _joined(question: Question, cells: list[str]) -> str:
        return ("\n" if question.kind == "texto_largo" else ", ").join(cells)

    def _option(
        self, row: Row, question: Question, text: str, found: list[RowProblem]
    ) -> dict[str, str]:
        words = self._profile.words.get(question.key)
        ours = words.get(text) if words is not None else None
        ours = ours or self._options[question.key].get(text)
        if ours is not None:
            return {question.key: ours}
        both = self._with_its_detail(question.key, text)
        if both:
            return both
        found.append(
            self._located(
                row,
                question.key,
                f"«{shortened(text)}» no es una opción de «{question.label}».",
                f"Se conocen: {', '.join(option.label for option in question.options)}."
                " También puedes dejar la celda vacía.",
            )
        )
        return {}

    def _with_its_detail(self, key: str, text: str) -> dict[str, str]:
        """The answer to a question and its detail when one cell says both, else nothing.

        «Licenciatura trunca» is a degree and whether it was finished.
        """
        detail = self._details_in_cell.get(key)
        words, more_words = self._profile.words.get(key), self._profile.words.get(detail or "")
        if detail is None or words is None or more_words is None:
            return {}
        parts = word_key(text).split()
        for cut in range(len(parts) - 1, 0, -1):
            ours = words.get(" ".join(parts[:cut]))
            more = more_words.get(" ".join(parts[cut:]))
            if ours and more:
                return {key: ours, detail: more}
        return {}

    def _located(self, row: Row, key: str, problem: str, remedy: str) -> RowProblem:
        columns = self._columns.get(key) or self._columns[self._profile.details[key].of]
        place, column = max(columns, key=lambda placed: len(row.cells[placed[0]]))
        return RowProblem(row.line, column, shortened(row.cells[place]), problem, remedy)
