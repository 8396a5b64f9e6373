"""Answers that come in official files: read by a profile, judged by the one rule, kept in bulk.

What was captured here is never touched by a file.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Exists, OuterRef

from cms.accounts.models import User
from cms.candidacies.bulk_pages import ROWS_PER_STATEMENT, PageWriter, chunks
from cms.catalogs.models import Process
from cms.catalogs.spanish import clean_text, fold
from cms.imports.profiles import USUAL_DEFINITION, Profile, ProfileError
from cms.imports.reading import Row, column_key
from cms.imports.report import RowNote, RowProblem, shortened
from cms.imports.words import Words, word_key
from cms.questionnaires.answers import normalise, problems
from cms.questionnaires.definitions import Definition, Question
from cms.questionnaires.kinds import kind
from cms.questionnaires.models import (
    Draft,
    ProcessQuestionnaire,
    Questionnaire,
    QuestionnaireDefinition,
    QuestionnaireState,
    Submission,
)
from cms.questionnaires.selectors import page_answers, parsed, set_pages

CAPTURE_VERSION = "curricular-2024"
LONGEST_WORD_OF_NOTHING = 40
CAPTURED = "El cuestionario se captura aquí: se dejó como está."
NO_ANSWERS_NOW = "El archivo ya no trae respuestas: se conservan las que había."
FEWER_ANSWERS_NOW = "El archivo ya no trae todas las respuestas: se conservan las que faltan."
# From these a file may bring answers; the others belong to whoever captures or reviews.
OPEN_TO_FILES = frozenset(
    {QuestionnaireState.EMPTY, QuestionnaireState.IMPORTED, QuestionnaireState.PUBLISHED}
)


def imported_definition(
    version: str = USUAL_DEFINITION,
) -> tuple[QuestionnaireDefinition, Definition]:
    """The version under which the answers of an institute's files are kept.

    Raises: ProfileError if there is none of that name.
    """
    stored = QuestionnaireDefinition.objects.filter(version=version).first()
    if stored is None:
        raise ProfileError(f"No hay una versión «{version}» del cuestionario para sus respuestas.")
    return stored, parsed(stored)


def ensure_capture_version(process: Process) -> None:
    """The version with which parties capture in a process that has none yet."""
    definition = QuestionnaireDefinition.objects.get(version=CAPTURE_VERSION)
    ProcessQuestionnaire.objects.get_or_create(
        process=process, kind=definition.kind, defaults={"definition": definition}
    )


class AnswerReader:
    """Reads the answers of a row; a word that no catalogue knows is a problem of the row."""

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
            key: Words({one.label: one.value for one in definition.question(key).options})
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
        """The answers of a row as they are kept, and everything that is wrong with them.

        `judged`: the row was read before without a problem, and is not judged again.
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
                self._located(row, one.question, one.problem, one.remedy)
                for one in problems(self._definition, raw, complete=False)
            )
        return normalise(self._definition, raw), found

    @property
    def brings(self) -> frozenset[str]:
        """The questions of which the file has a column."""
        return frozenset(self._columns)

    @property
    def details(self) -> dict[str, str]:
        """Question → the question that its answer is about."""
        return {question: detail.of for question, detail in self._profile.details.items()}

    def has_texts(self, answers: Mapping[str, Any]) -> bool:
        """Whether any of the long answers is there."""
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
                f"Se conocen: {', '.join(one.label for one in question.options)}."
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
        place, column = max(columns, key=lambda one: len(row.cells[one[0]]))
        return RowProblem(row.line, column, shortened(row.cells[place]), problem, remedy)


@dataclass(frozen=True, slots=True)
class Arriving:
    """The answers that a row brings for a candidacy."""

    row: int
    name: str
    candidacy_id: int
    answers: dict[str, Any]


@dataclass(slots=True)
class Taken:
    """What became of a batch: which candidacies' answers changed, and which were left alone."""

    changed: set[int] = field(default_factory=set)
    left_alone: list[RowNote] = field(default_factory=list)


