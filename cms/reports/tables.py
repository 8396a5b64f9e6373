"""The progress as tables: the same for the screen and for the spreadsheet."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cms.catalogs.listing import moment
from cms.catalogs.models import CandidacyState, Sex, TerritoryKind
from cms.questionnaires.kinds import Kind
from cms.questionnaires.models import QuestionnaireState
from cms.reports.figures import (
    ACTOR,
    ALL,
    NO_KIND,
    OFFICE,
    SEX,
    TERRITORY,
    Figures,
)
from cms.reports.selectors import OfficeInPublic, Progress

# With fewer people in a row, a table of a sensitive questionnaire is not broken down by state.
SMALLEST_GROUP: Final = 5
S = QuestionnaireState


class Holds(StrEnum):
    """What the cells of a column hold."""

    TEXT = "texto"
    NUMBER = "numero"
    SHARE = "porcentaje"
    INSTANT = "fecha"


@dataclass(frozen=True)
class Column:
    title: str
    holds: Holds = Holds.NUMBER


@dataclass(frozen=True)
class Cell:
    """A value for the spreadsheet, and how the screen says it. An empty cell is None."""

    value: Any
    holds: Holds

    @property
    def words(self) -> str:
        if self.value is None:
            return "—"
        if self.holds == Holds.SHARE:
            return percent(self.value)
        if self.holds == Holds.INSTANT:
            return moment(self.value)
        return number_format(self.value) if self.holds == Holds.NUMBER else str(self.value)


@dataclass(frozen=True)
class Table:
    """A table of the progress.

    Attributes:
        key: for its anchor. sheet: the name of its sheet, of at most 31 characters.
        note: what a reader has to know of it.
        total: the last row, which adds the others up; None where it would say nothing.
        leads_to: where the accounts that may know names read whom it counts; empty for nobody.
    """

    key: str
    title: str
    sheet: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    note: str = ""
    total: Sequence[Any] | None = None
    leads_to: str = ""

    def cells(self) -> list[list[Cell]]:
        return [self._cells(row) for row in self.rows]

    def total_cells(self) -> list[Cell]:
        return self._cells(self.total or ())

    def _cells(self, row: Sequence[Any]) -> list[Cell]:
        pairs = zip(row, self.columns, strict=bool(row))
        return [Cell(value, column.holds) for value, column in pairs]


@dataclass(frozen=True)
class Part:
    """The tables of one questionnaire, or of what is public; `facts` are names and values."""

    key: str
    title: str
    tables: Sequence[Table]
    facts: Sequence[tuple[str, str]] = ()


def parts(progress: Progress) -> list[Part]:
    """Every table, in reading order: each questionnaire, and what the public sees."""
    made = [_of_kind(progress, kind) for kind in progress.kinds]
    if not made:
        made = [_of_register(progress)]
    public = Part("publico", _("Lo que ve la ciudadanía"), [_in_public(progress.in_public)])
    return [*made, public]


def _of_kind(progress: Progress, kind: Kind) -> Part:
    tables = [_waiting(progress, kind), _omissions(progress, kind)]
    tables += [_broken_down(progress, cut, kind) for cut in (ACTOR, OFFICE, TERRITORY, SEX)]
    return Part(kind.key, capfirst(str(kind.name)), tables, _facts(progress, kind))


def _of_register(progress: Progress) -> Part:
    tables = [_broken_down(progress, cut, None) for cut in (ACTOR, OFFICE, TERRITORY, SEX)]
    return Part("registro", _("Registro"), tables, _facts(progress, None))


def _facts(progress: Progress, kind: Kind | None) -> list[tuple[str, str]]:
    """What is read first: the totals."""
    total = progress.counted.total(kind.key if kind else NO_KIND)
    facts = [
        (_("Candidaturas registradas"), number_format(total.registered)),
        (_("Bajas, que no se cuentan abajo"), number_format(total.ended)),
    ]
    if kind is None or is_withheld(kind, {"": total}):
        return facts
    waiting = total.of(S.SUBMITTED)
    since = _("%(count)s; la que más espera, desde el %(when)s")
    reviewed = number_format(waiting.count)
    if waiting.oldest is not None:
        reviewed = since % {"count": reviewed, "when": moment(waiting.oldest)}
    return [
        *facts,
        (_("Con respuestas enviadas o importadas"), _of_all(total.answered, total)),
        (_("Con respuestas publicadas"), _of_all(total.published, total)),
        (_("Sin nada capturado"), _of_all(total.silent, total)),
        (_("Por revisar"), reviewed),
        (_("Con plazo en curso o terminado"), _of_all(total.with_term, total)),
        (_("Vencidas: terminó su plazo y falta que envíen"), _of_all(total.overdue, total)),
        (_("Extemporáneas: su primer envío llegó fuera de plazo"), _of_all(total.late, total)),
    ]


def _of_all(part: int, total: Figures) -> str:
    """«12 (40.0 %)»."""
    found = share(part, total.registered)
    count = number_format(part)
    return count if found is None else f"{count} ({percent(found)})"


def percent(part: float) -> str:
    """«40.0 %», with a space that does not break."""
    return f"{number_format(part * 100, decimal_pos=1)}\N{NO-BREAK SPACE}%"


# --- By actor, office, territory and sex ----------------------------------------------------------


def _broken_down(progress: Progress, cut: str, kind: Kind | None) -> Table:
    """One row for each actor, office, territory or sex."""
    key = kind.key if kind else NO_KIND
    figures = progress.counted.cut(key, cut)
    hidden = kind is None or is_withheld(kind, figures)
    rows = [
        [*names, *_counts(figures[value], hidden=hidden)]
        for value, names in _named(progress, cut, figures)
    ]
    heads = _HEADS[cut]()
    total = [_("Total"), *[None] * (len(heads) - 1)]
    return Table(
        key=f"{key or 'registro'}-{cut}",
        title=_title(progress, cut),
        sheet=_sheet(kind, cut),
        columns=[*heads, *_count_columns(hidden=hidden)],
        rows=rows,
        note=_withheld_note() if kind and hidden else "",
        total=[*total, *_counts(progress.counted.total(key), hidden=hidden)] if rows else None,
    )


def is_withheld(kind: Kind, figures: Mapping[str, Figures]) -> bool:
    """Whether a table says only how many are registered: in some row there are too few people.

    The whole table is withheld: a single row could be worked out from the others and the total.
    """
    return kind.is_sensitive and any(
        0 < group.registered < SMALLEST_GROUP for group in figures.values()
    )


def _withheld_note() -> str:
    said = _(
        "Este cuestionario tiene datos sensibles y en algún renglón hay menos de %(least)d"
        " personas: no se desglosa por estado."
    )
    return said % {"least": SMALLEST_GROUP}


def _count_columns(*, hidden: bool) -> list[Column]:
    register = [Column(_("Registradas")), Column(_("Bajas"))]
    if hidden:
        return register
    return [
        *register,
        *(Column(str(label)) for _state, label in S.choices),
        Column(_("Con respuestas")),
        Column(_("% con respuestas"), Holds.SHARE),
        Column(_("Publicadas")),
        Column(_("% publicadas"), Holds.SHARE),
        Column(_("Vencidas")),
        Column(_("Extemporáneas")),
    ]


def _counts(figures: Figures, *, hidden: bool) -> list[Any]:
    register = [figures.registered, figures.ended]
    if hidden:
        return register
    return [
        *register,
        *(figures.of(state).count for state in S.values),
        figures.answered,
        share(figures.answered, figures.registered),
        figures.published,
        share(figures.published, figures.registered),
        figures.overdue,
        figures.late,
    ]


def share(part: int, whole: int) -> float | None:
    """A part of a whole, from 0 to 1; None where there is nothing to divide."""
    return part / whole if whole else None


def _named(
    progress: Progress, cut: str, figures: Mapping[str, Figures]
) -> Iterable[tuple[str, list[Any]]]:
    """The rows of a cut in their neutral order: value, and the cells that name it."""
    if cut == SEX:
        order = [*Sex.values, ""]
        labels = {**dict(Sex.choices), "": _("sin dato")}
        return [
            (value, [capfirst(str(labels[value]))]) for value in sorted(figures, key=order.index)
        ]
    known: Mapping[int, Any] = {
        ACTOR: progress.actors,
        OFFICE: progress.offices,
        TERRITORY: progress.territories,
    }[cut]
    ordered = sorted(figures, key=lambda value: _ORDERS[cut](known[int(value)]))
    return [(value, _NAMES[cut](known[int(value)])) for value in ordered]


_ORDERS: Final[Mapping[str, Callable[[Any], tuple[Any, ...]]]] = {
    ACTOR: lambda actor: (actor.ballot_order, actor.name, actor.pk),
    OFFICE: lambda office: (office.ballot_order, office.code),
    TERRITORY: lambda place: (list(TerritoryKind.values).index(place.kind), place.sort_key),
}
_NAMES: Final[Mapping[str, Callable[[Any], list[Any]]]] = {
    ACTOR: lambda actor: [actor.name, actor.acronym, capfirst(actor.get_kind_display())],
    OFFICE: lambda office: [office.name],
    TERRITORY: lambda place: [place.name, capfirst(place.get_kind_display())],
}


def _text(title: str) -> Column:
    return Column(title, Holds.TEXT)


_HEADS: Final[Mapping[str, Callable[[], list[Column]]]] = {
    ACTOR: lambda: [_text(_("Actor político")), _text(_("Siglas")), _text(_("Tipo"))],
    OFFICE: lambda: [_text(_("Cargo"))],
    TERRITORY: lambda: [_text(_("Lugar")), _text(_("Ámbito"))],
    SEX: lambda: [_text(_("Sexo"))],
}


def _title(progress: Progress, cut: str) -> str:
    if cut != TERRITORY:
        return {
            ACTOR: _("Por actor político"),
            OFFICE: _("Por cargo"),
            SEX: _("Por sexo"),
        }[cut]
    kinds = {place.kind for place in progress.territories.values()}
    if len(kinds) != 1:
        return _("Por municipio, distrito o entidad")
    return _("Por %s") % TerritoryKind(kinds.pop()).label


def _sheet(kind: Kind | None, cut: str) -> str:
    """The name of a sheet: the key of a kind has at most 12 characters."""
    short = {
        ACTOR: _("actor"),
        OFFICE: _("cargo"),
        TERRITORY: _("lugar"),
        SEX: _("sexo"),
        ALL: _("pendientes"),
    }[cut]
    return f"{capfirst(kind.key) if kind else _('Registro')} por {short}"


# --- What waits -----------------------------------------------------------------------------------


def _waiting(progress: Progress, kind: Kind) -> Table:
    """Who has to act, how many questionnaires wait, and since when."""
    figures = progress.counted.total(kind.key)
    hidden = is_withheld(kind, {"": figures})
    days = progress.idle_days
    actor, institute = _("Actor político"), _("Instituto")
    whose = {
        S.EMPTY: actor,
        S.CAPTURE: actor,
        S.SUBMITTED: institute,
        S.OBSERVED: actor,
        S.CORRECTION: actor,
        S.VALIDATED: _("Espera el fin de la veda"),
    }
    rows = []
    for state, who in whose.items():
        found = figures.of(state)
        waited = (progress.at - found.oldest).days if found.oldest else None
        overdue = found.overdue if who == actor else None
        rows.append([state.label, who, found.count, found.oldest, waited, found.idle, overdue])
    return Table(
        key=f"{kind.key}-pendientes",
        title=_("Lo que espera, y desde cuándo"),
        sheet=f"{capfirst(kind.key)}, lo que espera",
        columns=[
            _text(_("Estado")),
            _text(_("A quién le toca")),
            Column(_("Cuántas")),
            Column(_("La que más espera, desde"), Holds.INSTANT),
            Column(_("Días que lleva")),
            Column(_idle_title(days)),
            Column(_("Plazo vencido")),
        ],
        rows=[] if hidden else rows,
        note=_withheld_note() if hidden else _term_note(figures),
    )


def _idle_title(days: int) -> str:
    return (
        _("Sin movimiento en 1 día o más")
        if days == 1
        else _("Sin movimiento en %d días o más") % days
    )


def _term_note(figures: Figures) -> str:
    if not figures.with_term:
        return _(
            "Plazo: sin plazo registrado. Empieza con la entrega de la cuenta de cada candidatura;"
            " mientras no empiece, no se dice qué está vencido, sino cuánto lleva sin movimiento."
        )
    return _(
        "Vencido: terminó el plazo de la candidatura, o su reapertura, y falta que envíe. El"
        " formulario sigue abierto; lo que llegue se anota como extemporáneo."
    )


def _omissions(progress: Progress, kind: Kind) -> Table:
    """How many candidacies of each actor have nothing captured. Counts only: see ADR 0049."""
    figures = progress.counted.cut(kind.key, ACTOR)
    hidden = is_withheld(kind, figures)
    rows = [
        [
            *names,
            figures[value].registered,
            figures[value].silent,
            share(figures[value].silent, figures[value].registered),
            figures[value].of(S.EMPTY).idle,
            figures[value].of(S.EMPTY).overdue,
        ]
        for value, names in _named(progress, ACTOR, figures)
        if figures[value].silent
    ]
    return Table(
        key=f"{kind.key}-omisiones",
        title=_("Sin nada capturado, por actor político"),
        sheet=f"{capfirst(kind.key)}, sin captura",
        columns=[
            *_HEADS[ACTOR](),
            Column(_("Registradas")),
            Column(_("Sin nada capturado")),
            Column(_("% sin nada capturado"), Holds.SHARE),
            Column(_idle_title(progress.idle_days)),
            Column(_("Plazo vencido")),
        ],
        rows=[] if hidden else rows,
        note=_withheld_note() if hidden else _("Se cuentan en el actor que postula."),
        leads_to="" if kind.is_sensitive else _who_is_silent(progress.process.pk),
    )


def _who_is_silent(process_pk: int) -> str:
    """The list of candidacies, filtered."""
    chosen = {"process": process_pk, "questionnaire": S.EMPTY, "state": CandidacyState.ACTIVE}
    return f"{reverse('register:index')}?{urlencode(chosen)}"


# --- What is public -------------------------------------------------------------------------------


def _in_public(offices: Sequence[OfficeInPublic]) -> Table:
    """What is seen of each office, or will be on its date."""
    return Table(
        key="publico",
        title=_("Por cargo"),
        sheet=_("Lo que ve la ciudadanía"),
        columns=[
            _text(_("Cargo")),
            Column(_("Visible desde"), Holds.INSTANT),
            _text(_("Hoy")),
            Column(_("Candidaturas")),
            Column(_("Con respuestas publicadas")),
            Column(_("% con respuestas"), Holds.SHARE),
            Column(_("Veda desde"), Holds.INSTANT),
            Column(_("Veda hasta"), Holds.INSTANT),
            Column(_("Respuestas públicas hasta"), Holds.INSTANT),
        ],
        rows=[
            [
                one.window.office.name,
                one.window.visible_from,
                _today(one),
                one.registered,
                one.informed,
                share(one.informed, one.registered),
                one.window.frozen_from,
                one.window.frozen_until,
                one.window.public_until,
            ]
            for one in offices
        ],
        note=_(
            "De un cargo que todavía no se ve, es lo que se verá en su fecha si nada cambia antes."
        ),
    )


def _today(one: OfficeInPublic) -> str:
    if one.answers_are_public:
        return _("A la vista")
    if one.register_is_public:
        return _("Solo el registro")
    return _("Sin fecha") if one.window.visible_from is None else _("Todavía no")
