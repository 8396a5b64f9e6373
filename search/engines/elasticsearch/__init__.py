"""The Elasticsearch engine: matches, counts and orders in an index of its own.

It returns keys, versions and counts. Texts and names are read from the public rows, and so is what
a late index must not decide: which offices are public at the instant of the search, which words
are too common, and which names a misspelt word may have been.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.db import connection
from elasticsearch.dsl import Search

from cms.published.models import PublishedCandidacy
from search.engines.contract import Found
from search.engines.elasticsearch import client, indexing, schema
from search.engines.elasticsearch.queries import (
    found_in,
    frequencies_of,
    hits_in,
    search_of,
    similar_to,
    with_frequencies,
)
from search.engines.elasticsearch.wanted import Public
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
        %(process)s, %(suspects)s::jsonb, whole, register_only, %(few)s)::text else '{}' end,
    exists (select from procrastinate_jobs where queue_name = %(queue)s
        and status in ('todo', 'doing', 'failed'))
from public
"""


@dataclass(frozen=True)
class _Asked:
    """What the database says before the index is searched."""

    public: Public
    lexemes: tuple[str, ...]
    near: dict[str, tuple[tuple[str, bool], ...]]
    is_behind: bool


class Behind(Exception):
    """Changes of public rows wait to be written to the index, which must not answer until then.

    So a candidacy that was withdrawn is counted in no facet from the commit on.
    """


class OutOfTime(Exception):
    """The calls of this search together took the set time; the server itself may be well."""


@dataclass
class Patience:
    """How long a search waits for the server: its calls together have the set time, in seconds."""

    left: float = field(default_factory=lambda: settings.ELASTICSEARCH_SECONDS)
    is_first_call: bool = True

    def ask(self, search: Search) -> Any:
        """The answer of the server. Raises: OutOfTime; as `client.ask`."""
        is_first, self.is_first_call = self.is_first_call, False
        if self.left <= 0:
            raise OutOfTime
        begin = time.monotonic()
        milliseconds = round(settings.ELASTICSEARCH_SECONDS * 1000)
        body = search.extra(timeout=f"{milliseconds}ms").to_dict()
        try:
            return client.ask(f"/{schema.alias()}/_search", body, seconds=self.left)
        except TimeoutError:
            if is_first:
                raise
            raise OutOfTime from None
        finally:
            self.left -= time.monotonic() - begin


class ElasticsearchEngine:
    """Searches an index that jobs keep up with the public rows."""

    name = "elasticsearch"

    def find(
        self, query: SearchQuery, reading: Reading, *, patience: Patience | None = None
    ) -> Found:
        """See the contract. One query of the database, and one of the index.

        A second one says how many hold each word, when few match and the reading wants to know.

        Args:
            patience: what is left of it, when it is not the first call of a search.

        Raises: Behind; OutOfTime; one of `client.SERVER_ERRORS`, `client.UnknownServer`,
            TimeoutError or `Nonsense`, when the server does not answer as it should.
        """
        patience = patience or Patience()
        asked = _ask_database(query, reading)
        if asked.is_behind:
            raise Behind
        if reading.wanted and not asked.public.said(reading.wanted) and not reading.correction:
            return Found(only_common=True)
        if not asked.public.whole and not asked.public.register_only:
            return Found(lexemes=asked.lexemes)
        answer = patience.ask(search_of(query, reading, asked.public))
        found = replace(found_in(answer, asked.lexemes), near=asked.near)
        if found.matched < reading.wants_frequencies:
            answer = patience.ask(frequencies_of(query, reading, asked.public))
            found = with_frequencies(found, answer, reading, asked.public)
        return found

    def similar(self, row: PublishedCandidacy, *, number: int) -> dict[int, int]:
        """The candidacies most like this one, in their order, each with its indexed version.

        Raises: as `find`.
        """
        query = SearchQuery(process=row.process)
        asked = _ask_database(query, Reading())
        if asked.is_behind:
            raise Behind
        return dict(hits_in(Patience().ask(similar_to(row, asked.public, number=number))))


def probe() -> None:
    """Ask the index for nothing. Raises: as `ElasticsearchEngine.find`, when it does not answer."""
    hits_in(Patience().ask(Search().extra(size=0, track_total_hits=False)))


def _ask_database(query: SearchQuery, reading: Reading) -> _Asked:
    correction = reading.correction
    looked_up = () if correction or reading.tiers else reading.suspects
    kept = correction.kept if correction else ()
    with connection.cursor() as cursor:
        cursor.execute(
            _ASKED,
            {
                "process": query.process.pk,
                "at": query.at,
                "words": json.dumps(_words((*reading.wanted, *reading.excluded, *kept))),
                "wanted": json.dumps(_words(reading.wanted)),
                "suspects": json.dumps({word: spellings(word) for word in looked_up}),
                "few": FEW,
                "queue": indexing.QUEUE,
            },
        )
        whole, register_only, common, lexemes, near, is_behind = cursor.fetchone()
    return _Asked(
        public=Public(tuple(map(str, whole)), tuple(map(str, register_only)), frozenset(common)),
        lexemes=tuple(lexemes),
        near={
            typed: tuple((name, sounds_same) for name, sounds_same in names)
            for typed, names in json.loads(near).items()
        },
        is_behind=is_behind,
    )


def _words(terms: Sequence[Term]) -> list[Word]:
    """Every word of some terms, once."""
    return list(dict.fromkeys(word for term in terms for phrase in term for word in phrase))
