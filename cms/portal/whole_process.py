"""What the pages of a whole process show: home, and the list of its places."""

from dataclasses import dataclass
from typing import Any, Final

from cms.catalogs.models import Process, Territory, TerritoryKind
from cms.portal import municipality_maps, upcoming
from cms.portal.ballot import Ballot
from cms.published import selectors
from cms.published.places import Places
from cms.published.selectors import BallotOf

CITY_OF_MEXICO: Final = "09"
# A longer list of municipalities is closed on home: on a telephone it would take fifteen screens.
MOST_SHOWN_AT_HOME: Final = 130


_HERE: Final = {
    TerritoryKind.ENTITY: "toda la entidad",
    TerritoryKind.CONSTITUENCY: "esta circunscripción",
    TerritoryKind.DISTRICT: "este distrito",
    TerritoryKind.MUNICIPALITY: "este municipio",
}


@dataclass(frozen=True)
class PlaceWords:
    """What people call the places where they vote.

    Attributes:
        one, the, many: «municipio», «el municipio», «municipios».
        question: the heading of home.
        box: what the box asks for, up to «en la lista».
    """

    one: str
    the: str
    many: str
    question: str
    box: str
    article: str = "los"


_MUNICIPALITY = PlaceWords(
    "municipio",
    "el municipio",
    "municipios",
    "¿En qué municipio votas?",
    "Es el municipio del domicilio de tu credencial para votar. También puedes elegirlo",
)
_BOROUGH = PlaceWords(
    "alcaldía",
    "la alcaldía",
    "alcaldías",
    "¿En qué alcaldía votas?",
    "Es la alcaldía del domicilio de tu credencial para votar. También puedes elegirla",
    "las",
)
_DISTRICT = PlaceWords(
    "distrito",
    "el distrito",
    "distritos",
    "¿En qué distrito votas?",
    "Escribe su número o su cabecera. También puedes elegirlo",
)
_WHOLE_ENTITY = PlaceWords("lugar", "el lugar", "lugares", "¿Quiénes piden tu voto?", "")


def words_in(entity_code: str) -> PlaceWords:
    """What people call the municipalities of an entity."""
    return _BOROUGH if entity_code == CITY_OF_MEXICO else _MUNICIPALITY


def words_of(places: Places) -> PlaceWords:
    """What people call the places of a process: municipalities where it has any."""
    if places.municipalities:
        return words_in(places.entity_code)
    return _DISTRICT if places.districts else _WHOLE_ENTITY


def context(process: Process | None) -> dict[str, Any]:
    """The places of a process with their map, and its figures, or what will come instead.

    Before anything is public nothing is counted.
    """
    if process is None:
        return {"places": None, "map": None, "figures": None, "last_publication": None}
    tally = selectors.tally(process=process)
    places = tally.places()
    is_public = tally.figures.registered > 0
    return {
        "places": places,
        "words": words_of(places),
        "is_public": is_public,
        "is_long": len(places.municipalities) > MOST_SHOWN_AT_HOME,
        "map": municipality_maps.map_of(places.entity_code, places.municipalities),
        "figures": tally.figures if is_public else None,
        "last_publication": tally.last_publication if is_public else None,
        "upcoming": [] if is_public else upcoming.lines(process),
    }


def ballot_words(territory: Territory, arranged: Ballot, held: BallotOf) -> dict[str, Any]:
    """How a ballot speaks of its place and of what is elected there."""
    codes = {office.office.code for office in arranged.offices} | {one.code for one in held.elected}
    is_municipality = territory.kind == TerritoryKind.MUNICIPALITY
    near = "Distritos de este municipio:" if is_municipality else "Abarca, completos o en parte:"
    return {
        "elected": upcoming.elected_in_words(held.elected),
        "is_one": len(held.elected) == 1 and held.elected[0].seats == 1,
        "is_council": is_municipality and "presidencia_municipal" in codes,
        "here": _HERE[TerritoryKind(territory.kind)],
        "near_words": near,
    }
