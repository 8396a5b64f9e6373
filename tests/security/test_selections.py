"""Bulk actions of the admin do not tell a role of pages that it may not know. ADR 0020.

«Select all», in a list longer than a screen, sends the parent page instead of each page.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from cms.accounts.models import User
from cms.portal.models import NewsIndexPage, NewsPage
from tests.security import side_doors
from tests.security.scene import make_accounts, make_pages

pytestmark = pytest.mark.django_db

INSIDE = ("reviewer", "internal_body", "communication", "observer")
ADMINISTRATORS = ("administrator", "superuser")
ACTIONS = ("delete", "move", "publish", "unpublish")


@pytest.fixture
def accounts(actor: Any, other_actor: Any) -> dict[str, User]:
    return make_accounts(actor, other_actor)


@pytest.fixture
def enter(accounts: dict[str, User]) -> Callable[[str], Client]:
    def sign_in(role: str) -> Client:
        client = Client()
        client.force_login(accounts[role], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def register(make_candidacy: Any) -> dict[str, Page]:
    """The pages above a candidacy."""
    territory = make_candidacy(name="Xilonombrada Palma Yuca").get_parent()
    process = territory.get_parent()
    return {"territory": territory, "process": process, "home": process.get_parent()}


def bulk(action: str, query: str) -> str:
    return f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', action])}?{query}"


@pytest.mark.parametrize("role", [*INSIDE, *ADMINISTRATORS])
def test_a_whole_list_is_refused_to_every_role_if_it_holds_pages_of_the_register(
    register: dict[str, Page], enter: Callable[[str], Client], role: str
) -> None:
    client, before = enter(role), side_doors.everything()
    places = [f"&childOf={page.pk}" for page in register.values()]
    # Without a place, all pages of the site are meant; a search includes deeper descendants.
    places += ["", f"&childOf={register['home'].pk}&q=Xilonombrada", "&q=Xilonombrada"]
    for action in ACTIONS:
        for place in places:
            address = bulk(action, f"id=all{place}")
            for answer in (
                client.get(address),
                client.post(address, {}),
            ):
                assert answer.status_code == 404, address
                assert "Xilonombrada" not in answer.content.decode()
    assert side_doors.everything() == before


@pytest.mark.parametrize("role", ["communication", *ADMINISTRATORS])
def test_all_news_are_published_together(
    accounts: dict[str, User], enter: Callable[[str], Client], role: str
) -> None:
    make_pages(accounts["communication"])
    index = NewsIndexPage.objects.get()

    answer = enter(role).post(bulk("publish", f"id=all&childOf={index.pk}&next=/admin/pages/"))

    assert answer.status_code == 302
    assert NewsPage.objects.count() == NewsPage.objects.live().count() == 2


@pytest.mark.parametrize("role", ["communication", *ADMINISTRATORS])
@pytest.mark.parametrize(
    "query",
    [
        "id=all&childOf=",
        "id=all&childOf=arriba",
        "id=all&childOf=-1",
        "id=all&childOf=999999999",
        "id=all&childOf=99999999999999999999",
        "id=all&id=nada",
        "id=",
        "id=uno",
        "",
    ],
)
def test_a_selection_that_names_no_page_is_not_found(
    enter: Callable[[str], Client], process: Any, role: str, query: str
) -> None:
    assert enter(role).get(bulk("publish", query)).status_code == 404


@pytest.mark.parametrize("role", ["communication", "administrator"])
def test_a_number_in_an_address_of_pages_is_checked_as_a_page_unless_it_is_a_version(
    register: dict[str, Page], accounts: dict[str, User], enter: Callable[[str], Client], role: str
) -> None:
    """A comparison of versions names its page as `pk`, and each version by number."""
    news = make_pages(accounts["communication"])
    client = enter(role)
    earlier, later = news["live"].revisions.order_by("pk").values_list("pk", flat=True)[:2]

    def status(name: str, *arguments: Any) -> int:
        return client.get(reverse(f"wagtailadmin_pages:{name}", args=arguments)).status_code

    assert status("revisions_compare", news["live"].pk, earlier, later) == 200
    assert status("revisions_compare", news["live"].pk, "earliest", "latest") == 200
    sealed = register["process"].pk
    for name, arguments in (
        ("revisions_compare", (sealed, "earliest", "latest")),
        ("move_confirm", (news["draft"].pk, sealed)),
    ):
        assert status(name, *arguments) == 404, name


def test_a_selection_that_is_refused_leads_back_wherever_it_came_from(
    accounts: dict[str, User], enter: Callable[[str], Client]
) -> None:
    """`next` may be a word without a slash; it must not be read as the name of a view."""
    note = make_pages(accounts["communication"])["draft"]
    NewsPage.objects.filter(pk=note.pk).update(summary="")
    note = NewsPage.objects.get(pk=note.pk)
    note.save_revision(clean=False)

    answer = enter("communication").post(bulk("publish", f"id={note.pk}&next=paginas"))

    assert answer.status_code == 302
    assert answer["Location"] == "paginas"
    assert not NewsPage.objects.get(pk=note.pk).live
