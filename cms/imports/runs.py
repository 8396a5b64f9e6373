"""Official files and registers come in: read twice, judged whole, written in one transaction.

The first reading keeps a few words of each row and finds every problem; the second one writes, in
batches, so that ten times the rows do not take ten times the memory. A file that changes nothing
modifies no row of the database.
"""

import getpass
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from django.db import connection, transaction
from django.utils import timezone

from cms.accounts.models import User
from cms.candidacies.bulk import PageWriter, chunks
from cms.candidacies.services import ensure_process
from cms.catalogs import selectors as catalogs
from cms.catalogs.models import Office, Process, ProcessOffice
from cms.catalogs.services import election_date_from_slug
from cms.imports import matching, profiles, reading
from cms.imports.actors import ActorReader
from cms.imports.answers import (
    AnswerReader,
    AnswerWriter,
    Arriving,
    ensure_capture_version,
    imported_definition,
)
from cms.imports.cells import CellMender
from cms.imports.institute_register import COLUMNS, RegistryReader
from cms.imports.official_rows import Registration, RegistrationReader
from cms.imports.register_writer import (
    RegisterWriter,
    changed_fields,
    read_candidacies,
)
from cms.imports.report import FileRefused, ImportReport, RowProblem
from cms.imports.territories import TerritoryReader
from cms.publication.models import ImportRecord
from cms.publication.search_index import gathered_entries
from cms.publication.services import write_published
from cms.questionnaires.definitions import Definition

BATCH = 200
PUBLISHED_AT_ONCE = 500
LOCK = "conoceles imports"
OFFICIAL, REGISTRY = "import_conoceles", "import_registry"
REGISTRY_PROFILE = "registro"

