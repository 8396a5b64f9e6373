"""The size of requests is limited, and the page of the refusal says what to do."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from conoceles_site.bodies import USUAL, WITH_FILES

pytestmark = pytest.mark.django_db


def announcing(client: Any, path: str, length: str) -> Any:
    return client.generic("POST", path, b"", headers={}, CONTENT_LENGTH=length)


@pytest.mark.parametrize(
    ("path", "most", "refused", "admitted"),
    [
        ("/acceso/", USUAL, 413, 200),
        # The public half takes no form at all, however small.
        ("/buscar/", USUAL, 405, 405),
        # A visitor who did not sign in is told so.
        ("/admin/pages/1/edit/", USUAL, 413, 401),
        ("/captura/7/foto_contacto/", WITH_FILES, 413, 401),
        ("/admin/images/multiple/add/", WITH_FILES, 413, 401),
        ("/admin/documents/add/", WITH_FILES, 413, 401),
        ("/admin/cargas/nueva/", WITH_FILES, 413, 401),
    ],
)
def test_each_address_has_its_limit(
    client: Any, process: Any, path: str, most: int, refused: int, admitted: int
) -> None:
    assert announcing(client, path, str(most + 1)).status_code == refused
    assert announcing(client, path, "9" * 30).status_code == refused
    assert announcing(client, path, str(most)).status_code == admitted


def test_the_page_says_what_to_do(client: Any, process: Any) -> None:
    response = announcing(client, "/acceso/", str(USUAL + 1))
    assert response.status_code == 413
    assert "ahí sigue lo que escribiste" in response.content.decode()


def test_the_api_refuses_a_large_body_with_a_problem(client: Any, process: Any) -> None:
    response = announcing(client, "/api/v1/", str(USUAL + 1))
    assert response.status_code == 413
    assert response["Content-Type"] == "application/problem+json"


def test_a_large_form_without_files_is_refused(client: Any, process: Any) -> None:
    response = client.post("/acceso/", {"login": "a" * 2_800_000})
    assert response.status_code == 413


def test_too_many_fields_or_files_are_refused(client: Any, process: Any) -> None:
    many = {f"campo{number}": "1" for number in range(1100)}
    assert client.post("/acceso/", many).status_code == 413
    files = {f"f{number}": SimpleUploadedFile("a.txt", b"a") for number in range(11)}
    assert client.post("/acceso/", files).status_code == 413


def test_a_length_that_is_not_a_number_is_refused(client: Any, process: Any) -> None:
    assert announcing(client, "/acceso/", "mucho").status_code == 400
