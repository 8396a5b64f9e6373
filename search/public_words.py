"""Keeps the words that public candidacies write (`search.models.PublicWord`).

They are counted again when public rows have changed, or are public no more: by a job every five
minutes, and at the end of an import. What is proposed from them is also searched before it is
shown, so an older word never leads to what was withdrawn.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from cms.catalogs.models import Process
from search.models import LONGEST_WORD, PublicWordsRead

SHORTEST_WORD = 3
# A word that fewer candidacies write may be personal, or an error of theirs.
FEWEST_CANDIDACIES = 2
# More rows than these at once are an import, whose words are counted as soon as it is committed.
MOST_ALONE = 20
# An advisory lock of the database: one process of the server counts at a time.
LOCK = 7_120_240_604

# What the words depend on: the rows of each office, and what of them is public now.
_FINGERPRINTS = """
select v.process_id, md5(string_agg(concat_ws(':', v.process_office_id,
    v.register_during @> statement_timestamp(), v.answers_during @> statement_timestamp(),
    rows.number, rows.latest, rows.versions),
    ',' order by v.process_office_id))
from published_visibility as v
cross join lateral (
    select count(*) as number, max(updated_at) as latest, sum(version) as versions
    from published_publishedcandidacy as p where p.process_office_id = v.process_office_id
) as rows
group by v.process_id
"""

_COUNT = """
with texts as (
    select p.candidacy_id, case when v.answers_during @> statement_timestamp()
        then concat_ws(' ', p.register_text, p.text_high_weight, p.text_low_weight)
        else p.register_text end as text
    from published_publishedcandidacy as p
    join published_visibility as v on v.process_office_id = p.process_office_id
    where v.process_id = %(process)s and v.register_during @> statement_timestamp()
        and p.state = 'activa'
), counted as (
    select form, count(*) as number
    from texts
    cross join lateral unnest(tsvector_to_array(
        to_tsvector('simple', conoceles_words_apart(text)))) as form
    where length(form) between %(shortest)s and %(longest)s and form ~ '^[a-záéíóúüñ]+$'
    group by form
), forms as (
    select conoceles_fold(form) as word, form, number from counted
), words as materialized (
    select word, (array_agg(form order by number desc, form desc))[1] as form,
        max(number) as number  -- The sum would count whoever writes «publica» and «pública» twice.
    from forms group by word having max(number) >= %(fewest)s
), gone as (
    delete from search_publicword as old
    where process_id = %(process)s
        and not exists (select from words where words.word = old.word)
)
insert into search_publicword as old (process_id, word, written, candidacies)
select %(process)s, word, form, number from words
on conflict (process_id, word) do update
set written = excluded.written, candidacies = excluded.candidacies
where (old.written, old.candidacies) is distinct from (excluded.written, excluded.candidacies)
"""


def version(process_pk: int) -> str:
    """The name of the version of a process's words; a trigger changes it with any of them."""
    return f"public-words-{process_pk}"


def refresh_changed() -> int:
    """Count the words anew of each process whose public rows have changed; how many did."""
    with connection.cursor() as cursor:
        cursor.execute(_FINGERPRINTS)
        found = dict(cursor.fetchall())
    known = dict(PublicWordsRead.objects.values_list("process_id", "fingerprint"))
    changed = [
        process for process, fingerprint in found.items() if known.get(process) != fingerprint
    ]
    for process_id in changed:
        _refresh(process_id, found[process_id])
    return len(changed)


def refresh(process: Process) -> None:
    """Count the words of one process anew, whatever changed."""
    with connection.cursor() as cursor:
        cursor.execute(_FINGERPRINTS)
        found = dict(cursor.fetchall())
    _refresh(process.pk, found.get(process.pk, ""))


@transaction.atomic
def _refresh(process_id: int, fingerprint: str) -> None:
    parameters: dict[str, Any] = {
        "process": process_id,
        "shortest": SHORTEST_WORD,
        "longest": LONGEST_WORD,
        "fewest": FEWEST_CANDIDACIES,
    }
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(_COUNT, parameters)
        # Until the planner knows the table, it would make the keys of every word for each search.
        cursor.execute("analyze search_publicword")
    PublicWordsRead.objects.update_or_create(
        process_id=process_id, defaults={"fingerprint": fingerprint}
    )


def rows_changed(candidacy_ids: Sequence[int]) -> None:
    """Told of changed rows in the transaction that writes them: an import is read when it is over.

    An import tells of its rows batch by batch, and is read once. Of a few rows the job takes care.
    """
    if len(candidacy_ids) > MOST_ALONE and not _is_read_when_committed():
        transaction.on_commit(_read_import, robust=True)


def _is_read_when_committed() -> bool:
    """Whether this transaction, or the part of it that was not undone, will have its rows read."""
    return any(hook[1] is _read_import for hook in connection.run_on_commit)


def _read_import() -> None:
    """Its transaction is committed."""
    refresh_changed()
