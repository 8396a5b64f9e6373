"""Passages with their hits: escaped text in which only <mark> appears."""

import re
from collections.abc import Iterable, Iterator

from django.db import connection
from django.utils.html import escape

from cms.catalogs.spanish import fold
from cms.published.models import PublishedCandidacy
from search.result import Fragment

MOST_FRAGMENTS = 3
BEFORE = 90
AFTER = 170
_VARIANTS = {
    "a": "aáàâäã",
    "e": "eéèêë",
    "i": "iíìîï",
    "o": "oóòôöõ",
    "u": "uúùûü",
    "n": "nñ",
    "c": "cç",
}


def _pattern(lexemes: Iterable[str]) -> re.Pattern[str] | None:
    """Words that begin like one of the stems, with or without accents."""
    stems = sorted({fold(one) for one in lexemes if one}, key=len, reverse=True)
    if not stems:
        return None
    alternatives = (
        "".join(f"[{_VARIANTS[char]}]" if char in _VARIANTS else re.escape(char) for char in stem)
        for stem in stems
    )
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\w*", re.IGNORECASE)


class _Stems:
    """Which stems the database gives a word; asked once a word and process, many at a time."""

    def __init__(self) -> None:
        self.known: dict[str, frozenset[str]] = {}

    def learn(self, words: set[str]) -> None:
        missing = sorted(words - self.known.keys())
        if not missing:
            return
        if len(self.known) > 50_000:
            self.known.clear()
        with connection.cursor() as cursor:
            cursor.execute(
                "select word, tsvector_to_array(conoceles_vector(word))"
                " from unnest(%s::text[]) as word",
                [missing],
            )
            self.known.update((word, frozenset(stems)) for word, stems in cursor.fetchall())


_stems = _Stems()


def forget_stems() -> None:
    """Forget what the database said of words."""
    _stems.known.clear()


def fragments(
    rows: list[PublishedCandidacy], lexemes: list[str]
) -> dict[int, tuple[Fragment, ...]]:
    """At most three passages of each row, by candidacy id (at most one query).

    A word is a hit exactly when the database stems it to one of the query's lexemes.
    """
    pattern = _pattern(lexemes)
    if pattern is None:
        return {}
    wanted = frozenset(lexemes)
    found = {row.candidacy_id: list(_places(row, pattern)) for row in rows}
    words = {
        match.group().lower()
        for places in found.values()
        for _answer, text, _match in places
        for match in pattern.finditer(text)
    }
    _stems.learn(words)
    hits = {word for word in words if _stems.known[word] & wanted}
    return {
        candidacy_id: tuple(_cut(places, pattern, hits)) for candidacy_id, places in found.items()
    }


def _places(
    row: PublishedCandidacy, pattern: re.Pattern[str]
) -> Iterator[tuple[dict[str, str], str, re.Match[str]]]:
    """Answers that may hold a hit, proposals first."""
    ordered = sorted(row.answers, key=lambda one: one["seccion"] != "propuestas")
    for answer in ordered:
        value = answer["respuesta"]
        text = "; ".join(value) if isinstance(value, list) else value
        match = pattern.search(text)
        if match is not None:
            yield answer, text, match


def _cut(
    places: list[tuple[dict[str, str], str, re.Match[str]]],
    pattern: re.Pattern[str],
    hits: set[str],
) -> Iterator[Fragment]:
    made = 0
    for answer, text, _first in places:
        matches = [one for one in pattern.finditer(text) if one.group().lower() in hits]
        if not matches:
            continue
        yield Fragment(
            question=answer["pregunta"],
            label=answer["etiqueta"],
            html=_marked(text, matches),
        )
        made += 1
        if made == MOST_FRAGMENTS:
            return


def _marked(text: str, matches: list[re.Match[str]]) -> str:
    """The window around the first hit, escaped, with every hit in it marked."""
    first = matches[0]
    start = max(0, first.start() - BEFORE)
    end = min(len(text), first.end() + AFTER)
    if start:
        space = text.find(" ", start, first.start())
        start = space + 1 if space >= 0 else start
    if end < len(text):
        space = text.rfind(" ", first.end(), end)
        end = space if space >= 0 else end
    pieces: list[str] = ["…" if start else ""]
    position = start
    for match in matches:
        if match.start() < start or match.end() > end:
            continue
        pieces += [escape(text[position : match.start()]), f"<mark>{escape(match.group())}</mark>"]
        position = match.end()
    pieces += [escape(text[position:end]), "…" if end < len(text) else ""]
    return " ".join("".join(pieces).split())
