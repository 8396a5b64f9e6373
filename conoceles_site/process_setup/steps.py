"""The steps of setting a process up: what is done, what is missing, and what the public loses."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.catalogs.models import ProcessOffice
from cms.catalogs.terms import TermCalendar
from cms.portal.upcoming import listed
from cms.questionnaires import kinds
from conoceles_site.process_setup.readings import Standing

EDITS_PROCESSES = "catalogs.change_process"


@dataclass(frozen=True)
class Link:
    """Where something is done, and the permission without which it is not offered."""

    text: str
    address: str
    permission: str


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        says: what there is now, in sentences.
        misses: what is missing and what the public loses by it; empty: the step is done.
    """

    title: str
    says: Sequence[str] = ()
    misses: Sequence[str] = ()
    links: Sequence[Link] = ()

    @property
    def is_done(self) -> bool:
        return not self.misses


def steps_of(standing: Standing, user: Any) -> list[Step]:
    """Every step in the order in which a process is set up, with the links that a user may open."""
    makers: tuple[Callable[[Standing], Step], ...] = (
        _name,
        _election,
        _offices,
        _contests,
        _calendar,
        _publication,
        _actors,
        _questionnaires,
        _notice,
        _terms,
        _register,
        _accounts,
        _current,
    )
    return [_for(user, make(standing)) for make in makers]


def _for(user: Any, step: Step) -> Step:
    links = [link for link in step.links if user.has_perm(link.permission)]
    return Step(step.title, step.says, step.misses, links)


def _listing(name: str, standing: Standing) -> str:
    return f"{reverse(name)}?process={standing.process.pk}"


def _edit(standing: Standing, text: str) -> Link:
    return Link(text, reverse("process:edit", args=[standing.process.pk]), EDITS_PROCESSES)


def _offices_link(standing: Standing, text: str) -> Link:
    return Link(text, _listing("processoffice:index", standing), "catalogs.change_processoffice")


def _elected(standing: Standing, text: str) -> Link:
    address = reverse("contests:process", args=[standing.process.pk])
    return Link(text, address, "catalogs.change_contest")


def long_date(day: date | datetime) -> str:
    """«6 de junio de 2027»."""
    local = timezone.localtime(day) if isinstance(day, datetime) else day
    return date_format(local, r"j \d\e F \d\e Y")


def _name(standing: Standing) -> Step:
    process = standing.process
    entity = process.entity_code
    misses = []
    if not entity:
        misses.append(
            _(
                "Falta la entidad: sin ella el portal no tiene mapa, y no se pueden tomar del"
                " catálogo sus municipios."
            )
        )
    return Step(
        _("Nombre y entidad"),
        [_("Se llama «%s».") % process.name],
        misses,
        [_edit(standing, _("Escribir el nombre y la entidad"))],
    )


def _election(standing: Standing) -> Step:
    process, says, misses = standing.process, [], []
    if process.election_date:
        says.append(_("La jornada es el %s.") % long_date(process.election_date))
    else:
        misses.append(
            _("Falta la jornada electoral: la portada y las boletas no dicen cuándo se vota.")
        )
    if process.closes_on:
        says.append(_("El proceso cierra el %s.") % long_date(process.closes_on))
    elif process.election_date:
        misses.append(
            _("Falta el cierre del proceso: las respuestas podrían retirarse desde la jornada.")
        )
    return Step(_("Jornada y cierre"), says, misses, [_edit(standing, _("Escribir las fechas"))])


def _offices(standing: Standing) -> Step:
    names = [office.name for office in standing.offices]
    says = [_("Se eligen: %s.") % listed(name.lower() for name in names)] if names else []
    missing = _(
        "No hay ningún cargo: el portal no tiene nada que mostrar y nadie puede registrarse."
    )
    return Step(
        _("Cargos"),
        says,
        [] if names else [missing],
        [_elected(standing, _("Agregar los cargos"))],
    )


def _contests(standing: Standing) -> Step:
    empty = [office.name.lower() for office in standing.offices if not office.contests]
    says = [_of_contests(office.name, office.contests) for office in standing.offices]
    misses = []
    if not standing.offices:
        misses.append(_("Primero agrega los cargos."))
    elif empty:
        text = _("Sin elecciones de %s, nadie encuentra en el portal dónde se eligen.")
        misses.append(text % listed(empty))
    if unsaid := sum(office.without_seats for office in standing.offices):
        text = ngettext(
            "En %d elección no se dice cuántas personas postula cada actor; su boleta no lo dirá.",
            "En %d elecciones no se dice cuántas personas postula cada actor; sus boletas no lo"
            " dirán.",
            unsaid,
        )
        says.append(text % unsaid)
    return Step(
        _("Elecciones y lugares de cada cargo"),
        says,
        misses,
        [_elected(standing, _("Ver los cargos y sus elecciones"))],
    )


