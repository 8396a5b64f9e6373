"""A party is found in its coalitions: where it postulates with others, its own name is not enough.

A candidacy has one political actor, a party or a coalition. Whoever filters by a party also asks
for the coalitions that it belongs to: those of each municipality, since a coalition postulates only
where it was agreed on. Engines know nothing of it: they get the keys of all the actors, and count
each actor by itself.
"""

from collections.abc import Iterable, Mapping

from django.utils.text import slugify

from cms.catalogs.models import PoliticalActor
from cms.catalogs.spanish import fold

# Party → the coalitions that it belongs to, all by their keys.
Memberships = Mapping[str, tuple[str, ...]]


def parties_in_coalitions(actors: Iterable[PoliticalActor]) -> dict[str, tuple[str, list[str]]]:
    """The key of each party that belongs to a coalition → its label, and the coalitions' keys.

    A party that postulates nobody by itself is known by its acronym.
    """
    actors = sorted(actors, key=lambda actor: (actor.ballot_order, actor.key))
    own: dict[str, PoliticalActor] = {}
    for actor in actors:
        if not actor.members:
            for name in (actor.key, actor.acronym, actor.name):
                own.setdefault(fold(name), actor)
    parties: dict[str, tuple[str, list[str]]] = {}
    for coalition in actors:
        for member in coalition.members:
            party = own.get(fold(member))
            key, name = (party.key, party.name) if party else (slugify(member), member)
            parties.setdefault(key, (name, []))[1].append(coalition.key)
    return {
        key: (f"{name}, con {_theirs(coalitions)}", coalitions)
        for key, (name, coalitions) in parties.items()
        if key
    }


def _theirs(coalitions: list[str]) -> str:
    return "su coalición" if len(coalitions) == 1 else "sus coaliciones"


def with_coalitions(chosen: tuple[str, ...], memberships: Memberships) -> tuple[str, ...]:
    """The actors that a filter stands for: those chosen, and the coalitions of the parties."""
    theirs = (key for party in chosen for key in memberships.get(party, ()))
    return tuple(dict.fromkeys((*chosen, *theirs)))


def counted_with_coalitions(counts: Mapping[str, int], memberships: Memberships) -> dict[str, int]:
    """How many candidacies each actor has, those of a party's coalitions counted for it too."""
    return {
        key: counts.get(key, 0) + sum(counts.get(other, 0) for other in memberships.get(key, ()))
        for key in {**counts, **memberships}
    }
