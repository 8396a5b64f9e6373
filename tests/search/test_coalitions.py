"""A party is found in its coalitions: by filter, in the counts, and in what the facet says."""

import pytest

from cms.catalogs.models import ActorKind, PoliticalActor
from search import vocabulary

pytestmark = pytest.mark.django_db


def ids(found) -> list[int]:
    return sorted(hit.row.candidacy_id for hit in found.hits)


@pytest.fixture
def coalition(process, actor) -> PoliticalActor:
    """A coalition of the party `actor` with another one that postulates nobody by itself."""
    return PoliticalActor.objects.create(
        process=process,
        key="juntos",
        name="Juntos por el Desierto",
        kind=ActorKind.COALITION,
        members=["PD", "PX"],
        ballot_order=3,
    )


@pytest.fixture
def labels(process):
    """The values of the actors' facet, with what people read."""

    def read() -> dict[str, str]:
        terms = vocabulary.vocabulary(process).facets["actor"].terms
        return {term.value: term.label for term in terms}

    return read


def test_a_party_is_found_with_the_coalition_that_it_belongs_to(
    process, publish, find, coalition, other_actor
) -> None:
    alone = publish(name="Uno")
    together = publish(name="Dos", actor=coalition)
    rival = publish(name="Tres", actor=other_actor)

    assert ids(find(process, filters={"actor": ("pd",)})) == [alone.pk, together.pk]
    assert ids(find(process, filters={"actor": ("juntos",)})) == [together.pk]
    assert ids(find(process, filters={"actor": ("px",)})) == [together.pk]
    assert ids(find(process, filters={"actor": ("ps", "px")})) == [together.pk, rival.pk]


def test_the_count_of_a_party_is_what_its_filter_shows(
    process, publish, find, coalition, other_actor
) -> None:
    publish(name="Uno")
    publish(name="Dos", actor=coalition)
    publish(name="Tres", actor=other_actor)
    for chosen in ((), ("pd",), ("ps",)):
        values = find(process, filters={"actor": chosen} if chosen else {}).facets["actor"]

        assert {value.value: value.total for value in values} == {
            "pd": 2,
            "ps": 1,
            "juntos": 1,
            "px": 1,
        }
        for value in values:
            assert find(process, filters={"actor": (value.value,)}).total == value.total
            assert value.chosen == (value.value in chosen)


def test_the_facet_says_that_the_coalition_counts(coalition, other_actor, labels) -> None:
    assert labels() == {
        "pd": "Partido del Desierto, con su coalición",
        "ps": "Partido de la Sierra",
        "juntos": "Juntos por el Desierto",
        "px": "PX, con su coalición",
    }


def test_a_party_in_several_coalitions_is_found_in_all(
    process, publish, find, coalition, labels
) -> None:
    other = PoliticalActor.objects.create(
        process=process, key="otra", name="Otra", kind=ActorKind.COALITION, members=["pd"]
    )
    rows = [publish(name=f"Persona {actor.key}", actor=actor) for actor in (coalition, other)]

    assert labels()["pd"] == "Partido del Desierto, con sus coaliciones"
    assert ids(find(process, filters={"actor": ("pd",)})) == [row.pk for row in rows]


def test_without_coalitions_nothing_is_said(actor, other_actor, labels) -> None:
    assert labels() == {"pd": "Partido del Desierto", "ps": "Partido de la Sierra"}
