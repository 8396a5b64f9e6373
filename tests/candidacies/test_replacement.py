"""Somebody takes the seat of another. `test_every_end` looks at every moment and every channel."""

from dataclasses import replace as with_changes
from datetime import date
from typing import Any

import pytest
from django.test import Client

from cms.candidacies.ending import CannotChange, End, Moved
from cms.candidacies.models import CandidacyPage
from cms.candidacies.replacement import Substitute
from cms.candidacies.services import give_own_account
from cms.catalogs.models import Process
from cms.publication import ending
from cms.questionnaires.dossiers import NotOpenForCapture
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.services import save_draft
from tests.candidacies.moments import DAY, NEW
from tests.candidacies.test_ending import office_staff
from tests.moderation.samples import *  # noqa: F403
from tests.two_connections import at_once, while_open

__all__ = ["office_staff"]

END = End("renuncia", DAY)
API = "/api/v1/candidaturas"


def put_in(old: CandidacyPage, by: Any, new: Substitute = NEW, end: End | None = END) -> Any:
    return ending.replace(candidacy_id=old.pk, substitute=new, end=end, agreement="", by=by)


def test_the_old_account_is_out_with_its_next_request(
    candidacy: Any, complete_answers: dict[str, Any], office_staff: Any
) -> None:
    account = give_own_account(candidacy=candidacy, username="cand-0001", by=office_staff)
    browser = Client()
    browser.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.get("/captura/").status_code != 302
    put_in(candidacy, office_staff)
    answer = browser.get("/captura/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/acceso/")
    account.refresh_from_db()
    assert not account.is_active


def test_the_new_one_takes_the_seat_and_nothing_of_the_person(
    make_candidacy: Any, publish: Any, office_staff: Any, liaison: Any
) -> None:
    old = make_candidacy(office="regiduria", list_number=3, nickname="Chela", email="a@b.mx")
    publish(old)
    new = CandidacyPage.objects.get(pk=put_in(old, office_staff).pk)
    for field in ("process", "office", "territory", "actor", "principle", "seat_kind"):
        assert getattr(new, f"{field}_id", getattr(new, field)) == getattr(
            old, f"{field}_id", getattr(old, field)
        )
    assert new.list_number == 3
    assert (new.nickname, new.person.email, new.age) == ("", "irene@ejemplo.mx", 44)
    assert new.person_id != old.person_id
    assert not new.questionnaires.exists()


def test_a_replacement_is_replaced(client: Client, candidacy: Any, office_staff: Any) -> None:
    second = put_in(candidacy, office_staff)
    last = Substitute(name="Tomás Ocotillo", sex="hombre")
    third = put_in(second, office_staff, last, End("fallecimiento", date(2024, 5, 2)))
    page = client.get(f"/candidaturas/{second.pk}/irene-sotol-lechuguilla/").content.decode()
    assert "El Instituto lamenta su fallecimiento" in page
    assert "Ya no es" not in page
    assert "Tomás Ocotillo" in page
    body = client.get(f"{API}/{second.pk}/").json()
    assert (body["sustituye_a"], body["sustituida_por"]) == (candidacy.pk, third.pk)
    # Its own successor is found from the first one, step by step.
    assert client.get(f"{API}/{candidacy.pk}/").json()["sustituida_por"] == second.pk


def test_who_ended_before_is_replaced_later_and_only_once(
    candidacy: Any, office_staff: Any
) -> None:
    ending.end_candidacies(candidacy_ids=[candidacy.pk], end=END, by=office_staff)
    with pytest.raises(Moved, match="ya dio de baja"):
        put_in(candidacy, office_staff)
    put_in(candidacy, office_staff, end=None)
    with pytest.raises(Moved, match="ya la sustituye"):
        put_in(candidacy, office_staff, Substitute(name="Otra Persona"), None)
    with pytest.raises(CannotChange):
        ending.reinstate(candidacy_id=candidacy.pk, reason="Error.", by=office_staff)
    assert CandidacyPage.objects.count() == 2


def test_the_same_person_is_corrected_and_not_replaced(candidacy: Any, office_staff: Any) -> None:
    with pytest.raises(CannotChange) as refused:
        put_in(candidacy, office_staff, with_changes(NEW, name="GRACIELA CENIZO TEPOZAN"))
    assert refused.value.field == "name"


@pytest.mark.parametrize(
    ("printed", "warns"), [(None, False), (date(2024, 4, 18), True), (date(2024, 4, 19), False)]
)
def test_both_pages_say_who_may_be_on_the_printed_ballot(
    client: Client, process: Process, candidacy: Any, office_staff: Any, printed: Any, warns: bool
) -> None:
    new = put_in(candidacy, office_staff)
    process.ballots_printed_on = printed
    process.save()
    old_page = client.get(f"/candidaturas/{candidacy.pk}/", follow=True).content.decode()
    new_page = client.get(f"/candidaturas/{new.pk}/", follow=True).content.decode()
    ballot = client.get("/municipios/san-pedro/").content.decode()
    assert ("El nombre puede aparecer en la boleta impresa." in old_page) is warns
    assert ("En la boleta impresa puede aparecer ese nombre." in new_page) is warns
    assert ("Puede aparecer en la boleta impresa." in ballot) is warns


def test_two_people_replace_at_once_and_one_wins(committed: None, request: Any) -> None:
    candidacy = request.getfixturevalue("make_candidacy")()
    staff = request.getfixturevalue("office_staff")
    got = at_once(
        lambda: put_in(candidacy, staff, Substitute(name="Eva Uno")),
        lambda: put_in(candidacy, staff, Substitute(name="Ana Dos")),
    )
    [entered] = [one for one in got if isinstance(one, CandidacyPage)]
    [told] = [one for one in got if isinstance(one, Moved)]
    assert "alguien lo registró antes" in told.explanation
    active = CandidacyPage.objects.filter(state="activa")
    assert [page.pk for page in active] == [entered.pk]


def test_who_sends_while_the_end_is_written_finds_it_ended(committed: None, request: Any) -> None:
    candidacy = request.getfixturevalue("candidacy")
    staff, party = map(request.getfixturevalue, ("office_staff", "party"))
    save_draft(candidacy=candidacy, kind=CURRICULAR, changes={}, version=None, user=party)
    _ended, sent, waited = while_open(
        lambda: ending.end_candidacies(candidacy_ids=[candidacy.pk], end=END, by=staff),
        lambda: save_draft(
            candidacy=candidacy,
            kind=CURRICULAR,
            changes={"motivo_cargo": "Tarde."},
            version=None,
            user=party,
        ),
    )
    assert waited
    assert isinstance(sent, NotOpenForCapture)
