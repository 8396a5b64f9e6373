"""Keys of sections, questions, chapters and options: made from what is written, and kept.

A key once used for one type of question is never given to a question of another type: the answers
of both would pass for answers to the same question.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from cms.catalogs.spanish import fold
from cms.questionnaires.definitions import QuestionKind, Visibility

LONGEST = 48
# Names and ids of the forms and pages of capture, where a question's key is both.
WORDS_OF_CAPTURE = frozenset(
    [
        *("version", "cuestionario", "siguiente", "entrar", "quedarse", "quitar_fotografia"),
        *("fotografia_archivo", "recorte_x", "recorte_y", "recorte_ancho", "retomado", "confirmo"),
        *("csrfmiddlewaretoken", "contenido", "resumen", "dicho", "cambio"),
    ]
)
_BLANKS = re.compile(r"[^a-z0-9]+")
# Words that say little: a key made of the others is shorter and is recognised.
_FILLERS = frozenset(
    [
        "a",
        "al",
        "cual",
        "cuales",
        "como",
        "con",
        "de",
        "del",
        "el",
        "en",
        "es",
        "la",
        "las",
        "lo",
        "los",
        "o",
        "para",
        "por",
        "que",
        "se",
        "son",
        "su",
        "sus",
        "tu",
        "un",
        "una",
        "y",
    ]
)


def key_from(label: str, *, taken: Collection[str], default: str) -> str:
    """A free key that says what is asked: «¿Qué lenguas habla?» → lenguas_habla."""
    words = [word for word in _BLANKS.sub(" ", fold(label)).split() if word not in _FILLERS]
    while words and not words[0][0].isalpha():
        words.pop(0)
    wanted = ""
    for word in words:
        longer = f"{wanted}_{word}" if wanted else word
        if len(longer) > LONGEST:
            break
        wanted = longer
    wanted = wanted or default
    return next(key for key in _numbered(wanted) if key not in taken)


def _numbered(wanted: str) -> Iterator[str]:
    yield wanted
    number = 2
    while True:
        yield f"{wanted}_{number}"
        number += 1


def type_of(question: Mapping[str, Any]) -> str:
    """What answers a question takes: its kind, of a list what it holds, and for whose eyes.

    An answer that was given for the institute alone never passes for one that is published.
    """
    kind = str(question.get("kind", ""))
    if question.get("visibility") == Visibility.INTERNA:
        return f"{kind} solo para el Instituto"
    if kind != QuestionKind.LISTA:
        return kind
    return f"{kind} de {question.get('item_kind') or QuestionKind.TEXTO_CORTO}"


def questions_in(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The questions of a content, in order."""
    for section in content.get("sections", []):
        yield from section.get("questions", [])


def types_used(contents: Iterable[Mapping[str, Any]]) -> dict[str, set[str]]:
    """Key of a question → the types that it has had in these versions."""
    found: dict[str, set[str]] = {}
    for content in contents:
        for question in questions_in(content):
            found.setdefault(str(question["key"]), set()).add(type_of(question))
    return found


def of_another_type(question: Mapping[str, Any], used: Mapping[str, set[str]]) -> bool:
    """Whether the key of a question has only had other types."""
    types = used.get(str(question["key"]))
    return types is not None and type_of(question) not in types
