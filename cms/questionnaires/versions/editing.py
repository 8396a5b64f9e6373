"""Edits the content of a draft of a version: sections, questions and chapters by their keys. Pure.

Every function gives a new content and leaves the one that it got. A content in the making may be
incomplete (a section without questions): `problems_of` says what is missing.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from cms.questionnaires.definitions import Definition, DefinitionError
from cms.questionnaires.versions.keys import (
    WORDS_OF_CAPTURE,
    key_from,
    of_another_type,
    questions_in,
)

Content = dict[str, Any]
UP, DOWN = "subir", "bajar"


class EditRefused(ValueError):
    """The change cannot be made; `explanation` says why and what to do, in Spanish."""

    def __init__(self, explanation: str) -> None:
        self.explanation = explanation
        super().__init__(explanation)


def section_of(content: Mapping[str, Any], key: str) -> Content | None:
    """A section by its key; None if there is none."""
    return next((found for found in content["sections"] if found["key"] == key), None)


def question_of(content: Mapping[str, Any], key: str) -> Content | None:
    """A question by its key; None if it is not asked."""
    return next((dict(found) for found in questions_in(content) if found["key"] == key), None)


def chapter_of(content: Mapping[str, Any], key: str) -> Content | None:
    """A chapter by its key; None if it is not listed."""
    return next((found for found in content.get("chapters", []) if found["key"] == key), None)


def holder_of(content: Mapping[str, Any], question: str) -> Content | None:
    """The section in which a question is asked."""
    for section in content["sections"]:
        if any(found["key"] == question for found in section["questions"]):
            return dict(section)
    return None


def dependents(content: Mapping[str, Any], keys: set[str]) -> list[str]:
    """The questions, outside these, that are asked according to the answer to one of these."""
    return [
        str(found["label"])
        for found in questions_in(content)
        if found["key"] not in keys and (found.get("condition") or {}).get("question") in keys
    ]


def put_section(content: Content, key: str, said: Mapping[str, Any]) -> Content:
    """Change a section, or add it at the end; `said` has title, lead and chapter."""
    changed = deepcopy(content)
    section = section_of(changed, key)
    if section is None:
        section = {"key": key, "questions": []}
        changed["sections"].append(section)
    _say(section, said)
    return changed


def put_question(content: Content, key: str, said: Mapping[str, Any], *, section: str) -> Content:
    """Change a question in its place, or add it at the end of a section.

    Args:
        said: everything that the question says but its key.
        section: where it is asked; if it was asked in another one, it goes to the end of this one.
    """
    changed = deepcopy(content)
    target = section_of(changed, section)
    if target is None:
        raise EditRefused("Ese apartado ya no está en el borrador: elige otro.")
    written = {"key": key, **said}
    places = [
        (one["questions"], at)
        for one in changed["sections"]
        for at, question in enumerate(one["questions"])
        if question["key"] == key
    ]
    for questions, at in places:
        if questions is target["questions"]:
            questions[at] = written
            return changed
        del questions[at]
    target["questions"].append(written)
    return changed


def with_other_key(content: Content, key: str, other: str) -> Content:
    """Give a question another key in its place: from now on it is another question."""
    changed = deepcopy(content)
    for section in changed["sections"]:
        for question in section["questions"]:
            if question["key"] == key:
                question["key"] = other
    return changed


def put_chapter(content: Content, key: str, said: Mapping[str, Any]) -> Content:
    """Change a chapter, or add it after the others; `said` has title, weight and unanswered."""
    changed = deepcopy(content)
    chapter = chapter_of(changed, key)
    if chapter is None:
        chapter = {"key": key}
        changed.setdefault("chapters", []).append(chapter)
    _say(chapter, said)
    return changed


def _say(part: Content, said: Mapping[str, Any]) -> None:
    for name, value in said.items():
        if value in ("", None):
            part.pop(name, None)
        else:
            part[name] = value


def remove(content: Content, what: str, key: str) -> Content:
    """Take out a section with its questions, a question, or a chapter. Raises EditRefused."""
    changed = deepcopy(content)
    if what == "capitulo":
        return _without_chapter(changed, key)
    keys = {key} if what == "pregunta" else _keys_of_section(changed, key)
    if names := dependents(changed, keys):
        listed = ", ".join(f"«{name}»" for name in names)
        raise EditRefused(
            f"No se quita todavía: según su respuesta se pregunta {listed}. Cambia primero cuándo"
            " se pregunta, o quítala también."
        )
    if what == "pregunta":
        for section in changed["sections"]:
            section["questions"] = [one for one in section["questions"] if one["key"] != key]
    else:
        changed["sections"] = [one for one in changed["sections"] if one["key"] != key]
    return changed


def _keys_of_section(content: Content, key: str) -> set[str]:
    section = section_of(content, key)
    return {question["key"] for question in section["questions"]} if section else set()


def _without_chapter(changed: Content, key: str) -> Content:
    """Take a chapter out; what was read in it is read in the chapter of its own section."""
    changed["chapters"] = [one for one in changed.get("chapters", []) if one["key"] != key]
    if not changed["chapters"]:
        del changed["chapters"]
    for part in (*changed["sections"], *questions_in(changed)):
        if part.get("chapter") == key:
            del part["chapter"]
    return changed


def move(content: Content, what: str, key: str, way: str) -> Content:
    """Move a section, a question or a chapter one place; a question goes on to the next section."""
    changed = deepcopy(content)
    if what == "pregunta":
        return _with_question_moved(changed, key, way)
    parts = changed["sections"] if what == "apartado" else changed.get("chapters", [])
    _step(parts, key, way)
    return changed


def _step(parts: list[Content], key: str, way: str) -> bool:
    """Swap a part with its neighbour; says whether there was one."""
    at = next((number for number, part in enumerate(parts) if part["key"] == key), None)
    to = None if at is None else at + (1 if way == DOWN else -1)
    if at is None or to is None or not 0 <= to < len(parts):
        return False
    parts[at], parts[to] = parts[to], parts[at]
    return True


def _with_question_moved(changed: Content, key: str, way: str) -> Content:
    sections = changed["sections"]
    at = next(
        (
            number
            for number, section in enumerate(sections)
            if any(question["key"] == key for question in section["questions"])
        ),
        None,
    )
    if at is None or _step(sections[at]["questions"], key, way):
        return changed
    to = at + (1 if way == DOWN else -1)
    if 0 <= to < len(sections):
        question = next(one for one in sections[at]["questions"] if one["key"] == key)
        sections[at]["questions"].remove(question)
        place = 0 if way == DOWN else len(sections[to]["questions"])
        sections[to]["questions"].insert(place, question)
    return changed


def free_key(
    content: Mapping[str, Any], said: Mapping[str, Any], used: Mapping[str, set[str]]
) -> str:
    """A key for a new question: free in the draft, and never used before for another type.

    A key that a version used for the same type is given again: the question is asked once more.
    """
    here = {str(question["key"]) for question in questions_in(content)}
    others = {key for key in used if of_another_type({**said, "key": key}, used)}
    taken = here | others | WORDS_OF_CAPTURE
    return key_from(said["label"], taken=taken, default="pregunta")


def free_part_key(content: Mapping[str, Any], title: str, reserved: set[str]) -> str:
    """A key for a new section or chapter."""
    parts = (*content["sections"], *content.get("chapters", []))
    return key_from(title, taken={part["key"] for part in parts} | reserved, default="parte")


def problems_of(content: Mapping[str, Any], used: Mapping[str, set[str]]) -> list[str]:
    """What has to be mended before the draft can be put in force, in Spanish."""
    found = [
        f"El apartado «{section['title']}» no tiene preguntas: agrégale una o quítalo."
        for section in content["sections"]
        if not section["questions"]
    ]
    if not content["sections"]:
        found.append("El cuestionario no tiene apartados: agrega uno.")
    found += _misplaced_conditions(content)
    found += [
        f"«{question['label']}» lleva una clave que en otra versión fue de otro tipo: quítala y"
        " agrégala de nuevo."
        for question in questions_in(content)
        if of_another_type(question, used)
    ]
    if not found:
        try:
            Definition.from_content(content)
        except DefinitionError as error:
            found.append(str(error))
    return found


def _misplaced_conditions(content: Mapping[str, Any]) -> list[str]:
    """Questions that depend on one that is asked later, or on an option that is not offered."""
    found = []
    earlier: dict[str, set[str]] = {}
    labels = {question["key"]: question["label"] for question in questions_in(content)}
    for question in questions_in(content):
        condition = question.get("condition") or {}
        on = condition.get("question")
        chosen = {*condition.get("in", []), *condition.get("not_in", [])}
        if on and on not in earlier:
            found.append(
                f"«{question['label']}» se pregunta según «{labels.get(on, on)}», que debe"
                " preguntarse antes: muévela o cambia cuándo se pregunta."
            )
        elif on and not chosen <= earlier[on]:
            found.append(
                f"«{question['label']}» se pregunta según una opción que «{labels[on]}» ya no"
                " ofrece: cambia cuándo se pregunta."
            )
        earlier[question["key"]] = {one["value"] for one in question.get("options", [])}
    return found
