"""Which candidacy a row is about: told by ID_FILA and name, or else by position and name.

Position alone is no key: in a real file 375 positions hold 479 rows. Another name at a known
position may be a replacement or a correction, so it is reported and never applied. So is a name
for the seat of somebody who ended: who takes it is registered as a replacement (ADR 0058).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from cms.candidacies.bulk_register import RegisteredKeys, Registration
from cms.candidacies.services import folded
from cms.catalogs.models import ActorKind
from cms.catalogs.services import TerritoryKey
from cms.imports.report import RowNote, RowProblem

POSSIBLE_REPLACEMENT = (
    "La misma posición está registrada con otro nombre."
    " Puede ser una sustitución o una corrección: no se aplicó."
)
VACANT_SEAT = (
    "La candidatura de esta posición terminó y nadie la sustituye."
    " Puede ser quien la sustituye: no se aplicó."
)
POSSIBLE_CORRECTION = (
    "La misma persona está registrada para este cargo con otro actor o con otro número."
    " Puede ser una corrección: no se aplicó."
)
DISPUTED_ID = (
    "El identificador {} está registrado con otro nombre."
    " Puede ser una sustitución o una corrección: no se aplicó."
)
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
    vacant: bool


@dataclass
class Plan:
    """What each row of the file is.

    Attributes:
        matched: row → id of its candidacy. new: rows of new candidacies.
        not_applied: rows that change nothing until staff look at them.
    """

    matched: dict[int, int] = field(default_factory=dict)
    new: set[int] = field(default_factory=set)
    not_applied: list[RowNote] = field(default_factory=list)

    @cached_property
    def doubtful(self) -> frozenset[int]:
        """The rows that are not applied."""
        return frozenset(note.row for note in self.not_applied)

    def is_about(self, row: int) -> bool:
        """Whether anything is done with a row, or about it."""
        return row in self.matched or row in self.new or row in self.doubtful


def entry_of(row: int, registration: Registration, *, numbered: bool) -> Entry:
    """The entry of a row; `numbered` says whether the file brings list numbers."""
    return Entry(
        row=row,
        name=registration.name,
        folded_name=folded(registration.name),
        external_id=registration.external_id,
        position=_position(registration, numbered=numbered),
    )


def known_candidacy(keys: RegisteredKeys, *, numbered: bool) -> Known:
    """A registered candidacy as rows are compared with it; `numbered` as in `entry_of`."""
    return Known(
        id=keys.candidacy_id,
        folded_name=keys.folded_name,
        external_id=keys.external_id,
        position=_position(keys, numbered=numbered),
        active=keys.active,
        vacant=keys.vacant,
    )


def _position(keys: Registration | RegisteredKeys, *, numbered: bool) -> Position:
    return (
        keys.office,
        keys.principle,
        keys.territory,
        keys.actor,
        keys.seat_kind,
        keys.list_number if numbered else None,
    )


def repeated_rows(
    entries: Iterable[Entry], *, id_column: str, name_column: str
) -> list[RowProblem]:
    """Rows that repeat an earlier row: the same identifier, or the same person and position."""
    ids: dict[str, int] = {}
    persons: dict[tuple[Position, str], int] = {}
    found: list[RowProblem] = []
    remedy = "Deja una sola."
    for entry in entries:
        first = ids.get(entry.external_id) if entry.external_id else None
        if first is not None:
            problem = f"La fila {first} ya tiene este identificador."
            found.append(RowProblem(entry.row, id_column, entry.external_id, problem, remedy))
            continue
        same = persons.get((entry.position, entry.folded_name))
        if same is not None:
            problem = f"La fila {same} ya registra a esta persona en la misma posición."
            found.append(RowProblem(entry.row, name_column, entry.name, problem, remedy))
            continue
        ids[entry.external_id] = entry.row
        persons[(entry.position, entry.folded_name)] = entry.row
    return found


def _agree(value: object, other: object) -> bool:
    """Whether two values may be the same. A value that is not known agrees with every other."""
    return value == other or value in {"", None} or other in {"", None}


class _Register:
    """The known candidacies by each of their keys. A row that is recognised takes its candidacy."""

    def __init__(self, known: Iterable[Known]) -> None:
        self.by_id: dict[str, Known] = {}
        self.by_person: dict[tuple[Position, str], list[Known]] = defaultdict(list)
        self.by_position: dict[Position, list[Known]] = defaultdict(list)
        self.by_name: dict[str, list[Known]] = defaultdict(list)
        self.taken: set[int] = set()
        for candidacy in known:
            if candidacy.external_id:
                self.by_id[candidacy.external_id] = candidacy
            self.by_person[(candidacy.position, candidacy.folded_name)].append(candidacy)
            self.by_position[candidacy.position].append(candidacy)
            self.by_name[candidacy.folded_name].append(candidacy)

    def same_id(self, entry: Entry) -> Known | None:
        """The candidacy that has the identifier of the row, if it also has its name."""
        known = self.by_id.get(entry.external_id) if entry.external_id else None
        return known if known is not None and known.folded_name == entry.folded_name else None

    def same_person(self, entry: Entry) -> Known | None:
        """The candidacy that has the name of the row, at its position."""
        namesakes = self.by_person.get((entry.position, entry.folded_name), [])
        return next((known for known in namesakes if known.id not in self.taken), None)

    def same_person_with_less(self, entry: Entry) -> Known | None:
        """The only candidacy of that name whose position agrees, as far as it is known.

        The file, or the register, may not say the principle or the number in the list.
        """
        found = [known for known in self._namesakes(entry) if _agree_in_all(known, entry)]
        return found[0] if len(found) == 1 else None

    def left_at(self, position: Position) -> list[Known]:
        """Active candidacies at a position that no row of the file is about."""
        return [
            known
            for known in self.by_position.get(position, [])
            if known.active and known.id not in self.taken
        ]

    def vacant_at(self, position: Position) -> list[Known]:
        """Candidacies at a position that ended, that nobody replaced, and no row is about."""
        return [
            known
            for known in self.by_position.get(position, [])
            if known.vacant and known.id not in self.taken
        ]

    def same_person_elsewhere(self, entry: Entry) -> list[Known]:
        """Active candidacies of that name for the same seat, with another actor or number."""
        return [known for known in self._namesakes(entry) if known.active]

    def _namesakes(self, entry: Entry) -> list[Known]:
        """Candidacies of that name for the same office, place and seat that no row is about."""
        office, principle, territory, _actor, seat_kind, _number = entry.position
        return [
            known
            for known in self.by_name.get(entry.folded_name, [])
            if known.id not in self.taken
            and (known.position[0], known.position[2], known.position[4])
            == (office, territory, seat_kind)
            and _agree(known.position[1], principle)
        ]


def _agree_in_all(known: Known, entry: Entry) -> bool:
    same_actor = known.position[3] == entry.position[3]
    return same_actor and _agree(known.position[5], entry.position[5])


def match(
    entries: Iterable[Entry], known: Iterable[Known], *, independents: frozenset[str]
) -> Plan:
    """Say which candidacy each row is about.

    Args:
        independents: keys of the actors that stand for independent candidacies. These share an
            actor and are rivals, so a new name among them is a new candidacy.
    """
    plan, register = Plan(), _Register(known)
    rest = list(entries)
    for recognise in (register.same_id, register.same_person, register.same_person_with_less):
        rest = _recognised(rest, recognise, register, plan)
    strangers = _without_disputed_ids(rest, register, plan)
    for entry in strangers:
        has_rivals = entry.position[3] in independents
        if not has_rivals and (left := register.left_at(entry.position)):
            plan.not_applied.append(_note(entry, left, POSSIBLE_REPLACEMENT))
        elif not has_rivals and (vacant := register.vacant_at(entry.position)):
            plan.not_applied.append(_note(entry, vacant, VACANT_SEAT))
        elif elsewhere := register.same_person_elsewhere(entry):
            plan.not_applied.append(_note(entry, elsewhere, POSSIBLE_CORRECTION))
        else:
            plan.new.add(entry.row)
    plan.not_applied.sort(key=lambda note: note.row)
    return plan


def _recognised(
    entries: list[Entry],
    recognise: Callable[[Entry], Known | None],
    register: _Register,
    plan: Plan,
) -> list[Entry]:
    """Match the rows that are recognised; returns the others."""
    rest: list[Entry] = []
    for entry in entries:
        same = recognise(entry)
        if same is None:
            rest.append(entry)
        else:
            register.taken.add(same.id)
            plan.matched[entry.row] = same.id
    return rest


def _without_disputed_ids(entries: list[Entry], register: _Register, plan: Plan) -> list[Entry]:
    """Set aside the rows whose identifier another candidacy has; returns the others."""
    rest: list[Entry] = []
    for entry in entries:
        owner = register.by_id.get(entry.external_id) if entry.external_id else None
        if owner is None:
            rest.append(entry)
        else:
            reason = DISPUTED_ID.format(entry.external_id)
            plan.not_applied.append(_note(entry, [owner], reason))
            register.taken.add(owner.id)
    return rest


def _note(entry: Entry, known: list[Known], reason: str) -> RowNote:
    return RowNote(entry.row, entry.name, known[0].id if len(known) == 1 else None, reason)


def independent_actors(kinds: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The keys of independent actors among (key, kind) pairs."""
    return frozenset(key for key, kind in kinds if kind == ActorKind.INDEPENDENT)
