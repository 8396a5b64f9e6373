"""The Elasticsearch engine: matches, counts and orders in an index of its own.

It returns keys, versions and counts. Texts and names are read from the public rows, and so is what
a late index must not decide: which offices are public at the instant of the search, which words
are too common, and which names a misspelt word may have been.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import connection
from elasticsearch.dsl import Search

from search.engines.contract import Found
from search.engines.elasticsearch import client, schema
from search.engines.elasticsearch.queries import (
    Public,
    found_in,
    frequencies_of,
    search_of,
    with_frequencies,
)
from search.engines.postgres import FEW
from search.query import SearchQuery
from search.reading import Reading, Term, Word, spellings

# What is public, the words that say something with their stems, and the names that are near.
_ASKED = """
with public as materialized (
    select
        coalesce(array_agg(process_office_id) filter (where answers_during @> %(at)s), '{}') whole,
        coalesce(array_agg(process_office_id) filter (where not answers_during @> %(at)s), '{}')
            register_only
    from published_visibility
    where process_id = %(process)s and register_during @> %(at)s
)
select whole, register_only,
    (select coalesce(array_agg(word ->> 0), '{}') from jsonb_array_elements(%(words)s::jsonb) word
        where conoceles_search.is_common(word ->> 0)),
    (select coalesce(array_agg(distinct stem), '{}')
        from jsonb_array_elements(%(wanted)s::jsonb) word,
            jsonb_array_elements_text(word) spelling,
            unnest(ts_lexize('conoceles_stem', spelling)) stem
        where not conoceles_search.is_common(word ->> 0)),
    case when %(suspects)s <> '{}' then conoceles_search.near_names(
        %(suspects)s::jsonb, whole, register_only, %(few)s)::text else '{}' end
from public
"""


@dataclass(frozen=True)
class _Asked:
    """What the database says before the index is searched."""

    public: Public
    lexemes: tuple[str, ...]
    near: dict[str, tuple[tuple[str, bool], ...]]


class ElasticsearchEngine:
    """Searches an index that jobs keep up with the public rows."""

    name = "elasticsearch"

    def find(self, query: SearchQuery, reading: Reading) -> Found:
        """See the contract. One query of the database, and one of the index.

        A second one says how many hold each word, when few match and the reading wants to know.

        Raises: one of `client.SERVER_ERRORS`, `client.UnknownServer` or `Nonsense`.
        """
        asked = _ask_database(query, reading)
        if reading.wanted and not asked.public.said(reading.wanted) and not reading.correction:
            return Found(only_common=True)
        if not asked.public.whole and not asked.public.register_only:
            return Found(lexemes=asked.lexemes)
        answer = _answer(search_of(query, reading, asked.public))
        found = replace(found_in(answer, asked.lexemes), near=asked.near)
        if found.matched < reading.wants_frequencies:
            answer = _answer(frequencies_of(query, reading, asked.public))
            found = with_frequencies(found, answer, reading, asked.public)
        return found


def _answer(search: Search) -> Any:
    search = search.extra(timeout=f"{round(settings.ELASTICSEARCH_SECONDS * 1000)}ms")
    answer = client.server().client.perform_request(
        "POST",
        f"/{schema.alias()}/_search",
        params={"allow_partial_search_results": "false", "search_type": "dfs_query_then_fetch"},
        headers={"accept": "application/json", "content-type": "application/json"},
        body=search.to_dict(),
    )
    return answer.body


def _ask_database(query: SearchQuery, reading: Reading) -> _Asked:
    correction = reading.correction
    suspects = {} if correction else {word: spellings(word) for word in reading.suspects}
    kept = correction.kept if correction else ()
    with connection.cursor() as cursor:
        cursor.execute(
            _ASKED,
            {
                "process": query.process.pk,
                "at": query.at,
                "words": json.dumps(_words((*reading.wanted, *reading.excluded, *kept))),
                "wanted": json.dumps(_words(reading.wanted)),
                "suspects": json.dumps(suspects),
                "few": FEW,
            },
        )
        whole, register_only, common, lexemes, near = cursor.fetchone()
    return _Asked(
        public=Public(tuple(map(str, whole)), tuple(map(str, register_only)), frozenset(common)),
        lexemes=tuple(lexemes),
        near={
            typed: tuple((name, sounds_same) for name, sounds_same in names)
            for typed, names in json.loads(near).items()
        },
    )


def _words(terms: Sequence[Term]) -> list[Word]:
    """Every word of some terms, once."""
    return list(dict.fromkeys(word for term in terms for phrase in term for word in phrase))