Progress = Callable[[str, int, int | None], None]
"""Told as a file is read: what is being done, rows so far, rows in all (None: not known yet)."""


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What is asked of an import.

    Attributes:
        process, name, election_date: the process, and how it is called if it has to be made.
        profile: a profile's name or file; recognised by the header when empty.
        publish: an official export is already public; what it holds is published here too.
        repair_encoding: cells that were encoded twice are undone; otherwise they are refused.
        user, operator: who brings the file: an account of ours, and the system's account.
    """

    path: Path
    process: str
    name: str | None = None
    election_date: date | None = None
    profile: str = ""
    publish: bool = False
    repair_encoding: bool = False
    dry_run: bool = False
    user: User | None = None
    operator: str = field(default_factory=getpass.getuser)


class RowReader(Protocol):
    """What reads the rows of one kind of file."""

    actors: ActorReader
    territories: TerritoryReader

    @property
    def fields(self) -> frozenset[str]: ...

    def read(self, row: reading.Row) -> tuple[Registration | None, list[RowProblem]]: ...


def _silent(doing: str, done: int, total: int | None) -> None:
    """No progress bar."""


def import_official_file(request: ImportRequest, *, progress: Progress = _silent) -> ImportReport:
    """Bring an official export in: register and answers.

    Returns: what was done; with `errors`, nothing was written.
    Raises: profiles.ProfileError when the profile that was named cannot be used.
    """
    named = profiles.load_profile(request.profile) if request.profile else None

    def prepare(source: reading.SourceFile, run: "_Run") -> None:
        profile = named or profiles.recognise(source.header)
        stored, definition = imported_definition(profile.definition)
        _require_known_words(profile, definition)
        missing = profile.missing(source.header)
        if missing:
            raise FileRefused.whole(
                f"Al encabezado le falta {', '.join(missing)} para ser {profile.name}.",
                "Agrega las columnas o elige otro perfil.",
                row=source.header_line,
            )
        run.report.profile = profile.name
        run.report.warnings += _unknown_columns(profile.unknown(source.header))
        run.reader = RegistrationReader(profile, source.header, process=run.process)
        run.answers = AnswerReader(profile, source.header, definition)
        run.answer_writer = AnswerWriter(
            definition=stored,
            at=run.at,
            publish=request.publish,
            dry_run=request.dry_run,
            brings=run.answers.brings,
            details={key: detail.of for key, detail in profile.details.items()},
            user=request.user,
        )
        run.columns = {name: column for column, name in profile.register.items()}
        run.mender = CellMender(
            header=source.header,
            read=[*profile.register, *profile.answers],
            names=[column for column, name in profile.register.items() if name == "name"],
            texts=_long_texts(profile, definition),
            repair=request.repair_encoding,
        )

    return _Run(request, OFFICIAL, progress).execute(prepare)


def import_registry_file(request: ImportRequest, *, progress: Progress = _silent) -> ImportReport:
    """Bring the register of an institute in (docs/registro.md): no answers come with it."""

    def prepare(source: reading.SourceFile, run: "_Run") -> None:
        reader = RegistryReader(source, process=run.process, election_date=run.election_date)
        run.report.profile = REGISTRY_PROFILE
        run.report.warnings += _unknown_columns(reader.unknown)
        run.reader = reader
        run.columns = reader.names
        run.mender = CellMender(
            header=source.header,
            read=COLUMNS,
            names=[column for column, name in COLUMNS.items() if name == "name"],
            texts=(),
            repair=request.repair_encoding,
        )

    return _Run(request, REGISTRY, progress).execute(prepare)


def _require_known_words(profile: profiles.Profile, definition: Definition) -> None:
    """A profile's offices and questions must be ours. Raises ProfileError."""
    offices = set(Office.objects.values_list("code", flat=True))
    for rule in profile.offices.values():
        if rule.office not in offices:
            raise profiles.ProfileError(
                f"En el perfil «{profile.name}», «offices»: «{rule.office}» no es un cargo del"
                f" catálogo ({', '.join(sorted(offices))})."
            )
    asked = ", ".join(question.key for question in definition.questions())
    named = {
        "answers": list(profile.answers.values()),
        "words": list(profile.words),
        "details": [*profile.details, *(detail.of for detail in profile.details.values())],
    }
    for where, questions in named.items():
        for key in questions:
            if not definition.has(key):
                raise profiles.ProfileError(
                    f"En el perfil «{profile.name}», «{where}»: «{key}» no es una pregunta ({asked})."
                )
    for key, words in profile.words.items():
        options = {option.value for option in definition.question(key).options}
        for value in sorted(words.values() - options):
            raise profiles.ProfileError(
                f"En el perfil «{profile.name}», «words»: «{value}» no es una opción de «{key}»"
                f" ({', '.join(sorted(options)) or 'no tiene opciones'})."
            )


def _long_texts(profile: profiles.Profile, definition: Definition) -> list[str]:
    """The columns of long answers, in which punctuation is the writer's own."""
    return [
        column
        for column, question in profile.answers.items()
        if definition.question(question).kind == "texto_largo"
    ]


def _unknown_columns(names: Sequence[str]) -> list[str]:
    named = [name for name in names if name]
    return [f"Columnas que no se conocen y no se leyeron: {', '.join(named)}."] if named else []


