"""The home of a candidate and the list of a liaison: whose turn, by when, and what follows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.candidacies.services import give_own_account, revoke_own_accounts
from cms.candidacies.terms import CaptureTerm, StartEvent, begin
from cms.moderation.services import approve_submission
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.services import save_draft
from tests.moderation.samples import *  # noqa: F403
from tests.moderation.samples import accept_notice_in_force, send

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def candidate(candidacy: Any) -> Any:
    """The account of a candidacy, which accepted the notice."""
    account = give_own_account(candidacy=candidacy, username="nube-42", by=None)
    account.set_password("palabra-de-prueba-9")
    account.save()
    accept_notice_in_force(account)
    return account


@pytest.fixture
def home(client: Any, candidate: Any) -> Callable[[], str]:
    """A function that opens the home of the candidate."""
    client.force_login(candidate, backend=BACKEND)

    def opened() -> str:
        answer = client.get("/captura/")
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    return opened


def begin_term(candidacy: Any) -> None:
    begin([candidacy.pk], event=StartEvent.ACCOUNT_DELIVERED, at=timezone.now(), by=None)


def test_a_candidate_sees_one_candidacy_and_begins(home: Any, candidacy: Any) -> None:
    begin_term(candidacy)
    page = home()
    assert f"<h1>{candidacy.name}</h1>" in page
    assert "Te toca a ti" in page
    assert "Te quedan 15 días: hasta el" in page
    assert page.count('class="button"') == 1, "one primary action"
    assert f'href="/captura/{candidacy.pk}/">Empezar' in page
    assert "<table" not in page


def test_after_the_term_the_home_says_that_one_may_still_send(home: Any, candidacy: Any) -> None:
    begin_term(candidacy)
    ago = timezone.now() - timedelta(days=1)
    CaptureTerm.objects.update(first_due_at=ago, due_at=ago)
    page = home()
    assert "Tu plazo terminó el" in page
    assert "quedará como extemporáneo" in page


def test_what_was_sent_waits_for_the_institute_and_has_no_clock(
    home: Any, candidacy: Any, candidate: Any, complete_answers: Any
) -> None:
    begin_term(candidacy)
    send(candidacy, complete_answers, candidate)
    page = home()
    assert "Le toca al Instituto" in page
    assert 'class="clock' not in page
    assert f'href="/captura/{candidacy.pk}/acuse/1.pdf"' in page


def test_what_was_published_stays_while_something_newer_is_in_hand(
    home: Any, candidacy: Any, candidate: Any, complete_answers: Any, validator: Any
) -> None:
    sent = send(candidacy, complete_answers, candidate)
    approve_submission(submission_id=sent.pk, seal=sent.seal, validator=validator)
    page = home()
    assert "No hay nada pendiente" in page
    assert "sigue a la vista" not in page
    assert f'href="{candidacy.public_path()}"' in page

    save_draft(
        candidacy=candidacy,
        kind=CURRICULAR,
        changes={"cursos": ["Un taller"]},
        version=None,
        user=candidate,
    )
    assert "sigue a la vista mientras preparas tus cambios." in home()
    send(candidacy, {}, candidate, portrait=False)
    page = home()
    assert "sigue a la vista mientras revisamos tu nuevo envío." in page
    assert f'href="{candidacy.public_path()}"' in page


def test_an_account_that_was_closed_has_no_home(
    home: Any, client: Any, candidacy: Any, candidate: Any
) -> None:
    home()
    revoke_own_accounts(candidacies=[candidacy], by=None, because="sustitucion")
    assert client.get("/captura/").status_code == 302
    assert client.get(f"/captura/{candidacy.pk}/")["Location"].startswith("/acceso/")


def test_a_candidate_works_on_every_screen_of_capture_and_on_no_other_candidacy(
    client: Any, candidate: Any, candidacy: Any, make_candidacy: Any, complete_answers: Any
) -> None:
    client.force_login(candidate, backend=BACKEND)
    own, other = f"/captura/{candidacy.pk}/", f"/captura/{make_candidacy(name='Otra').pk}/"
    typed = {"propuesta_1": complete_answers["propuesta_1"], "siguiente": "1"}
    assert client.post(f"{own}propuestas/", typed).status_code == 422, "saved, and incomplete"
    for path in ("propuestas/", "revisar/"):
        assert client.get(own + path).status_code == 200
        assert client.get(other + path).status_code == 404
    assert client.post(f"{other}propuestas/", typed).status_code == 404
    send(candidacy, complete_answers, candidate)
    assert client.get(f"{own}acuse/").status_code == 200
    assert client.get("/admin/").status_code == 403


def test_a_liaison_sees_who_did_not_activate_and_filters_by_it(
    client: Any, party: Any, make_candidacy: Any
) -> None:
    without, waiting, active = (make_candidacy(name=f"Persona {name}") for name in "ABC")
    give_own_account(candidacy=waiting, username="nube-1", by=None)
    account = give_own_account(candidacy=active, username="nube-2", by=None)
    account.set_password("palabra-de-prueba-9")
    account.save()
    client.force_login(party, backend=BACKEND)
    page = client.get("/captura/").content.decode()
    assert "1 candidatura no ha activado su cuenta." in page
    assert [page.count(f">{one.name}<") for one in (without, waiting, active)] == [1, 1, 1]
    filtered = client.get("/captura/?cuenta=sin_activar").content.decode()
    assert [filtered.count(f">{one.name}<") for one in (without, waiting, active)] == [0, 1, 0]


def test_each_row_of_the_list_has_its_turn_its_clock_and_one_action(
    client: Any, party: Any, candidacy: Any, make_candidacy: Any, complete_answers: Any
) -> None:
    begin_term(candidacy)
    send(make_candidacy(name="Persona que ya envió"), complete_answers, party)
    client.force_login(party, backend=BACKEND)
    page = client.get("/captura/").content.decode()
    table = page.split("<tbody>")[1].split("</tbody>")[0]
    rows = table.split("<tr>")[1:]
    assert [row.count('class="button') for row in rows] == [1, 1]
    assert "Te toca a ti." in rows[0]
    assert "Te quedan 15 días" in rows[0]
    assert "Le toca al Instituto." in rows[1]
    assert "own-table__clock" not in rows[1]


def test_the_list_asks_as_much_for_thirty_candidacies_as_for_two(
    client: Any, party: Any, make_candidacy: Any, django_assert_num_queries: Any
) -> None:
    client.force_login(party, backend=BACKEND)
    for number in range(2):
        begin_term(make_candidacy(name=f"Persona {number}"))
    client.get("/captura/")
    with CaptureQueriesContext(connection) as few:
        client.get("/captura/")
    for number in range(28):
        begin_term(make_candidacy(name=f"Otra {number}"))
    with django_assert_num_queries(len(few)):
        client.get("/captura/")
