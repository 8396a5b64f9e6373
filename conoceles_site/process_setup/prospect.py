"""What citizens see once a process is the current one."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.portal import municipality_maps, upcoming
from cms.published import selectors
from cms.published.places import Places
from conoceles_site.process_setup.readings import Standing
from conoceles_site.process_setup.steps import long_date


@dataclass(frozen=True)
class Prospect:
    """The portal with a process as the current one, in sentences.

    Attributes:
        shows: what citizens see. lacks: what they do not see, or see wrong.
    """

    shows: list[str]
    lacks: list[str]


def prospect_of(standing: Standing) -> Prospect:
    """What the portal shows of a process (one query, and those of its places)."""
    process = standing.process
    places = selectors.tally(process=process).places()
    shows = [_("El nombre: «%s».") % process.name]
    lacks: list[str] = []
    if process.election_date:
        shows.append(_("La jornada electoral: %s.") % long_date(process.election_date))
    else:
        lacks.append(_("La portada y las boletas no dirán cuándo se vota."))
    _of_places(standing, places, shows, lacks)
    _of_people(standing, shows, lacks)
    if not standing.visible:
        shows += [_("«%s»") % line for line in upcoming.lines(process)]
    if process.is_rehearsal:
        shows.append(
            _(
                "En cada página, arriba, que es un ensayo y que las personas son ficticias. Los"
                " buscadores de internet no lo muestran."
            )
        )
    return Prospect(shows, lacks)


def _of_places(standing: Standing, places: Places, shows: list[str], lacks: list[str]) -> None:
    if not places.all:
        lacks.append(
            _("La portada no tendrá lista, mapa ni buscador de lugares: no hay ninguna elección.")
        )
        return
    kinds = [
        ngettext("%d municipio", "%d municipios", number) % number
        for number in [len(places.municipalities)]
        if number
    ]
    if number := len(places.districts):
        kinds.append(ngettext("%d distrito", "%d distritos", number) % number)
    if places.wider:
        kinds.append(_("lo que se vota en toda la entidad"))
    shows.append(_("Dónde se vota: %s.") % upcoming.listed(kinds))
    text = ngettext("%d elección en total.", "%d elecciones en total.", standing.contests)
    shows.append(text % standing.contests)
    if municipality_maps.map_of(places.entity_code, places.municipalities):
        shows.append(_("El mapa de sus municipios."))
    elif places.municipalities:
        lacks.append(_("No habrá mapa: el proceso no dice su entidad."))
    else:
        shows.append(_("Sin mapa: se elige de una lista."))


def _of_people(standing: Standing, shows: list[str], lacks: list[str]) -> None:
    visible, registered = standing.visible, standing.registered
    if visible:
        text = ngettext(
            "%d candidatura a la vista hoy.", "%d candidaturas a la vista hoy.", visible
        )
        shows.append(text % visible)
    else:
        lacks.append(
            _("Hoy no hay candidaturas a la vista: el portal dirá qué se elige y qué falta.")
        )
    if hidden := registered - visible:
        text = ngettext(
            "%d candidatura registrada todavía no se ve, por la fecha de su cargo.",
            "%d candidaturas registradas todavía no se ven, por la fecha de su cargo.",
            hidden,
        )
        lacks.append(text % hidden)
