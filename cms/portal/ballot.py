"""The ballot of a municipality in reading order: offices, slates and their pairs. Pure.

What is counted from the people is counted once: it is asked when everybody has their place.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from cms.catalogs.models import CandidacyState, Office, PoliticalActor, Principle, SeatKind
from cms.published.cards import Card
from cms.published.versions import LAST_PLACE


def anchor_of(office: Office, principle: str) -> str:
    """The anchor of an office on a municipality's page: «regiduria», «regiduria-rp»."""
    suffix = "" if principle in {"", "mr"} else f"-{principle}"
    return f"{office.code.replace('_', '-')}{suffix}"


def plural_of(name: str) -> str:
    """An office in the plural: «Regidurías», «Diputaciones locales»."""
    return " ".join(_plural_word(word) for word in name.split())


def _plural_word(word: str) -> str:
    if word[-1] in "aeiouáéíóú":
        return f"{word}s"
    return f"{word[:-2]}ones" if word.endswith("ón") else f"{word}es"


@dataclass
class Pair:
    """The holder of a place on a slate, and the alternate."""

    place: int | None
    holder: Card | None = None
    alternate: Card | None = None

    @cached_property
    def people(self) -> list[Card]:
        return [person for person in (self.holder, self.alternate) if person is not None]


@dataclass
class Slate:
    """Everyone whom an actor postulates for an office."""

    actor: PoliticalActor
    pairs: list[Pair] = field(default_factory=list)
    _at: dict[int | None, list[Pair]] = field(default_factory=dict, repr=False)

    def place(self, person: Card) -> None:
        """Add a person to the first pair of their place that lacks one, or to a new pair."""
        number = person.list_number
        place = number if number is not None and number <= LAST_PLACE else None
        is_holder = person.seat_kind == SeatKind.HOLDER
        there = self._at.setdefault(place, [])
        for pair in there:
            if (pair.holder if is_holder else pair.alternate) is None:
                break
        else:
            pair = Pair(place=place)
            there.append(pair)
            self.pairs.append(pair)
        if is_holder:
            pair.holder = person
        else:
            pair.alternate = person

    @cached_property
    def people(self) -> list[Card]:
        return [person for pair in self.pairs for person in pair.people]

    @property
    def informed(self) -> int:
        return sum(person.has_answers for person in self.people)


@dataclass
class BallotOffice:
    """An office of the ballot with everyone who competes for it."""

    office: Office
    principle: str
    principle_label: str
    slates: list[Slate] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return anchor_of(self.office, self.principle)

    @property
    def title(self) -> str:
        """«Presidencia municipal»; in the plural where an actor postulates several people."""
        name = self.office.name if self.is_single else plural_of(self.office.name)
        return name if self.principle in {"", "mr"} else f"{name} de {self.principle_label}"

    @property
    def places_name(self) -> str:
        """«regidurías»: what a slate's places are called when they are counted."""
        return plural_of(self.office.name).lower()

    @cached_property
    def people(self) -> list[Card]:
        return [person for slate in self.slates for person in slate.people]

    @cached_property
    def is_single(self) -> bool:
        """Whether each actor has one person or pair and no places, so that cards can show them."""
        return all(pair.place is None for slate in self.slates for pair in slate.pairs)


@dataclass
class Ballot:
    """The whole ballot and, apart from it, the candidacies that ended."""

    offices: list[BallotOffice]
    ended: list[Card]

    @cached_property
    def people(self) -> int:
        return sum(len(office.people) for office in self.offices)

    @property
    def slates(self) -> int:
        return len({slate.actor.pk for office in self.offices for slate in office.slates})


def arrange(rows: Iterable[Card]) -> Ballot:
    """Arrange rows that come in ballot order (`selectors.ballot_rows`)."""
    offices: dict[tuple[int, str], BallotOffice] = {}
    slates: dict[tuple[int, str, int], Slate] = {}
    ended: list[Card] = []
    for row in rows:
        if row.state == CandidacyState.ENDED:
            ended.append(row)
            continue
        key = (row.office.pk, row.principle)
        office = offices.get(key)
        if office is None:
            label = str(Principle(row.principle).label) if row.principle else ""
            office = offices[key] = BallotOffice(row.office, row.principle, label)
        slate = slates.get((*key, row.actor.pk))
        if slate is None:
            slate = slates[*key, row.actor.pk] = Slate(actor=row.actor)
            office.slates.append(slate)
        slate.place(row)
    return Ballot(offices=list(offices.values()), ended=ended)
