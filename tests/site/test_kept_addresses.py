"""What is kept for an address is never the answer to another one, whatever a visitor sends."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from conoceles_site.kept_answers import READ
from tests.site.test_kept_pages import kept_entries

pytestmark = pytest.mark.django_db

TYPED = "veneno"


@pytest.fixture
def candidacy(make_candidacy: Callable[..., Any], publish: Callable[..., None]) -> Any:
    made = make_candidacy(name="Inés Mezquite")
    publish(made)
    return made


def page_of(candidacy: Any) -> str:
    return f"/candidaturas/{candidacy.pk}/ines-mezquite/"


def in_percent_signs(name: str) -> str:
    return "".join(f"%{ord(letter):02X}" for letter in name)


@pytest.mark.parametrize("first", [first for first, read in READ.items() if read])
def test_a_parameter_is_the_same_however_its_name_is_written(
    first: str, candidacy: Any, client: Client
) -> None:
    path = {"candidaturas": page_of(candidacy), "municipios": "/municipios/"}.get(
        first, f"/{first}"
    )
    for name in READ[first] or ():
        expected = client.get(path).content
        written = client.get(f"{path}?{name}={TYPED}").content
        for way in (in_percent_signs(name), f"%{ord(name[0]):02x}{name[1:]}"):
            caches["pages"].clear()
            assert client.get(f"{path}?{way}={TYPED}").content == written
            assert client.get(path).content == expected


@pytest.mark.parametrize(
    "path", ["/noticias", "/municipios", "/municipios/san-pedro", "/candidaturas/{id}", "/buscar"]
)
def test_nobody_is_sent_on_with_the_query_of_somebody_else(
    path: str, candidacy: Any, client: Client
) -> None:
    path = path.format(id=candidacy.pk)
    mine = client.get(f"{path}?correo=ana@ejemplo.mx&q=agua")
    assert mine.status_code == 301
    assert "ana@ejemplo.mx" in mine["Location"]
    for query in ("", "?correo=eva@ejemplo.mx"):
        for _kept in range(2):
            location = client.get(f"{path}{query}")["Location"]
            assert "ana@" not in location
            assert ("eva@" in location) is bool(query)


def test_nobody_is_sent_to_tls_with_the_query_of_somebody_else(
    client: Client, settings: Any
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert "ana@" in client.get("/noticias/?correo=ana@ejemplo.mx")["Location"]
    assert "ana@" not in client.get("/noticias/")["Location"]


def test_a_redirect_says_what_caches_may_do(candidacy: Any, client: Client) -> None:
    for path in ("/municipios", f"/candidaturas/{candidacy.pk}/"):
        for _kept in range(2):
            assert "max-age=0" in client.get(path)["Cache-Control"]


def test_a_site_that_begins_elsewhere_keeps_no_page_for_this_one(client: Client) -> None:
    client.get("/municipios/", SCRIPT_NAME="/otro")
    assert kept_entries() == []
    client.get("/municipios/")
    assert len(kept_entries()) == 1


def test_a_site_behind_a_proxy_that_names_no_host_has_the_pages_of_each_host(
    candidacy: Any, client: Client, settings: Any
) -> None:
    settings.USE_X_FORWARDED_HOST = True
    settings.ALLOWED_HOSTS = ["uno.example", "dos.example"]
    for host in ("uno.example", "dos.example"):
        assert host in client.get("/api/v1/", headers={"Host": host}).content.decode()
    assert client.get("/api/v1/", headers={"Host": "tres.example"}).status_code == 400


def test_a_page_of_one_half_is_not_that_of_both(client: Client, settings: Any) -> None:
    assert "Entrar a capturar" in client.get("/").content.decode()
    settings.SERVE_INTERNAL_SITE = False
    assert "Entrar a capturar" not in client.get("/").content.decode()


@pytest.mark.parametrize("query", ["x=" + "a" * 8000, "a&" * 1500])
def test_what_is_refused_is_refused_also_where_a_page_is_kept(query: str, client: Client) -> None:
    caches["pages"].clear()
    refused = client.get(f"/?{query}").status_code
    client.get("/")
    assert client.get(f"/?{query}").status_code == refused >= 400
