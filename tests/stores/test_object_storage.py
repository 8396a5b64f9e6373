"""Files in a private bucket of a real S3 server behave as files on disk do."""

import io
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.urls import reverse
from moto.server import ThreadedMotoServer
from PIL import Image as Picture
from wagtail.documents.models import Document
from wagtail.images.models import Image

from cms.catalogs.pictures import sizes
from cms.publication import pictures
from cms.publication.services import publish_submission
from cms.published.models import PublishedCandidacy
from cms.questionnaires import services
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.models import Photograph, Questionnaire
from conoceles_site import health
from tests.odd_pictures import photo, saved

pytestmark = pytest.mark.django_db
BUCKET = "conoceles-files"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """An S3 server for these tests, on a free port."""
    s3 = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    s3.start()
    host, port = s3.get_host_and_port()
    yield f"http://{host}:{port}"
    s3.stop()


def options(endpoint: str, location: str, base_url: str = "") -> dict[str, Any]:
    return {
        "BACKEND": "conoceles_site.bucket.Bucket",
        "OPTIONS": {
            "bucket_name": BUCKET,
            "location": location,
            "base_url": base_url,
            "endpoint_url": endpoint,
            "region_name": "us-east-1",
        },
    }


@pytest.fixture(autouse=True)
def in_a_bucket(server: str, settings: Any, monkeypatch: Any, private_files: None) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "clave-de-prueba")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secreto-de-prueba")
    client = boto3.client("s3", endpoint_url=server, region_name="us-east-1")
    client.create_bucket(Bucket=BUCKET)
    use(settings, server)
    yield client
    for key in keys(client):
        client.delete_object(Bucket=BUCKET, Key=key)
    client.delete_bucket(Bucket=BUCKET)


def use(settings: Any, endpoint: str) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": options(endpoint, "media", "/media/"),
        "photographs": options(endpoint, "photographs"),
    }
    health.files.forget()


