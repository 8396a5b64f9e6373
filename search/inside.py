"""Search inside the answers of one candidacy, by question: «propuestas sobre agua».

The words are those of every other search; the public row itself is read, whichever engine is used.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.html import escape

from cms.published.models import PublishedCandidacy
from search import words
from search.fragments import marked_whole
from search.query import readable
from search.reading import ONLY_COMMON, read

SOME_WORDS = "Ninguna respuesta tiene todas tus palabras; se buscó cualquiera de ellas."
_STEM = re.compile("'([^']+)'")
# For each answer and each term that is not too common: whether the answer holds it, and whether its
# question does.
_SQL = """
with terms as materialized (
    select place, conoceles_search.asked(jsonb_build_array(term)) as query
    from jsonb_array_elements(%(terms)s::jsonb) with ordinality as typed (term, place)
), answers as materialized (
    select place, conoceles_vector(answer) as answer, conoceles_vector(question) as question
    from unnest(%(answers)s::text[], %(questions)s::text[])
        with ordinality as given (answer, question, place)
)
select a.place - 1, t.place - 1, t.query::text, a.answer @@ t.query, a.question @@ t.query
from answers a cross join terms t
where t.query is not null
order by a.place, t.place
"""


@dataclass(frozen=True)
class FoundInside:
    """Which answers of a candidacy speak of a text.

    Attributes:
        text: as it was searched; empty when nothing was.
        questions: (questionnaire, question) of the answers that were found, best first.
        stems: a word of an answer is marked when it has one of these.
        remark: in Spanish, how the text was read; or "".
    """

    text: str = ""
    questions: tuple[tuple[str, str], ...] = ()
    stems: tuple[str, ...] = ()
    remark: str = ""


@dataclass(frozen=True)
class _Judged:
    """The terms, by their place, that an answer holds and that its question holds."""

    answer: Mapping[str, Any]
    held: frozenset[int]
    asked: frozenset[int]


def search_inside(row: PublishedCandidacy, text: str) -> FoundInside:
    """The answers that hold every word, or whose question does: «agua» in a proposal.

    When there is none, those that hold some of the words. One query, and the vocabulary's when it
    is not remembered; none without a text.

    Args:
        row: already showable, so that it holds only what is public.
        text: as it was typed; it is read as any other search.
    """
    text = readable(text)
    if not text:
        return FoundInside()
    reading = read(text, words.lists(), keeps_asking=True)
    if not reading.wanted:
        return FoundInside(text=text, remark=reading.remark)
    judged, stems = _judge(row, [*reading.wanted, *reading.excluded])
    wanted = frozenset(place for place in stems if place < len(reading.wanted))
    if not wanted:
        return FoundInside(text=text, remark=" ".join(filter(None, (reading.remark, ONLY_COMMON))))
    allowed = [one for one in judged if one.held <= wanted]
    found = [one for one in allowed if one.held | one.asked >= wanted]
    remarks = [reading.remark]
    if not found:
        found = sorted((one for one in allowed if one.held), key=lambda one: -len(one.held))
        remarks += [SOME_WORDS] if found else []
    return FoundInside(
        text=text,
        questions=tuple((one.answer["cuestionario"], one.answer["pregunta"]) for one in found),
        stems=tuple(dict.fromkeys(stem for place in wanted for stem in stems[place])),
        remark=" ".join(filter(None, remarks)),
    )


def _judge(row: PublishedCandidacy, terms: list[Any]) -> tuple[list[_Judged], dict[int, list[str]]]:
    """Which terms each answer holds, and the stems of each term that is not too common."""
    answers = sorted(row.answers, key=lambda answer: int(answer["orden"]))
    given: dict[str, Any] = {
        "terms": json.dumps(terms),
        "answers": [_text(answer["respuesta"]) for answer in answers],
        "questions": [f"{one['etiqueta']} {one['capitulo_titulo']}" for one in answers],
    }
    held: dict[int, set[int]] = {}
    asked: dict[int, set[int]] = {}
    stems: dict[int, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, given)
        for place, term, query, is_held, is_asked in cursor.fetchall():
            stems[term] = _STEM.findall(query)
            if is_held:
                held.setdefault(place, set()).add(term)
            if is_asked:
                asked.setdefault(place, set()).add(term)
    judged = [
        _Judged(answer, frozenset(held.get(place, ())), frozenset(asked.get(place, ())))
        for place, answer in enumerate(answers)
    ]
    return judged, stems


def passages(row: PublishedCandidacy, found: FoundInside) -> list[tuple[str, str]]:
    """(question, html) of what was found, best first: the whole answer, escaped, with marks."""
    texts = {
        (answer["cuestionario"], answer["pregunta"]): _text(answer["respuesta"])
        for answer in row.answers
    }
    marked = marked_whole((texts[key] for key in found.questions), found.stems)
    return [(key[1], marked.get(texts[key]) or escape(texts[key])) for key in found.questions]


def _text(answer: str | list[str]) -> str:
    return "; ".join(answer) if isinstance(answer, list) else answer
