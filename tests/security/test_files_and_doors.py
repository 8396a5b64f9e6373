"""Of the CMS's files, and of its packages' addresses, only the intended ones are public."""

import io

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image as Picture
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Collection, CollectionViewRestriction

from cms.portal.models import HomePage

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:.*:UserWarning")]
WHERE = "zopilotelugar"


def photograph() -> ContentFile[bytes]:
    """A JPEG that says where it was taken."""
    exif = Picture.Exif()
    exif[0x010E] = WHERE
    out = io.BytesIO()
    Picture.new("RGB", (400, 300), "#88aa66").save(out, "JPEG", exif=exif)
    return ContentFile(out.getvalue(), name="foto.jpg")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "default"


@pytest.fixture
def image():
    return Image.objects.create(title="Foto", file=photograph())


@pytest.fixture
def private():
    collection = Collection.get_first_root_node().add_child(name="Interna")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    return collection


def test_an_image_is_stored_without_what_the_camera_wrote(image):
    with image.file.open() as file:
        stored = file.read()
    assert WHERE.encode() not in stored
    assert Picture.open(io.BytesIO(stored)).size == (400, 300)
    assert image.file_size == len(stored)


def test_only_sizes_of_public_images_are_served(client, image, private):
    shown = image.get_rendition("max-100x100")
    assert client.get(shown.url).status_code == 200
    assert client.get(f"/media/{image.file.name}").status_code == 404
    image.collection = private
    image.save()
    assert client.get(shown.url).status_code == 404


def test_a_document_is_served_only_at_its_address_and_not_if_it_is_restricted(client, private):
    document = Document.objects.create(title="Acta", file=ContentFile(b"acta", name="acta.txt"))
    assert client.get(document.url).status_code == 200
    assert client.get(f"/media/{document.file.name}").status_code == 404
    document.collection = private
    document.save()
    assert client.get(document.url).status_code == 404


@pytest.mark.parametrize("path", ["/_util/login/", "/_util/authenticate_with_password/1/1/"])
def test_wagtails_own_sign_in_pages_do_not_exist(client, process, path):
    response = client.get(path)
    assert response.status_code == 404
    assert not response.cookies
    assert client.post(path).status_code == 405


def test_choosers_show_only_what_the_account_may_explore(client, process):
    from cms.accounts.services import create_staff

    observer = create_staff(username="consulta", role="consulta", password="palabra-de-prueba-9")
    client.force_login(observer, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("wagtailadmin_choose_page_search")
    found = client.get(address, {"q": "Privacidad", "page_type": "wagtailcore.page"})
    assert found.status_code == 404


def test_the_home_page_is_not_unpublished_with_all_its_descendants(
    client, superuser, make_candidacy
):
    make_candidacy()
    home = HomePage.objects.get()
    client.force_login(superuser, backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("wagtailadmin_pages:unpublish", args=[home.pk]), {"include_descendants": 1})
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    client.post(f"{bulk}?id={home.pk}", {"include_descendants": 1})
    home.refresh_from_db()
    assert home.live
    assert client.get("/").status_code == 200


def test_visitors_behind_a_trusted_proxy_have_their_own_address(rf, settings):
    from cms.accounts.lockout import address_of

    request = rf.get("/acceso/", headers={"x-forwarded-for": "198.51.100.7"})
    assert address_of(request) == "127.0.0.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert address_of(request) == "198.51.100.7"
