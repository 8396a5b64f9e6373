"""What people call the territories that a process elects in, in the sentences of the screens."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.catalogs import entities
from cms.catalogs.files import municipalities_of
from cms.catalogs.models import ProcessOffice, TerritoryKind

CITY_OF_MEXICO = "09"


@dataclass(frozen=True, slots=True)
class Taking:
    """What can be taken from the catalogue for an office.

    Attributes:
        verb: on the button; empty when there is nothing to take.
        explanation: what there is, or why nothing can be taken.
    """

    verb: str
    explanation: str = ""


def taking_of(held: ProcessOffice, there: int) -> Taking:
    """What can be taken for an office that has so many contests of its entity."""
    code = held.process.entity_code
    if not code:
        return Taking("", _("Para tomarlas del catálogo, elige primero la entidad del proceso."))
    kind = held.office.territory_kind
    if kind == TerritoryKind.MUNICIPALITY:
        return _municipalities(code, there)
    if kind == TerritoryKind.ENTITY and not there:
        said = _("Tomar la elección de toda la entidad: %(entity)s")
        return Taking(said % {"entity": entities.name_of(code)})
    return Taking("")


def _municipalities(code: str, there: int) -> Taking:
    total = len(municipalities_of(code))
    counted = {"entity": entities.name_of(code), "total": total, "missing": total - there}
    if 0 < there < total:
        return _rest(code, counted)
    if code == CITY_OF_MEXICO:
        verb = _("Tomar las %(total)s alcaldías de %(entity)s")
        said = _("Están las %(total)s alcaldías de %(entity)s.")
    else:
        verb = _("Tomar los %(total)s municipios de %(entity)s")
        said = _("Están los %(total)s municipios de %(entity)s.")
    return Taking("", said % counted) if there else Taking(verb % counted)


def _rest(code: str, counted: dict[str, Any]) -> Taking:
    """What is said where only some of the municipalities have a contest."""
    if code == CITY_OF_MEXICO:
        verb = _("Tomar las alcaldías que faltan")
        said = ngettext(
            "De las %(total)s alcaldías de %(entity)s falta %(missing)s.",
            "De las %(total)s alcaldías de %(entity)s faltan %(missing)s.",
            counted["missing"],
        )
    else:
        verb = _("Tomar los municipios que faltan")
        said = ngettext(
            "De los %(total)s municipios de %(entity)s falta %(missing)s.",
            "De los %(total)s municipios de %(entity)s faltan %(missing)s.",
            counted["missing"],
        )
    return Taking(verb, said % counted)


def contests_in_words(number: int) -> str:
    """«38 elecciones», «1 elección», «Todavía sin elecciones»."""
    if not number:
        return _("Todavía sin elecciones")
    return ngettext("%(number)s elección", "%(number)s elecciones", number) % {"number": number}


def seats_in_words(seats: int, unknown: int) -> str:
    """How many people each actor postulates in all, as far as it is known."""
    said = ngettext("%(number)s lugar por actor", "%(number)s lugares por actor", seats)
    words = said % {"number": seats}
    if not unknown:
        return words
    rest = ngettext("%(number)s sin número de lugares", "%(number)s sin número de lugares", unknown)
    rest = rest % {"number": unknown}
    return f"{words}; {rest}" if seats else rest
