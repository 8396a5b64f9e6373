"""What /fotos/… answers: whole files, parts, 304, and 404 as soon as nothing is published."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone

from cms.catalogs.models import ProcessOffice
from cms.publication import pictures
from cms.published.models import PublishedCandidacy
from tests.photographs.conftest import row_of

pytestmark = pytest.mark.django_db

LASTING = "public, max-age=31536000, immutable, s-maxage=10"
APPROVED = "public, max-age=300, must-revalidate, s-maxage=10"
TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}


@pytest.fixture
def file(made: Any) -> str:
    """The name of a file of the published photograph, of some kilobytes."""
    return f"{row_of(made).photo_name}-416.avif"


def content_of(file: str) -> bytes:
    with storages["photographs"].open(f"published/{file}") as stored:
        content: bytes = stored.read()
    return content


def get(client: Client, file: str, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(f"/fotos/{file}", headers=named)


@pytest.mark.parametrize(
    "ending",
    [".jpg", *(f"-{width}.{kind}" for width in (144, 208, 416) for kind in TYPES)],
)
def test_every_file_is_served_with_its_type_and_for_a_year(
    client: Client, made: Any, ending: str, django_assert_num_queries: Any
) -> None:
    file = f"{row_of(made).photo_name}{ending}"
    with django_assert_num_queries(1):
        response = get(client, file)
    assert response.status_code == 200
    assert response.getvalue() == content_of(file)
    assert response["Content-Type"] == TYPES[ending.rpartition(".")[2]]
    assert response["Content-Length"] == str(len(content_of(file)))
    assert response["Cache-Control"] == LASTING
    assert response["ETag"] == f'"{file}"'
    assert response["Accept-Ranges"] == "bytes"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in response
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize(
    "ending",
    ["-s.jpg", "-143.avif", "-1.avif", "-800.jpg", "-416.png", ".avif", "-0144.avif", "-416.AVIF"],
)
def test_no_other_file_has_an_address(client: Client, made: Any, ending: str) -> None:
    assert get(client, f"{row_of(made).photo_name}{ending}").status_code == 404


@pytest.mark.parametrize(
    "file",
    [
        "11111111-1111-4111-8111-111111111111-416.avif",
        "11111111-1111-4111-8111-111111111111.jpg",
        "published/11111111-1111-4111-8111-111111111111.jpg",
        "../private.jpg",
        "%2e%2e%2fprivate.jpg",
        "-416.avif",
        "",
    ],
)
def test_a_name_that_nobody_has_is_not_found(client: Client, made: Any, file: str) -> None:
    assert get(client, file).status_code == 404


def test_head_says_what_get_would(client: Client, file: str) -> None:
    whole = get(client, file)
    head = client.head(f"/fotos/{file}", headers={"range": "bytes=0-9"})
    assert (head.status_code, head.getvalue()) == (200, b"")
    for header in ("Content-Length", "Content-Type", "ETag", "Cache-Control", "Accept-Ranges"):
        assert head[header] == whole[header]
    assert (
        client.head(f"/fotos/{file}", headers={"if-none-match": whole["ETag"]}).status_code == 304
    )


def test_only_reading_is_allowed(client: Client, file: str) -> None:
    response = client.post(f"/fotos/{file}")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("known", ['"{}"', 'W/"{}"', '"older", "{}"', "*"])
def test_who_has_the_file_is_answered_304_without_reading_it(
    client: Client, file: str, known: str, django_assert_num_queries: Any
) -> None:
    Path(storages["photographs"].path(f"published/{file}")).unlink()
    with django_assert_num_queries(1):
        response = get(client, file, if_none_match=known.format(file), range="bytes=0-9")
    assert (response.status_code, response.getvalue()) == (304, b"")
    assert (response["ETag"], response["Cache-Control"]) == (f'"{file}"', LASTING)
    assert "Content-Type" not in response


@pytest.mark.parametrize("known", ['"0123456789abcdef0123456789abcdef"', "nothing", '""', "W/"])
def test_who_has_something_else_gets_the_file(client: Client, file: str, known: str) -> None:
    """Such as the ETag of an older version of this product, which was a hash."""
    response = get(client, file, if_none_match=known)
    assert (response.status_code, response.getvalue()) == (200, content_of(file))


@pytest.mark.parametrize(
    ("asked", "first", "stop"),
    [
        ("bytes=0-9", 0, 10),
        ("bytes=0-0", 0, 1),
        ("bytes=5-", 5, None),
        ("bytes=-7", -7, None),
        ("bytes=0-999999999999999999", 0, None),
        ("bytes=-999999999999999999", 0, None),
        ("Bytes= 3-4 ", 3, 5),
    ],
)
def test_a_part_is_served(
    client: Client, file: str, asked: str, first: int, stop: int | None
) -> None:
    content = content_of(file)
    response = get(client, file, range=asked)
    part = content[first:stop]
    start = content.index(part) if first < 0 else first
    assert (response.status_code, response.getvalue()) == (206, part)
    assert response["Content-Range"] == f"bytes {start}-{start + len(part) - 1}/{len(content)}"
    assert response["Content-Length"] == str(len(part))
    assert (response["ETag"], response["Cache-Control"]) == (f'"{file}"', LASTING)
    assert response["Content-Type"] == "image/avif"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=999999-",
        "bytes=-0",
        "bytes=9-3",
        "bytes=-",
        "bytes=a-b",
        "bytes=0x1-2",
        "bytes=1--2",
        "bytes=٣-٤",
        f"bytes={'9' * 5000}-",
    ],
)
def test_a_part_that_there_is_not_is_416(client: Client, file: str, asked: str) -> None:
    response = get(client, file, range=asked)
    assert (response.status_code, response.getvalue()) == (416, b"")
    assert response["Content-Range"] == f"bytes */{len(content_of(file))}"
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "pages=1-2", "bytes", "=", "bytes="])
def test_what_is_no_request_for_one_part_gets_the_whole(
    client: Client, file: str, asked: str
) -> None:
    response = get(client, file, range=asked)
    assert (response.status_code, response.getvalue()) == (200, content_of(file))


def test_a_part_is_served_only_of_the_version_that_is_meant(client: Client, file: str) -> None:
    same = get(client, file, range="bytes=0-9", if_range=f'"{file}"')
    assert (same.status_code, same.getvalue()) == (206, content_of(file)[:10])
    for other in ('"older"', f'W/"{file}"', "Sat, 27 Apr 2024 23:30:00 GMT", ""):
        response = get(client, file, range="bytes=0-9", if_range=other)
        assert (response.status_code, response.getvalue()) == (200, content_of(file)), other


def asked_again(client: Client, file: str) -> set[int]:
    """The answers to somebody who has the file and to somebody who has not."""
    return {
        get(client, file).status_code,
        get(client, file, if_none_match=f'"{file}"').status_code,
        get(client, file, if_none_match="*").status_code,
        get(client, file, range="bytes=0-9").status_code,
        client.head(f"/fotos/{file}").status_code,
    }


@pytest.mark.parametrize("how", ["withdrawn", "replaced", "deleted", "paused", "over"])
def test_an_address_ends_with_the_publication(
    client: Client, made: Any, republish: Callable[..., None], another: str, how: str
) -> None:
    row, now = row_of(made), timezone.now()
    own = [f"{row.photo_name}{ending}" for ending in (".jpg", "-144.webp", "-416.avif")]
    own += [f"{row.photo}.jpg", f"{row.photo}-s.jpg"]
    window = ProcessOffice.objects.filter(pk=row.process_office_id)
    assert {get(client, file).status_code for file in own} == {200}

    if how == "withdrawn":
        republish(live=False)
    elif how == "replaced":
        republish(fotografia=another)
    elif how == "deleted":
        PublishedCandidacy.objects.filter(pk=made.pk).delete()
    elif how == "paused":
        window.update(visible_from=now + timedelta(days=1))
    else:
        window.update(public_until=now - timedelta(seconds=1))

    for file in own:
        assert asked_again(client, file) == {404}, file
    assert get(client, own[0])["Cache-Control"] == "no-store"


def test_a_pause_that_ends_shows_the_same_address_again(client: Client, made: Any) -> None:
    row = row_of(made)
    window = ProcessOffice.objects.filter(pk=row.process_office_id)
    file, before = f"{row.photo_name}-208.avif", window.get().visible_from
    window.update(visible_from=timezone.now() + timedelta(days=1))
    assert asked_again(client, file) == {404}
    window.update(visible_from=before)
    assert asked_again(client, file) == {200, 206, 304}


def test_until_its_files_are_made_the_approved_photograph_is_served_for_minutes(
    client: Client, published: Any, django_assert_num_queries: Any
) -> None:
    photo = row_of(published).photo
    for file in (f"{photo}.jpg", f"{photo}-s.jpg"):
        with django_assert_num_queries(1):
            response = get(client, file)
        assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
        assert (response["ETag"], response["Cache-Control"]) == (f'"{file}"', APPROVED)
        assert get(client, file, if_none_match=response["ETag"]).status_code == 304
        assert get(client, file, range="bytes=0-9").status_code == 206
    for other in (f"{photo}-144.avif", f"{photo}.avif", f"{photo}-144.jpg"):
        assert get(client, other).status_code == 404

    assert pictures.make_missing(candidacy_id=published.pk)
    assert get(client, f"{photo}-s.jpg").status_code == 200


def test_a_file_that_the_storage_lost_is_not_found(client: Client, file: str) -> None:
    Path(storages["photographs"].path(f"published/{file}")).unlink()
    assert get(client, file).status_code == 404


def test_files_out_of_reach_are_503_in_words(client: Client, file: str) -> None:
    path = Path(storages["photographs"].path(f"published/{file}"))
    path.unlink()
    path.mkdir()
    response = get(client, file)
    assert response.status_code == 503
    assert "Los archivos no están disponibles" in response.content.decode()
    assert (response["Retry-After"], response["Cache-Control"]) == ("30", "no-store")
    assert get(client, file, if_none_match=f'"{file}"').status_code == 304


def test_a_photograph_is_found_through_an_index() -> None:
    """With 10,000 rows, reading them all for each photograph would take longer than the rest."""
    from django.db import connection

    from cms.published import selectors

    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        rows = PublishedCandidacy.objects.filter(selectors.has_photograph("x" * 36))
        plan = rows.explain()
    assert "published_photo_name" in plan
    assert "published_photo_approved" in plan
