"""The seats of all contests of an office in one form: up to 570 rows, and what is wrong in each."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cms.catalogs.models import MOST_SEATS, Contest
from cms.catalogs.spanish import clean_line

FILL = "fill"
OPENED = "as_opened"


@dataclass
class SeatRow:
    """A contest with what was typed for it, and what is wrong with that.

    Attributes:
        standing: candidacies registered in it, ended ones too.
    """

    contest: Contest
    typed: str
    standing: int
    error: str = ""

    @property
    def name(self) -> str:
        """The name of its field in the form."""
        return f"seats-{self.contest.pk}"


class SeatRows:
    """The rows of the form; `problems` holds what is wrong, `changed` what is to be saved."""

    def __init__(self, contests: Sequence[Contest], standing: Mapping[int, int]) -> None:
        self.rows = [
            SeatRow(
                one, "" if one.seats is None else str(one.seats), standing.get(one.territory_id, 0)
            )
            for one in contests
        ]
        self.fill = ""
        self.fill_error = ""
        self.changed: dict[int, int | None] = {}
        self.opened: dict[int, int | None] = {}

    @property
    def as_opened(self) -> str:
        """What the form carries, to see later whether somebody else changed something."""
        return json.dumps({row.contest.pk: row.contest.seats for row in self.rows})

    @property
    def wrong(self) -> list[SeatRow]:
        """The rows with something wrong."""
        return [row for row in self.rows if row.error]

    def read(self, sent: Mapping[str, Any]) -> None:
        """Take what was typed. What was not touched stays as whoever else left it."""
        self.opened = _opened(str(sent.get(OPENED, "")))
        self.fill = clean_line(str(sent.get(FILL, "")))
        fill, is_right = _number(self.fill)
        if not is_right:
            self.fill_error = _wrong()
        for row in self.rows:
            if row.name not in sent:
                continue
            row.typed = clean_line(str(sent[row.name]))
            number, is_right = _number(row.typed)
            if not is_right:
                row.error = _wrong()
            elif number is None and fill is not None:
                self.changed[row.contest.pk] = fill
            elif number != self.opened.get(row.contest.pk):
                self.changed[row.contest.pk] = number

    def tell(self, moved: Mapping[int, int | None]) -> None:
        """Say in each row what somebody else made of it meanwhile."""
        said = _(
            "Otra persona lo cambió mientras lo editabas, y ahora dice «%(now)s». Si guardas otra"
            " vez, queda lo que escribiste tú."
        )
        for row in self.rows:
            if row.contest.pk in moved:
                row.error = said % {"now": _shown(moved[row.contest.pk])}


def _shown(seats: int | None) -> str:
    return "" if seats is None else str(seats)


def _wrong() -> str:
    return _("Escribe un número de 1 a %(most)s, o deja vacío.") % {"most": MOST_SEATS}


def _number(typed: str) -> tuple[int | None, bool]:
    """(number or none, whether it can be)."""
    if not typed:
        return None, True
    if typed.isascii() and typed.isdecimal() and len(typed) < 5 and 1 <= int(typed) <= MOST_SEATS:
        return int(typed), True
    return None, False


def _opened(sent: str) -> dict[int, int | None]:
    """What the form was opened with; nothing when it does not say, or not so."""
    try:
        opened = json.loads(sent or "{}")
        return {
            int(pk): seats
            for pk, seats in opened.items()
            if seats is None or isinstance(seats, int)
        }
    except (ValueError, AttributeError, RecursionError):
        return {}
