"""Misspelt common words are found by the words that public candidacies write."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from cms.catalogs.models import ProcessOffice, ProtectedWord
from cms.published import changes
from cms.published.models import PublishedCandidacy
from search import public_words
from search.models import PublicWord

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(process, publish):
    """Two candidacies that write the same words; the table of words is up to date."""
    texts = {"propuesta_1": "Pavimentación y electricidad; agua potable para el Ejido"}
    rows = [publish(name=name, texts=texts) for name in ("Ana Sauz", "Eva Sauz")]
    public_words.refresh_changed()
    return rows


def words() -> dict[str, tuple[str, int]]:
    return {one.word: (one.written, one.candidacies) for one in PublicWord.objects.all()}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pavimentasion", "pavimentación"),
        ("pabimentacion", "pavimentación"),
        ("pavimntacion", "pavimentación"),
        ("pavimenttacien", "pavimentación"),
        ("agua potabel", "agua potable"),
        ("Agua POTABEL", "Agua potable"),
        ("electrisidad", "electricidad"),
        ("eletricidad", "electricidad"),
        ("aguapotable", "agua potable"),
        ("ejdio", "ejido"),
    ],
)
def test_a_misspelt_word_is_searched_as_candidacies_write_it(
    process, written, find, typed, meant
) -> None:
    found = find(process, typed)

    assert found.meant == meant
    assert {hit.row.candidacy_id for hit in found.hits} == {row.pk for row in written}
    assert "<mark>" in found.hits[0].fragments[0].html


def test_what_is_found_as_it_was_typed_is_not_respelt(process, written, publish, find) -> None:
    row = publish(name="Luz Sauz", texts={"propuesta_1": "Pavimentasion"})
    found = find(process, "pavimentasion")

    assert ([hit.row.candidacy_id for hit in found.hits], found.meant) == ([row.pk], "")


@pytest.mark.parametrize("typed", ["zzzzz", "pav", "42 1500", '"pavimentasion total"', "sobre"])
def test_nothing_is_made_up(process, written, find, typed) -> None:
    assert find(process, typed).meant == ""


def test_a_misspelt_name_comes_before_a_misspelt_word(process, written, publish, find) -> None:
    row = publish(name="Rosa Potabet")
    found = find(process, "potabel")

    assert ([hit.row.candidacy_id for hit in found.hits], found.suggestion) == ([row.pk], "Potabet")
    assert found.meant == ""


def test_a_word_that_many_write_comes_before_a_name_that_sounds_otherwise(
    process, publish, find
) -> None:
    named = publish(name="Saúl Huerta", texts={"propuesta_1": "Obra pública"})
    for number in range(4):
        publish(name=f"Persona {number}", texts={"propuesta_1": "Salud pública"})
    public_words.refresh_changed()

    found = {typed: find(process, typed) for typed in ("salu", "salu publica")}

    assert {typed: one.meant for typed, one in found.items()} == {
        "salu": "salud",
        "salu publica": "salud publica",
    }
    assert [named.pk in {hit.row.candidacy_id for hit in one.hits} for one in found.values()] == [
        False,
        True,
    ]
    last = found["salu publica"].hits[-1]
    assert last.row.candidacy_id == named.pk  # Who writes «pública» alone.
    for typed in ("salu huerta", "saull"):
        assert [hit.row.candidacy_id for hit in find(process, typed).hits] == [named.pk], typed


def test_a_protected_word_is_not_respelt(process, written, find) -> None:
    assert find(process, "potabel").meant == "potable"
    ProtectedWord.objects.create(word="potabel", reason="Prueba")
    assert find(process, "potabel").meant == ""


def test_only_words_of_two_public_candidacies_are_kept(process, written, publish) -> None:
    publish(
        name="Luz Sauz", texts={"propuesta_1": "Confesión, confesion personalísima; electricidad"}
    )
    public_words.refresh_changed()

    held = words()
    assert held["electricidad"] == ("electricidad", 3)
    assert held["pavimentacion"] == ("pavimentación", 2)
    assert {"confesion", "personalisima"}.isdisjoint(held)


def test_words_follow_what_is_public(process, written) -> None:
    assert "potable" in words()
    written[0].delete()
    public_words.refresh_changed()
    assert "potable" not in words()


def test_words_of_answers_end_with_their_publication_and_those_of_the_register_stay(
    process, written
) -> None:
    ProcessOffice.objects.update(public_until=timezone.now() - timedelta(minutes=1))
    public_words.refresh_changed()
    assert set(words()) == {"presidencia", "municipal", "san", "pedro", "partido", "del",
                            "desierto"}  # fmt: skip

    ProcessOffice.objects.update(visible_from=None)
    public_words.refresh_changed()
    assert words() == {}


def test_a_word_whose_candidacies_are_public_no_more_is_not_proposed_from_that_moment(
    process, written, find
) -> None:
    """Even before the words are counted anew: what is proposed was searched first."""
    ProcessOffice.objects.update(public_until=timezone.now() - timedelta(minutes=1))

    assert (find(process, "potabel").meant, find(process, "potabel").total) == ("", 0)


def test_nothing_is_counted_again_while_nothing_changed(process, written) -> None:
    assert public_words.refresh_changed() == 0

    PublishedCandidacy.objects.filter(pk=written[0].pk).update(version=2)
    assert public_words.refresh_changed() == 1


def test_the_words_of_an_import_are_counted_once_when_it_is_committed(
    process, publish, django_capture_on_commit_callbacks
) -> None:
    texts = {"propuesta_1": "Electricidad"}
    rows = [publish(name="Ana Sauz", texts=texts) for _each in range(21)]
    with django_capture_on_commit_callbacks(execute=True):
        changes.tell([row.pk for row in rows[:20]])
    assert words() == {}
    with django_capture_on_commit_callbacks(execute=True) as counted:
        with transaction.atomic():
            changes.tell([row.pk for row in rows])
            transaction.set_rollback(True)
        for _batch in range(3):
            changes.tell([row.pk for row in rows])

    assert len(counted) == 1
    assert words()["electricidad"] == ("electricidad", 21)


def test_the_page_offers_the_other_spelling_and_says_that_it_was_searched(client, written) -> None:
    page = client.get("/buscar/", {"q": "agua potabel", "sexo": "mujer"}).content.decode()

    assert "¿Quisiste decir" in page
    assert 'href="?q=agua+potable&amp;sexo=mujer"' in page
    assert "hablan de «agua potable»" in page
    body = client.get("/api/v1/candidaturas/", {"q": "agua potabel"}).json()
    assert (body["total"], body["sugerencia"]) == (2, "agua potable")
