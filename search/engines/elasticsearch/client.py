"""The connection with the search server, be it Elasticsearch 8 or 9 or OpenSearch 3.

The client speaks with Elasticsearch alone: it marks its requests in a way that OpenSearch refuses,
and refuses answers that Elasticsearch did not sign. So the server is asked once who it is, and
with OpenSearch a node in between takes the marks off and puts the signature on.
"""

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from elastic_transport import (
    ApiError,
    HttpHeaders,
    NodeConfig,
    Transport,
    TransportError,
    Urllib3HttpNode,
)
from elastic_transport.client_utils import basic_auth_to_header, url_to_node_config
from elasticsearch import Elasticsearch

# What the client raises when the server is gone, slow, unwilling, or is not a search server.
SERVER_ERRORS = (TransportError, ApiError)
OLDEST_ELASTICSEARCH = 8
OLDEST_OPENSEARCH = 3
CONNECTIONS = 16
_COMPATIBLE = "application/vnd.elasticsearch+"


class UnknownServer(Exception):
    """What answers is no search server that this engine knows."""


class OpenSearchNode(Urllib3HttpNode):
    """A node of OpenSearch, as the client of Elasticsearch expects it."""

    def perform_request(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: HttpHeaders | None = None,
        request_timeout: Any = None,
        **options: Any,
    ) -> Any:
        """Send a request without the marks of Elasticsearch, and sign its answer."""
        plain = HttpHeaders({name: _plain_type(value) for name, value in (headers or {}).items()})
        if request_timeout is not None:
            options["request_timeout"] = request_timeout
        answer = super().perform_request(method, target, body, plain, **options)
        answer.meta.headers.setdefault("x-elastic-product", "Elasticsearch")
        return answer


def _plain_type(value: str) -> str:
    """«application/vnd.elasticsearch+x-ndjson; compatible-with=8» is «application/x-ndjson»."""
    if not value.startswith(_COMPATIBLE):
        return value
    return f"application/{value.removeprefix(_COMPATIBLE).partition(';')[0]}"


@dataclass(frozen=True)
class Server:
    """The search server in use.

    Attributes:
        distribution: "elasticsearch" or "opensearch".
        version: as it says, like "9.5.3".
        client: speaks with it; several threads may share it.
    """

    distribution: str
    version: str
    client: Elasticsearch


_lock = threading.Lock()
_servers: dict[tuple[Any, ...], Server] = {}


def is_configured() -> bool:
    """Whether this installation has a search server."""
    return bool(settings.ELASTICSEARCH_URL)


def server() -> Server:
    """The server of the settings. It is asked who it is the first time that it answers.

    Raises: one of SERVER_ERRORS, when it does not answer; UnknownServer.
    """
    key = _key()
    found = _servers.get(key)
    if found is None:
        with _lock:
            found = _servers.get(key) or _servers.setdefault(key, _met())
    return found


def forget() -> None:
    """Ask the server again who it is."""
    with _lock:
        for known in _servers.values():
            known.client.close()
        _servers.clear()


def _key() -> tuple[Any, ...]:
    """The settings that decide which server it is, and how it is entered."""
    return (
        settings.ELASTICSEARCH_URL,
        settings.ELASTICSEARCH_API_KEY,
        settings.ELASTICSEARCH_USER,
        settings.ELASTICSEARCH_PASSWORD,
        settings.ELASTICSEARCH_CA,
    )


def _met() -> Server:
    said = _who_it_is()
    version = said.get("version")
    number = version.get("number") if isinstance(version, Mapping) else None
    if not isinstance(version, Mapping) or not isinstance(number, str):
        raise UnknownServer("the answer is not that of a search server")
    distribution = str(version.get("distribution", "elasticsearch"))
    oldest = {"elasticsearch": OLDEST_ELASTICSEARCH, "opensearch": OLDEST_OPENSEARCH}
    major = number.partition(".")[0]
    if not major.isdecimal() or int(major) < oldest.get(distribution, int(major) + 1):
        raise UnknownServer(f"{distribution} {number}")
    node_class = OpenSearchNode if distribution == "opensearch" else Urllib3HttpNode
    # Nothing is retried: PostgreSQL answers when the server does not.
    client = Elasticsearch([_node()], node_class=node_class, max_retries=0)
    return Server(distribution, number, client)


def _who_it_is() -> Mapping[str, Any]:
    """What the server says of itself. It is asked without the client, which would judge it."""
    transport = Transport([_node()], max_retries=0)
    try:
        answer = transport.perform_request(
            "GET",
            "/",
            headers={"accept": "application/json"},
            request_timeout=settings.ELASTICSEARCH_SECONDS,
        )
    finally:
        transport.close()
    if answer.meta.status != HTTPStatus.OK:
        raise UnknownServer(f"it answers {answer.meta.status}")
    return answer.body if isinstance(answer.body, Mapping) else {}


def _node() -> NodeConfig:
    """Where the server is, and how it is entered."""
    headers: dict[str, str] = {}
    if settings.ELASTICSEARCH_API_KEY:
        headers["authorization"] = f"ApiKey {settings.ELASTICSEARCH_API_KEY}"
    elif settings.ELASTICSEARCH_USER:
        user = (settings.ELASTICSEARCH_USER, settings.ELASTICSEARCH_PASSWORD)
        headers["authorization"] = basic_auth_to_header(user)
    node = url_to_node_config(settings.ELASTICSEARCH_URL, use_default_ports_for_scheme=True)
    if settings.ELASTICSEARCH_CA:
        node = node.replace(ca_certs=settings.ELASTICSEARCH_CA)
    return node.replace(
        connections_per_node=CONNECTIONS, headers=HttpHeaders({**node.headers, **headers})
    )


# Threads that wait for the server, so that nobody else waits longer than the set time.
_waiting = ThreadPoolExecutor(max_workers=CONNECTIONS, thread_name_prefix="search")


def ask(path: str, body: Mapping[str, Any], *, seconds: float) -> Any:
    """The answer to a search, within so many seconds.

    The client's own limit is for each piece that arrives: a server that sends one letter every
    half second would keep a citizen waiting for minutes.

    Raises: one of SERVER_ERRORS; UnknownServer; TimeoutError.
    """
    answer = _waiting.submit(_asked, path, body)
    try:
        return answer.result(timeout=seconds)
    except TimeoutError:
        answer.cancel()
        raise


def _asked(path: str, body: Mapping[str, Any]) -> Any:
    headers = {"accept": "application/json", "content-type": "application/json"}
    # Half an answer is none, and words weigh the same in every shard.
    how = {"allow_partial_search_results": "false", "search_type": "dfs_query_then_fetch"}
    return (
        server().client.perform_request("POST", path, params=how, headers=headers, body=body).body
    )