def _of_contests(office: str, number: int) -> str:
    if not number:
        return _("%s: ninguna elección.") % office
    text = ngettext(
        "%(office)s: %(number)d elección.", "%(office)s: %(number)d elecciones.", number
    )
    return text % {"office": office, "number": number}


def _lacking(standing: Standing, lacks: Callable[[ProcessOffice], bool]) -> str:
    """«presidencia municipal y regiduría»: the offices that lack something."""
    return listed(one.name.lower() for one in standing.offices if lacks(one.window))


def _calendar(standing: Standing) -> Step:
    misses = []
    if not standing.offices:
        misses.append(_("Primero agrega los cargos."))
    if names := _lacking(standing, lambda one: not one.campaign_from):
        text = _("Faltan las campañas de %s: el portal no puede anunciarlas.")
        misses.append(text % names)
    if names := _lacking(standing, lambda one: not one.frozen_from):
        text = _(
            "Falta la veda de %s: en esos días se publicaría texto nuevo en cuanto se apruebe."
        )
        misses.append(text % names)
    says = [] if misses else [_("Cada cargo tiene sus campañas y su veda.")]
    return Step(
        _("Campañas y veda"),
        says,
        misses,
        [_offices_link(standing, _("Escribir las campañas y la veda"))],
    )


def _publication(standing: Standing) -> Step:
    now, misses, says = timezone.now(), [], []
    if not standing.offices:
        misses.append(_("Primero agrega los cargos."))
    if names := _lacking(standing, lambda one: one.visible_from is None):
        text = _("Sin «visible desde» no se ve ninguna candidatura de %s.")
        misses.append(text % names)
    if names := _lacking(standing, lambda one: one.public_until is None):
        text = _("Sin «respuestas públicas hasta», las respuestas de %s quedan sin fin a la vista.")
        says.append(text % names)
    for office in standing.offices:
        begins = office.window.visible_from
        if begins is not None:
            words = _("%(office)s: visible desde el %(day)s.")
            if begins > now:
                words = _("%(office)s: se verá desde el %(day)s.")
            says.append(words % {"office": office.name, "day": long_date(begins)})
    return Step(
        _("Fechas de publicación"),
        says,
        misses,
        [_offices_link(standing, _("Escribir las fechas de publicación"))],
    )


def _actors(standing: Standing) -> Step:
    number = standing.actors
    says, misses = [], []
    if number:
        text = ngettext("Hay %d actor político.", "Hay %d actores políticos.", number)
        says.append(text % number)
    else:
        misses.append(
            _(
                "No hay actores políticos: los del archivo de registro se crean al aplicarlo, sin"
                " color ni integrantes de coalición."
            )
        )
    if bare := standing.coalitions_without_members:
        text = ngettext(
            "%d coalición no dice sus partidos: quien busque por uno de ellos no la encuentra.",
            "%d coaliciones no dicen sus partidos: quien busque por uno de ellos no las encuentra.",
            bare,
        )
        misses.append(text % bare)
    address = _listing("politicalactor:index", standing)
    seen = Link(_("Ver los actores políticos"), address, "catalogs.change_politicalactor")
    address = reverse("contests:copy_actors", args=[standing.process.pk])
    copied = Link(_("Copiarlos de otro proceso"), address, "catalogs.add_politicalactor")
    return Step(_("Actores políticos y coaliciones"), says, misses, [seen, copied])


def _questionnaires(standing: Standing) -> Step:
    asked = {one.kind: one for one in standing.questionnaires}
    says, misses = [], []
    for kind in kinds.kinds():
        chosen = asked.get(kind.key)
        if chosen is not None:
            said = _("%(kind)s: en vigor la versión %(version)s.")
            names = {"kind": _capital(str(kind.name)), "version": chosen.definition}
            says.append(said % names)
        else:
            said = _("Falta el %s: las candidaturas no pueden capturarlo ni el público leerlo.")
            misses.append(said % kind.name)
    address = reverse("version_drafts:index")
    seen = Link(
        _("Ver y poner en vigor cuestionarios"), address, "questionnaires.view_definitiondraft"
    )
    choose = Link(
        _("Elegir una versión"),
        _listing("processquestionnaire:index", standing),
        "questionnaires.change_processquestionnaire",
    )
    return Step(_("Cuestionarios en vigor"), says, misses, [choose, seen])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _notice(standing: Standing) -> Step:
    says, misses = [], []
    if standing.notice_from is not None:
        says.append(_("Rige desde el %s.") % long_date(standing.notice_from))
    else:
        misses.append(_("Ningún aviso de privacidad está en vigor: nadie puede capturar."))
    address = reverse("simplifiednotice:index")
    link = Link(_("Ver los avisos"), address, "privacy.view_simplifiednotice")
    return Step(_("Aviso de privacidad"), says, misses, [link])