class _Run:
    """One import, from the file to the record of it."""

    reader: RowReader
    answers: AnswerReader | None = None
    answer_writer: AnswerWriter | None = None
    columns: dict[str, str]
    mender: CellMender

    def __init__(self, request: ImportRequest, command: str, progress: Progress) -> None:
        self.request, self.command, self.progress = request, command, progress
        self.at: datetime = timezone.now()
        self.report = ImportReport(
            process=request.process, dry_run=request.dry_run, published=request.publish
        )
        self.register: RegisterWriter | None = None
        self.to_publish: list[int] = []

    def execute(self, prepare: "Prepare") -> ImportReport:
        """Import in one transaction; what refuses the file undoes everything."""
        try:
            with transaction.atomic():
                self._lock()
                self._import(prepare)
        except FileRefused as refused:
            self.report.refuse(refused.problems)
        return self.report

    @property
    def process(self) -> Process | None:
        """The process, if it exists already."""
        return catalogs.process_by_slug(self.request.process)

    @property
    def election_date(self) -> date | None:
        """The day of the election: known, asked for, or what a new process would get."""
        known = self.process
        if known is not None:
            return known.election_date
        return self.request.election_date or election_date_from_slug(self.request.process)

    def _lock(self) -> None:
        """One import at a time: two would not see each other's candidacies."""
        if not self.request.dry_run:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [LOCK])

    def _import(self, prepare: "Prepare") -> None:
        self.source = reading.inspect_file(self.request.path, repair=self.request.repair_encoding)
        self.report.encoding = self.source.encoding
        self.report.separator = self.source.separator
        prepare(self.source, self)
        plan = self._plan()
        self.report.not_applied = plan.not_applied
        self.report.warnings += _unknown_actors(self.reader.actors.unknown)
        total = len(plan.matched) + len(plan.new)
        done = 0
        for batch in _batches(self._second_reading(plan)):
            self._write(batch, plan)
            done += len(batch)
            self.progress("Escribiendo", done, total)
        if reading.fingerprint(self.request.path) != self.source.sha256:
            raise FileRefused.whole("El archivo cambió mientras se leía.", "Repite la importación.")
        self._finish()

    # First reading: every problem of the file.

    def _plan(self) -> matching.Plan:
        entries = self._first_reading()
        self._refuse_when_frozen(entries)
        process = self.process
        numbered = "list_number" in self.reader.fields
        known = (
            matching.known_candidacies(process, numbered=numbered) if process is not None else []
        )
        kinds = ((one.key, one.kind) for one in self.reader.actors.found.values())
        return matching.match(entries, known, independents=matching.independent_actors(kinds))

    def _first_reading(self) -> list[matching.Entry]:
        entries: list[matching.Entry] = []
        found: list[RowProblem] = []
        numbered = "list_number" in self.reader.fields
        for row in reading.read_rows(self.source):
            self.report.candidacies += 1
            if isinstance(row, RowProblem):
                found.append(row)
                continue
            mended, damaged = self.mender.mend(row)
            registration, wrong = self.reader.read(mended)
            wrong += self._judge_answers(mended)
            if damaged:
                seen = {one.column for one in damaged}
                wrong = [*damaged, *(one for one in wrong if one.column not in seen)]
            if registration is not None:
                entries.append(matching.entry_of(registration, numbered=numbered))
            found += wrong
            if self.report.candidacies % BATCH == 0:
                self.progress("Leyendo", self.report.candidacies, None)
        self.report.warnings += self.mender.all_warnings()
        found += matching.repeated_rows(
            entries,
            id_column=self.columns.get("external_id", ""),
            name_column=self.columns.get("name", ""),
        )
        if not self.report.candidacies:
            raise FileRefused.whole(
                "El archivo solo tiene encabezado.", "Elige un archivo con al menos una fila."
            )
        if found:
            raise FileRefused(sorted(found, key=lambda one: one.row))
        return entries

    def _judge_answers(self, row: reading.Row) -> list[RowProblem]:
        if self.answers is None:
            return []
        answers, wrong = self.answers.read(row)
        self.report.with_texts += self.answers.has_texts(answers)
        return wrong

    def _refuse_when_frozen(self, entries: list[matching.Entry]) -> None:
        """During electoral silence new text waits (LGIPE 251), a file's too."""
        process = self.process
        if not self.request.publish or process is None:
            return
        offices = {entry.position[0] for entry in entries}
        windows = ProcessOffice.objects.filter(process=process, office__code__in=offices)
        for window in windows.select_related("office"):
            if window.is_frozen(self.at) and window.frozen_until is not None:
                until = timezone.localtime(window.frozen_until)
                raise FileRefused.whole(
                    f"Hay veda para {window.office.name} hasta el"
                    f" {until:%d/%m/%Y a las %H:%M} h: no se publica texto nuevo.",
                    "Importa sin --publish, o espera a que termine.",
                )

    # Second reading: what is new or different is written.

    def _second_reading(self, plan: matching.Plan) -> Iterator[tuple[Registration, dict[str, Any]]]:
        for row in reading.read_rows(self.source):
            if isinstance(row, RowProblem) or (
                row.line not in plan.matched and row.line not in plan.new
            ):
                continue
            mended, _ = self.mender.mend(row)
            registration, _ = self.reader.read(mended)
            if registration is None:
                raise FileRefused.whole(
                    "El archivo cambió mientras se leía.", "Repite la importación."
                )
            answers = self.answers.read(mended, judged=True)[0] if self.answers is not None else {}
            yield registration, answers

    def _write(self, batch: list[tuple[Registration, dict[str, Any]]], plan: matching.Plan) -> None:
        new = [one for one in batch if one[0].row in plan.new]
        old = [one for one in batch if one[0].row in plan.matched]
        pages = read_candidacies(plan.matched[registration.row] for registration, _ in old)
        changes = []
        for registration, _ in old:
            page = pages[plan.matched[registration.row]]
            fields = changed_fields(page, registration, self.reader.fields)
            if fields:
                changes.append((page, registration, fields))
        changed = {page.pk for page, _, _ in changes}
        if changes and not self.request.dry_run:
            self._register().change(changes)
        arriving = [
            Arriving(registration.row, registration.name, plan.matched[registration.row], answers)
            for registration, answers in old
        ]
        arriving += self._create(new)
        changed |= self._take_answers(arriving, known=frozenset(pages))
        self._count(new, pages, changed)

    def _create(self, new: list[tuple[Registration, dict[str, Any]]]) -> list[Arriving]:
        if self.request.dry_run or not new:
            return []
        created = self._register().add([registration for registration, _ in new])
        self.to_publish += [page.pk for page in created]
        return [
            Arriving(registration.row, registration.name, page.pk, answers)
            for (registration, answers), page in zip(new, created, strict=True)
        ]

    def _take_answers(self, arriving: list[Arriving], *, known: frozenset[int]) -> set[int]:
        if self.answer_writer is None:
            return set()
        taken = self.answer_writer.take(arriving, known=known)
        self.report.left_alone += taken.left_alone
        return taken.changed & known

    def _count(self, new: Sequence[Any], pages: dict[int, Any], changed: set[int]) -> None:
        self.report.created += len(new)
        self.report.updated += len(changed)
        self.report.unchanged += len(pages) - len(changed)
        self.to_publish += sorted(changed)

    def _register(self) -> RegisterWriter:
        """The register's writer; the first that writes makes the process if there is none."""
        if self.register is None:
            entities = {place.entity_code for place in self.reader.territories.found}
            process_page = ensure_process(
                slug=self.request.process,
                name=self.request.name,
                election_date=self.request.election_date,
                entity_code=entities.pop() if len(entities) == 1 else "",
            )
            ensure_capture_version(process_page.process)
            self.register = RegisterWriter(
                process_page=process_page,
                writer=PageWriter(at=self.at, user=self.request.user),
                actors=self.reader.actors.found,
                territories=self.reader.territories.found,
            )
        return self.register

    def _finish(self) -> None:
        process = self.process
        if self.request.dry_run or not self.report.changed or process is None:
            return
        with gathered_entries(rows=len(self.to_publish)):
            for done, piece in enumerate(chunks(self.to_publish, PUBLISHED_AT_ONCE)):
                self.progress("Publicando", done * PUBLISHED_AT_ONCE, len(self.to_publish))
                write_published(candidacy_ids=piece, at=self.at)
        ImportRecord.objects.create(
            process=process,
            command=self.command,
            profile=self.report.profile[:40],
            source=self.request.path.name[:255],
            sha256=self.source.sha256,
            published=self.request.publish,
            user=self.request.user,
            operator=self.request.operator[:150],
            counts=self.report.counts(),
        )


Prepare = Callable[[reading.SourceFile, _Run], None]
"""Gives a run what reads the file, once its header is known."""


def _unknown_actors(names: Sequence[str]) -> list[str]:
    if not names:
        return []
    return [f"Actores que no están en el catálogo, tomados como partidos: {', '.join(names)}."]


def _batches(
    rows: Iterator[tuple[Registration, dict[str, Any]]],
) -> Iterator[list[tuple[Registration, dict[str, Any]]]]:
    while batch := list(islice(rows, BATCH)):
        yield batch
