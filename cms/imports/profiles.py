"""How another institute writes its files, as data: columns, offices, words for «no answer».

A profile is a JSON file: those of `profiles_data/` come with the product, and an institute may give
its own with `--profile FILE` (docs/importar.md). It maps the columns of a file and their values to
our fields and questions. A value that it does not know is an error of the row, never a guess.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cms.catalogs.files import read_catalogue
from cms.catalogs.models import Principle, SeatKind, Sex
from cms.catalogs.spanish import fold
from cms.imports.reading import column_key
from cms.imports.report import FileRefused
from cms.imports.words import Words

FOLDER = Path(__file__).parent / "profiles_data"
# Properties that profiles had before `words` and `details`, and the questions that they were about.
EARLIER_NAMES = FOLDER / "earlier" / "names.json"
USUAL_DEFINITION = "ine-2022"
# What a column may hold of the register. `place` is a municipality or a district, by the office.
REGISTER_FIELDS = frozenset(
    {
        "external_id",
        "name",
        "office",
        "seat_kind",
        "list_number",
        "actor",
        "coalition",
        "coalition_members",
        "entity",
        "municipality",
        "district",
        "constituency",
        "place",
        "sex",
        "age",
    }
)
NEEDED_FIELDS = frozenset({"name", "office", "seat_kind", "actor"})


class ProfileError(ValueError):
    """A profile that cannot be used. The message says in Spanish where it is wrong."""


@dataclass(frozen=True, slots=True)
class OfficeRule:
    """An office as a file names it.

    Attributes:
        office, principle: our keys. federal: it is contested in federal districts.
        place_optional: a row without its place is about the whole entity.
    """

    office: str
    principle: str = ""
    federal: bool = False
    place_optional: bool = False


@dataclass(frozen=True, slots=True)
class Detail:
    """A question whose answer says more about the answer to another question.

    When that other answer changes and a file does not bring the detail, the old detail is dropped:
    it was about the old answer.

    Attributes:
        of: the other question. same_cell: the cell of the other question may hold both answers.
    """

    of: str
    same_cell: bool = False


@dataclass(frozen=True)
class Profile:
    """One way of writing official files. Texts are as the files write them, unless it says folded.

    Attributes:
        needs, lacks: columns that a header must have, and must not have, to be recognised.
        register: column → field of the register (REGISTER_FIELDS).
        answers: column → question; several columns of one question are joined.
        definition: version of the questionnaire under which the answers are stored. It has the
            limits and the counting rule of that institute.
        words: question → the file's words for its options, besides the labels of the options.
        details: question → the other question that its answer is about.
        absent: folded words that stand for no answer.
        entity: the INEGI's key of the entity, when no column gives it.
        offices: folded word → office. seat_kinds, sexes: the file's words for our values.
        actor_patterns: kind of actor and pattern of the folded name; the first match decides.
        municipalities: entity → folded name or alias → name, besides the catalogue's names.
    """

    name: str
    title: str
    needs: tuple[str, ...]
    lacks: tuple[str, ...]
    register: Mapping[str, str]
    answers: Mapping[str, str]
    definition: str
    words: Mapping[str, Words]
    details: Mapping[str, Detail]
    absent: frozenset[str]
    entity: str
    offices: Mapping[str, OfficeRule]
    seat_kinds: Words
    sexes: Words
    actor_patterns: tuple[tuple[str, re.Pattern[str]], ...]
    municipalities: Mapping[str, Mapping[str, str]]

    def recognises(self, header: Sequence[str]) -> bool:
        """Whether a header has every column of `needs` and none of `lacks`."""
        present = {column_key(name) for name in header}
        return not self.missing(header) and not any(
            column_key(name) in present for name in self.lacks
        )

    def missing(self, header: Sequence[str]) -> list[str]:
        """The needed columns that a header does not have."""
        present = {column_key(name) for name in header}
        return [name for name in self.needs if column_key(name) not in present]

    def unknown(self, header: Sequence[str]) -> list[str]:
        """The columns of a header from which nothing is read."""
        known = {column_key(name) for name in (*self.register, *self.answers)}
        return [name for name in header if column_key(name) not in known]


def available() -> list[str]:
    """The names of the profiles that come with the product."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def load_profile(name_or_path: str) -> Profile:
    """A profile by its name, or from a file. Raises ProfileError."""
    path = FOLDER / f"{name_or_path}.json" if name_or_path in available() else Path(name_or_path)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as missing:
        raise ProfileError(
            f"No hay un perfil «{name_or_path}». Los que hay: {', '.join(available())}."
        ) from missing
    except (OSError, ValueError) as broken:
        raise ProfileError(f"El perfil {path} no se puede leer como JSON: {broken}.") from broken
    return profile_from_content(content, path.stem)


