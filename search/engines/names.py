"""Misspelt names: who has a name within a letter or two of what was typed."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from cms.catalogs.spanish import fold
from search.engines.statement import Windows
from search.query import SearchQuery

MOST_WORDS = 6
MOST_OWNERS = 50
SHORTEST = 4
# From this length on, two letters may be wrong.
LONG = 8

_SQL = """
with words as (
    select candidacy_id, word
    from published_publishedcandidacy p,
        unnest(string_to_array(conoceles_fold(p.name), ' ')) as word
    where p.process_id = %(process)s
        and (p.process_office_id = any(%(open)s) or p.process_office_id = any(%(closed)s))
), near as (
    select distinct on (words.candidacy_id, typed.position)
        words.candidacy_id, typed.position, words.word,
        levenshtein(words.word, typed.word) as distance
    from words join unnest(%(typed)s::text[]) with ordinality as typed(word, position)
        on levenshtein_less_equal(words.word, typed.word, 2)
            <= case when length(typed.word) >= %(long)s then 2
                    when length(typed.word) >= %(shortest)s then 1 else 0 end
    order by words.candidacy_id, typed.position, distance
)
select candidacy_id, array_agg(word order by position), sum(distance)
from near group by candidacy_id having count(*) = %(count)s
order by 3, 1 limit %(limit)s
"""


@dataclass(frozen=True)
class NearNames:
    """Candidacies with a name that close, nearest first, and how the first one is spelt."""

    owners: list[int]
    spelling: str


def near_names(query: SearchQuery, windows: Windows) -> NearNames | None:
    """Look for a misspelt name; None when nobody is near (one query, or none).

    Every word must be near some word of the same name: one wrong letter from four letters on, two
    from eight on.
    """
    typed = [word[:40] for word in fold(query.text).replace('"', " ").split()]
    if not typed or len(typed) > MOST_WORDS or all(len(word) < SHORTEST for word in typed):
        return None
    parameters: dict[str, Any] = {
        "process": query.process.pk,
        "open": windows.open,
        "closed": windows.closed,
        "typed": typed,
        "count": len(typed),
        "long": LONG,
        "shortest": SHORTEST,
        "limit": MOST_OWNERS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, parameters)
        rows = cursor.fetchall()
    if not rows:
        return None
    closest = rows[0][2]
    return NearNames([row[0] for row in rows if row[2] == closest], " ".join(rows[0][1]))
