"""Who nominates a candidacy, as files write it: parties by the catalogue, others by patterns."""

import re
from collections.abc import Iterable
from functools import cache

from django.utils.text import slugify

from cms.catalogs.files import read_catalogue
from cms.catalogs.models import ActorKind, PoliticalActor, Process
from cms.catalogs.services import NewActor
from cms.catalogs.spanish import fold
from cms.imports.names import readable

UNKNOWN_PARTY_ORDER = 300
COALITION_ORDER = 400
COMMON_ORDER = 500
COMMON_NAME = "Candidatura común"
INDEPENDENT_ORDER = 900
INDEPENDENT = NewActor(
    key="independiente",
    name="Candidatura independiente",
    acronym="CI",
    kind=ActorKind.INDEPENDENT,
    ballot_order=INDEPENDENT_ORDER,
    color="#6B7280",
)
_COMMON = {"candidatura comun", "candidaturas comunes"}
_MEMBERS = re.compile(r"\s*[,;/|+_\-–]\s*|\s+y\s+", re.IGNORECASE)


@cache
def known_parties() -> dict[str, NewActor]:
    """The parties of the catalogue, by each of their folded names, acronyms and other names."""
    found: dict[str, NewActor] = {}
    for row in read_catalogue("partidos.csv"):
        party = NewActor(
            key=slugify(row["siglas"]),
            name=row["nombre"],
            acronym=row["siglas"],
            ballot_order=int(row["orden"]),
            color=row["color"],
        )
        for name in (row["siglas"], row["nombre"], *filter(None, row["alias"].split("|"))):
            found[fold(name)] = party
    return found


def members_of(text: str) -> tuple[str, ...]:
    """The parties of a coalition, «PAN, PRI y PRD», as acronyms where the catalogue has them."""
    parts = [part for part in _MEMBERS.split(text.strip()) if part]
    parties = known_parties()
    acronyms = (
        parties[fold(part)].acronym if fold(part) in parties else part[:40] for part in parts
    )
    return tuple(dict.fromkeys(acronyms))


def actors_of(process: Process | None) -> dict[str, NewActor]:
    """The actors that a process has, by their folded keys, acronyms and names (one query)."""
    found: dict[str, NewActor] = {}
    for known in PoliticalActor.objects.filter(process=process) if process is not None else ():
        actor = NewActor(key=known.key, name=known.name, kind=known.kind, acronym=known.acronym)
        names = (known.key, known.acronym, known.name)
        found.update({fold(name).rstrip("."): actor for name in names if name})
    return found


class ActorReader:
    """Reads the names of actors and remembers each actor, so that the process gets what it lacks.

    An actor that the process already has is recognised first, by any of its names. `unknown` holds
    the names that were not recognised: they are taken as parties, and a warning names them.
    """

    def __init__(
        self,
        patterns: Iterable[tuple[str, re.Pattern[str]]] = (),
        *,
        process: Process | None = None,
    ) -> None:
        self._patterns = tuple(patterns)
        self._known = {**known_parties(), **actors_of(process)}
        self.found: dict[str, NewActor] = {}
        self.unknown: list[str] = []

    def read(self, name: str) -> str:
        """The key of the actor that a cell names. The cell must not be empty."""
        actor = self._actor(name)
        return self.found.setdefault(actor.key, actor).key

    def read_coalition(self, name: str, members: str) -> str:
        """The key of a coalition whose name and members come in columns of their own."""
        shown = readable(name)
        actor = self._known.get(fold(shown)) or _coalition(shown, members_of(members))
        return self.found.setdefault(actor.key, actor).key

    def _actor(self, name: str) -> NewActor:
        folded = fold(name).rstrip(".")
        known = self._known.get(folded)
        if known is not None:
            return known
        kind = next((kind for kind, pattern in self._patterns if pattern.search(folded)), None)
        if kind == ActorKind.INDEPENDENT:
            return INDEPENDENT
        if kind == ActorKind.COMMON:
            shown = COMMON_NAME if folded in _COMMON else readable(name)
            return NewActor(
                key=slugify(shown)[:120], name=shown, kind=kind, ballot_order=COMMON_ORDER
            )
        joined = _MEMBERS.split(name.strip())
        if len(joined) > 1 and all(fold(part) in known_parties() for part in joined):
            return _coalition("-".join(members_of(name)), members_of(name))
        if kind == ActorKind.COALITION:
            return _coalition(readable(name), ())
        return self._unknown_party(readable(name))

    def _unknown_party(self, name: str) -> NewActor:
        if name not in self.unknown:
            self.unknown.append(name)
        key = slugify(name)[:120] or "actor"
        return NewActor(key=key, name=name, ballot_order=UNKNOWN_PARTY_ORDER)


def _coalition(name: str, members: tuple[str, ...]) -> NewActor:
    parties = known_parties()
    orders = [parties[fold(name)].ballot_order for name in members if fold(name) in parties]
    return NewActor(
        key=slugify(name)[:120] or "coalicion",
        name=name,
        kind=ActorKind.COALITION,
        members=members,
        ballot_order=min(orders, default=COALITION_ORDER),
    )
