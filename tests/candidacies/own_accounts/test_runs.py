"""Accounts made, mailed and printed in bulk: nothing twice, nothing lost."""

import re
import uuid
from typing import Any

import pytest
from django.db import transaction
from time_machine import travel

from cms.accounts import activation
from cms.accounts.activation_models import ActivationLink
from cms.accounts.models import AccountEvent, Role, User
from cms.accounts.services import create_liaison, set_role
from cms.candidacies.models import CandidateAccount
from cms.candidacies.own_accounts import names, runs, selectors, sheets
from cms.candidacies.own_accounts.models import AccountRun, RunKind, RunState, SheetsFile
from cms.candidacies.own_accounts.selectors import AccountState
from cms.candidacies.services import revoke_own_accounts
from cms.catalogs.models import PoliticalActor, Process
from cms.notifications.models import Notification
from tests.candidacies.own_accounts.conftest import accounts, generated, send_mail, work
from tests.two_connections import at_once

pytestmark = pytest.mark.django_db


def states(process: Any) -> dict[str, int]:
    return selectors.counted(selectors.candidacies_of(process))


def test_each_active_candidacy_gets_one_account_whose_name_says_nothing(
    process, giver, candidacies
):
    run = generated(process, giver)
    assert (run.state, run.done, run.total) == (RunState.DONE, 3, 3)
    users = list(User.objects.filter(role=Role.CANDIDATE))
    assert len({user.username for user in users}) == 3
    for user in users:
        assert re.fullmatch(r"[a-z]+-[a-z]+-[a-z]+-\d{3}", user.username)
        assert not user.has_usable_password()
    assert {user.email for user in users} == {
        "graciela@correo.example",
        "bruno@correo.example",
        "",
    }
    assert AccountEvent.objects.filter(event="creada", by=giver.pk).count() == 3
    with pytest.raises(runs.RunRefused):
        generated(process, giver)


def test_names_are_many_and_of_letters_that_everybody_can_type():
    assert len(names.WORDS) > 150
    assert all(re.fullmatch("[a-z]+", word) for word in names.WORDS)


def test_a_button_that_is_pressed_twice_begins_one_run(process, giver, candidacies):
    once = uuid.uuid4()
    first = runs.generate(process=process, by=giver, once=once)
    assert runs.generate(process=process, by=giver, once=once) == first
    work(first)
    assert runs.generate(process=process, by=giver, once=once) == first
    with pytest.raises(runs.RunRefused):
        runs.generate(process=process, by=giver, once=uuid.uuid4())


def test_two_workers_at_once_make_each_account_once(committed):
    """With a real database, since a transaction of a test would hide the race."""
    from bench.accounts_scene import scene

    process, giver = scene(candidacies=12)
    run = runs.generate(process=process, by=giver, once=uuid.uuid4())

    def whole() -> None:
        while runs.work_some(run.pk):
            pass

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(runs.AT_ONCE, RunKind.GENERATE, 3)
        got = at_once(whole, whole)
    assert got == [None, None]
    assert CandidateAccount.objects.count() == 12
    run.refresh_from_db()
    assert run.state == RunState.DONE


