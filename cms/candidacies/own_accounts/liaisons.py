"""Accounts of liaisons: each is a named person with an e-mail, entered one by one or in a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from cms.accounts import activation
from cms.accounts import services as accounts
from cms.accounts.models import ActorScope, Role, User
from cms.candidacies.own_accounts.names import new_names
from cms.catalogs.models import PoliticalActor, Process
from cms.catalogs.spanish import identity

LONGEST_NAME = 150
MOST_AT_ONCE = 500
COLUMNS = 3


@dataclass(frozen=True)
class Liaison:
    """A person who will capture for an actor."""

    name: str
    email: str
    actor: PoliticalActor


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with a row of the table: its number, from 1, what, and how to mend it."""

    row: int
    problem: str


class LiaisonsRefused(Exception):
    """No account was made. `problems` says what is wrong with each row."""

    def __init__(self, problems: Sequence[RowProblem]) -> None:
        self.problems = list(problems)
        super().__init__(len(self.problems))


@transaction.atomic
def make_liaisons(*, process: Process, table: str, by: User) -> list[User]:
    """Make an account for each row: actor, name and e-mail, parted by tabs or semicolons.

    All or none: one wrong row and nothing is made.

    Raises: NotYourAccounts, LiaisonsRefused.
    """
    activation.require_handing_out(by)
    # Two people who paste the same table at once make it once.
    Process.objects.select_for_update(no_key=True).filter(pk=process.pk).first()
    wanted, problems = read(process, table)
    if problems or not wanted:
        raise LiaisonsRefused(
            problems or [RowProblem(1, _("La tabla está vacía: pega al menos un renglón."))]
        )
    made = []
    for name, one in zip(new_names(len(wanted)), wanted, strict=True):
        user = accounts.create_liaison(username=name, actors=[one.actor], by=by)
        user.first_name, user.email = one.name, one.email
        user.save(update_fields=["first_name", "email"])
        made.append(user)
    return made


def read(process: Process, table: str) -> tuple[list[Liaison], list[RowProblem]]:
    """The liaisons of a pasted table, and what is wrong with each row that is wrong."""
    rows = [(number, line) for number, line in enumerate(table.splitlines(), 1) if line.strip()]
    if len(rows) > MOST_AT_ONCE:
        said = _("Son %(rows)d renglones; caben %(most)d a la vez. Pégalos en partes.")
        return [], [RowProblem(1, said % {"rows": len(rows), "most": MOST_AT_ONCE})]
    reader = _Reader(process)
    for number, line in rows:
        reader.take(number, line)
    return reader.wanted, reader.problems


class _Reader:
    """Reads rows, and remembers which e-mails it saw."""

    def __init__(self, process: Process) -> None:
        self.actors: dict[str, PoliticalActor] = {}
        for actor in process.actors.all():
            for name in (actor.acronym, actor.name, actor.key):
                self.actors.setdefault(identity(name), actor)
        known = ActorScope.objects.filter(
            actor__process=process, user__role=Role.LIAISON, user__is_active=True
        )
        pairs = known.values_list("actor", "user__email")
        self.taken = {(actor, email.casefold()): 0 for actor, email in pairs if email}
        self.wanted: list[Liaison] = []
        self.problems: list[RowProblem] = []

    def take(self, number: int, line: str) -> None:
        """Read a row."""
        cells = [cell.strip() for cell in line.split("\t" if "\t" in line else ";")]
        cells = cells[:-1] if len(cells) > COLUMNS and not cells[-1] else cells
        if len(cells) != COLUMNS:
            said = _(
                "tiene %d columnas y deben ser tres: actor político, nombre y correo, separadas por"
                " tabulador o punto y coma."
            )
            self._wrong(number, said % len(cells))
            return
        actor = self.actors.get(identity(cells[0])) if cells[0] else None
        before = len(self.problems)
        self._check(number, cells, actor)
        if actor is not None and len(self.problems) == before:
            self.wanted.append(Liaison(" ".join(cells[1].split()), cells[2], actor))

    def _check(self, number: int, cells: Sequence[str], actor: PoliticalActor | None) -> None:
        named, name, email = cells
        if actor is None:
            said = _("«%s» no es un actor político de este proceso. Escribe sus siglas.")
            self._wrong(number, said % named)
        if not name:
            self._wrong(number, _("falta el nombre de la persona."))
        elif len(name) > LONGEST_NAME:
            self._wrong(number, _("el nombre pasa de 150 caracteres."))
        try:
            validate_email(email)
        except ValidationError:
            self._wrong(number, _("«%s» no es un correo. Revísalo.") % email)
            return
        if actor is not None:
            self._check_once(number, email, actor)

    def _check_once(self, number: int, email: str, actor: PoliticalActor) -> None:
        key = (actor.pk, email.casefold())
        if key not in self.taken:
            self.taken[key] = number
        elif row := self.taken[key]:
            said = _("el correo %(email)s ya está en el renglón %(row)d.")
            self._wrong(number, said % {"email": email, "row": row})
        else:
            said = _("ya hay un enlace de %(actor)s con el correo %(email)s.")
            self._wrong(number, said % {"actor": actor.acronym, "email": email})

    def _wrong(self, number: int, problem: str) -> None:
        self.problems.append(RowProblem(number, problem))