class AnswerWriter:
    """Keeps the answers of a file in questionnaire pages, with their revisions and files.

    Args:
        brings: the questions of which the file has a column; what it does not bring stays.
        details: question → the question that its answer is about.
        publish: answers become public (an official export already is); otherwise they wait in the
            state «importado». What is published stays as it is until then.
        dry_run: only say what would change.
    """

    def __init__(
        self,
        *,
        definition: QuestionnaireDefinition,
        at: Any,
        publish: bool,
        dry_run: bool,
        brings: frozenset[str] = frozenset(),
        details: Mapping[str, str] | None = None,
        user: User | None = None,
    ) -> None:
        self._definition, self._at, self._user = definition, at, user
        self._kind = kind(definition.kind)
        self._questions, self._brings = parsed(definition), brings
        self._details = dict(details or {})
        self._publish, self._dry_run = publish, dry_run

    def take(self, arriving: Sequence[Arriving], *, known: frozenset[int]) -> Taken:
        """Keep the answers of a batch. `known`: candidacies that were there before this file."""
        taken = Taken()
        met = [one for one in arriving if one.candidacy_id in known]
        new = [one for one in arriving if one.candidacy_id not in known and one.answers]
        if not self._dry_run:
            self._ensure_files(one.candidacy_id for one in met if one.answers)
        files = self._files([one.candidacy_id for one in met])
        different: list[tuple[Questionnaire, Arriving]] = []
        for one in met:
            file = files.get(one.candidacy_id)
            if not one.answers:
                if file is not None and file.page is not None:
                    taken.left_alone.append(self._note(one, NO_ANSWERS_NOW))
            elif file is not None and self._is_captured(file):
                taken.left_alone.append(self._note(one, CAPTURED))
            elif file is None or file.page is None:
                new.append(one)
            else:
                kept = self._kept(file)
                whole = self._merged(kept, one.answers)
                if self._brings & whole.keys() - one.answers.keys():
                    taken.left_alone.append(self._note(one, FEWER_ANSWERS_NOW))
                if self._differs(file, kept, whole):
                    different.append((file, replace(one, answers=whole)))
        taken.changed = {one.candidacy_id for one in (*new, *(two for _, two in different))}
        if not self._dry_run:
            self._add(new, files)
            self._revise(different)
        return taken

    @staticmethod
    def _note(one: Arriving, reason: str) -> RowNote:
        return RowNote(one.row, one.name, one.candidacy_id, reason)

    def _ensure_files(self, candidacy_ids: Iterable[int]) -> None:
        wanted = set(candidacy_ids)
        wanted -= set(
            Questionnaire.objects.filter(candidacy_id__in=wanted, kind=self._kind.key).values_list(
                "candidacy_id", flat=True
            )
        )
        Questionnaire.objects.bulk_create(
            [self._file(one) for one in sorted(wanted)], ignore_conflicts=True
        )

    def _files(self, candidacy_ids: list[int]) -> dict[int, Questionnaire]:
        """The files of a batch, locked, so that no capture begins while answers are written."""
        found = Questionnaire.objects.filter(candidacy_id__in=candidacy_ids, kind=self._kind.key)
        found = found.annotate(
            has_submission=Exists(Submission.objects.filter(questionnaire=OuterRef("pk"))),
            has_draft=Exists(Draft.objects.filter(questionnaire=OuterRef("pk"))),
        )
        if not self._dry_run:
            found = found.select_for_update(of=("self",))
        dossiers: dict[int, Questionnaire] = {one.candidacy_id: one for one in found}
        set_pages(dossiers.values(), kind=self._kind)
        return dossiers

    @staticmethod
    def _is_captured(file: Any) -> bool:
        return bool(file.has_submission or file.has_draft or file.state not in OPEN_TO_FILES)

    def _kept(self, file: Questionnaire) -> dict[str, Any]:
        """The last answers that a file brought, published or waiting."""
        page: Any = file.page
        if page.live and page.has_unpublished_changes and page.latest_revision is not None:
            content = page.latest_revision.content
            fields = {name: content[name] for name in self._kind.storage.page_fields}
            page = self._kind.page_model(**fields)
        return page_answers(page, kind=self._kind)

    def _merged(self, kept: dict[str, Any], brought: dict[str, Any]) -> dict[str, Any]:
        """What is known afterwards: neither an empty cell nor a missing column erases."""
        whole = {**kept, **brought}
        for detail, question in self._details.items():
            if kept.get(question) != whole.get(question) and detail not in brought:
                # The detail was about the other answer.
                whole.pop(detail, None)
        return normalise(self._questions, whole)

    def _differs(self, file: Questionnaire, kept: dict[str, Any], answers: dict[str, Any]) -> bool:
        page: Any = file.page
        if self._publish and (not page.live or page.has_unpublished_changes):
            return True
        return bool(kept != answers or page.definition_id != self._definition.pk)

    def _writer(self) -> PageWriter:
        return PageWriter(at=self._at, user=self._user)

    def _add(self, new: Sequence[Arriving], files: Mapping[int, Questionnaire]) -> None:
        """Write first answers; a candidacy of this very file gets its questionnaire's file too."""
        pages = [self._page_with(self._kind.new_page(self._definition), one.answers) for one in new]
        parents = [one.candidacy_id for one in new]
        self._writer().add(pages, parents, live=self._publish, searchable=False)
        begun, missing = [], []
        for one, page in zip(new, pages, strict=True):
            file = files.get(one.candidacy_id)
            if file is None:
                missing.append(self._file(one.candidacy_id, page))
            else:
                file.page = page
                begun.append(file)
        Questionnaire.objects.bulk_create(missing, batch_size=ROWS_PER_STATEMENT)
        self._set_states(begun)

    def _file(self, candidacy_id: int, page: Any = None) -> Questionnaire:
        published = page is not None and page.live
        imported = QuestionnaireState.PUBLISHED if published else QuestionnaireState.IMPORTED
        return Questionnaire(
            candidacy_id=candidacy_id,
            kind=self._kind.key,
            page=page,
            state=QuestionnaireState.EMPTY if page is None else imported,
            state_since=self._at,
        )

    def _revise(self, different: Sequence[tuple[Questionnaire, Arriving]]) -> None:
        pages: list[Any] = []
        for file, one in different:
            pages.append(self._page_with(file.page, one.answers))
        columns = [*self._kind.storage.page_fields, "definition"]
        self._writer().revise(pages, columns, live=self._publish)
        self._set_states([file for file, _ in different])

    def _page_with(self, page: Any, answers: dict[str, Any]) -> Any:
        page.definition = self._definition
        self._kind.storage.keep_in_page(page, answers, seal="")
        return page

    def _set_states(self, files: Sequence[Questionnaire]) -> None:
        """What is published stays «publicado» while a newer import waits."""
        for file in files:
            live = file.page is not None and file.page.live
            state = QuestionnaireState.PUBLISHED if live else QuestionnaireState.IMPORTED
            if file.state != state:
                file.state, file.state_since = state, self._at
        for piece in chunks(files, ROWS_PER_STATEMENT):
            Questionnaire.objects.bulk_update(piece, ["page", "state", "state_since"])
