"""The register of a process, written in bulk: many candidacies at a time, and only what differs.

Callers give a `Registration` for each candidacy, with the keys of the catalogues. Call these
functions inside one transaction.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cms.candidacies import contests
from cms.candidacies.bulk_pages import PageWriter
from cms.candidacies.models import CandidacyPage, Person, ProcessPage, TerritoryPage
from cms.candidacies.sealed import writing_as_service
from cms.candidacies.services import (
    NewCandidacy,
    add_candidacies,
    ensure_territory_pages,
    folded,
)
from cms.catalogs import services as catalogs
from cms.catalogs.models import CandidacyState, Office, PoliticalActor, Process, Territory
from cms.catalogs.services import NewActor, NewTerritory, TerritoryKey
from cms.catalogs.spanish import same_signs

PERSONAL_FIELDS = frozenset({"email", "birth_date"})
_COLUMNS = [
    "title",
    "name",
    "folded_name",
    "nickname",
    "office",
    "principle",
    "seat_kind",
    "actor",
    "responsible_actor",
    "territory",
    "external_id",
    "list_number",
    "sex",
    "age",
]


@dataclass(slots=True)
class Registration:
    """What the register says of one candidacy.

    Attributes:
        office, actor, responsible_actor: keys of the catalogues.
        email, birth_date: for the person, never for a page.
    """

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


@dataclass(frozen=True, slots=True)
class RegisterChange:
    """A candidacy that is registered, what the register says now, and the fields that differ."""

    page: CandidacyPage
    registration: Registration
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class RegisteredKeys:
    """The keys by which a candidacy that is registered can be recognised.

    Attributes:
        vacant: it ended, and nobody replaced it.
    """

    candidacy_id: int
    folded_name: str
    external_id: str
    office: str
    principle: str
    territory: TerritoryKey
    actor: str
    seat_kind: str
    list_number: int | None
    active: bool
    vacant: bool


def registered_keys(process: Process) -> Iterator[RegisteredKeys]:
    """The keys of every candidacy of a process (one query)."""
    rows = CandidacyPage.objects.filter(process=process).values_list(
        "pk",
        "folded_name",
        "external_id",
        "office__code",
        "principle",
        "territory__entity_code",
        "territory__kind",
        "territory__key",
        "actor__key",
        "seat_kind",
        "list_number",
        "state",
        "superseded_by",
    )
    territories: dict[TerritoryKey, TerritoryKey] = {}
    for row in rows:
        pk, name, external_id, office, principle, *place, actor, seat_kind, number, state, new = row
        key = TerritoryKey(*place)
        # Many candidacies share a territory: one object for each place keeps memory small.
        key = territories.setdefault(key, key)
        active = state == CandidacyState.ACTIVE
        vacant = not active and new is None
        yield RegisteredKeys(
            pk, name, external_id, office, principle, key, actor, seat_kind, number, active, vacant
        )


def registered_candidacies(ids: Iterable[int]) -> dict[int, CandidacyPage]:
    """Candidacies by id, with all that `changed_fields` compares (one query)."""
    found: dict[int, CandidacyPage] = CandidacyPage.objects.select_related(
        "office", "actor", "responsible_actor", "territory", "person"
    ).in_bulk(list(ids))
    return found


def _current(page: CandidacyPage) -> dict[str, Any]:
    territory, responsible = page.territory, page.responsible_actor
    return {
        "external_id": page.external_id,
        "name": page.name,
        "nickname": page.nickname,
        "office": page.office.code,
        "principle": page.principle,
        "seat_kind": page.seat_kind,
        "actor": page.actor.key,
        "responsible_actor": responsible.key if responsible is not None else "",
        "territory": TerritoryKey(territory.entity_code, territory.kind, territory.key),
        "list_number": page.list_number,
        "sex": page.sex,
        "age": page.age,
        "email": page.person.email,
        "birth_date": page.person.birth_date,
    }


def changed_fields(
    page: CandidacyPage, registration: Registration, fields: frozenset[str]
) -> frozenset[str]:
    """Which of these fields a registration gives another value.

    An empty value erases nothing that is known; an identifier that is known stays, and so does a
    name that differs only in the sign that was typed as an apostrophe or a hyphen.
    """
    current = _current(page)
    changed = {
        name
        for name in fields
        if getattr(registration, name) not in {"", None}
        and current[name] != getattr(registration, name)
    }
    if same_signs(page.name) == same_signs(registration.name):
        changed.discard("name")
    if page.external_id:
        changed.discard("external_id")
    return frozenset(changed)


class RegisterWriter:
    """Writes registrations of one process, with the entries of the catalogues that they need.

    Args:
        actors, territories: what the catalogues may not have yet, by key. They are read when
            something is written, so the caller may add to them in the meantime.
    """

    def __init__(
        self,
        *,
        process_page: ProcessPage,
        writer: PageWriter,
        actors: Mapping[str, NewActor],
        territories: Mapping[TerritoryKey, NewTerritory],
    ) -> None:
        self.process = process_page.process
        self._process_page = process_page
        self._writer = writer
        self._new_actors, self._new_territories = actors, territories
        self._offices = {office.code: office for office in Office.objects.all()}
        self._visible: set[str] = set()
        self._actors = {
            actor.key: actor for actor in PoliticalActor.objects.filter(process=self.process)
        }
        self._territories = catalogs.territory_keys()
        self._pages: dict[int, int] = dict(
            TerritoryPage.objects.filter(process=self.process).values_list("territory_id", "pk")
        )

    def add(self, registrations: Sequence[Registration]) -> list[CandidacyPage]:
        """Write new candidacies, in the order given."""
        self._complete_catalogues(registrations)
        new = [self._unsaved(registration) for registration in registrations]
        return add_candidacies(new=new, territory_pages=self._pages, writer=self._writer)

    def change(self, changes: Sequence[RegisterChange]) -> None:
        """Write the changed fields of known candidacies, each with a new revision."""
        self._complete_catalogues([change.registration for change in changes])
        pages, persons, moved = [], [], []
        for change in changes:
            page, fields = change.page, change.fields
            self._assign(page, change.registration, fields)
            if fields - PERSONAL_FIELDS:
                pages.append(page)
            if fields & (PERSONAL_FIELDS | {"name"}):
                persons.append(page.person)
            if "territory" in fields:
                moved.append(page)
        contests.ensure_of_pages([c.page for c in changes if c.fields & {"office", "territory"}])
        self._writer.revise(pages, _COLUMNS)
        Person.objects.bulk_update(persons, ["name", "email", "birth_date"])
        for page in moved:
            self._move(page)

    def _complete_catalogues(self, registrations: Sequence[Registration]) -> None:
        for code in {registration.office for registration in registrations} - self._visible:
            catalogs.ensure_process_office(process=self.process, office=self._offices[code])
            self._visible.add(code)
        wanted = {registration.actor for registration in registrations}
        wanted |= {registration.responsible_actor for registration in registrations} - {""}
        for key in sorted(wanted - self._actors.keys()):
            self._actors[key] = catalogs.ensure_actor(
                process=self.process, new=self._new_actors[key]
            )
        for place in dict.fromkeys(registration.territory for registration in registrations):
            if place not in self._territories:
                new = self._new_territories[place]
                self._territories[place] = catalogs.ensure_territory(new)
        without_page = {
            territory.pk: territory
            for registration in registrations
            if (territory := self._territories[registration.territory]).pk not in self._pages
        }
        if without_page:
            self._pages = ensure_territory_pages(
                process_page=self._process_page,
                territories=self._in_order(without_page.values()),
                writer=self._writer,
            )

    @staticmethod
    def _in_order(territories: Iterable[Territory]) -> list[Territory]:
        return sorted(
            territories,
            key=lambda territory: (territory.entity_code, territory.kind, territory.sort_key),
        )

    def _unsaved(self, registration: Registration) -> NewCandidacy:
        page = CandidacyPage(process=self.process)
        person = Person(
            name=registration.name, email=registration.email, birth_date=registration.birth_date
        )
        self._fill(page, registration)
        return NewCandidacy(page, person)

    def _fill(self, page: CandidacyPage, registration: Registration) -> None:
        responsible = registration.responsible_actor
        page.external_id = registration.external_id
        page.name = page.title = registration.name
        page.nickname = registration.nickname
        page.office = self._offices[registration.office]
        page.principle = registration.principle
        page.seat_kind = registration.seat_kind
        page.actor = self._actors[registration.actor]
        page.responsible_actor = self._actors[responsible] if responsible else None
        page.territory = self._territories[registration.territory]
        page.list_number = registration.list_number
        page.sex = registration.sex
        page.age = registration.age

    def _assign(
        self, page: CandidacyPage, registration: Registration, fields: frozenset[str]
    ) -> None:
        related: dict[str, Any] = {
            "office": self._offices[registration.office],
            "actor": self._actors[registration.actor],
            "territory": self._territories[registration.territory],
            "responsible_actor": self._actors.get(registration.responsible_actor),
        }
        for name in fields - PERSONAL_FIELDS:
            setattr(page, name, related[name] if name in related else getattr(registration, name))
        page.title, page.folded_name = page.name, folded(page.name)
        person = page.person
        person.name = page.name
        if "email" in fields:
            person.email = registration.email
        if "birth_date" in fields:
            person.birth_date = registration.birth_date

    def _move(self, page: CandidacyPage) -> None:
        """A candidacy whose territory was corrected goes to that territory's branch."""
        target = TerritoryPage.objects.get(pk=self._pages[page.territory_id])
        with writing_as_service():
            CandidacyPage.objects.get(pk=page.pk).move(target, pos="last-child")
        self._writer.forget(target.pk)
