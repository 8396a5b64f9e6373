"""Whoever types every beginning of every word learns nothing that is not public."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from cms.candidacies.models import CandidacyPage
from cms.catalogs.models import ProcessOffice, SynonymGroup
from cms.catalogs.spanish import fold
from cms.publication.services import write_published
from cms.published.models import PublishedCandidacy

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/sugerencias/"
NOTHING: dict[str, list[Any]] = {"sugerencias": []}
# Of the people that nobody may learn of: names, and what they alone write, or told the institute.
SECRET = (
    "Ximena Yuca Zapote",
    "Wenceslao Quiote Kapok",
    "Brígida Fresno Olmo",
    "ximena.yuca@privado.example",
    "helicópteros",
    "zoológicos",
)
# What no address of the suggestions may be asked with → the status, and how the answer explains it.
WRONG = {
    "q=%00": (400, "Lleva un carácter nulo"),
    "q=a%00b": (400, "Lleva un carácter nulo"),
    "q=%ED%A0%80": (400, "UTF-8"),
    "q=%C0%80": (400, "UTF-8"),
    "q=%FF": (400, "UTF-8"),
    "q=ag&proceso=1810": (400, "No hay un proceso «1810»."),
    "q=ag&proceso=%27%20or%201%3D1": (400, "No hay un proceso"),
    f"q={'a' * 1_000_000}": (414, "Quita filtros o palabras"),
    "&".join(["q=ag"] * 1100): (400, "demasiados parámetros"),
}
# What can be asked, and is the beginning of nothing.
ODD = (
    *("", "q", "q=", "q=%25%25%25", "q=''''", 'q="""', "q=((((", "q=a:*%20%26%20b", "q=%5C%5C"),
    *("q=%E2%80%8B%E2%80%8B", "q=%F0%9F%98%80%F0%9F%98%80", "q=e" + "%CC%81" * 900, "q[]=gra"),
    *("q=" + "gra" * 60, "q=" + "g+" * 40, "q=" + "(" * 3000, "q=" + "OR+" * 2500, "p=gra"),
)


@pytest.fixture
def people(
    make_candidacy: Callable[..., Any], publish: Callable[..., None], liaison: Any
) -> Callable[[], set[str]]:
    """One person is public; one is not yet, one ended the candidacy, and one was withdrawn.

    Returns: `suggested`.
    """
    publish(make_candidacy(name="Graciela Cenizo Tepozán"))
    hidden = make_candidacy(name=SECRET[0], office="sindicatura", email=SECRET[3])
    publish(hidden, propuesta_1="Helicópteros para los ejidos, en cada municipio del norte.")
    ProcessOffice.objects.filter(office__code="sindicatura").update(
        visible_from=timezone.now() + timedelta(days=1)
    )
    ended = make_candidacy(name=SECRET[1])
    publish(ended)
    CandidacyPage.objects.filter(pk=ended.pk).update(state="baja")
    gone = make_candidacy(name=SECRET[2])
    publish(gone, propuesta_1="Zoológicos en las plazas, abiertos toda la semana a las familias.")
    PublishedCandidacy.objects.get(pk=gone.pk).delete()
    write_published(candidacy_ids=[ended.pk])
    for topic in SECRET[4:]:
        SynonymGroup.objects.create(terms=[topic, f"{topic} nuevos"], reason="Prueba")
    return suggested


def suggested() -> set[str]:
    """Everything that is suggested for the first letters of any word of the secrets."""
    client = Client()
    words = {word for text in SECRET for word in fold(text).replace(".", " ").split()}
    typed = {word[:length] for word in words for length in range(2, len(word) + 1)}
    return {
        one["texto"]
        for letters in sorted(typed | set(map(fold, SECRET)))
        for one in client.get(ADDRESS, {"q": letters}).json()["sugerencias"]
    }


def test_no_beginning_suggests_what_is_not_public(people: Callable[[], set[str]]) -> None:
    told = people()
    assert told & set(SECRET) == set()
    assert not [text for text in told for secret in SECRET if secret.lower() in text.lower()]
    # The same letters suggest who is public: nothing is missing because nothing is suggested.
    [person] = Client().get(ADDRESS, {"q": "cen"}).json()["sugerencias"]
    assert person["texto"] == "Graciela Cenizo Tepozán"
    ProcessOffice.objects.update(visible_from=timezone.now() - timedelta(days=1))
    assert set(SECRET) & people() == {SECRET[0], SECRET[4]}


@pytest.mark.parametrize("query", WRONG)
def test_what_cannot_be_asked_is_explained(people: Callable[[], set[str]], query: str) -> None:
    status, said = WRONG[query]
    response = Client().get(f"{ADDRESS}?{query}")
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert said in response.json()["detail"]


def test_odd_letters_are_the_beginning_of_nothing(people: Callable[[], set[str]]) -> None:
    client = Client()
    for query in ODD:
        response = client.get(f"{ADDRESS}?{query}")
        assert (response.status_code, response.json()) == (200, NOTHING), query
    for text in ("\u202egra", "gra\u200b", "GRA", "g\u00ad\u00adra"):
        [person] = client.get(f"{ADDRESS}?q={quote(text)}").json()["sugerencias"]
        assert person["texto"] == "Graciela Cenizo Tepozán"