def test_a_run_that_was_cut_in_the_middle_goes_on_where_it_was(
    process, giver, candidacies, monkeypatch
):
    monkeypatch.setitem(runs.AT_ONCE, RunKind.GENERATE, 1)
    monkeypatch.setitem(runs.AT_ONCE, RunKind.SHEETS, 1)
    run = runs.generate(process=process, by=giver, once=uuid.uuid4())
    assert runs.work_some(run.pk)

    def killed(*args: Any, **kwargs: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("cms.accounts.audit.record_all", killed)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            runs.work_some(run.pk)
    assert CandidateAccount.objects.count() == 1
    assert work(run).done == 3
    sheets_run = runs.print_sheets(
        process=process, users=accounts(process), by=giver, once=uuid.uuid4()
    )
    assert runs.work_some(sheets_run.pk)
    with monkeypatch.context() as patch:
        patch.setattr(sheets, "document", killed)
        with pytest.raises(KeyboardInterrupt):
            work(sheets_run)
    given = list(ActivationLink.objects.values_list("digest", flat=True).order_by("pk"))
    work(sheets_run)
    assert list(ActivationLink.objects.values_list("digest", flat=True).order_by("pk")) == given
    assert SheetsFile.objects.get().pages == 3


def test_each_account_is_mailed_once_and_who_has_no_mail_is_left(
    process, giver, candidacies, mailbox
):
    generated(process, giver)
    run = work(runs.mail(process=process, users=accounts(process), by=giver, once=uuid.uuid4()))
    assert (run.done, run.skipped) == (3, 1)
    send_mail()
    send_mail()
    assert sorted(letter.rcpt_tos[0] for letter in mailbox.letters) == [
        "bruno@correo.example",
        "graciela@correo.example",
    ]
    assert states(process) == {AccountState.MAILED: 2, AccountState.NOT_SENT: 1}
    text = mailbox.messages[0].get_payload(decode=True).decode()
    code = re.search(r"https://interno\.instituto\.example/acceso/activar/([0-9A-Z]{20})/", text)
    assert code is not None
    assert activation.link_of(code[1]).user.email == mailbox.letters[0].rcpt_tos[0]


def test_mail_follows_the_register_until_the_account_is_active(
    process, giver, candidacies, mailbox
):
    generated(process, giver)
    person = candidacies[2].person
    person.email = "celia@correo.example"
    person.save()
    work(runs.mail(process=process, users=accounts(process), by=giver, once=uuid.uuid4()))
    send_mail()
    assert len(mailbox.letters) == 3


def test_what_became_of_each_mail_is_shown(process, giver, candidacies, mailbox):
    generated(process, giver)
    one, two = User.objects.filter(email__endswith=".example").values_list("pk", flat=True)
    mailbox.refuses = "550 no such user"
    work(runs.mail(process=process, users=[one], by=giver, once=uuid.uuid4()))
    send_mail()
    mailbox.refuses, mailbox.swallows = "", "abruptly"
    work(runs.mail(process=process, users=[two], by=giver, once=uuid.uuid4()))
    send_mail()
    assert states(process) == {
        AccountState.REFUSED: 1,
        AccountState.DOUBTFUL: 1,
        AccountState.NOT_SENT: 1,
    }
    mailbox.swallows = ""
    work(runs.mail(process=process, users=[two], by=giver, once=uuid.uuid4()))
    send_mail()
    assert states(process)[AccountState.MAILED] == 1
    assert len(mailbox.letters) == 2


@pytest.mark.parametrize("change", ["rehearsal", "no mail"])
def test_where_no_mail_leaves_it_is_said_and_nothing_is_done(
    process, giver, candidacies, settings, change
):
    generated(process, giver)
    asked = process
    if change == "rehearsal":
        asked = Process.objects.create(
            slug="ensayo", name="Ensayo", fictitious=True, rehearsal_of=process
        )
    else:
        settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    with pytest.raises(runs.RunRefused):
        runs.mail(process=asked, users=accounts(process), by=giver, once=uuid.uuid4())
    assert not Notification.objects.exists()
    assert not ActivationLink.objects.exists()


def test_sheets_are_one_file_with_a_page_for_each_account_in_the_order_that_was_asked(
    process, giver, candidacies
):
    generated(process, giver)
    run = runs.print_sheets(
        process=process, users=accounts(process)[::-1], by=giver, once=uuid.uuid4()
    )
    work(run)
    stored = SheetsFile.objects.get(run=run)
    assert stored.pages == 3
    assert "PDF" not in stored.sealed[:20]
    content = sheets.unsealed(stored)
    assert content.startswith(b"%PDF")
    assert b"pdfuaid:part>1<" in content
    assert b"/Type/Pages/Count 3/" in content
    assert [item.user_id for item in run.items.order_by("place")] == accounts(process)[::-1]
    assert states(process) == {AccountState.PRINTED: 3}
    before = set(ActivationLink.objects.values_list("digest", flat=True))
    runs.make_file_again(run=run, by=giver)
    work(run)
    assert set(ActivationLink.objects.values_list("digest", flat=True)) == before
    with travel(stored.made_at + sheets.KEPT * 2):
        assert runs.forget_sheets() == 1


def test_another_process_and_an_active_account_are_left_alone(
    process, giver, candidacies, liaison, other_actor
):
    generated(process, giver)
    other = Process.objects.create(slug="otro", name="Otro")
    theirs = PoliticalActor.objects.create(process=other, key="x", acronym="X", name="Equis")
    stranger = create_liaison(username="lejos", actors=[theirs])
    for chosen in ([stranger.pk], [liaison.pk], [giver.pk], []):
        with pytest.raises(runs.RunRefused):
            runs.print_sheets(process=process, users=chosen, by=giver, once=uuid.uuid4())


def test_a_candidacy_that_lost_its_account_gets_another(process, giver, candidacies):
    generated(process, giver)
    revoke_own_accounts(candidacies=[candidacies[0]], by=giver, because="prueba")
    assert states(process)[AccountState.NONE] == 1
    generated(process, giver)
    assert states(process) == {AccountState.NOT_SENT: 3}


@pytest.mark.parametrize("role", [Role.CURRICULAR_REVIEWER, Role.OBSERVER, Role.COMMUNICATION])
def test_other_roles_hand_nothing_out(process, giver, candidacies, role):
    set_role(user=giver, role=role)
    for work_of in (runs.mail, runs.print_sheets, runs.generate):
        extra = {} if work_of is runs.generate else {"users": [1]}
        with pytest.raises(activation.NotYourAccounts):
            work_of(process=process, by=giver, once=uuid.uuid4(), **extra)


def test_a_run_of_somebody_who_lost_the_right_stops(process, giver, candidacies):
    run = runs.generate(process=process, by=giver, once=uuid.uuid4())
    set_role(user=giver, role=Role.OBSERVER)
    assert work(run).state == RunState.FAILED
    assert not CandidateAccount.objects.exists()
    assert AccountRun.objects.count() == 1


def test_a_training_copy_keeps_its_mail_for_the_trainer(
    process, giver, candidacies, mailbox, settings
):
    from cms.notifications.models import TrainingMessage

    settings.CONOCELES_TRAINING = True
    generated(process, giver)
    work(runs.mail(process=process, users=accounts(process), by=giver, once=uuid.uuid4()))
    send_mail()
    assert mailbox.letters == []
    assert TrainingMessage.objects.count() == 2
