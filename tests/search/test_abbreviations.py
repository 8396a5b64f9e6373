"""An abbreviated Mexican name finds the full name and is found by it, in any order or accents."""

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
def test_the_code_and_the_database_write_names_out_in_the_same_way(name, in_full) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select conoceles_written_out(%s)", [name])
        [(by_database,)] = cursor.fetchall()

    assert written_out(name) == by_database == in_full


@pytest.mark.django_db
def test_the_database_holds_the_same_abbreviations_as_the_file() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select * from conoceles_abbreviations()")
        held = cursor.fetchall()

    assert held == [
        (
            abbreviation.short,
            abbreviation.meant,
            list(abbreviation.after) or None,
            list(abbreviation.before) or None,
        )
        for abbreviation in abbreviations()
    ]


def test_every_abbreviation_is_understood_between_the_words_that_it_requires() -> None:
    for abbreviation in abbreviations():
        after = [word for word in abbreviation.after[:1] if word != "^"]
        before = ["sauz" if word == "*" else word for word in abbreviation.before[:1]]
        preceding = " ".join(after).split()
        words = [*preceding, abbreviation.short, *before]
        place = words.index(abbreviation.short, len(preceding))
        assert abbreviation.meant in meanings(words)[place]


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
def test_a_name_is_found_by_all_its_abbreviations(process, publish, find, name, typed) -> None:
    row = publish(name=name)
    publish(name="Otra Persona Distinta", texts={"propuesta_1": "Otra cosa"})

    for text in typed:
        found = find(process, text)
        assert [hit.row.candidacy_id for hit in found.hits] == [row.candidacy_id], text
        assert found.suggestion == "", text
        places = {option.value: option.total for option in found.facets["municipio"]}
        assert places["05033"] == 1, text


@pytest.mark.django_db
def test_an_abbreviation_is_not_corrected_as_a_misspelt_name(process, publish, find) -> None:
    publish(name="Rosa Pérez")
    found = find(process, "hdez")

    assert (found.total, found.suggestion) == (0, "")


@pytest.mark.django_db
def test_a_misspelt_name_is_found_under_its_abbreviation(process, publish, find) -> None:
    row = publish(name="Rosa Gzz. Sauz")

    assert [hit.row.candidacy_id for hit in find(process, "Gonsales").hits] == [row.candidacy_id]


@pytest.mark.django_db
def test_an_initial_stands_for_a_name_only_before_other_names(process, publish, find) -> None:
    publish(name="José Cenizo")

    assert find(process, "J. Cenizo").total == 1
    assert find(process, "Cenizo J.").left_out == ("J",)
    assert find(process, "J.").total == 0


def test_an_excluded_name_is_excluded_in_all_its_abbreviations() -> None:
    [term] = reading.read("agua -ma.").excluded

    assert [phrase[0][0] for phrase in term] == ["ma", "maria"]


@pytest.mark.django_db
def test_the_filters_understand_abbreviated_places(process, publish) -> None:
    publish(cvegeo="05011")
    words = vocabulary.vocabulary(process)

    for spelling in ("General Cepeda", "Gral. Cepeda", "gral cepeda", "05011", "general-cepeda"):
        assert words.facets["municipio"].value_of(spelling) == "05011", spelling


def test_every_abbreviation_that_recognises_a_person_is_also_searched() -> None:
    """To recognise a person only unambiguous abbreviations are used; the search uses more."""
    meant = {abbreviation.short: abbreviation.meant for abbreviation in abbreviations()}

    assert {short: meant.get(short) for short in NAME_ABBREVIATIONS} == NAME_ABBREVIATIONS


def test_an_unambiguous_abbreviation_has_a_single_meaning_in_any_place() -> None:
    unambiguous = [
        abbreviation for abbreviation in abbreviations() if abbreviation.short in NAME_ABBREVIATIONS
    ]

    assert len(unambiguous) == len(NAME_ABBREVIATIONS) == 21
    assert {(abbreviation.after, abbreviation.before) for abbreviation in unambiguous} == {((), ())}


@pytest.mark.django_db
def test_an_abbreviated_place_leads_to_its_municipality(client, process, publish) -> None:
    publish(cvegeo="05011")
    response = client.get("/municipios/", {"municipio": "Gral. Cepeda"})

    assert response["Location"] == "/municipios/general-cepeda/"
