"""A row of a file as one candidacy: natural keys and values, nothing of the database."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from cms.catalogs.models import Principle, Process, TerritoryKind
from cms.catalogs.services import TerritoryKey
from cms.catalogs.spanish import clean_line, fold
from cms.imports.actors import ActorReader
from cms.imports.profiles import OfficeRule, Profile
from cms.imports.reading import Row, column_key
from cms.imports.report import RowProblem, shortened
from cms.imports.territories import TerritoryReader, UnknownPlace, entity_code
from cms.imports.words import Words

LONGEST = {"external_id": 60, "name": 200, "nickname": 120}
LONGEST_CELL = 200
LARGEST_LIST_NUMBER = 2_147_483_647
YOUNGEST, OLDEST = 15, 120
EMPTY = "La celda está vacía."
NOTHING_PLACE = TerritoryKey("", "", "")


@dataclass(slots=True)
class Registration:
    """One candidacy as a file registers it.

    Attributes:
        row: the line where it begins. office, actor, responsible_actor: keys of ours.
        email, birth_date: for the person, never for a page.
    """

    row: int
    name: str
    office: str
    principle: str
    seat_kind: str
    actor: str
    territory: TerritoryKey
    external_id: str = ""
    list_number: int | None = None
    sex: str = ""
    age: int | None = None
    nickname: str = ""
    responsible_actor: str = ""
    email: str = ""
    birth_date: date | None = None


class CellRefused(ValueError):
    """A cell that cannot be read; carries what happened and how to mend it."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem = problem
        self.remedy = remedy
        super().__init__(problem)


@dataclass(slots=True)
class Cells:
    """The cells of one row by field, with the problems found while they are read.

    `columns` says where the fields that the file has stand; `names` how each would be called.
    """

    row: Row
    columns: Mapping[str, tuple[int, str]]
    names: Mapping[str, str]
    absent: frozenset[str]
    problems: list[RowProblem] = field(default_factory=list)
    too_long: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """A cell longer than its field is a problem, read or not, and reads as empty."""
        for name, (place, _) in self.columns.items():
            length = len(self.row.cells[place].strip())
            longest = LONGEST.get(name, LONGEST_CELL)
            if length > longest:
                self.too_long.add(name)
                self.refuse(
                    name,
                    f"Son {length:,} caracteres; el máximo es {longest}.",
                    "Revisa que el texto esté en su columna.",
                )

    def text(self, name: str) -> str:
        """The cell of a field on one line; empty when it is absent or does not apply."""
        if name not in self.columns or name in self.too_long:
            return ""
        value = clean_line(self.row.cells[self.columns[name][0]])
        return "" if fold(value) in self.absent else value

    def needed(self, name: str, remedy: str) -> str:
        """A cell that may not be empty; it is a problem if it is."""
        value = self.text(name)
        if not value and name not in self.too_long:
            self.refuse(name, EMPTY, remedy)
        return value

    def refuse(self, name: str, problem: str, remedy: str) -> None:
        """Add a problem of the cell of a field."""
        if name in self.columns:
            place, column = self.columns[name]
            value = shortened(self.row.cells[place])
        else:
            column, value = self.names.get(name, ""), ""
            problem = f"El archivo no trae la columna {column}." if problem == EMPTY else problem
        self.problems.append(RowProblem(self.row.line, column, value, problem, remedy))

    def word(self, name: str, known: Words, what: str, *, needed: bool) -> str:
        """A cell that holds one of the words that a profile knows."""
        options = ", ".join(known)
        value = self.needed(name, f"Escribe {what}.") if needed else self.text(name)
        if not value:
            return ""
        ours = known.get(value)
        if ours is None:
            self.refuse(name, f"«{shortened(value)}» no es {what}.", f"Se conocen: {options}.")
        return ours or ""

    def number(self, name: str, remedy: str, *, smallest: int, largest: int) -> int | None:
        """A whole number within limits, or nothing."""
        value = self.text(name)
        if not value:
            return None
        if not re.fullmatch(r"\d{1,10}(\.0+)?", value):
            self.refuse(name, f"«{shortened(value)}» no es un número.", remedy)
            return None
        number = int(value.split(".")[0])
        if not smallest <= number <= largest:
            self.refuse(name, f"{number} no puede ser: va de {smallest} a {largest}.", remedy)
            return None
        return number


def field_columns(header: Sequence[str], register: Mapping[str, str]) -> dict[str, tuple[int, str]]:
    """Field → (place in the row, column's name) for the columns that a header has."""
    by_key = {column_key(column): name for column, name in register.items()}
    return {
        by_key[column_key(column)]: (place, column)
        for place, column in enumerate(header)
        if column_key(column) in by_key
    }


