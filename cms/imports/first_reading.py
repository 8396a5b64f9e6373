"""The first reading of a file finds every problem, and keeps a few words of each row."""

from cms.imports import matching
from cms.imports.file_format import FileFormat
from cms.imports.reading import Row, SourceFile, read_rows
from cms.imports.report import FileRefused, ImportReport, RowProblem
from cms.imports.request import Progress

ROWS_BETWEEN_SIGNS = 200


class FirstReading:
    """Judges a file as a whole. Counts and warnings go to the report."""

    def __init__(self, file_format: FileFormat, report: ImportReport, progress: Progress) -> None:
        self._format, self._report, self._progress = file_format, report, progress
        self._numbered = "list_number" in file_format.rows.fields
        self._entries: list[matching.Entry] = []
        self._problems: list[RowProblem] = []

    def read(self, source: SourceFile) -> list[matching.Entry]:
        """Read the file; returns what is needed of each row to match it.

        Raises: FileRefused with every problem of every row, in the order of the file.
        """
        for row in read_rows(source):
            self._report.candidacies += 1
            if isinstance(row, RowProblem):
                self._problems.append(row)
            else:
                self._judge(row)
            if self._report.candidacies % ROWS_BETWEEN_SIGNS == 0:
                self._progress("Leyendo", self._report.candidacies, None)
        self._report.warnings += self._format.mender.all_warnings()
        columns = self._format.columns
        self._problems += matching.repeated_rows(
            self._entries,
            id_column=columns.get("external_id", ""),
            name_column=columns.get("name", ""),
        )
        if not self._report.candidacies:
            raise FileRefused.whole(
                "El archivo solo tiene encabezado.", "Elige un archivo con al menos una fila."
            )
        if self._problems:
            raise FileRefused(sorted(self._problems, key=lambda problem: problem.row))
        return self._entries

    def _judge(self, row: Row) -> None:
        mended, damaged = self._format.mender.mend(row)
        registration, wrong = self._format.rows.read(mended)
        wrong += self._judge_answers(mended)
        if registration is not None:
            self._entries.append(matching.entry_of(row.line, registration, numbered=self._numbered))
        # A damaged cell counts as one problem, not also as what was misread from it.
        seen = {problem.column for problem in damaged}
        self._problems += damaged
        self._problems += [problem for problem in wrong if problem.column not in seen]

    def _judge_answers(self, row: Row) -> list[RowProblem]:
        reader = self._format.answers
        if reader is None:
            return []
        answers, wrong = reader.read(row)
        self._report.with_texts += reader.has_texts(answers)
        return wrong
