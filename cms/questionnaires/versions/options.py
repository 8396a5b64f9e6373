"""The options of a question in its form: rows that are added and moved without a script."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from cms.catalogs.spanish import clean_line, fold
from cms.questionnaires.versions.keys import key_from

VALUES, LABELS, BUTTON = "opcion_clave", "opcion", "opciones"
ADD, UP, DOWN, REMOVE = "agregar", "subir", "bajar", "quitar"
MOST = 200
_BLANK_ROWS = 2


@dataclass
class OptionRow:
    """A row of the form: the words of an option, and the value that it has since it was made."""

    value: str
    label: str


@dataclass
class OptionRows:
    """The options as they are typed; rows without words are left out when they are kept."""

    rows: list[OptionRow] = field(default_factory=list)

    @classmethod
    def from_question(cls, question: Mapping[str, Any]) -> "OptionRows":
        """The rows of a question as it is, and some blank ones."""
        rows = [OptionRow(one["value"], one["label"]) for one in question.get("options", [])]
        return cls(rows).with_blank()

    @classmethod
    def from_post(cls, posted: Any, *, known: Collection[str]) -> "OptionRows":
        """The rows as they were typed; a value that the question does not have is made anew."""
        labels = posted.getlist(LABELS)[:MOST]
        values = posted.getlist(VALUES)[: len(labels)]
        values += [""] * (len(labels) - len(values))
        typed = zip(values, labels, strict=True)
        return cls(
            [
                OptionRow(value if value in known else "", clean_line(label))
                for value, label in typed
            ]
        )

    def with_blank(self) -> "OptionRows":
        """With blank rows at the end, to type more."""
        self.rows += [OptionRow("", "") for _number in range(_BLANK_ROWS)]
        return self

    def press(self, button: str) -> None:
        """Do what a button of a row says: «subir:2»; what is no button does nothing."""
        action, _colon, number = button.partition(":")
        at = int(number) if number.isdecimal() and len(number) < 5 else -1
        if action == ADD:
            self.with_blank()
        elif not 0 <= at < len(self.rows):
            return
        elif action == REMOVE:
            del self.rows[at]
        elif action in (UP, DOWN):
            to = at + (1 if action == DOWN else -1)
            if 0 <= to < len(self.rows):
                self.rows[at], self.rows[to] = self.rows[to], self.rows[at]

    def problem(self) -> str:
        """Why these options cannot be offered, in Spanish; empty if they can."""
        labels = [row.label for row in self.rows if row.label]
        if not labels:
            return "Escribe las opciones entre las que se elige."
        if len({fold(label) for label in labels}) != len(labels):
            return "Dos opciones dicen lo mismo: deja una."
        if any(len(label) > 200 for label in labels):
            return "Una opción lleva a lo más 200 caracteres."
        return ""

    def as_written(self) -> list[dict[str, str]]:
        """The options as definitions write them; a new one gets its value from its words."""
        taken = {row.value for row in self.rows if row.value}
        found = []
        seen: set[str] = set()
        for row in self.rows:
            if not row.label:
                continue
            value = row.value
            if not value or value in seen:
                value = key_from(row.label, taken=taken | seen, default="opcion")
            seen.add(value)
            found.append({"value": value, "label": row.label})
        return found