class RegistrationReader:
    """Reads the register's part of official files, as a profile says.

    `actors` and `territories` gather what the catalogues may lack.
    """

    def __init__(
        self, profile: Profile, header: Sequence[str], *, process: Process | None = None
    ) -> None:
        self.profile = profile
        self.actors = ActorReader(profile.actor_patterns, process=process)
        self.territories = TerritoryReader(profile.municipalities)
        self._columns = field_columns(header, profile.register)
        self._names = {name: column for column, name in profile.register.items()}

    @property
    def fields(self) -> frozenset[str]:
        """The fields that the file brings; what it does not bring is left as it is."""
        present = {"name", "office", "principle", "seat_kind", "actor", "territory"}
        optional = {"external_id", "list_number", "sex", "age"} & self._columns.keys()
        return frozenset(present | optional)

    def read(self, row: Row) -> tuple[Registration | None, list[RowProblem]]:
        """One row: its registration, or everything that is wrong with it."""
        cells = Cells(row, self._columns, self._names, self.profile.absent)
        office = self._office(cells)
        registration = Registration(
            row=row.line,
            external_id=cells.text("external_id"),
            name=cells.needed("name", "Escribe el nombre registrado."),
            office=office.office,
            principle=office.principle,
            seat_kind=cells.word(
                "seat_kind",
                self.profile.seat_kinds,
                "propietaria o suplente",
                needed=True,
            ),
            actor=self._actor(cells),
            territory=self._territory(cells, office),
            list_number=cells.number(
                "list_number",
                "Escribe el número de lista o fórmula, o deja la celda vacía.",
                smallest=0,
                largest=LARGEST_LIST_NUMBER,
            ),
            sex=cells.word("sex", self.profile.sexes, "un sexo conocido", needed=False),
            age=read_age(cells),
        )
        return (None if cells.problems else registration), cells.problems

    def _office(self, cells: Cells) -> OfficeRule:
        nothing = OfficeRule("")
        value = cells.needed("office", "Escribe el cargo.")
        if not value:
            return nothing
        rule = self.profile.offices.get(fold(value))
        if rule is None:
            cells.refuse(
                "office",
                f"«{shortened(value)}» no es un cargo de este formato.",
                "Revisa cómo está escrito; si es un cargo que falta, agrégalo al perfil.",
            )
            return nothing
        return rule

    def _actor(self, cells: Cells) -> str:
        coalition = cells.text("coalition")
        if coalition:
            return self.actors.read_coalition(coalition, cells.text("coalition_members"))
        party = cells.needed(
            "actor", "Escribe el partido, la coalición o «Candidatura independiente»."
        )
        return self.actors.read(party) if party else ""

    def _territory(self, cells: Cells, office: OfficeRule) -> TerritoryKey:
        if not office.office:
            return NOTHING_PLACE
        try:
            return _place_of(cells, office, self.territories, self.profile.entity)
        except _PlaceRefused as refused:
            if refused.field not in cells.too_long:
                cells.refuse(refused.field, refused.problem, refused.remedy)
            return NOTHING_PLACE


class _PlaceRefused(ValueError):
    def __init__(self, name: str, problem: str, remedy: str) -> None:
        self.field = name
        self.problem = problem
        self.remedy = remedy
        super().__init__(problem)


def _reading(name: str, read: Callable[[], TerritoryKey]) -> TerritoryKey:
    try:
        return read()
    except UnknownPlace as unknown:
        raise _PlaceRefused(name, unknown.problem, unknown.remedy) from unknown


def _place_of(
    cells: Cells, office: OfficeRule, places: TerritoryReader, default_entity: str
) -> TerritoryKey:
    """The territory of an office: its municipality, district, constituency or entity."""
    kind = territory_kind(office)
    constituency = cells.text("constituency")
    if kind == TerritoryKind.CONSTITUENCY and office.federal:
        if not constituency:
            raise _PlaceRefused("constituency", EMPTY, "Escribe la circunscripción.")
        return _reading("constituency", lambda: places.federal_constituency(constituency))
    code = default_entity or _entity_of(cells)
    if kind == TerritoryKind.CONSTITUENCY and constituency:
        return _reading("constituency", lambda: places.constituency(code, constituency))
    if kind in {TerritoryKind.CONSTITUENCY, TerritoryKind.ENTITY}:
        return places.entity(code)
    name = "place" if "place" in cells.columns else str(_FIELD_OF_KIND[kind])
    place = cells.text(name)
    if not place and office.place_optional:
        return places.entity(code)
    if not place:
        wanted = "el distrito" if kind == TerritoryKind.DISTRICT else "el municipio"
        raise _PlaceRefused(name, EMPTY, f"Escribe {wanted}.")
    if kind == TerritoryKind.DISTRICT:
        return _reading(name, lambda: places.district(code, place, federal=office.federal))
    return _reading(name, lambda: places.municipality(code, place))


_FIELD_OF_KIND = {
    TerritoryKind.DISTRICT: "district",
    TerritoryKind.MUNICIPALITY: "municipality",
}
_OF_MUNICIPALITIES = {"presidencia_municipal", "sindicatura", "regiduria", "alcaldia", "concejalia"}
_OF_DISTRICTS = {"diputacion_local", "diputacion_federal"}


def territory_kind(office: OfficeRule) -> TerritoryKind:
    """Where an office is contested; lists of deputies are voted for in constituencies."""
    if office.office in _OF_MUNICIPALITIES:
        return TerritoryKind.MUNICIPALITY
    if office.office in _OF_DISTRICTS:
        proportional = office.principle == Principle.PROPORTIONAL
        return TerritoryKind.CONSTITUENCY if proportional else TerritoryKind.DISTRICT
    return TerritoryKind.ENTITY


def _entity_of(cells: Cells) -> str:
    name = cells.text("entity")
    if not name:
        raise _PlaceRefused("entity", EMPTY, "Escribe la entidad federativa.")
    try:
        return entity_code(name)
    except UnknownPlace as unknown:
        raise _PlaceRefused("entity", unknown.problem, unknown.remedy) from unknown


def read_age(cells: Cells) -> int | None:
    """The age at the registration, in years."""
    return cells.number(
        "age",
        "Escribe la edad en años o deja la celda vacía.",
        smallest=YOUNGEST,
        largest=OLDEST,
    )
