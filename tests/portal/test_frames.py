"""The frame of candidacies and ballots, which is made once and filled in."""

import re
from html import escape
from typing import Any

import pytest
from jinja2 import UndefinedError

from cms.catalogs.models import PortalSettings
from cms.portal.compiled import environment

HOSTILE = 'Ana <img src=x> "&" O\'Brien \ue000main\ue001'


def around(html: str) -> str:
    """A page without its content and without what its head says of it."""
    html = re.sub(r"<main.*</main>", "", html, flags=re.DOTALL)
    html = re.sub(r"<title>.*</title>|<meta [^>]*>|<link rel=\"canonical\"[^>]*>", "", html)
    return re.sub(r' aria-current="true"', "", html)


def test_the_frame_is_that_of_every_other_page(client: Any, make_candidacy: Any) -> None:
    page = make_candidacy(name="Inés Mezquite")
    row = client.get(f"/candidaturas/{page.pk}/", follow=True).content.decode()
    ballot = client.get("/municipios/torreon/").content.decode()
    listed = client.get("/municipios/").content.decode()

    assert around(row) == around(ballot) == around(listed)
    assert "<script" in around(row)


def test_whatever_is_written_is_escaped_and_nothing_is_filled_in_twice(
    client: Any, make_candidacy: Any
) -> None:
    page = make_candidacy(name=HOSTILE)
    html = client.get(f"/candidaturas/{page.pk}/", follow=True).content.decode()

    assert "<img src=x>" not in html
    said = re.findall(r'<title>(.*?),|og:title" content="(.*?)"|profile__name">(.*?)</h1>', html)
    names = [next(filter(None, found)) for found in said]
    assert len(names) == 3
    for name in names:
        assert name.replace("&#34;", "&quot;").replace("&#39;", "&#x27;") == escape(HOSTILE)


def test_a_change_of_the_institute_changes_the_frame(client: Any, make_candidacy: Any) -> None:
    page = make_candidacy(name="Inés Mezquite")
    address = f"/candidaturas/{page.pk}/"
    client.get(address, follow=True)
    settings = PortalSettings.load()
    settings.institute_name = "Instituto del Desierto"
    settings.save()

    html = client.get(address, follow=True).content.decode()

    assert html.count("Instituto del Desierto") > 2


def test_a_page_that_was_searched_inside_is_not_indexed(client: Any, make_candidacy: Any) -> None:
    page = make_candidacy(name="Inés Mezquite")
    address = client.get(f"/candidaturas/{page.pk}/").headers["Location"]

    assert 'name="robots"' not in client.get(address).content.decode()
    assert 'name="robots" content="noindex' in client.get(f"{address}?q=agua").content.decode()


def test_a_name_that_a_compiled_template_does_not_know_is_an_error() -> None:
    template = environment().from_string("{{ nobody }}")
    with pytest.raises(UndefinedError):
        template.render()
