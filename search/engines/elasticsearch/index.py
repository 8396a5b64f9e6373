"""The indexes on the server: their names, aliases and what they hold.

Searches read the alias of the schema (`schema.alias`). A rebuild fills a new index under another
alias, `under_way`, to which changes are written too; when it is complete the alias of the schema
moves to it, in one step.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from elasticsearch import Elasticsearch, NotFoundError
from elasticsearch.helpers import bulk

from search.engines.elasticsearch import schema
from search.engines.elasticsearch.client import server
from search.engines.elasticsearch.errors import (
    FULL_DISK,
    NotIndexed,
    Unavailable,
    server_errors,
)
from search.engines.elasticsearch.schema import Document

# Building and filling may take longer than a citizen is let wait.
SECONDS = 60
SHARD_SECONDS = 5
SCANNED = 5000
CHUNK_DOCUMENTS = 200
CHUNK_BYTES = 5 * 1024 * 1024
# The document was not there; or something newer was done to it.
_NOTHING_TO_DO = {("delete", 404), ("delete", 409), ("index", 409)}
_FOR_NOW = {429, 502, 503, 504}


def under_way() -> str:
    """The alias of the index that is being rebuilt, while there is one."""
    return f"{schema.alias()}-under-way"


def patient() -> Elasticsearch:
    """The client, for work that no citizen waits for."""
    return server().client.options(request_timeout=SECONDS)


def written_to() -> list[str]:
    """The aliases that exist: a change is written to each of them.

    Raises: Unavailable.
    """
    with server_errors():
        client = patient()
        return [
            name for name in (schema.alias(), under_way()) if client.indices.exists_alias(name=name)
        ]


def create() -> str:
    """Make a new, empty index under the alias `under_way`; returns its name.

    What a rebuild that was killed left under that alias is removed first.

    Raises: Unavailable.
    """
    with server_errors():
        client = patient()
        if unfinished := _indexes_of(client, under_way()):
            client.indices.delete(index=",".join(unfinished), ignore_unavailable=True)
        name = f"{schema.alias()}-{datetime.now(UTC):%Y%m%d%H%M%S%f}"
        client.indices.create(
            index=name,
            **schema.index_body(),
            aliases={under_way(): {}},
            wait_for_active_shards="1",
        )
    return name


def put_in_use(name: str) -> None:
    """Let searches read this index; every other index of this installation goes, in one step.

    A server that still runs the version of before searches with PostgreSQL from then on.

    Raises: Unavailable.
    """
    with server_errors():
        client = patient()
        others = [other for other in ours() if other != name]
        client.indices.update_aliases(
            actions=[
                {"remove": {"index": name, "alias": under_way()}},
                {"add": {"index": name, "alias": schema.alias()}},
                *({"remove_index": {"index": other}} for other in others),
            ]
        )


def remove(name: str) -> None:
    """Remove an index, if it exists. Raises: Unavailable."""
    with server_errors():
        patient().indices.delete(index=name, ignore_unavailable=True)


def ours() -> list[str]:
    """Every index of this installation, of whatever version. Raises: Unavailable."""
    with server_errors():
        return list(
            patient().indices.get_alias(index=f"{settings.ELASTICSEARCH_PREFIX}-candidacies-*")
        )


def _indexes_of(client: Elasticsearch, name: str) -> list[str]:
    try:
        return list(client.indices.get_alias(name=name))
    except NotFoundError:
        return []


def write(target: str, documents: Iterable[Document], gone: Iterable[int], *, turn: int) -> None:
    """Put documents into the index of an alias, and take those of these candidacies out of it.

    Args:
        turn: grows from one writer to the next (`indexing`). The server leaves out what belongs to
            an earlier turn than what it did last, so that a request that arrives late undoes
            nothing. The version of the row would not do: a row that was withdrawn and is written
            again begins at 1.

    Raises: Unavailable; NotIndexed when the server refuses a document.
    """
    in_turn = {"version": turn, "version_type": "external_gte"}
    actions: list[dict[str, Any]] = [
        {"_op_type": "index", "_id": document["candidacy"], "_source": document, **in_turn}
        for document in documents
    ]
    actions += [{"_op_type": "delete", "_id": candidacy_id, **in_turn} for candidacy_id in gone]
    with server_errors():
        _done, refused = bulk(
            patient(),
            actions,
            index=target,
            require_alias=True,
            # How long the server itself waits for shards that are not there.
            timeout=f"{SHARD_SECONDS}s",
            chunk_size=CHUNK_DOCUMENTS,
            max_chunk_bytes=CHUNK_BYTES,
            raise_on_error=False,
            raise_on_exception=True,
        )
    _judge(refused)


def _judge(refused: Any) -> None:
    """Raise what the refusals of single documents mean, where they mean something."""
    for answer in refused:
        [(done, said)] = answer.items()
        status = said.get("status")
        if (done, status) in _NOTHING_TO_DO:
            continue
        kind = _kind(said.get("error"))
        if status in _FOR_NOW or kind in {FULL_DISK, "index_not_found_exception"}:
            raise Unavailable(kind)
        raise NotIndexed(int(said["_id"]), status, kind)


def _kind(error: Any) -> str:
    """The kind of an error alone: its words may quote what somebody wrote."""
    return str(error.get("type", "")) if isinstance(error, dict) else ""


def refresh(target: str) -> None:
    """Let searches see all that was written. Raises: Unavailable."""
    with server_errors():
        patient().indices.refresh(index=target)


def marks(target: str) -> dict[int, str]:
    """The mark of every document that the index of an alias holds; nothing when there is none.

    Raises: Unavailable.
    """
    with server_errors():
        client = patient()
        if not client.indices.exists_alias(name=target):
            return {}
        # A search fails at once where a part of the index is lost; a refresh waits for a minute.
        client.search(index=target, size=0, allow_partial_search_results=False)
        client.indices.refresh(index=target)
        return dict(_scanned(client, target))


def _scanned(client: Elasticsearch, target: str) -> Iterator[tuple[int, str]]:
    after: list[Any] | None = None
    while True:
        answer = client.search(
            index=target,
            size=SCANNED,
            sort=[{"candidacy": "asc"}],
            search_after=after,
            source=False,
            docvalue_fields=[{"field": "candidacy"}, {"field": "mark"}],
            track_total_hits=False,
            allow_partial_search_results=False,
        )
        hits = answer["hits"]["hits"]
        for hit in hits:
            yield hit["fields"]["candidacy"][0], hit["fields"]["mark"][0]
        if len(hits) < SCANNED:
            return
        after = hits[-1]["sort"]