def use_nobody(settings: Any) -> None:
    """Put the bucket out of reach."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    use(settings, address)


def keys(client: Any) -> set[str]:
    return {entry["Key"] for entry in client.list_objects_v2(Bucket=BUCKET).get("Contents", [])}


def picture(size: tuple[int, int] = (800, 1000)) -> io.BytesIO:
    return io.BytesIO(saved(photo(size)))


def test_a_photograph_is_stored_published_and_replaced(
    client: Any, in_a_bucket: Any, submission: Any, captured: Any, party: Any
) -> None:
    sent = str(Photograph.objects.get().pk)
    address = f"/fotos/{sent}.jpg"
    assert keys(in_a_bucket) == {f"photographs/{sent}.jpg", f"photographs/{sent}-s.jpg"}
    assert client.get(address).status_code == 404
    publish_submission(submission=submission, by=None)

    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert response["Cache-Control"] == "public, max-age=300, must-revalidate, s-maxage=10"
    content = response.getvalue()
    assert Picture.open(io.BytesIO(content)).format == "JPEG"
    again = client.get(address, headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.getvalue()) == (304, b"")
    assert client.head(address)["Content-Length"] == str(len(content))
    assert client.get(f"/fotos/{sent}-s.jpg").status_code == 200

    Questionnaire.objects.update(state="observado")
    services.attach_photograph(candidacy=captured, kind=CURRICULAR, user=party, file=picture())
    replacing = str(Photograph.objects.exclude(pk=sent).get().pk)
    assert client.get(f"/fotos/{replacing}.jpg").status_code == 404
    client.force_login(party, backend="django.contrib.auth.backends.ModelBackend")
    own = client.get(reverse("capture:photograph", args=[captured.pk, replacing]))
    assert own.status_code == 200
    assert Picture.open(io.BytesIO(own.getvalue())).format == "JPEG"


def test_the_sizes_of_a_photograph_are_stored_served_and_deleted(
    client: Any, in_a_bucket: Any, settings: Any, submission: Any, captured: Any, server: str
) -> None:
    publish_submission(submission=submission, by=None)
    approved = keys(in_a_bucket)
    assert pictures.make_missing(candidacy_id=captured.pk)
    name = PublishedCandidacy.objects.get().photo_name
    made = {f"photographs/published/{name}{ending}" for ending in sizes.endings(480)}
    assert keys(in_a_bucket) == approved | made

    address = f"/fotos/{name}-416.avif"
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "image/avif")
    content = response.getvalue()
    assert Picture.open(io.BytesIO(content)).size == (416, 520)
    part = client.get(address, headers={"range": "bytes=10-19"})
    assert (part.status_code, part.getvalue()) == (206, content[10:20])
    assert server not in str(response.headers)
    use_nobody(settings)
    assert client.get(address).status_code == 503
    assert client.get(address, headers={"if-none-match": response["ETag"]}).status_code == 304
    use(settings, server)

    pictures.delete_files(name=name, width=480)
    assert keys(in_a_bucket) == approved
    assert client.get(address).status_code == 404


def test_while_the_bucket_is_out_of_reach_no_sizes_are_made_and_none_are_lost(
    in_a_bucket: Any, settings: Any, submission: Any, captured: Any, server: str
) -> None:
    publish_submission(submission=submission, by=None)
    approved = keys(in_a_bucket)
    use_nobody(settings)
    with pytest.raises(OSError, match="EndpointConnectionError"):
        pictures.make_missing(candidacy_id=captured.pk)
    with pytest.raises(OSError, match="EndpointConnectionError"):
        pictures.mend()
    use(settings, server)
    assert keys(in_a_bucket) == approved
    assert pictures.make_missing(candidacy_id=captured.pk)
    assert len(keys(in_a_bucket)) == len(approved) + 10


def test_files_that_no_row_names_leave_the_bucket_once_they_are_old(
    in_a_bucket: Any, monkeypatch: Any, submission: Any, captured: Any
) -> None:
    assert pictures.mend() == 0
    publish_submission(submission=submission, by=None)
    assert pictures.make_missing(candidacy_id=captured.pk)
    kept = keys(in_a_bucket)
    PublishedCandidacy.objects.update(photo_name="")
    assert pictures.make_missing(candidacy_id=captured.pk)
    assert pictures.mend() == 0

    monkeypatch.setattr(pictures, "LEFT_ALONE", -pictures.LEFT_ALONE)
    assert pictures.mend() == 10
    assert len(keys(in_a_bucket) - kept) == 10


def test_a_replaced_photograph_leaves_the_bucket(
    in_a_bucket: Any, candidacy: Any, party: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        first = services.attach_photograph(
            candidacy=candidacy, kind=CURRICULAR, user=party, file=picture()
        )
        second = services.attach_photograph(
            candidacy=candidacy, kind=CURRICULAR, user=party, file=picture()
        )
    assert keys(in_a_bucket) == {f"photographs/{second.pk}.jpg", f"photographs/{second.pk}-s.jpg"}
    assert first.pk != second.pk


def test_the_sizes_of_an_image_of_the_library_are_served(
    client: Any, in_a_bucket: Any, server: str
) -> None:
    image = Image.objects.create(
        title="Foto", file=ContentFile(picture((1600, 1200)).read(), name="foto.jpg")
    )
    shown = image.get_rendition("max-400x400")
    assert shown.url.startswith("/media/images/")
    assert not keys(in_a_bucket) - {f"media/{image.file.name}", f"media/{shown.file.name}"}
    response = client.get(shown.url)
    assert Picture.open(io.BytesIO(response.getvalue())).size == (400, 300)
    assert response["Cache-Control"] == "public, max-age=3600, s-maxage=60"
    assert client.get(shown.url, headers={"if-none-match": response["ETag"]}).status_code == 304
    assert client.get(f"/media/{image.file.name}").status_code == 404
    assert "img-src 'self'" in response["Content-Security-Policy"]
    assert server not in shown.img_tag()
    image.delete()
    assert client.get(shown.url).status_code == 404


def test_a_document_is_served_while_its_file_exists(client: Any) -> None:
    document = Document.objects.create(
        title="Acta", file=ContentFile("ácta".encode(), name="acta.txt")
    )
    response = client.get(document.url)
    assert response.status_code == 200
    assert b"".join(response.streaming_content).decode() == "ácta"
    default_storage.delete(document.file.name)
    client.raise_request_exception = False
    assert client.get(document.url).status_code == 404


def test_no_address_of_the_bucket_is_shown() -> None:
    assert default_storage.url("images/año.jpg") == "/media/images/a%C3%B1o.jpg"
    with pytest.raises(ValueError, match="view"):
        storages["photographs"].url("x.jpg")


def test_the_site_is_ready_while_the_bucket_can_be_written(client: Any, in_a_bucket: Any) -> None:
    assert client.get("/readyz").json()["dependencias"]["archivos"] == "ok"
    assert keys(in_a_bucket) == set()
    in_a_bucket.delete_bucket(Bucket=BUCKET)
    health.files.forget()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["dependencias"]["archivos"] == "no se pueden escribir"
    in_a_bucket.create_bucket(Bucket=BUCKET)


def test_pages_explain_that_the_bucket_is_out_of_reach(
    client: Any, settings: Any, submission: Any, captured: Any, party: Any
) -> None:
    sent = Photograph.objects.get()
    publish_submission(submission=submission, by=None)
    Questionnaire.objects.update(state="observado")
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        use(settings, f"http://127.0.0.1:{nobody.getsockname()[1]}")
        response = client.get(f"/fotos/{sent.pk}.jpg")
        assert response.status_code == 503
        assert "Los archivos no están disponibles" in response.content.decode()
        assert response["Retry-After"] == "30"
        assert response["Cache-Control"] == "no-store"
        client.force_login(party, backend="django.contrib.auth.backends.ModelBackend")
        file = ContentFile(picture().read(), name="foto.jpg")
        address = f"/captura/{captured.pk}/foto_contacto/"
        response = client.post(address, {"fotografia_archivo": file, "quedarse": "1"})
        assert response.status_code == 503
        assert Photograph.objects.count() == 1
        assert client.get("/readyz").status_code == 503
    health.files.forget()


def test_one_session_and_one_client_serve_many_requests(monkeypatch: Any) -> None:
    from conoceles_site.bucket import Bucket

    made = []
    create = boto3.Session.resource

    def counted(self: Any, *args: Any, **kwargs: Any) -> Any:
        made.append(1)
        return create(self, *args, **kwargs)

    monkeypatch.setattr(boto3.Session, "resource", counted)
    for _time in range(5):
        storages["photographs"].exists("x.jpg")
    assert len(made) == 1
    assert Bucket._session is not None


SHOW = """
import django; django.setup()
from django.core.files.storage import storages
for alias in ("default", "photographs"):
    store = storages[alias]
    print(type(store).__name__, store.bucket_name, store.location, store.endpoint_url,
          store.region_name, store.base_url, store.access_key,
          store.client_config.connect_timeout)
"""


def test_the_environment_chooses_the_bucket() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=Path(__file__).resolve().parents[2],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "conoceles_site.settings.test",
            "AWS_STORAGE_BUCKET_NAME": "archivos",
            "AWS_S3_ENDPOINT_URL": "https://s3.example.mx",
            "AWS_S3_REGION_NAME": "mx-1",
            "AWS_ACCESS_KEY_ID": "clave",
            "AWS_SECRET_ACCESS_KEY": "secreto",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [
        "Bucket archivos media https://s3.example.mx mx-1 /media/ clave 3",
        "Bucket archivos photographs https://s3.example.mx mx-1  clave 3",
    ]
