"""Public pages are answered from the store while nothing that they show has changed."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.published import by_version, versions
from conoceles_site import encodings

pytestmark = pytest.mark.django_db

BROWSER = "gzip, deflate, br, zstd"
# One of each kind of public page; `{id}` and `{slug}` are those of a candidacy with answers.
PAGES = (
    "/",
    "/municipios/",
    "/municipios/san-pedro/",
    "/candidaturas/{id}/{slug}/",
    "/candidaturas/{id}/{slug}/?q=agua",
    "/buscar/",
    "/buscar/?q=agua&sexo=mujer",
    "/noticias/",
    "/preguntas/",
    "/privacidad/",
    "/accesibilidad/",
    "/sitemap.xml",
    "/actores.css",
    "/api/v1/",
    "/api/v1/candidaturas/",
    "/api/v1/candidaturas/?q=agua",
    "/api/v1/candidaturas/{id}/",
    "/api/v1/municipios/",
    "/api/v1/actores/",
    "/api/v1/procesos/",
    "/api/v1/noticias/",
    "/api/v1/paginas/",
    "/api/v1/sugerencias/?q=ag",
    "/api/v1/esquema/",
)
REDIRECTS = ("/candidaturas/{id}/", "/candidaturas/{id}/otro-nombre/")


@pytest.fixture
def published(make_candidacy: Callable[..., Any], publish: Callable[..., None]) -> Any:
    """A candidacy with answers, and a rival without."""
    candidacy = make_candidacy()
    make_candidacy(name="Braulio Mezquite Ocotillo", sex="hombre")
    publish(candidacy)
    return candidacy


def address(pattern: str, candidacy: Any) -> str:
    slug = candidacy.name.lower().replace(" ", "-").replace("ó", "o").replace("á", "a")
    return pattern.format(id=candidacy.pk, slug=slug)


def text_of(response: Any) -> str:
    encoding = response.get("Content-Encoding", encodings.IDENTITY)
    return encodings.decompress(response.content, encoding).decode()


@pytest.fixture
def asked_again(client: Client) -> Callable[[str], tuple[Any, int]]:
    """Ask an address, and say how many queries the answer took."""

    def ask(path: str, **headers: str) -> tuple[Any, int]:
        with CaptureQueriesContext(connection) as queries:
            response = client.get(path, headers=headers)
        return response, len(queries)

    return ask


def test_the_second_visitor_costs_one_query_and_sees_the_same(
    published: Any, client: Client, asked_again: Any
) -> None:
    for pattern in (*PAGES, *REDIRECTS):
        path = address(pattern, published)
        first = client.get(path)
        second, queries = asked_again(path)
        assert queries == 1
        assert second.status_code == first.status_code
        assert second.content == first.content
        assert dict(second.items()) == dict(first.items())


def test_a_kept_page_is_what_would_be_made_now(
    published: Any, publish: Callable[..., None], client: Client
) -> None:
    paths = [address(pattern, published) for pattern in PAGES]
    for path in paths:
        client.get(path)
    publish(published, propuesta_1="Agua y sombra en cada plaza del municipio. " * 8)
    kept = {path: client.get(path).content for path in paths}
    caches["pages"].clear()
    assert {path: client.get(path).content for path in paths} == kept


def test_an_approval_is_seen_at_once(
    published: Any, publish: Callable[..., None], client: Client
) -> None:
    path = address("/candidaturas/{id}/{slug}/", published)
    assert "sombra en cada plaza" not in client.get(path).content.decode()
    publish(published, propuesta_1="Agua y sombra en cada plaza del municipio. " * 8)
    assert "sombra en cada plaza" in client.get(path).content.decode()


def test_a_new_text_makes_stale_its_own_page_and_no_rivals(
    published: Any, make_candidacy: Any, publish: Any, client: Client, asked_again: Any
) -> None:
    rival = make_candidacy(name="Otra Persona", sex="mujer")
    publish(rival)
    path = address("/candidaturas/{id}/{slug}/", rival)
    ballot = "/municipios/san-pedro/"
    client.get(path), client.get(ballot)
    publish(published, propuesta_1="Agua y sombra en cada plaza del municipio. " * 8)
    assert asked_again(path)[1] == 1
    assert asked_again(ballot)[1] == 1


def test_every_encoding_is_the_same_text(published: Any, client: Client) -> None:
    for pattern in PAGES:
        path = address(pattern, published)
        plain = client.get(path, headers={"Accept-Encoding": "identity"})
        assert "Content-Encoding" not in plain
        for accepted in ("br", "zstd", "gzip", BROWSER, "*"):
            answer = client.get(path, headers={"Accept-Encoding": accepted})
            assert text_of(answer) == plain.content.decode()
            assert answer["Vary"] == plain["Vary"] == "Accept-Encoding"
            assert answer["Content-Length"] == str(len(answer.content))
            assert answer.get("ETag") == plain.get("ETag")


def test_a_head_has_the_headers_of_a_get(published: Any, client: Client) -> None:
    accepted = {"Accept-Encoding": BROWSER}
    for pattern in (*PAGES, *REDIRECTS, "/no-existe/"):
        path = address(pattern, published)
        first = client.head(path, headers=accepted)
        got = client.get(path, headers=accepted)
        again = client.head(path, headers=accepted)
        assert first.content == again.content == b""
        assert dict(first.items()) == dict(got.items()) == dict(again.items()), path


# -- entity tags ----------------------------------------------------------------------------------


def test_a_copy_is_confirmed_by_the_versions_alone(
    published: Any, client: Client, asked_again: Any
) -> None:
    """Also where this process never made the page, and nothing is kept."""
    for pattern in PAGES:
        path = address(pattern, published)
        made = client.get(path)
        for _kept in (True, False):
            answer, queries = asked_again(path, **{"If-None-Match": made["ETag"]})
            assert (answer.status_code, answer.content, queries) == (304, b"", 1)
            for name in ("Cache-Control", "ETag", "Vary", "Access-Control-Allow-Origin"):
                assert answer.get(name) == made.get(name), (path, name)
            assert "Content-Type" not in answer
            caches["pages"].clear()


def test_an_old_copy_gets_the_new_page(
    published: Any, publish: Callable[..., None], client: Client
) -> None:
    path = address("/candidaturas/{id}/{slug}/", published)
    old = client.get(path)["ETag"]
    publish(published, propuesta_1="Agua y sombra en cada plaza del municipio. " * 8)
    answer = client.get(path, headers={"If-None-Match": old})
    assert answer.status_code == 200
    assert answer["ETag"] != old


@pytest.mark.parametrize(
    "forged",
    [
        'W/".site.000000000000000000000000"',
        'W/"..000000000000000000000000"',
        'W/"99999999999.site+rows-1.abc"',
        'W/"9e9.site.x"',
        '"x"',
        "x",
        'W/"' + "a+" * 5000 + '."',
        '"".site.',
    ],
)
def test_a_tag_that_somebody_made_up_confirms_nothing(
    published: Any, client: Client, forged: str
) -> None:
    for _kept in (True, False):
        assert client.get("/", headers={"If-None-Match": forged}).status_code == 200
        caches["pages"].clear()


def test_a_tag_is_of_one_address(published: Any, client: Client) -> None:
    tag = client.get("/noticias/")["ETag"]
    assert client.get("/preguntas/", headers={"If-None-Match": tag}).status_code == 200


def test_one_tag_among_several_is_enough(published: Any, client: Client) -> None:
    tag = client.get("/noticias/")["ETag"]
    sent = f'"x", W/"y", {tag}'
    assert client.get("/noticias/", headers={"If-None-Match": sent}).status_code == 304
    assert client.get("/noticias/", headers={"If-None-Match": "*"}).status_code == 304


# -- what is nobody else's ------------------------------------------------------------------------


def kept_entries() -> list[Any]:
    pages: Any = caches["pages"]
    return [entry for (_until, entry), _size in pages._entries._entries.values()]


@pytest.fixture
def nothing_kept() -> Iterator[None]:
    yield
    assert kept_entries() == []


def test_nothing_is_kept_for_somebody_who_is_signed_in(
    published: Any, client: Client, liaison: Any, nothing_kept: None
) -> None:
    for pattern in PAGES:
        client.force_login(liaison)
        for _time in range(2):
            answer = client.get(address(pattern, published), headers={"Accept-Encoding": BROWSER})
            assert answer.status_code == 200
            assert answer["Cache-Control"] == "private, no-store"
            assert "Content-Encoding" not in answer


def test_nothing_is_kept_for_somebody_who_says_who_they_are(
    published: Any, client: Client, nothing_kept: None
) -> None:
    answer = client.get("/", headers={"Authorization": "Basic eDp5"})
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "path", ["/acceso/", "/captura/", "/admin/", "/fotos/x.jpg", "/robots.txt"]
)
def test_private_addresses_and_files_are_not_kept(
    client: Client, nothing_kept: None, path: str
) -> None:
    client.get(path)


def test_who_is_signed_in_gets_no_page_of_the_store(
    published: Any, client: Client, liaison: Any, asked_again: Any
) -> None:
    client.get("/")
    client.force_login(liaison)
    answer, _queries = asked_again("/")
    assert answer["Cache-Control"] == "private, no-store"


# -- addresses ------------------------------------------------------------------------------------


def test_parameters_that_no_page_reads_make_no_other_page(
    published: Any, client: Client, asked_again: Any
) -> None:
    for path in ("/", "/noticias/", "/municipios/san-pedro/"):
        plain = client.get(path)
        answer, queries = asked_again(f"{path}?utm_source=correo&fbclid=1&x=%C3%B1")
        assert (answer.content, queries) == (plain.content, 1)


def test_what_is_malformed_is_refused_also_where_the_page_is_kept(
    published: Any, client: Client
) -> None:
    assert client.get("/").status_code == 200
    for query in ("x=%00", "x=%FF", "q=%c3%28"):
        assert client.get(f"/?{query}").status_code == 400
    assert client.get("/", headers={"Content-Type": "x; charset=hex"}).status_code == 400


def test_parameters_that_a_page_reads_make_another(published: Any, client: Client) -> None:
    path = address("/candidaturas/{id}/{slug}/", published)
    assert client.get(path).content != client.get(f"{path}?q=agua").content
    assert client.get("/buscar/?q=agua").content != client.get("/buscar/?q=pozo").content


def test_every_host_has_its_own_pages(published: Any, client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["uno.example", "dos.example"]
    one = client.get("/", headers={"Host": "uno.example"}).content.decode()
    two = client.get("/", headers={"Host": "dos.example"}).content.decode()
    assert "http://uno.example/" in one
    assert "uno.example" not in two
    assert client.get("/", headers={"Host": "tres.example"}).status_code == 400


def test_an_empty_name_of_the_site_is_refused_also_where_a_page_is_kept_without_any(
    published: Any, client: Client
) -> None:
    for _time in range(2):
        assert client.get("/").status_code == 200
    assert client.get("/", headers={"Host": ""}).status_code == 400


def test_the_api_answers_json_only_to_those_who_take_it(published: Any, client: Client) -> None:
    path = "/api/v1/municipios/"
    assert client.get(path).status_code == 200
    assert client.get(path, headers={"Accept": "text/xml"}).status_code == 406
    assert client.get(path, headers={"Accept": "text/html, */*;q=0.1"}).status_code == 200


def test_all_unknown_addresses_are_one_page(
    published: Any, client: Client, asked_again: Any
) -> None:
    first = client.get("/no-existe/")
    assert first.status_code == 404
    for path in ("/no-existe/", "/tampoco/", "/noticias/esta-no/", "/a/b/c/d/", "/x.php", "/ñ/"):
        answer, queries = asked_again(path)
        assert (answer.status_code, queries, answer.content) == (404, 1, first.content)
        assert answer["Cache-Control"] == first["Cache-Control"]


def test_an_address_that_comes_into_being_is_found(published: Any, client: Client) -> None:
    from cms.portal.models import ContentPage, HomePage

    assert client.get("/nueva/").status_code == 404
    home = HomePage.objects.get()
    page = home.add_child(instance=ContentPage(title="Nueva", slug="nueva", body="<p>Hola.</p>"))
    assert client.get("/nueva/").status_code == 200
    page.unpublish()
    assert client.get("/nueva/").status_code == 404


def test_a_candidacy_that_comes_into_being_is_found(
    published: Any, make_candidacy: Any, client: Client
) -> None:
    last = published.pk + 2
    for number in range(last, last + 20):
        assert client.get(f"/candidaturas/{number}/").status_code == 404
    new = make_candidacy(name="Otra Persona")
    assert new.pk < last + 20
    assert client.get(f"/candidaturas/{new.pk}/").status_code == 301


# -- dates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("pattern", ["/candidaturas/{id}/{slug}/", "/api/v1/candidaturas/{id}/"])
def test_answers_end_at_their_instant(
    published: Any, client: Client, process: Any, time_machine: Any, pattern: str
) -> None:
    edge = timezone.now().replace(microsecond=0) + timedelta(hours=3)
    process.offices.update(public_until=edge)
    path = address(pattern, published)
    time_machine.move_to(edge - timedelta(seconds=1), tick=False)
    before = client.get(path)
    assert "acarrear agua" in before.content.decode()
    assert before["Cache-Control"] == "public, no-cache"
    time_machine.move_to(edge, tick=False)
    after = client.get(path, headers={"If-None-Match": before["ETag"]})
    assert after.status_code in {200, 410}
    assert "acarrear agua" not in after.content.decode()


def test_nothing_is_public_before_its_instant(
    published: Any, client: Client, process: Any, time_machine: Any
) -> None:
    edge = timezone.now().replace(microsecond=0) + timedelta(hours=3)
    process.offices.update(visible_from=edge)
    for pattern in PAGES:
        path = address(pattern, published)
        time_machine.move_to(edge - timedelta(seconds=1), tick=False)
        before = client.get(path).content
        assert published.name not in before.decode()
        time_machine.move_to(edge, tick=False)
        after = client.get(path).content
        caches["pages"].clear()
        assert client.get(path).content == after


def test_a_date_that_moves_is_seen_at_once(published: Any, client: Client, process: Any) -> None:
    path = address("/candidaturas/{id}/{slug}/", published)
    assert client.get(path).status_code == 200
    process.offices.update(visible_from=timezone.now() + timedelta(days=1))
    assert client.get(path).status_code == 404


# -- what a page reads, and what it says that it reads --------------------------------------------

# The versions that stand for a table, by how they begin. What has none never changes what is shown.
STANDS_FOR = {
    "published_publishedcandidacy": ("candidacy", "rows", "territory", "seat", "formula"),
    "published_publishedquestionnaire": ("process",),
    "published_visibility": ("process", "site"),
    "published_publishedcontent": ("editorial",),
    "catalogs_processoffice": ("process",),
    "catalogs_contest": ("process",),
    "catalogs_process": ("site",),
    "catalogs_portalsettings": ("site",),
    "catalogs_office": ("site",),
    "catalogs_territory": ("site",),
    "catalogs_politicalactor": ("site",),
    "catalogs_synonymgroup": ("words",),
    "catalogs_hypocoristic": ("words",),
    "catalogs_protectedword": ("words",),
    "wagtailcore_site": ("site",),
    "wagtailcore_page": ("editorial",),
    "wagtailcore_pageviewrestriction": ("editorial",),
    "wagtailimages_image": ("editorial",),
    "portal_homepage": ("editorial",),
    "portal_newsindexpage": ("editorial",),
    "portal_newspage": ("editorial",),
    "portal_faqpage": ("editorial",),
    "portal_contentpage": ("editorial",),
}
NEVER_CHANGES = re.compile(r"django_content_type|wagtailcore_locale|wagtailimages_rendition")
TABLE = re.compile(r"\b(?:published|catalogs|wagtail\w+|portal|search|django|auth|accounts)_\w+")


def test_a_page_depends_on_every_table_that_it_reads(published: Any, client: Client) -> None:
    tables = set(connection.introspection.table_names())
    for pattern in PAGES:
        caches["pages"].clear()
        by_version.forget()
        with CaptureQueriesContext(connection) as queries:
            client.get(address(pattern, published))
        [entry] = kept_entries()
        depends = {name.partition("-")[0] for name, _version in entry.versions}
        read = {
            table for query in queries for table in TABLE.findall(query["sql"]) if table in tables
        }
        for table in {table for table in read if not NEVER_CHANGES.fullmatch(table)}:
            assert depends & set(STANDS_FOR[table]), (table, depends)


def test_every_table_that_a_version_stands_for_changes_it(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select tgrelid::regclass::text from pg_trigger"
            " where tgname = 'published_version_update'"
        )
        watched = {name for (name,) in cursor.fetchall()}
    views = {"published_visibility"}
    assert set(STANDS_FOR) - watched == views


def test_versions_are_known_of_nothing_that_is_private(published: Any) -> None:
    versions.refresh()
    kinds = {name.partition("-")[0] for name in versions._known.versions}
    of_public = {kind for kinds_of in STANDS_FOR.values() for kind in kinds_of}
    assert kinds <= of_public
