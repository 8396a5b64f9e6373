"""The register of an institute, in our own columns (docs/registro.md).

It brings private data: e-mail and birth date go to the person, never to a page. The public sees
the age on the day of the election.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from cms.candidacies.bulk_register import Registration
from cms.catalogs.models import Office, Principle, Process, Sex, Territory, TerritoryKind
from cms.catalogs.services import TerritoryKey
from cms.imports.actors import ActorReader
from cms.imports.cells import CellMender
from cms.imports.file_format import FileFormat, OpenFile, unknown_columns
from cms.imports.official_rows import NOTHING_PLACE, territory_kind
from cms.imports.profiles import OfficeRule, load_profile
from cms.imports.reading import Row, SourceFile, column_key
from cms.imports.report import FileRefused, RowProblem, shortened
from cms.imports.request import ImportRequest
from cms.imports.row_cells import LARGEST_LIST_NUMBER, OLDEST, YOUNGEST, Cells, field_columns
from cms.imports.territories import TerritoryReader, UnknownPlace
from cms.imports.words import Words

COLUMNS = {
    "id_externo": "external_id",
    "nombre": "name",
    "persona": "name",
    "sobrenombre": "nickname",
    "cargo": "office",
    "principio": "principle",
    "tipo": "seat_kind",
    "numero_lista": "list_number",
    "actor": "actor",
    "partido_responsable": "responsible_actor",
    "municipio_clave": "municipality",
    "distrito": "district",
    "sexo": "sex",
    "fecha_nacimiento": "birth_date",
    "correo": "email",
}
NEEDED = ("nombre", "cargo", "principio", "tipo", "actor", "municipio_clave")
# Only some registers have these columns. A field without its column stays as it is.
OPTIONAL = {
    "external_id",
    "nickname",
    "list_number",
    "responsible_actor",
    "sex",
    "birth_date",
    "email",
}
SEATS = Words({"propietaria": "propietaria", "titular": "propietaria", "suplente": "suplente"})
SEXES = Words({"mujer": Sex.WOMAN, "hombre": Sex.MAN, "no binario": Sex.NON_BINARY})
PRINCIPLES = Words(
    {
        **{str(principle.value): str(principle.value) for principle in Principle},
        **{str(principle.label): str(principle.value) for principle in Principle},
    }
)
PROFILE_NAME = "registro"
ABSENT = frozenset({"", "no aplica", "-"})
PATTERNS_FROM = "ine-2022"
FEDERAL_OFFICES = {"diputacion_federal"}
_SENSITIVE = re.compile(r"acci(on|ones)_afirmativa")
_DATES = ("%Y-%m-%d", "%d/%m/%Y")
_MIDNIGHT = re.compile(r"[ T]00:00(:00)?$")
# Spreadsheets count days from here; a cell without the format of a date shows the bare number.
_FIRST_DAY = date(1899, 12, 30)


def age_on(birth_date: date, day: date) -> int:
    """The age in completed years on a day."""
    before_birthday = (day.month, day.day) < (birth_date.month, birth_date.day)
    return day.year - birth_date.year - before_birthday


def institute_register(request: ImportRequest) -> OpenFile:
    """What opens the institute's register that a request names."""

    def open_file(
        source: SourceFile, process: Process | None, election_date: date | None
    ) -> FileFormat:
        reader = RegisterRowReader(source, process=process, election_date=election_date)
        return FileFormat(
            profile=PROFILE_NAME,
            rows=reader,
            mender=CellMender(
                header=source.header,
                read=COLUMNS,
                names=[column for column, field in COLUMNS.items() if field == "name"],
                texts=(),
                repair=request.repair_encoding,
            ),
            columns=reader.names,
            warnings=unknown_columns(reader.unknown),
        )

    return open_file