def recognise(header: Sequence[str]) -> Profile:
    """The profile whose columns a header has. Raises FileRefused, which names what is missing."""
    profiles = [load_profile(name) for name in available()]
    fitting = [profile for profile in profiles if not profile.missing(header)]
    if fitting:
        return min(
            fitting,
            key=lambda profile: (
                not profile.recognises(header),
                len(profile.unknown(header)),
                profile.name,
            ),
        )
    nearest = min(
        profiles, key=lambda profile: (len(profile.missing(header)), len(profile.unknown(header)))
    )
    raise FileRefused.whole(
        f"El encabezado no es de ningún formato conocido ({', '.join(available())}).",
        f"Para ser {nearest.name} le falta {', '.join(nearest.missing(header))}."
        " Corrige el encabezado o indica el perfil con --profile.",
    )


def profile_from_content(content: Any, name: str) -> Profile:
    """Check a profile's JSON and read it. Raises ProfileError."""
    if not isinstance(content, dict):
        raise ProfileError(f"El perfil «{name}» debe ser un objeto JSON.")
    reader = _Content(_with_present_names(content, name), name)
    register = reader.words("register", needed=True)
    for column, register_field in register.items():
        if register_field not in REGISTER_FIELDS:
            raise reader.wrong("register", f"«{register_field}» (en «{column}») no es un campo")
    lacking = NEEDED_FIELDS - set(register.values())
    if lacking:
        raise reader.wrong("register", f"faltan {', '.join(sorted(lacking))}")
    return Profile(
        name=str(content.get("name", name)),
        title=str(content.get("title", name)),
        needs=tuple(reader.texts("needs")),
        lacks=tuple(reader.texts("lacks")),
        register=register,
        answers=reader.words("answers"),
        definition=str(content.get("definition", USUAL_DEFINITION)),
        words=reader.words_of_questions(),
        details=reader.details(),
        absent=frozenset({""} | {fold(word) for word in reader.texts("absent")}),
        entity=reader.entity(needed="entity" not in register.values()),
        offices=reader.offices(),
        seat_kinds=Words(reader.words("seat_kinds", needed=True, ours=SeatKind.values)),
        sexes=Words(reader.words("sexes", ours=Sex.values)),
        actor_patterns=reader.patterns(),
        municipalities=reader.municipalities(),
    )


def _with_present_names(content: dict[str, Any], name: str) -> dict[str, Any]:
    """The content of a profile with today's properties, whenever it was written.

    Raises: ProfileError if it mixes the earlier properties with today's.
    """
    earlier = json.loads(EARLIER_NAMES.read_text(encoding="utf-8"))
    old = [key for key in (*earlier["words"], *earlier["same_cell"]) if key in content]
    if "words" in content or "details" in content:
        for key in old:
            question = earlier["words"].get(key) or earlier["same_cell"][key]
            raise ProfileError(
                f"En el perfil «{name}», «{key}» ya no se usa: escribe lo que dice en"
                f" «{'words' if key in earlier['words'] else 'details'}», bajo «{question}»,"
                " como explica docs/importar.md."
            )
        return content
    answers = content.get("answers")
    answered = list(answers.values()) if isinstance(answers, dict) else []
    together = {earlier["same_cell"][key] for key in old if content[key] is True}
    details = {
        question: {**detail, "same_cell": question in together}
        for question, detail in earlier["details"].items()
        if detail["of"] in answered and (question in answered or question in together)
    }
    words = {
        question: content[key]
        for key, question in earlier["words"].items()
        if key in content and (question in answered or question in details)
    }
    present = {key: value for key, value in content.items() if key not in old}
    return {**present, "words": words, "details": details}


