"""The abbreviations of Mexican names are the names: both ways, in any order, with any accents."""

import pytest
from django.db import connection

from cms.catalogs.names import abbreviations, meanings, written_out
from cms.catalogs.spanish import NAME_ABBREVIATIONS
from search import reading, vocabulary


@pytest.mark.parametrize(
    ("name", "in_full"),
    [
        ("MA. GUADALUPE CENIZO", "maria guadalupe cenizo"),
        ("M.ª José Sauz", "maria jose sauz"),
        ("Mª José Sauz", "maria jose sauz"),
        ("Ma del C. Hdez.", "maria del carmen hernandez"),
        ("MA. DE LOS Á. RDZ.", "maria de los angeles rodriguez"),
        ("Ma. de J. Gtrrz.", "maria de jesus gutierrez"),
        ("J. Jesús Mtz.", "jose jesus martinez"),
        ("Mezquite Sauz J. Guadalupe", "mezquite sauz jose guadalupe"),
        ("J. Ma. Glz.", "jose maria gonzalez"),
        ("Fco. Fdo. Lpz.", "francisco fernando lopez"),
        ("Alej. Gzz.", "alejandra alejandro gonzalez"),
        ("Ant. Fdz. Pza.", "antonio fernandez plaza"),
        ("Gpe. Rguez. Vda. de Sta. Cruz", "guadalupe rodriguez viuda de santa cruz"),
        ("Juan J. Pérez", ""),
        ("Carmen C. Sauz", ""),
        ("Ana de los A", ""),
        ("María Guadalupe", ""),
        ("J", ""),
        ("", ""),
    ],
)
@pytest.mark.django_db
def test_the_code_and_the_database_write_a_name_out_alike(name, in_full) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select conoceles_written_out(%s)", [name])
        [(by_database,)] = cursor.fetchall()

    assert written_out(name) == by_database == in_full


@pytest.mark.django_db
def test_the_database_holds_the_file_as_it_is() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select * from conoceles_abbreviations()")
        held = cursor.fetchall()

    assert held == [
        (one.short, one.meant, list(one.after) or None, list(one.before) or None)
        for one in abbreviations()
    ]


def test_every_abbreviation_is_understood_where_it_says() -> None:
    for one in abbreviations():
        after = [word for word in one.after[:1] if word != "^"]
        before = ["sauz" if word == "*" else word for word in one.before[:1]]
        words = [*" ".join(after).split(), one.short, *before]
        assert one.meant in meanings(words)[words.index(one.short, len(" ".join(after).split()))]


PAIRS = [
    ("MA. GUADALUPE CENIZO", ["María Guadalupe", "maria guadalupe cenizo", "Guadalupe María",
                              "cenizo maría", "Mª Guadalupe", "M.ª Guadalupe", "ma Gpe",
                              '"maría guadalupe"', "«Ma. Guadalupe»"]),
    ("MARÍA JOSÉ CENIZO", ["Ma. José", "Ma José", "ma. jose cenizo", "José Ma.", "Mª José",
                           '"Ma. José"', "MA JOSE"]),
    ("J. JESÚS HDEZ. GZZ.", ["José Jesús", "Hernández", "hernandez gonzalez",
                             "González Hernández José", '"José Jesús Hernández"', "J. Jesús"]),
    ("José Guadalupe Hernández Rodríguez", ["J. Guadalupe", "J Gpe.", "Hdez", "hdz. rguez.",
                                            "J. Gpe. Hdez. Rdz."]),
    ("María del Carmen Martínez López", ["Ma. del C.", "Ma. del C. Mtz. Lpz.", "ma del c"]),
    ("MA. DEL C. MTZ. LPZ.", ["María del Carmen", "carmen martinez", "López María Carmen"]),
    ("Ma. de los Á. Gtz.", ["María de los Ángeles Gutiérrez", "angeles"]),
    ("María de los Ángeles Gutiérrez", ["Ma. de los Á.", "ma de los a. gtrrz"]),
    ("FCO. ANT. FDZ.", ["Francisco Antonio Fernández", "antonio francisco"]),
    ("Alejandra Plaza de Santa Cruz", ["Alej. Pza.", "Sta. Cruz alej"]),
    ("Fernando Sánchez", ["Fdo. Schz."]),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "typed"), PAIRS)
def test_a_name_is_found_however_it_is_shortened(process, publish, find, name, typed) -> None:
    row = publish(name=name)
    publish(name="Otra Persona Distinta", texts={"propuesta_1": "Otra cosa"})

    for text in typed:
        found = find(process, text)
        assert [hit.row.candidacy_id for hit in found.hits] == [row.candidacy_id], text
        assert found.suggestion == "", text
        places = {one.value: one.total for one in found.facets["municipio"]}
        assert places["05033"] == 1, text


@pytest.mark.django_db
def test_an_abbreviation_is_no_misspelt_name(process, publish, find) -> None:
    publish(name="Rosa Pérez")
    found = find(process, "hdez")

    assert (found.total, found.suggestion) == (0, "")


@pytest.mark.django_db
def test_a_misspelt_name_is_found_under_its_abbreviation(process, publish, find) -> None:
    row = publish(name="Rosa Gzz. Sauz")

    assert [hit.row.candidacy_id for hit in find(process, "Gonsales").hits] == [row.candidacy_id]


@pytest.mark.django_db
def test_an_initial_stands_for_a_name_only_before_others(process, publish, find) -> None:
    publish(name="José Cenizo")

    assert find(process, "J. Cenizo").total == 1
    assert find(process, "Cenizo J.").total == 0
    assert find(process, "J.").total == 0


def test_what_is_excluded_is_excluded_however_it_is_shortened() -> None:
    [term] = reading.read("agua -ma.").excluded

    assert [phrase[0][0] for phrase in term] == ["ma", "maria"]


@pytest.mark.django_db
def test_the_filters_understand_shortened_places(process, publish) -> None:
    publish(cvegeo="05011")
    words = vocabulary.vocabulary(process, fresh=True)

    for spelling in ("General Cepeda", "Gral. Cepeda", "gral cepeda", "05011", "general-cepeda"):
        assert words.facets["municipio"].value_of(spelling) == "05011", spelling


def test_whatever_makes_two_names_one_person_is_found_too() -> None:
    """Recognising a person wants sure abbreviations only; looking for one takes more."""
    meant = {one.short: one.meant for one in abbreviations()}

    assert {short: meant.get(short) for short in NAME_ABBREVIATIONS} == NAME_ABBREVIATIONS


def test_what_is_sure_has_one_meaning_wherever_it_stands() -> None:
    sure = [one for one in abbreviations() if one.short in NAME_ABBREVIATIONS]

    assert len(sure) == len(NAME_ABBREVIATIONS) == 21
    assert {(one.after, one.before) for one in sure} == {((), ())}


@pytest.mark.django_db
def test_a_shortened_place_leads_to_its_municipality(client, process, publish) -> None:
    publish(cvegeo="05011")
    response = client.get("/municipios/", {"municipio": "Gral. Cepeda"})

    assert response["Location"] == "/municipios/general-cepeda/"