class RegisterRowReader:
    """Reads a register. Ages are those on the day of the election, or today if it is not known.

    Raises: FileRefused if the header lacks a column, or has one that may only be stored encrypted.
    """

    def __init__(
        self,
        source: SourceFile,
        *,
        process: Process | None = None,
        election_date: date | None = None,
    ) -> None:
        _refuse_sensitive(source)
        _refuse_incomplete(source)
        self._columns = field_columns(source.header, COLUMNS)
        self.names = {name: column for column, name in COLUMNS.items() if column != "persona"}
        self.names.update({name: column for name, (_, column) in self._columns.items()})
        self.actors = ActorReader(load_profile(PATTERNS_FROM).actor_patterns, process=process)
        self.territories = TerritoryReader({})
        self.unknown = [name for name in source.header if column_key(name) not in COLUMNS]
        self._day = election_date or timezone.localdate()
        own_entity = process.entity_code if process is not None else ""
        self._entity = own_entity or settings.CONOCELES_HOME_ENTITY
        self._offices = Words(
            {
                name: office.code
                for office in Office.objects.all()
                for name in (office.code, office.code.replace("_", " "), office.name)
            }
        )
        places = Territory.objects.exclude(cvegeo="")
        self._by_cvegeo = {territory.cvegeo: territory for territory in places}

    @property
    def fields(self) -> frozenset[str]:
        """The fields that the file brings. The others stay as they are."""
        always = {"name", "office", "principle", "seat_kind", "actor", "territory"}
        brought = OPTIONAL & self._columns.keys()
        return frozenset(always | brought | ({"age"} if "birth_date" in brought else set()))

    def read(self, row: Row) -> tuple[Registration | None, list[RowProblem]]:
        """The registration of a row, or everything that is wrong with it."""
        cells = Cells(row, self._columns, self.names, ABSENT)
        office = self._office(cells)
        birth_date = self._birth_date(cells)
        registration = Registration(
            external_id=cells.text("external_id"),
            name=cells.needed("name", "Escribe el nombre registrado."),
            nickname=cells.text("nickname"),
            office=office.office,
            principle=office.principle,
            seat_kind=cells.word("seat_kind", SEATS, "propietaria o suplente", needed=True),
            actor=self._actor(cells, "actor", needed=True),
            responsible_actor=self._actor(cells, "responsible_actor", needed=False),
            territory=self._territory(cells, office),
            list_number=cells.number(
                "list_number",
                "Escribe el número de lista, o deja la celda vacía.",
                smallest=0,
                largest=LARGEST_LIST_NUMBER,
            ),
            sex=cells.word("sex", SEXES, "mujer, hombre o no binario", needed=False),
            birth_date=birth_date,
            age=age_on(birth_date, self._day) if birth_date is not None else None,
            email=self._email(cells),
        )
        return (None if cells.problems else registration), cells.problems

    def _office(self, cells: Cells) -> OfficeRule:
        code = cells.word("office", self._offices, "un cargo del catálogo", needed=True)
        principle = cells.word("principle", PRINCIPLES, "un principio (mr, rp o pm)", needed=False)
        return OfficeRule(code, principle)

    def _actor(self, cells: Cells, name: str, *, needed: bool) -> str:
        remedy = "Escribe las siglas o el nombre del partido o la coalición."
        value = cells.needed(name, remedy) if needed else cells.text(name)
        return self.actors.read(value) if value else ""

    def _territory(self, cells: Cells, office: OfficeRule) -> TerritoryKey:
        if not office.office:
            return NOTHING_PLACE
        home = self._entity
        kind = territory_kind(office)
        if kind == TerritoryKind.MUNICIPALITY:
            return self._municipality(cells)
        if kind == TerritoryKind.DISTRICT:
            return self._district(cells, home, federal=office.office in FEDERAL_OFFICES)
        return self.territories.entity(home)

    def _district(self, cells: Cells, home: str, *, federal: bool) -> TerritoryKey:
        place = cells.needed("district", "Escribe el número del distrito.")
        try:
            return self.territories.district(home, place, federal=federal)
        except UnknownPlace as unknown:
            if place:
                cells.refuse("district", unknown.problem, unknown.remedy)
            return NOTHING_PLACE

    def _municipality(self, cells: Cells) -> TerritoryKey:
        value = cells.needed("municipality", "Escribe la clave del INEGI, como 05030.")
        if not value:
            return NOTHING_PLACE
        known = self._by_cvegeo.get(value.zfill(5))
        if known is None:
            cells.refuse(
                "municipality",
                f"«{shortened(value)}» no es la clave de un municipio del catálogo.",
                "Escribe los cinco dígitos del INEGI, como 05030.",
            )
            return NOTHING_PLACE
        if known.entity_code != self._entity:
            cells.refuse(
                "municipality",
                f"«{shortened(value)}» es {known.name}, de otra entidad que la del proceso.",
                f"Las claves de la entidad del proceso empiezan con {self._entity}.",
            )
            return NOTHING_PLACE
        return TerritoryKey(known.entity_code, known.kind, known.key)

    def _birth_date(self, cells: Cells) -> date | None:
        value = _MIDNIGHT.sub("", cells.text("birth_date"))
        if not value:
            return None
        found = next((day for form in _DATES if (day := _parsed(value, form))), None)
        if found is None:
            cells.refuse(
                "birth_date",
                f"«{shortened(value)}» no es una fecha.",
                _date_remedy(value),
            )
        elif not YOUNGEST <= age_on(found, self._day) <= OLDEST:
            cells.refuse(
                "birth_date",
                f"Con esa fecha tendría {age_on(found, self._day)} años.",
                "Revisa el año.",
            )
        return found

    def _email(self, cells: Cells) -> str:
        value = cells.text("email")
        try:
            if value:
                validate_email(value)
        except ValidationError:
            cells.refuse(
                "email",
                f"«{shortened(value)}» no es un correo.",
                "Escríbelo completo, como nombre@ejemplo.mx.",
            )
        return value


