"""The second reading of a file writes what is new or different, in batches."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from cms.candidacies.bulk_pages import PageWriter
from cms.candidacies.bulk_register import (
    RegisterChange,
    RegisterWriter,
    Registration,
    changed_fields,
    registered_candidacies,
)
from cms.candidacies.models import CandidacyPage
from cms.candidacies.services import ensure_process
from cms.imports.file_format import FileFormat
from cms.imports.matching import Plan
from cms.imports.reading import SourceFile, read_rows
from cms.imports.report import (
    MOST_CHANGES,
    FileRefused,
    ImportReport,
    RowChange,
    RowNote,
    RowProblem,
)
from cms.imports.request import ImportRequest, Progress
from cms.questionnaires.bulk_answers import AnswerWriter, BroughtAnswers, LeftAlone
from cms.questionnaires.services import ensure_capture_version

BATCH = 200
NEW = "Candidatura nueva."
# The fields of a registration in words, for the list of what changes.
FIELD_NAMES = {
    "external_id": "identificador",
    "name": "nombre",
    "nickname": "sobrenombre",
    "office": "cargo",
    "principle": "principio",
    "seat_kind": "propietaria o suplente",
    "list_number": "número de lista",
    "actor": "actor político",
    "responsible_actor": "partido responsable",
    "territory": "territorio",
    "sex": "sexo",
    "age": "edad",
    "birth_date": "fecha de nacimiento",
    "email": "correo",
}
WHY_LEFT_ALONE = {
    LeftAlone.CAPTURED: "El cuestionario se captura aquí: se dejó como está.",
    LeftAlone.NO_ANSWERS: "El archivo ya no trae respuestas: se conservan las que había.",
    LeftAlone.FEWER_ANSWERS: (
        "El archivo ya no trae todas las respuestas: se conservan las que faltan."
    ),
}


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row as it is written. The first reading judged it."""

    row: int
    registration: Registration
    answers: dict[str, Any]


