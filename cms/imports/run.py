"""One import, from the file to its record: the file is read twice and written in one transaction.

The first reading finds every problem and keeps a few words of each row. The second one writes in
batches, so that ten times the rows do not take ten times the memory. A file that brings nothing new
modifies no row of the database.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone

from cms.candidacies.bulk_register import registered_keys
from cms.catalogs import selectors as catalogs
from cms.catalogs.models import Process, ProcessOffice
from cms.catalogs.services import election_date_from_slug
from cms.imports import matching, reading
from cms.imports.file_format import FileFormat, OpenFile
from cms.imports.file_writer import FileWriter
from cms.imports.first_reading import FirstReading
from cms.imports.models import ImportRecord
from cms.imports.report import FileRefused, ImportReport
from cms.imports.request import ImportRequest, Progress
from cms.imports.sources import opened
from cms.publication.services import write_many_published

LOCK = "conoceles imports"


def lock_imports() -> None:
    """Wait for other imports to end, and keep others waiting until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [LOCK])


class ImportRun:
    """One import.

    Args:
        command: the command's name, as the record of the import keeps it.
        open_file: gives the format of the file once its header is known.
    """

    def __init__(
        self, request: ImportRequest, command: str, open_file: OpenFile, progress: Progress
    ) -> None:
        self._request, self._command = request, command
        self._open_file, self._progress = open_file, progress
        self._at: datetime = timezone.now()
        self._report = ImportReport(
            process=request.process, dry_run=request.dry_run, published=request.publish
        )

    def execute(self) -> ImportReport:
        """Import in one transaction. If the file is refused, everything is undone."""
        try:
            with transaction.atomic():
                self._lock()
                self._import()
        except FileRefused as refused:
            self._report.refuse(refused.problems)
            self._report.sheets = list(getattr(refused, "names", []))
        return self._report

    def _lock(self) -> None:
        """Wait for other imports to end: two at a time would not see each other's candidacies."""
        if not self._request.dry_run:
            lock_imports()

    def _import(self) -> None:
        request = self._request
        with opened(request.path, repair=request.repair_encoding, sheet=request.sheet) as source:
            self._import_from(source)

    def _import_from(self, source: reading.SourceFile) -> None:
        request, report = self._request, self._report
        report.encoding, report.separator = source.encoding, source.separator
        report.sheet = source.sheet
        process = self._process()
        file_format = self._open_file(source, process, self._election_date(process))
        report.profile = file_format.profile
        report.warnings += file_format.warnings
        plan = self._plan(source, file_format, process)
        report.not_applied = plan.not_applied
        report.warnings += _unknown_actors(file_format.rows.actors.unknown)
        writer = FileWriter(
            request=request, file_format=file_format, plan=plan, at=self._at, report=report
        )
        writer.write(source, self._progress)
        if reading.fingerprint(request.path) != source.sha256:
            raise FileRefused.whole("El archivo cambió mientras se leía.", "Repite la importación.")
        made = self._process()
        if report.changed and not request.dry_run and made is not None:
            self._publish(writer.changed)
            self._record(source, made)

    def _process(self) -> Process | None:
        """The process, if it exists already."""
        return catalogs.process_by_slug(self._request.process)

    def _election_date(self, process: Process | None) -> date | None:
        """The day of the election: the process's, the request's, or that of a new process."""
        if process is not None:
            return process.election_date
        return self._request.election_date or election_date_from_slug(self._request.process)

    def _plan(
        self, source: reading.SourceFile, file_format: FileFormat, process: Process | None
    ) -> matching.Plan:
        entries = FirstReading(file_format, self._report, self._progress).read(source)
        known: list[matching.Known] = []
        if process is not None:
            self._refuse_when_frozen(entries, process)
            numbered = "list_number" in file_format.rows.fields
            known = [
                matching.known_candidacy(keys, numbered=numbered)
                for keys in registered_keys(process)
            ]
        actors = file_format.rows.actors.found.values()
        independents = matching.independent_actors((actor.key, actor.kind) for actor in actors)
        return matching.match(entries, known, independents=independents)

    def _refuse_when_frozen(self, entries: Sequence[matching.Entry], process: Process) -> None:
        """During electoral silence no new text is published, not from files either (LGIPE 251)."""
        if not self._request.publish:
            return
        offices = {entry.position[0] for entry in entries}
        windows = ProcessOffice.objects.filter(process=process, office__code__in=offices)
        for window in windows.select_related("office"):
            if window.is_frozen(self._at) and window.frozen_until is not None:
                until = timezone.localtime(window.frozen_until)
                raise FileRefused.whole(
                    f"Hay veda para {window.office.name} hasta el"
                    f" {until:%d/%m/%Y a las %H:%M} h: no se publica texto nuevo.",
                    "Importa sin --publish, o espera a que termine.",
                )

    def _publish(self, candidacy_ids: Sequence[int]) -> None:
        total = len(candidacy_ids)
        write_many_published(
            candidacy_ids=candidacy_ids,
            at=self._at,
            progress=lambda done: self._progress("Publicando", done, total),
        )

    def _record(self, source: reading.SourceFile, process: Process) -> None:
        record = ImportRecord.objects.create(
            process=process,
            command=self._command,
            profile=self._report.profile[:40],
            source=(self._request.source or self._request.path.name)[:255],
            sha256=source.sha256,
            published=self._request.publish,
            user=self._request.user,
            operator=self._request.operator[:150],
            counts=self._report.counts(),
        )
        self._report.record = record.pk


def _unknown_actors(names: Sequence[str]) -> list[str]:
    if not names:
        return []
    return [f"Actores que no están en el catálogo, tomados como partidos: {', '.join(names)}."]