def _date_remedy(value: str) -> str:
    """How to write a date; of a spreadsheet's number, also which day it stands for."""
    if re.fullmatch(r"[1-4]\d{4}", value):
        day = _FIRST_DAY + timedelta(days=int(value))
        return (
            f"En una hoja de cálculo ese número es el día {day:%d/%m/%Y}: da a la columna formato"
            " de fecha, o escríbela como 1985-04-03."
        )
    return "Escríbela como 1985-04-03 o 03/04/1985."


def _parsed(value: str, form: str) -> date | None:
    try:
        return datetime.strptime(value, form).date()  # noqa: DTZ007 (a day has no time zone)
    except ValueError:
        return None


def _refuse_sensitive(source: SourceFile) -> None:
    """Affirmative action reveals sensitive data, which may only be stored encrypted."""
    refused = [name for name in source.header if _SENSITIVE.search(column_key(name))]
    if refused:
        raise FileRefused(
            [
                RowProblem(
                    source.header_line,
                    name,
                    shortened(name),
                    "La acción afirmativa revela datos sensibles y debe guardarse cifrada;"
                    " este sistema todavía no la recibe.",
                    "Quita la columna del archivo y consérvala aparte.",
                )
                for name in refused
            ]
        )


def _refuse_incomplete(source: SourceFile) -> None:
    present = {COLUMNS.get(column_key(name)) for name in source.header}
    missing = [name for name in NEEDED if COLUMNS[name] not in present]
    if missing:
        raise FileRefused.whole(
            f"Al encabezado le falta {', '.join(missing)}.",
            "Agrega las columnas; docs/registro.md las explica con un ejemplo.",
            row=source.header_line,
        )
    _refuse_both_names(source.header, source.header_line)


def _refuse_both_names(header: Sequence[str], line: int) -> None:
    if {"nombre", "persona"} <= {column_key(name) for name in header}:
        raise FileRefused.whole(
            "El encabezado trae «nombre» y «persona», que son lo mismo.",
            "Deja una sola.",
            row=line,
        )
