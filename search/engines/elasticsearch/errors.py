"""What can go wrong with the search server, without the words that it says it in.

The exceptions of the client quote addresses and what was being indexed: neither may reach a log.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from elastic_transport import ApiError

from search.engines.elasticsearch.client import SERVER_ERRORS, UnknownServer

FULL_DISK = "cluster_block_exception"


class Unavailable(Exception):
    """The server does not answer, refuses for now, or is none. It is worth trying again later.

    Attributes:
        kind: what happened, in the words of the client or the server: «ConnectionError»,
            «cluster_block_exception».
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(kind)


class NotIndexed(Exception):
    """The server refuses a document. To try again helps once somebody mends the cause."""

    def __init__(self, candidacy_id: int, status: int | None, kind: str) -> None:
        super().__init__(f"{candidacy_id}: {status} {kind}")


@contextmanager
def server_errors() -> Iterator[None]:
    """Raise Unavailable for whatever the client raises."""
    try:
        yield
    except ApiError as error:
        raise Unavailable(_kind_of(error)) from None
    except (*SERVER_ERRORS, UnknownServer) as error:
        raise Unavailable(type(error).__name__) from None


def _kind_of(error: ApiError) -> str:
    said = error.body.get("error") if isinstance(error.body, dict) else None
    kind = said.get("type") if isinstance(said, dict) else None
    return str(kind or f"{type(error).__name__} {error.meta.status}")
