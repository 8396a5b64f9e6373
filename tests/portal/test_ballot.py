"""How a ballot is arranged: neutral order, slates, and pairs of holder and alternate."""

from cms.catalogs.models import Territory
from cms.portal.ballot import arrange
from cms.published import selectors
from cms.published.models import PublishedCandidacy


def ballot(process):
    territory = Territory.objects.get(cvegeo="05033")
    return arrange(selectors.ballot_rows(process=process, territory=territory))


def test_offices_and_actors_follow_the_ballot(process, make_candidacy, other_actor):
    make_candidacy(name="Ñandú Zarzal Uno", actor=other_actor)
    make_candidacy(name="Zoila Abrojo Dos")
    make_candidacy(name="Síndica Encino Tres", office="sindicatura")
    found = ballot(process)
    assert [contest.office.code for contest in found.offices] == [
        "presidencia_municipal",
        "sindicatura",
    ]
    assert [row.name for row in found.offices[0].people] == ["Zoila Abrojo Dos", "Ñandú Zarzal Uno"]


def test_the_holder_and_the_alternate_of_a_place_are_a_pair(process, make_candidacy):
    make_candidacy(name="Primera Sabino", office="regiduria", list_number=1)
    make_candidacy(name="Suplente Sabino", office="regiduria", list_number=1, seat_kind="suplente")
    make_candidacy(name="Segunda Sabino", office="regiduria", list_number=2)
    slate = ballot(process).offices[0].slates[0]
    assert [[person.name for person in pair.people] for pair in slate.pairs] == [
        ["Primera Sabino", "Suplente Sabino"],
        ["Segunda Sabino"],
    ]


def test_registration_keys_of_an_export_are_not_places_on_a_slate(process, make_candidacy):
    make_candidacy(name="Una Noria", list_number=236_787)
    office = ballot(process).offices[0]
    assert office.is_single


def test_somebody_who_ended_on_an_unknown_day_is_on_the_ballot_without_one(
    client, process, make_candidacy
):
    page = make_candidacy(name="Zoila Abrojo Dos")
    PublishedCandidacy.objects.filter(candidacy_id=page.pk).update(state="baja", ended_on=None)
    html = client.get("/municipios/san-pedro/").content.decode()
    changes = html[html.index('id="cambios"') :]
    assert "Zoila Abrojo Dos" in changes
    assert "<time" not in changes
