"""Writing public rows: what is written, what is not written again, and what follows a catalogue."""

from cms.publication.services import write_published
from cms.published.models import PublishedCandidacy


def version_of(candidacy):
    return PublishedCandidacy.objects.get(pk=candidacy.pk).version


def test_writing_the_same_row_again_changes_nothing(make_candidacy):
    candidacy = make_candidacy()
    assert write_published(candidacy_ids=[candidacy.pk]) == 0
    assert version_of(candidacy) == 1


def test_a_corrected_actor_is_found_by_its_new_name(client, make_candidacy, actor):
    candidacy = make_candidacy()
    actor.name = "Partido de la Llanura"
    actor.save()
    assert version_of(candidacy) == 2
    assert candidacy.name in client.get("/buscar/?q=llanura").content.decode()


def test_a_public_row_holds_no_internal_contact(make_candidacy):
    from datetime import date

    candidacy = make_candidacy(email="interno@persona.example", birth_date=date(1985, 3, 14))
    row = PublishedCandidacy.objects.filter(pk=candidacy.pk).values().get()
    everything = str(row)
    assert "interno@persona.example" not in everything
    assert "1985" not in everything
    revision = str(candidacy.latest_revision.content)
    assert "interno@persona.example" not in revision
    assert "1985" not in revision
