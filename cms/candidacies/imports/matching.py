"""Which candidacy a row is about: by ID_FILA, else by position and folded name (design §4).

Position alone is no key: in a real file 375 positions hold 479 rows. Whoever stands at a known
position under another name may be a replacement or a correction: said, never applied.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from cms.candidacies.imports.registration import Registration
from cms.candidacies.imports.report import RowNote, RowProblem
from cms.candidacies.models import CandidacyPage
from cms.candidacies.services import folded
from cms.catalogs.models import ActorKind, CandidacyState, Process
from cms.catalogs.services import TerritoryKey

Position = tuple[str, str, TerritoryKey, str, str, int | None]


@dataclass(slots=True)
class Entry:
    """What is kept of a row between the two readings of a file."""

    row: int
    name: str
    folded_name: str
    external_id: str
    position: Position


@dataclass(slots=True)
class Known:
    """A candidacy of the process, as far as it is needed to recognise it."""

    id: int
    folded_name: str
    external_id: str
    position: Position
    active: bool


@dataclass(slots=True)
class Plan:
    """What each row of the file is.

    Attributes:
        matched: row → id of its candidacy. new: rows of new candidacies.
        not_applied: rows that staff must look at; they change nothing.
    """

    matched: dict[int, int] = field(default_factory=dict)
    new: set[int] = field(default_factory=set)
    not_applied: list[RowNote] = field(default_factory=list)


def entry_of(registration: Registration, *, numbered: bool) -> Entry:
    """The entry of a row; `numbered` says whether the file brings list numbers."""
    return Entry(
        row=registration.row,
        name=registration.name,
        folded_name=folded(registration.name),
        external_id=registration.external_id,
        position=(
            registration.office,
            registration.principle,
            registration.territory,
            registration.actor,
            registration.seat_kind,
            registration.list_number if numbered else None,
        ),
    )


def known_candidacies(process: Process, *, numbered: bool) -> list[Known]:
    """Every candidacy of a process by its natural keys (one query)."""
    rows = CandidacyPage.objects.filter(process=process).values_list(
        "pk",
        "folded_name",
        "external_id",
        "state",
        "office__code",
        "principle",
        "territory__entity_code",
        "territory__kind",
        "territory__key",
        "actor__key",
        "seat_kind",
        "list_number",
    )
    territories: dict[TerritoryKey, TerritoryKey] = {}
    found = []
    for pk, name, external_id, state, office, principle, *place, actor, seat, number in rows:
        key = TerritoryKey(*place)
        key = territories.setdefault(key, key)
        position = (office, principle, key, actor, seat, number if numbered else None)
        found.append(Known(pk, name, external_id, position, state == CandidacyState.ACTIVE))
    return found


def repeated_rows(
    entries: Iterable[Entry], *, id_column: str, name_column: str
) -> list[RowProblem]:
    """Rows that say a second time what an earlier one said: the same id, or person and position."""
    ids: dict[str, int] = {}
    persons: dict[tuple[Position, str], int] = {}
    found: list[RowProblem] = []
    remedy = "Deja una sola."
    for one in entries:
        first = ids.get(one.external_id) if one.external_id else None
        if first is not None:
            problem = f"La fila {first} ya tiene este identificador."
            found.append(RowProblem(one.row, id_column, one.external_id, problem, remedy))
            continue
        same = persons.get((one.position, one.folded_name))
        if same is not None:
            problem = f"La fila {same} ya registra a esta persona en la misma posición."
            found.append(RowProblem(one.row, name_column, one.name, problem, remedy))
            continue
        ids[one.external_id] = one.row
        persons[(one.position, one.folded_name)] = one.row
    return found


class _Register:
    """The known candidacies by each of their keys; one that was recognised is not offered again."""

    def __init__(self, known: Iterable[Known]) -> None:
        self.by_id: dict[str, Known] = {}
        self.by_person: dict[tuple[Position, str], list[Known]] = defaultdict(list)
        self.by_position: dict[Position, list[Known]] = defaultdict(list)
        self.taken: set[int] = set()
        for one in known:
            if one.external_id:
                self.by_id[one.external_id] = one
            self.by_person[(one.position, one.folded_name)].append(one)
            self.by_position[one.position].append(one)

    def same_person(self, entry: Entry) -> Known | None:
        namesakes = self.by_person.get((entry.position, entry.folded_name), [])
        return next((one for one in namesakes if one.id not in self.taken), None)

    def left_at(self, position: Position) -> list[Known]:
        """Active candidacies at a position that no row of the file is about."""
        return [
            one
            for one in self.by_position.get(position, [])
            if one.active and one.id not in self.taken
        ]


def match(
    entries: Iterable[Entry], known: Iterable[Known], *, independents: frozenset[str]
) -> Plan:
    """Say what each row is. `independents`: keys of actors whose candidacies have no single seat.

    Independents share an actor and are rivals: a new name among them is a new candidacy.
    """
    plan, register = Plan(), _Register(known)
    rest = _match_by_id(list(entries), register, plan)
    strangers: list[Entry] = []
    for entry in rest:
        same = register.same_person(entry)
        if same is None:
            strangers.append(entry)
        else:
            register.taken.add(same.id)
            plan.matched[entry.row] = same.id
    for entry in strangers:
        left = register.left_at(entry.position)
        if left and entry.position[3] not in independents:
            plan.not_applied.append(_possible_replacement(entry, left))
        else:
            plan.new.add(entry.row)
    plan.not_applied.sort(key=lambda note: note.row)
    return plan


def _match_by_id(entries: list[Entry], register: _Register, plan: Plan) -> list[Entry]:
    rest: list[Entry] = []
    for entry in entries:
        same = register.by_id.get(entry.external_id) if entry.external_id else None
        if same is None:
            rest.append(entry)
        elif same.folded_name == entry.folded_name:
            plan.matched[entry.row] = same.id
        else:
            plan.not_applied.append(
                RowNote(
                    entry.row,
                    entry.name,
                    same.id,
                    f"El identificador {entry.external_id} está registrado con otro nombre."
                    " Puede ser una sustitución o una corrección: no se aplicó.",
                )
            )
        if same is not None:
            register.taken.add(same.id)
    return rest


def _possible_replacement(entry: Entry, left: list[Known]) -> RowNote:
    return RowNote(
        entry.row,
        entry.name,
        left[0].id if len(left) == 1 else None,
        "La misma posición está registrada con otro nombre."
        " Puede ser una sustitución o una corrección: no se aplicó.",
    )


def independent_actors(kinds: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The keys of independents among (key, kind) pairs."""
    return frozenset(key for key, kind in kinds if kind == ActorKind.INDEPENDENT)
