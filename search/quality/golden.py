"""Two sets of queries over INE's official export of 2022, judged by reading its texts.

The golden set is what the search was made with. The held-out one was written later by somebody who
had not read the golden one, and judged among what several engines find for it: it says whether what
helps the first set helps others.

Grades: 3, a proposal is about it; 2, a proposal or motive touches it; 1, it is only mentioned. The
files hold queries and identifiers, and no text of any candidacy. Queries with the name of a person
are written from the public row, in the way that the file says.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cms.published.models import PublishedCandidacy

GOLDEN = Path(__file__).with_name("golden.json")
HELD_OUT = Path(__file__).with_name("heldout.json")


@dataclass(frozen=True)
class JudgedQuery:
    """A query, the group it belongs to and the grade of every candidacy that is worth showing."""

    id: str
    group: str
    text: str
    grades: Mapping[str, int]


def judged_queries(file: Path = GOLDEN) -> list[JudgedQuery]:
    """Every query of a set (one query of the database, for the names)."""
    written = json.loads(file.read_text(encoding="utf-8"))
    named = [one["of"] for one in written if "of" in one]
    rows = PublishedCandidacy.objects.filter(external_id__in=named)
    names = dict(rows.values_list("external_id", "name"))
    return [_judged(one, names) for one in written]


def _judged(one: Mapping[str, Any], names: Mapping[str, str]) -> JudgedQuery:
    if "of" in one:
        text = _WRITTEN[one["written"]](names[one["of"]])
        return JudgedQuery(one["id"], one["group"], text, {one["of"]: 3})
    grades = {found: int(grade) for grade, ids in one["judged"].items() for found in ids}
    return JudgedQuery(one["id"], one["group"], one["q"], grades)


def _in_full(name: str) -> str:
    """«Ma. Trinidad» as María Trinidad."""
    return f"María {name.split(maxsplit=1)[1]}"


def _abbreviated(name: str) -> str:
    """«María Candelaria» as Ma. Candelaria."""
    return f"Ma. {name.split(maxsplit=1)[1]}"


def _surnames_first(name: str) -> str:
    *given, paternal, maternal = name.split()
    return " ".join([paternal, maternal, *given])


def _one_letter_wrong(name: str) -> str:
    """The first name, and the longer surname with one letter of its middle typed twice."""
    given, *_others = name.split()
    surname = max(name.split()[-2:], key=len)
    middle = len(surname) // 2
    return f"{given} {surname[:middle]}{surname[middle - 1]}{surname[middle:]}"


_WRITTEN: Mapping[str, Callable[[str], str]] = {
    "in full": _in_full,
    "abbreviated": _abbreviated,
    "surnames first": _surnames_first,
    "one letter wrong": _one_letter_wrong,
}
