"""Which search server it is, how it is entered, and how Spanish is read in its index."""

import json
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from elastic_transport import ConnectionError as NoConnection

from search.engines.elasticsearch import client, schema
from search.engines.elasticsearch.client import UnknownServer

OPENSEARCH = {"version": {"distribution": "opensearch", "number": "3.8.0"}}


@pytest.fixture(autouse=True)
def ask_again():
    """Each test meets its server for the first time."""
    client.forget()
    yield
    client.forget()


class _Stranger(ThreadingHTTPServer):
    """A server that says what the test wants, and keeps what it was entered with."""

    def __init__(self) -> None:
        self.said: Any = OPENSEARCH
        self.status = 200
        self.asked: list[str | None] = []
        super().__init__(("127.0.0.1", 0), _Introduces)


class _Introduces(BaseHTTPRequestHandler):
    """Says who it is, to whoever is let in."""

    server: _Stranger

    def do_GET(self) -> None:
        self.server.asked.append(self.headers.get("authorization"))
        self.send_response(self.server.status)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(self.server.said).encode())

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def stranger(settings):
    """A server that says what the test wants, and keeps what it was entered with."""
    server = _Stranger()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{server.server_port}"
    settings.ELASTICSEARCH_SECONDS = 20.0
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("version", "distribution"),
    [
        ({"number": "8.19.3", "build_flavor": "default"}, "elasticsearch"),
        ({"number": "9.5.3", "build_flavor": "default"}, "elasticsearch"),
        ({"number": "3.8.0", "distribution": "opensearch"}, "opensearch"),
    ],
)
def test_a_server_is_known_by_what_it_says(stranger, version, distribution) -> None:
    stranger.said = {"version": version}
    met = client.server()

    assert (met.distribution, met.version) == (distribution, version["number"])
    assert client.server() is met
    assert len(stranger.asked) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"version": {"number": "7.17.0"}},
        {"version": {"number": "2.19.0", "distribution": "opensearch"}},
        {"version": {"number": "9.0.0", "distribution": "otra"}},
        {"version": {"number": "nueve"}},
        {"version": "9"},
        {"saludo": "hola"},
        ["hola"],
    ],
)
def test_a_server_that_is_too_old_or_another_thing_is_refused(stranger, said) -> None:
    stranger.said = said
    with pytest.raises(UnknownServer):
        client.server()


def test_a_server_that_lets_nobody_in_is_refused(stranger) -> None:
    stranger.status = 401
    with pytest.raises(UnknownServer, match="401"):
        client.server()


@pytest.mark.parametrize(
    ("given", "header"),
    [
        ({}, None),
        ({"ELASTICSEARCH_API_KEY": "clave"}, "ApiKey clave"),
        (
            {"ELASTICSEARCH_USER": "ana", "ELASTICSEARCH_PASSWORD": "ñu:8"},
            "Basic YW5hOsOxdTo4",
        ),
    ],
)
def test_the_server_is_entered_with_the_key_or_the_user(stranger, settings, given, header) -> None:
    for name, value in given.items():
        setattr(settings, name, value)
    client.server().client.info()

    assert stranger.asked == [header, header]


def test_a_certificate_counts_when_its_authority_is_the_one_of_the_settings(
    stranger, settings, tmp_path
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-keyout", str(key), "-out", str(certificate), "-subj", "/CN=127.0.0.1"),
            *("-addext", "subjectAltName=IP:127.0.0.1"),
        ],
        check=True,
        capture_output=True,
    )
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    stranger.socket = tls.wrap_socket(stranger.socket, server_side=True)
    settings.ELASTICSEARCH_URL = f"https://127.0.0.1:{stranger.server_port}"
    with pytest.raises(NoConnection):
        client.server()
    settings.ELASTICSEARCH_CA = str(certificate)

    assert client.server().distribution == "opensearch"


# --- the schema


def analyzed(analyzer: str, text: str) -> list[str]:
    answer = client.server().client.indices.analyze(
        index=schema.alias(), analyzer=analyzer, text=text
    )
    return [token["token"] for token in answer["tokens"]]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "forms",
    [
        "sequía sequia SEQUÍA sequías Sequias",
        "educación educacion EDUCACIÓN educaciones",
        "mujer mujeres",
        "ley leyes",
        "niño niños nino ninos niña niñas",
        "año años ano anos",
        "luz luces",
        "interés intereses interes",
        "pavimentar pavimentación pavimentado pavimentaciones",
        "joven jóvenes",
        "país países",
        "PyME pymes",
    ],
)
def test_forms_of_a_word_share_a_stem(search_index, forms) -> None:
    stems = [set(analyzed("spanish", form)) for form in forms.split()]

    assert set.intersection(*stems)


@pytest.mark.django_db
def test_a_tilde_tells_words_apart_in_the_exact_field_and_accents_do_not(search_index) -> None:
    assert analyzed("exact", "Año AÑO an\u0303o ano") == ["año", "año", "año", "ano"]
    assert analyzed("exact", "Útil acción pingüino") == ["util", "accion", "pinguino"]
    assert analyzed("names", "Núñez Rojas") == ["nunez", "rojas"]


@pytest.mark.django_db
def test_signs_separate_words_as_in_what_is_typed(search_index) -> None:
    assert analyzed("exact", "niñas/niños agua.Luego becas_deportivas $1,500 T-MEC") == [
        *("niñas", "niños", "agua", "luego", "becas", "deportivas", "1", "500", "t", "mec"),
    ]


def test_another_schema_has_another_name(monkeypatch, settings) -> None:
    settings.ELASTICSEARCH_PREFIX = "ensayo"
    before = schema.alias()
    schema.fingerprint.cache_clear()
    monkeypatch.setattr(schema, "IRREGULAR", "casa, casas => cas")
    after = schema.alias()
    schema.fingerprint.cache_clear()

    assert before.startswith("ensayo-candidacies-")
    assert before != after