class FileWriter:
    """Writes the rows of a file as the plan says, and counts in `report` what changes.

    Attributes:
        changed: ids of the candidacies whose public rows are to be written.
    """

    def __init__(
        self,
        *,
        request: ImportRequest,
        file_format: FileFormat,
        plan: Plan,
        at: datetime,
        report: ImportReport,
    ) -> None:
        self._request, self._format, self._plan = request, file_format, plan
        self._at, self._report = at, report
        self._register_writer: RegisterWriter | None = None
        self._answer_writer = self._new_answer_writer()
        self._fields: dict[int, frozenset[str]] = {}
        self.changed: list[int] = []

    def write(self, source: SourceFile, progress: Progress) -> None:
        """Read the file again and write it. Raises FileRefused if it changed since."""
        rows, done = self._rows(source), 0
        total = len(self._plan.matched) + len(self._plan.new)
        while batch := list(islice(rows, BATCH)):
            self._write(batch)
            done += len(batch)
            progress("Escribiendo", done, total)

    def _rows(self, source: SourceFile) -> Iterator[ReadRow]:
        mender, reader, answers = self._format.mender, self._format.rows, self._format.answers
        for row in read_rows(source):
            if isinstance(row, RowProblem) or not self._plan.is_about(row.line):
                continue
            mended, _ = mender.mend(row)
            registration, _ = reader.read(mended)
            if registration is None:
                raise FileRefused.whole(
                    "El archivo cambió mientras se leía.", "Repite la importación."
                )
            if row.line in self._plan.doubtful:
                self._report.brought[row.line] = registration
                continue
            given = answers.read(mended, judged=True)[0] if answers is not None else {}
            yield ReadRow(row.line, registration, given)

    def _write(self, batch: Sequence[ReadRow]) -> None:
        new = [read for read in batch if read.row in self._plan.new]
        known = [read for read in batch if read.row in self._plan.matched]
        pages = registered_candidacies(self._plan.matched[read.row] for read in known)
        changed = self._change(known, pages)
        by_candidacy = {self._plan.matched[read.row]: read for read in known}
        by_candidacy |= self._create(new)
        changed |= self._take_answers(by_candidacy, known=frozenset(pages))
        self._tell(new, known, by_candidacy=self._plan.matched, changed=changed)
        self._report.created += len(new)
        self._report.updated += len(changed)
        self._report.unchanged += len(pages) - len(changed)
        self.changed += sorted(changed)

    def _tell(
        self,
        new: Sequence[ReadRow],
        known: Sequence[ReadRow],
        *,
        by_candidacy: Mapping[int, int],
        changed: set[int],
    ) -> None:
        """Say the first rows that are new or different, so that people can read what changes."""
        for read in new:
            self._say(read, NEW)
        for read in known:
            candidacy_id = by_candidacy[read.row]
            if candidacy_id in changed:
                fields = self._fields.pop(candidacy_id, frozenset())
                names = [FIELD_NAMES[field] for field in sorted(fields) if field in FIELD_NAMES]
                self._say(read, f"Cambia: {', '.join(names) or 'sus respuestas'}.")

    def _say(self, read: ReadRow, what: str) -> None:
        if len(self._report.changes) < MOST_CHANGES:
            self._report.changes.append(RowChange(read.row, read.registration.name, what))

    def _change(self, known: Sequence[ReadRow], pages: dict[int, CandidacyPage]) -> set[int]:
        """Write the register where it differs; returns the ids of those candidacies."""
        changes: list[RegisterChange] = []
        for read in known:
            page = pages[self._plan.matched[read.row]]
            fields = changed_fields(page, read.registration, self._format.rows.fields)
            if fields:
                changes.append(RegisterChange(page, read.registration, fields))
                self._fields[page.pk] = fields
        if changes and not self._request.dry_run:
            self._register().change(changes)
        return {change.page.pk for change in changes}

    def _create(self, new: Sequence[ReadRow]) -> dict[int, ReadRow]:
        """Write new candidacies; returns their rows by their ids."""
        if self._request.dry_run or not new:
            return {}
        created = self._register().add([read.registration for read in new])
        self.changed += [page.pk for page in created]
        return {page.pk: read for read, page in zip(new, created, strict=True)}

    def _take_answers(self, by_candidacy: dict[int, ReadRow], *, known: frozenset[int]) -> set[int]:
        """Write the answers of a batch; returns the known candidacies whose answers changed."""
        if self._answer_writer is None:
            return set()
        brought = [BroughtAnswers(pk, read.answers) for pk, read in by_candidacy.items()]
        taken = self._answer_writer.take(brought, known=known)
        for candidacy_id, reason in taken.left_alone.items():
            read = by_candidacy[candidacy_id]
            note = RowNote(read.row, read.registration.name, candidacy_id, WHY_LEFT_ALONE[reason])
            self._report.left_alone.append(note)
        return taken.changed & known

    def _new_answer_writer(self) -> AnswerWriter | None:
        reader = self._format.answers
        if reader is None:
            return None
        return AnswerWriter(
            version=reader.version,
            at=self._at,
            publish=self._request.publish,
            dry_run=self._request.dry_run,
            asked=reader.brings,
            details=reader.details,
            user=self._request.user,
        )

    def _register(self) -> RegisterWriter:
        """What writes the register. The first call makes the process if there is none."""
        if self._register_writer is None:
            reader = self._format.rows
            entities = {place.entity_code for place in reader.territories.found}
            process_page = ensure_process(
                slug=self._request.process,
                name=self._request.name,
                election_date=self._request.election_date,
                entity_code=entities.pop() if len(entities) == 1 else "",
            )
            ensure_capture_version(process_page.process)
            self._register_writer = RegisterWriter(
                process_page=process_page,
                writer=PageWriter(at=self._at, user=self._request.user),
                actors=reader.actors.found,
                territories=reader.territories.found,
            )
        return self._register_writer
