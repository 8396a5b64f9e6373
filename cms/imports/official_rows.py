"""Rows of official exports: the candidacy of each row, read as a profile says, in our own keys."""

from collections.abc import Callable, Sequence

from cms.candidacies.bulk_register import Registration
from cms.catalogs.models import Principle, Process, TerritoryKind
from cms.catalogs.services import TerritoryKey
from cms.catalogs.spanish import fold
from cms.imports.actors import ActorReader
from cms.imports.profiles import OfficeRule, Profile
from cms.imports.reading import Row
from cms.imports.report import RowProblem, shortened
from cms.imports.row_cells import (
    EMPTY,
    LARGEST_LIST_NUMBER,
    OLDEST,
    YOUNGEST,
    Cells,
    field_columns,
)
from cms.imports.territories import TerritoryReader, UnknownPlace, entity_code

NOTHING_PLACE = TerritoryKey("", "", "")


class OfficialRowReader:
    """Reads the register's part of official files, as a profile says.

    `actors` and `territories` gather what the catalogues may not have yet.
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
        """The fields that the file brings. The others stay as they are."""
        present = {"name", "office", "principle", "seat_kind", "actor", "territory"}
        optional = {"external_id", "list_number", "sex", "age"} & self._columns.keys()
        return frozenset(present | optional)

    def read(self, row: Row) -> tuple[Registration | None, list[RowProblem]]:
        """The registration of a row, or everything that is wrong with it."""
        cells = Cells(row, self._columns, self._names, self.profile.absent)
        office = self._office(cells)
        registration = Registration(
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
            age=cells.number(
                "age",
                "Escribe la edad en años o deja la celda vacía.",
                smallest=YOUNGEST,
                largest=OLDEST,
            ),
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
    """The kind of territory in which an office is contested.

    Lists of deputies are voted for in constituencies.
    """
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
