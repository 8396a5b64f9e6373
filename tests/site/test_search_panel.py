"""Administrators see which changes did not get into the index, and try them again."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from cms.accounts.services import create_staff
from search.engines.elasticsearch import tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(make_candidacy: Callable[..., Any], settings: Any) -> list[int]:
    """The ids of two candidacies whose changes failed, one by itself and one among many."""
    first = make_candidacy(name="Ana Lira", list_number=1)
    second = make_candidacy(name="Berta Mora", list_number=2)
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"
    tasks.enqueue([first.pk])
    tasks.index_candidacies.defer(candidacy_ids=[first.pk, second.pk])
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'failed'")
    return [first.pk, second.pk]


def jobs() -> list[tuple[str, dict[str, Any]]]:
    found = ProcrastinateJob.objects.filter(task_name__in=tasks.INDEXING)
    return list(found.order_by("args").values_list("status", "args"))


def token_of(page: str, address: str) -> dict[str, str]:
    """What a browser sends of the form that leads to an address."""
    form = page[page.index(f'action="{address}"') :]
    return dict(re.findall(r'name="(csrfmiddlewaretoken)" value="([^"]+)"', form)[:1])


def test_an_administrator_sees_what_failed_and_tries_it_again(failed: list[int]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(create_staff(username="innovacion", role="administracion"))

    page = client.get(reverse("wagtailadmin_home")).content.decode()

    assert "2 cambios publicados no entraron en el índice" in page
    assert "Ana Lira" in page
    assert "Berta Mora" in page
    address = reverse("search_panel:try_again")
    assert address in page
    assert "tareas de fondo fallaron" not in page
    assert client.post(address, token_of(page, address)).status_code == 302
    assert jobs() == [("todo", {"candidacy_id": candidacy_id}) for candidacy_id in failed]
    page = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "2 cambios se van a intentar otra vez." in page
    assert "no entraron en el índice" not in page


def test_who_does_not_administer_neither_sees_nor_tries(client: Client, failed: list[int]) -> None:
    client.force_login(create_staff(username="prensa", role="comunicacion"))
    before = jobs()

    page = client.get(reverse("wagtailadmin_home")).content.decode()
    client.post(reverse("search_panel:try_again"))

    assert "no entraron en el índice" not in page
    assert jobs() == before


def test_an_administrator_is_told_that_the_search_server_does_not_answer(
    client: Client, process: Any, settings: Any
) -> None:
    client.force_login(create_staff(username="innovacion", role="administracion"))
    home = reverse("wagtailadmin_home")
    told = "El servidor de búsqueda no contesta. Mientras tanto se busca en la base de datos"
    assert told not in client.get(home).content.decode()
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"

    assert told in client.get(home).content.decode()
