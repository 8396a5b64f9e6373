"""What is suggested while somebody types: only what is public now, whatever the letters."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms.candidacies.models import CandidacyPage
from cms.catalogs.models import (
    ActorKind,
    PoliticalActor,
    Process,
    ProcessOffice,
    SynonymGroup,
)
from cms.publication.services import write_published
from cms.published import scope
from search.suggestions import KINDS, MOST, suggest

pytestmark = pytest.mark.django_db


def texts(process, typed, kind=None, **options):
    found = suggest(process, typed, **options)
    return [one.text for one in found if kind in (None, one.kind)]


@pytest.fixture
def people(make_candidacy, publish):
    """Two candidacies with answers, and one in another municipality without."""
    first = make_candidacy(name="Graciela Cenizo Tepozán")
    publish(first)
    publish(make_candidacy(name="Ma. Guadalupe Nogal San Miguel", office="sindicatura"))
    make_candidacy(name="Homero Junco Grajeda", cvegeo="05035", sex="hombre")
    return first


def test_the_same_letters_suggest_each_kind_in_its_order(process, people) -> None:
    found = suggest(process, "san")
    assert [(one.kind, one.text, one.detail, one.address) for one in found[:1]] == [
        ("municipio", "San Pedro", "Su boleta", "/municipios/san-pedro/")
    ]
    assert [one.kind for one in found] == ["municipio", "persona"]
    [office] = suggest(process, "presidencia m")
    assert (office.kind, office.text) == ("cargo", "Presidencia municipal")
    assert office.address == "/buscar/?cargo=presidencia_municipal"
    [party] = suggest(process, "partido del d")
    assert (party.kind, party.text, party.detail, party.address) == (
        "actor",
        "Partido del Desierto",
        "Todas sus candidaturas",
        "/buscar/?actor=pd",
    )
    topics = [one for one in suggest(process, "agua") if one.kind == "tema"]
    assert [(one.text, one.address) for one in topics[:1]] == [("agua", "/buscar/?q=agua")]


def test_a_person_is_suggested_by_the_beginnings_of_words_of_the_name_in_any_order(
    process, people
) -> None:
    for typed in ("graci", "GRACIÉLA", "cenizo gra", "tep cen", "g tepozan"):
        assert texts(process, typed, "persona")[:1] == ["Graciela Cenizo Tepozán"], typed
    for typed in ("gpe nogal", "maria gua", "ma guadalupe", "M.ª Gpe.", "lupita nogal"):
        assert texts(process, typed, "persona") == ["Ma. Guadalupe Nogal San Miguel"], typed
    assert texts(process, "gracielax") == []
    assert texts(process, "graciela nogal") == []


def test_a_name_that_begins_so_comes_before_one_that_has_it_further_on(process, people) -> None:
    assert texts(process, "gra", "persona") == ["Graciela Cenizo Tepozán", "Homero Junco Grajeda"]
    [first, _second] = suggest(process, "gra")
    assert first.detail == "Presidencia municipal, San Pedro"
    assert first.address == f"/candidaturas/{people.pk}/graciela-cenizo-tepozan/"


def test_a_suggestion_of_each_kind_leads_to_somebody(client, process, people) -> None:
    typed = ("san pe", "sindica", "pd", "agua po", "graci")
    first = [suggest(process, letters, names_process=True)[0] for letters in typed]
    assert [one.kind for one in first] == list(KINDS)
    place, *searches, person = [one.address for one in first]
    for address in (place, person):
        assert "Graciela Cenizo Tepozán" in client.get(address).content.decode()
    for address, total in zip(searches, (1, 3, 2), strict=True):
        found = client.get(address.replace("/buscar/", "/api/v1/candidaturas/")).json()
        assert found["total"] == total, address
        assert client.get(address).status_code == 200


def test_a_party_is_suggested_by_its_acronym_and_with_its_coalitions(
    process, people, make_candidacy
) -> None:
    assert texts(process, "PD", "actor") == ["Partido del Desierto"]
    coalition = PoliticalActor.objects.create(
        process=process,
        key="valle-y-desierto",
        name="Valle y Desierto",
        kind=ActorKind.COALITION,
        members=["PD", "PVV"],
        ballot_order=9,
    )
    # Nobody stands for the coalition yet, nor for a party that has nobody of its own.
    assert texts(process, "valle", "actor") == []
    assert texts(process, "pvv", "actor") == []
    make_candidacy(name="Elena Mezquite", actor=coalition, cvegeo="05030")
    assert texts(process, "valle", "actor") == ["Valle y Desierto"]
    [party] = suggest(process, "pvv")
    assert (party.text, party.address) == ("PVV, con su coalición", "/buscar/?actor=pvv")
    assert texts(process, "pd", "actor") == ["Partido del Desierto, con su coalición"]


def test_no_place_office_or_party_is_suggested_for_which_nobody_is_public(process, people) -> None:
    typed = {"san pe": "San Pedro", "sindica": "Sindicatura", "pd": "Partido del Desierto"}
    for letters, text in typed.items():
        assert texts(process, letters)[:1] == [text]
    later = timezone.now() + timedelta(hours=1)
    ProcessOffice.objects.filter(office__code="sindicatura").update(visible_from=later)
    assert texts(process, "sindica", "cargo") == []
    assert texts(process, "san pe") == ["San Pedro"]
    ProcessOffice.objects.update(visible_from=later)
    assert [one.kind for letters in typed for one in suggest(process, letters)] == []


def test_a_topic_is_suggested_only_while_public_answers_write_it(process, people) -> None:
    assert "agua potable" in texts(process, "agua po", "tema")
    assert texts(process, "biblio", "tema") == []
    ProcessOffice.objects.update(public_until=timezone.now() - timedelta(seconds=1))
    assert texts(process, "agua po", "tema") == []
    assert texts(process, "graci", "persona") == ["Graciela Cenizo Tepozán"]


def test_nobody_is_suggested_before_the_register_is_public_nor_after_the_candidacy_ended(
    process, people
) -> None:
    now = timezone.now()
    ProcessOffice.objects.update(visible_from=now + timedelta(hours=1))
    assert texts(process, "graci") == []
    assert texts(process, "agua", "tema") == []
    assert texts(process, "graci", at=now + timedelta(hours=2)) == ["Graciela Cenizo Tepozán"]
    ProcessOffice.objects.update(visible_from=now - timedelta(hours=1))
    CandidacyPage.objects.filter(pk=people.pk).update(state="baja")
    write_published(candidacy_ids=[people.pk])
    assert texts(process, "graci") == []


def test_other_processes_are_not_looked_at_and_addresses_may_name_theirs(process, people) -> None:
    other = Process.objects.create(slug="pel-2027", name="Otro", entity_code="05")
    assert texts(other, "graci") == []
    [place, *_people] = suggest(process, "san pe", names_process=True)
    assert place.address == "/municipios/san-pedro/?proceso=pel-2024"


def test_a_topic_that_staff_add_is_suggested_at_once(process, people) -> None:
    assert texts(process, "diversos ej", "tema") == []
    SynonymGroup.objects.create(terms=["ejidos", "diversos ejidos"], reason="Prueba")
    assert texts(process, "diversos ej", "tema") == ["diversos ejidos"]


@pytest.mark.parametrize("typed", ["", " ", "g", "%", "''", "á", "x" * 81, "a " * 9])
def test_too_little_and_too_much_suggest_nothing(
    process, people, typed, django_assert_num_queries
) -> None:
    with django_assert_num_queries(0):
        assert suggest(process, typed) == []


def test_suggesting_takes_one_query(process, people, django_assert_num_queries) -> None:
    with scope.collecting():
        suggest(process, "san")
        with django_assert_num_queries(1):
            assert len(suggest(process, "san")) == 2


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(typed=st.text(max_size=90) | st.text(alphabet="'=:*&|!()\\ gpema", max_size=30))
def test_any_text_has_an_answer(process, people, typed) -> None:
    found = Counter(one.kind for one in suggest(process, typed))
    assert all(number <= MOST[kind] for kind, number in found.items())
