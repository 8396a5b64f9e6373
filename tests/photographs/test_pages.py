"""How pages, previews of links and the API name a photograph, before and after its files exist."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from cms.publication import pictures
from cms.published.models import PublishedCandidacy
from tests.photographs.conftest import row_of

pytestmark = pytest.mark.django_db
MUNICIPALITY = "/municipios/san-pedro/"
SEARCH = "/buscar/"
SHOWN = "min(clamp(7.5rem, 5rem + 11vw, 13rem), 26vw)"


def portrait_of(page: str, *, modifier: str = "") -> str:
    found = re.search(rf'<span class="portrait{modifier}">(.*?)</span>', page)
    assert found is not None
    return found[1]


def source(candidacy: Any, kind: str, *widths: int) -> str:
    """The source of one format, in one width or in several that the browser chooses from."""
    addresses = [f"/fotos/{row_of(candidacy).photo_name}-{width}.{kind}" for width in widths]
    if len(widths) == 1:
        return f'<source type="image/{kind}" srcset="{addresses[0]}">'
    choice = ", ".join(f"{a} {width}w" for a, width in zip(addresses, widths, strict=True))
    return f'<source type="image/{kind}" srcset="{choice}" sizes="{SHOWN}">'


def page_at(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_a_candidacy_shows_its_photograph_in_sizes(client: Client, made: Any) -> None:
    row = row_of(made)
    page = page_at(client, row.get_absolute_url())
    assert portrait_of(page, modifier=" portrait--l") == (
        f"<picture>{source(made, 'avif', 208, 416)}{source(made, 'webp', 208, 416)}"
        f'<img src="/fotos/{row.photo_name}-416.jpg" width="416" height="520"'
        f' alt="{row.photo_alt}" fetchpriority="high"></picture>'
    )
    address = f"/fotos/{row.photo_name}"
    assert f'<meta property="og:image" content="http://testserver{address}.jpg">' in page
    assert row.photo not in page


@pytest.fixture
def rival(make_candidacy: Callable[..., Any], other_actor: Any) -> Any:
    """Somebody else who competes for the same seat, without photograph."""
    return make_candidacy(name="Rosendo Mezquite", actor=other_actor)


def listed(candidacy: Any, width: int) -> str:
    """A photograph where a list shows it: one file, in the formats that browsers read."""
    return (
        f"<picture>{source(candidacy, 'avif', width)}{source(candidacy, 'webp', width)}"
        f'<img src="/fotos/{row_of(candidacy).photo_name}-{width}.jpg" width="{width}"'
        f' height="{width * 5 // 4}" alt="" loading="lazy" decoding="async"></picture>'
    )


def test_lists_show_one_small_file(client: Client, made: Any, rival: Any) -> None:
    beside = page_at(client, row_of(rival).get_absolute_url())
    assert portrait_of(beside, modifier=" portrait--s") == listed(made, 144)
    assert portrait_of(page_at(client, SEARCH)) == listed(made, 208)
    assert listed(made, 208) in page_at(client, MUNICIPALITY)


def test_who_has_no_photograph_is_shown_with_initials(client: Client, rival: Any) -> None:
    page = page_at(client, row_of(rival).get_absolute_url())
    monogram = '<span class="monogram" aria-hidden="true">RM'
    assert portrait_of(page, modifier=" portrait--l") == monogram


def test_every_file_that_a_page_names_is_served(client: Client, made: Any, rival: Any) -> None:
    pages = [row_of(candidacy).get_absolute_url() for candidacy in (made, rival)]
    places = (*pages, SEARCH, MUNICIPALITY, f"/api/v1/candidaturas/{made.pk}/")
    found = {
        address
        for place in places
        for address in re.findall(r"/fotos/[^ \",]+", page_at(client, place))
    }
    assert len(found) == 10
    for address in found:
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("width", [300, 416, 208, 144, 60])
def test_a_small_photograph_is_never_called_wider_than_it_is(
    client: Client, made: Any, width: int
) -> None:
    PublishedCandidacy.objects.filter(pk=made.pk).update(photo_width=width)
    row = row_of(made)
    page = page_at(client, row.get_absolute_url())
    for named in re.findall(rf"{row.photo_name}-(\d+)\.", page):
        assert int(named) <= width
    declared = re.findall(rf"{row.photo_name}-(\d+)\.\w+ (\d+)w", page)
    assert all(named == descriptor for named, descriptor in declared)
    assert f'width="{min(416, width)}" height="{(5 * min(416, width) + 2) // 4}"' in page


def test_before_its_files_are_made_a_page_shows_the_approved_photograph(
    client: Client, published: Any
) -> None:
    row = row_of(published)
    address = f"/fotos/{row.photo}"
    page = page_at(client, row.get_absolute_url())
    assert portrait_of(page, modifier=" portrait--l") == (
        f'<img src="{address}.jpg" width="800" height="1000" alt="{row.photo_alt}"'
        ' fetchpriority="high">'
    )
    assert f'content="http://testserver{address}.jpg">' in page
    assert portrait_of(page_at(client, SEARCH)) == (
        f'<img src="{address}-s.jpg" width="240" height="300" alt=""'
        ' loading="lazy" decoding="async">'
    )

    assert pictures.make_missing(candidacy_id=published.pk)
    assert row.photo not in page_at(client, row.get_absolute_url())


def test_every_page_that_shows_a_photograph_changes_once_its_files_are_made(
    client: Client, published: Any, rival: Any
) -> None:
    """Pages are kept, and nobody tells them that a worker is done."""
    row = row_of(published)
    rows = (row, row_of(rival))
    places = (SEARCH, MUNICIPALITY, *(shown.get_absolute_url() for shown in rows))
    for place in places:
        assert f"/fotos/{row.photo}" in page_at(client, place)

    assert pictures.make_missing(candidacy_id=published.pk)
    name = row_of(published).photo_name
    for place in places:
        page = page_at(client, place)
        assert row.photo not in page, place
        assert f"/fotos/{name}-" in page, place


def test_the_api_gives_the_whole_photograph(client: Client, published: Any) -> None:
    def photograph() -> Any:
        return client.get(f"/api/v1/candidaturas/{published.pk}/").json()["foto"]

    row = row_of(published)
    assert photograph() == {
        "url": f"http://testserver/fotos/{row.photo}.jpg",
        "texto_alternativo": row.photo_alt,
    }
    assert pictures.make_missing(candidacy_id=published.pk)
    name = row_of(published).photo_name
    assert photograph()["url"] == f"http://testserver/fotos/{name}.jpg"


def test_words_of_a_description_cannot_leave_their_attribute(client: Client, made: Any) -> None:
    PublishedCandidacy.objects.filter(pk=made.pk).update(
        photo_alt="\"><script>alert(1)</script> & 'x'"
    )
    page = page_at(client, row_of(made).get_absolute_url())
    assert "<script>alert(1)" not in page
    assert "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#x27;x&#x27;" in page