def _terms(standing: Standing) -> Step:
    """The terms: the usual ones count while nobody writes others, so nothing is ever missing."""
    rules = standing.terms
    said = _("Captura: %(capture)s. Quien sustituye: %(replacement)s. Corregir: %(correction)s.")
    lengths = {
        name: f"{length.number} {TermCalendar(length.calendar).label}"
        for name, length in (
            ("capture", rules.capture),
            ("replacement", rules.replacement),
            ("correction", rules.correction),
        )
    }
    says = [said % lengths]
    if rules.pk is None:
        says.append(_("Son los usuales: revisa si el Consejo acordó otros."))
    address = reverse("setup:terms", args=[standing.process.pk])
    change = Link(_("Escribir los plazos"), address, "catalogs.change_termrules")
    days = Link(_("Ver los días inhábiles"), reverse("holiday:index"), "catalogs.change_holiday")
    return Step(_("Plazos"), says, [], [change, days])


def _register(standing: Standing) -> Step:
    says, misses = [], []
    if standing.registered:
        text = ngettext(
            "Hay %d candidatura registrada.",
            "Hay %d candidaturas registradas.",
            standing.registered,
        )
        says.append(text % standing.registered)
    else:
        misses.append(_("No hay candidaturas registradas: no hay a quién leer ni quien capture."))
    if (last := standing.last_import) is not None:
        said = _("El último archivo aplicado es «%(file)s», del %(day)s.")
        says.append(said % {"file": last.source, "day": long_date(last.imported_at)})
    if waiting := standing.waiting_files:
        text = ngettext(
            "%d archivo subido espera: revísalo y aplícalo.",
            "%d archivos subidos esperan: revísalos y aplícalos.",
            waiting,
        )
        misses.append(text % waiting)
    new = f"{reverse('uploads:new')}?process={standing.process.pk}"
    sent = Link(
        _("Ver los archivos subidos"), _listing("uploads:index", standing), "imports.view_upload"
    )
    links = [Link(_("Subir el archivo de registro"), new, "imports.add_upload"), sent]
    return Step(_("Registro de candidaturas"), says, misses, links)


def _accounts(standing: Standing) -> Step:
    says, misses = [], []
    alone = standing.actors_without_account
    if not standing.actors:
        misses.append(_("Primero agrega los actores políticos: cada cuenta captura por alguno."))
    elif alone:
        text = ngettext(
            "%d actor político no tiene una cuenta que capture: sus candidaturas quedarían sin"
            " información.",
            "%d actores políticos no tienen una cuenta que capture: sus candidaturas quedarían sin"
            " información.",
            alone,
        )
        misses.append(text % alone)
    else:
        says.append(_("Cada actor político tiene quien capture."))
    says.append(
        _(
            "Las cuentas de las candidaturas se hacen todas juntas; las de los enlaces, con una"
            " tabla de sus nombres y correos."
        )
    )
    links = [
        Link(text, reverse(name, args=[standing.process.pk]), "candidacies.change_candidateaccount")
        for text, name in (
            (_("Hacer y entregar cuentas"), "own_accounts:index"),
            (_("Agregar enlaces"), "own_accounts:new_liaisons"),
        )
    ]
    return Step(_("Cuentas que capturan"), says, misses, links)


def _current(standing: Standing) -> Step:
    says, misses = [], []
    if standing.is_current:
        says.append(_("Es el que el portal muestra."))
    elif standing.current is not None:
        misses.append(_("El portal muestra «%s».") % standing.current)
    else:
        misses.append(_("No se eligió ninguno: el portal muestra el de la elección más reciente."))
    address = reverse("setup:current", args=[standing.process.pk])
    text = _("Ver cómo se ve en el portal") if standing.is_current else _("Hacerlo vigente")
    return Step(
        _("Proceso vigente en el portal"),
        says,
        misses,
        [Link(text, address, "catalogs.change_portalsettings")],
    )


def missing(steps: Iterable[Step]) -> int:
    """How many steps are not done."""
    return sum(not step.is_done for step in steps)
