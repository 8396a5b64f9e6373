"""Where a contest takes place, as files write it."""

import re
from collections.abc import Mapping
from functools import cache

from cms.catalogs import services as catalogs
from cms.catalogs.files import read_catalogue
from cms.catalogs.models import Territory, TerritoryKind
from cms.catalogs.services import NATIONWIDE, NewTerritory, TerritoryKey
from cms.catalogs.spanish import fold
from cms.imports.names import readable

_DISTRICT = re.compile(
    r"^(?:distrito(?:\s+electoral)?(?:\s+(?:local|federal))?\s*(?:no\.?|num\.?|numero)?\s*)?"
    r"0*(\d{1,3})(?:\s*[-–—.:,]\s*|\s+|$)(.*)$",
    re.IGNORECASE,
)
_ORDINALS = {
    word: number
    for number, words in enumerate(
        (
            ("i", "primera"),
            ("ii", "segunda"),
            ("iii", "tercera"),
            ("iv", "cuarta"),
            ("v", "quinta"),
        ),
        start=1,
    )
    for word in words
}


# The country has five (CPEUM 53); no state has more.
MOST_CONSTITUENCIES = 5


class UnknownPlace(ValueError):
    """A cell names a place that does not exist. `problem` and `remedy` are sentences in Spanish."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem = problem
        self.remedy = remedy
        super().__init__(problem)


@cache
def _entities() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in read_catalogue("entidades.csv"):
        names = (row["clave"], row["nombre"], *filter(None, row["alias"].split("|")))
        found.update({fold(name): row["clave"] for name in names})
    return found


def _bare(name: str) -> str:
    """A name without blanks or punctuation: «CUATROCIENEGAS» and «Cuatro Ciénegas» are the same."""
    return "".join(char for char in fold(name) if char.isalnum())


def entity_code(name: str) -> str:
    """INEGI's key of an entity by its name. Raises UnknownPlace."""
    code = _entities().get(fold(name))
    if code is None:
        raise UnknownPlace(
            f"«{name}» no es una entidad federativa.",
            "Escribe el nombre de la entidad como en el catálogo del INEGI.",
        )
    return code


class TerritoryReader:
    """Reads territories by their natural keys, and remembers each with what the catalogue needs."""

    def __init__(self, aliases: Mapping[str, Mapping[str, str]]) -> None:
        self._aliases = aliases
        self._complete: dict[str, dict[str, str]] = {}
        self.found: dict[TerritoryKey, NewTerritory] = {}

    def entity(self, code: str) -> TerritoryKey:
        """The territory of a contest that is held in a whole entity."""
        name = next(
            row["nombre"] for row in read_catalogue("entidades.csv") if row["clave"] == code
        )
        key = TerritoryKey(code, TerritoryKind.ENTITY, fold(name))
        return self._remember(key, name)

    def municipality(self, code: str, name: str) -> TerritoryKey:
        """A municipality of an entity.

        Raises: UnknownPlace if the catalogue has every municipality of the entity but not this one.
        """
        known = self._municipalities(code)
        if known and _bare(name) not in known:
            raise UnknownPlace(
                f"«{name}» no es un municipio o alcaldía de esa entidad.",
                "Escribe el nombre como está en el catálogo.",
            )
        shown = known.get(_bare(name)) or readable(name)
        key = TerritoryKey(code, TerritoryKind.MUNICIPALITY, catalogs.folded_key(shown))
        return self._remember(key, shown)

    def district(self, code: str, text: str, *, federal: bool) -> TerritoryKey:
        """A district from «7-SALTILLO» or «Distrito 21». Raises UnknownPlace."""
        match = _DISTRICT.match(text.strip())
        if match is None:
            raise UnknownPlace(
                f"«{text}» no es un distrito.",
                "Escribe su número, o número y cabecera, como «7-SALTILLO».",
            )
        number, seat = int(match[1]), readable(match[2])
        if not number:
            raise UnknownPlace("No hay un distrito 0.", "Escribe su número, como «7-SALTILLO».")
        scope = "federal" if federal else "local"
        key = TerritoryKey(code, TerritoryKind.DISTRICT, f"{scope}-{number}")
        title = f"Distrito federal {number}" if federal else f"Distrito {number}"
        return self._remember(key, f"{title}, {seat}" if seat else title, number)

    def constituency(self, code: str, text: str) -> TerritoryKey:
        """A constituency by its number. Raises UnknownPlace."""
        folded = fold(text).removeprefix("circunscripcion ").removesuffix(" circunscripcion")
        digits = re.fullmatch(r"0*(\d{1,2})(?:\.0+|a)?", folded)
        if digits is None and folded not in _ORDINALS:
            raise UnknownPlace(
                f"«{text}» no es una circunscripción.", "Escribe su número, como «2»."
            )
        number = int(digits[1]) if digits is not None else _ORDINALS[folded]
        if not 1 <= number <= MOST_CONSTITUENCIES:
            raise UnknownPlace(
                f"No hay una circunscripción {number}.",
                f"Escribe un número de 1 a {MOST_CONSTITUENCIES}.",
            )
        key = TerritoryKey(code, TerritoryKind.CONSTITUENCY, str(number))
        return self._remember(key, f"Circunscripción {number}", number)

    def federal_constituency(self, text: str) -> TerritoryKey:
        """One of the constituencies into which the whole country is divided (CPEUM 53)."""
        return self.constituency(NATIONWIDE, text)

    def _remember(self, key: TerritoryKey, name: str, number: int | None = None) -> TerritoryKey:
        return self.found.setdefault(key, NewTerritory(key, name[:160], number)).key

    def _municipalities(self, code: str) -> dict[str, str]:
        """Bare name → name of every municipality of an entity; empty if not all are known."""
        if code not in self._complete:
            closed = catalogs.is_closed_catalogue(entity_code=code, kind=TerritoryKind.MUNICIPALITY)
            names = Territory.objects.filter(
                kind=TerritoryKind.MUNICIPALITY, entity_code=code
            ).values_list("name", flat=True)
            known = {_bare(name): name for name in names} if closed else {}
            aliases = self._aliases.get(code, {})
            known.update({_bare(written): name for written, name in aliases.items()})
            self._complete[code] = known
        return self._complete[code]