@dataclass(frozen=True, slots=True)
class _Content:
    """The JSON of a profile. Each method reads one property, or says where it is wrong."""

    content: dict[str, Any]
    name: str

    def wrong(self, key: str, what: str) -> ProfileError:
        return ProfileError(f"En el perfil «{self.name}», «{key}»: {what}.")

    def texts(self, key: str) -> list[str]:
        value = self.content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            raise self.wrong(key, "debe ser una lista de textos")
        return value

    def words(self, key: str, *, needed: bool = False, ours: Sequence[str] = ()) -> dict[str, str]:
        """The file's words → our values. `ours` lists the values that exist; empty: any."""
        value = self.content.get(key, {})
        texts = isinstance(value, dict) and all(isinstance(text, str) for text in value.values())
        if not texts or (needed and not value):
            raise self.wrong(key, "debe ser un objeto de textos")
        for mapped in value.values():
            if ours and mapped not in ours:
                raise self.wrong(key, f"«{mapped}» no es ninguno de {', '.join(ours)}")
        return dict(value)

    def words_of_questions(self) -> dict[str, Words]:
        value = self.content.get("words", {})
        if not isinstance(value, dict):
            raise self.wrong("words", "debe ser un objeto con las palabras de cada pregunta")
        of_questions = _Content(value, self.name)
        return {question: Words(of_questions.words(question)) for question in value}

    def details(self) -> dict[str, Detail]:
        value = self.content.get("details", {})
        what = "cada pregunta lleva «of», la clave de la pregunta de la que habla, y «same_cell»"
        try:
            found = {question: Detail(**detail) for question, detail in value.items()}
        except (AttributeError, TypeError) as broken:
            raise self.wrong("details", what) from broken
        for detail in found.values():
            if not isinstance(detail.of, str) or not isinstance(detail.same_cell, bool):
                raise self.wrong("details", what)
        return found

    def entity(self, *, needed: bool) -> str:
        code = str(self.content.get("entity", ""))
        if not code and not needed:
            return ""
        if code not in {row["clave"] for row in read_catalogue("entidades.csv")}:
            raise self.wrong(
                "entity", "escribe la clave del INEGI de la entidad, como 05, o su columna"
            )
        return code

    def offices(self) -> dict[str, OfficeRule]:
        value = self.content.get("offices", {})
        if not isinstance(value, dict) or not value:
            raise self.wrong("offices", "debe ser un objeto")
        try:
            rules = {fold(word): OfficeRule(**rule) for word, rule in value.items()}
        except TypeError as broken:
            raise self.wrong(
                "offices", "cada cargo lleva office, principle, federal y place_optional"
            ) from broken
        for rule in rules.values():
            if rule.principle and rule.principle not in Principle.values:
                known = ", ".join(Principle.values)
                raise self.wrong("offices", f"«{rule.principle}» no es ninguno de {known}")
        return rules

    def patterns(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        value = self.content.get("actor_patterns", {})
        if not isinstance(value, dict):
            raise self.wrong("actor_patterns", "debe ser un objeto de listas")
        try:
            return tuple(
                (kind, re.compile(pattern))
                for kind, patterns in value.items()
                for pattern in patterns
            )
        except (re.error, TypeError) as broken:
            raise self.wrong("actor_patterns", "hay una expresión que no se entiende") from broken

    def municipalities(self) -> dict[str, dict[str, str]]:
        value = self.content.get("municipalities", {})
        if not isinstance(value, dict):
            raise self.wrong("municipalities", "debe ser un objeto por entidad")
        found: dict[str, dict[str, str]] = {}
        for entity, names in value.items():
            if not isinstance(names, dict):
                raise self.wrong("municipalities", "cada entidad lleva nombres y sus alias")
            found[entity] = {
                fold(written): name
                for name, aliases in names.items()
                for written in (name, *aliases)
            }
        return found
