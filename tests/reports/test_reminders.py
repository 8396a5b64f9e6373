"""Who has not sent is reminded on the days of the rules, once a day, in one message."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from cms.accounts.models import Role, User
from cms.candidacies import terms
from cms.candidacies.models import CandidacyPage, CandidateAccount, Reopening
from cms.candidacies.services import ensure_process, give_own_account
from cms.catalogs.models import CandidacyState, Process, TermRules
from cms.notifications import services as notifications
from cms.notifications.models import Notification
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.models import Questionnaire, QuestionnaireState
from cms.reports.reminders import AT_ONCE, REMINDED, due_on, remind
from tests.moderation.samples import send
from tests.reports.scene import register

pytestmark = pytest.mark.django_db
ELECTION = date(2030, 6, 2)
NINE = datetime(2030, 4, 1, 15, 0, tzinfo=UTC)  # 9:00 in Saltillo.


@pytest.fixture
def delivered(process: Any, candidacy: Any, party: Any, time_machine: Any) -> Any:
    """A candidacy of a liaison with an address, whose account was delivered at NINE."""
    Process.objects.filter(pk=process.pk).update(election_date=ELECTION)
    party.email = "enlace@example.org"
    party.save()
    deliver(candidacy)
    time_machine.move_to(NINE, tick=False)
    return candidacy


def deliver(*candidacies: Any) -> None:
    terms.begin(
        [one.pk for one in candidacies],
        event=terms.StartEvent.ACCOUNT_DELIVERED,
        at=NINE,
        by=None,
    )


def asked_on(days: int) -> int:
    """How many messages are asked for so many days after the delivery."""
    return remind(at=NINE + timedelta(days=days))


def test_it_reminds_on_days_10_13_and_15_and_when_it_is_over(delivered: Any) -> None:
    told = [days for days in range(1, 20) if asked_on(days)]
    assert told == [10, 13, 15, 16]


def test_the_days_are_a_rule_of_the_process_and_count_as_its_term_does(
    process: Any, delivered: Any, make_candidacy: Any
) -> None:
    TermRules.objects.create(
        process=process, capture_number=4, capture_calendar="habiles", reminder_days=[2]
    )
    another = make_candidacy()
    deliver(another)  # A Monday: the second working day is Wednesday, the fourth is Friday.

    told = [
        days
        for days in range(1, 9)
        if due_on(process, date(2030, 4, 1) + timedelta(days=days), among=own(another))
    ]

    assert told == [2, 4, 5]


def own(candidacy: Any) -> Any:
    return CandidacyPage.objects.filter(pk=candidacy.pk)


def test_each_account_is_told_once_a_day_and_not_before_eight(delivered: Any) -> None:
    early = NINE + timedelta(days=10, hours=-2)
    assert remind(at=early) == 0
    assert asked_on(10) == 1
    assert [remind(at=NINE + timedelta(days=10, hours=more)) for more in range(1, 12)] == [0] * 11
    assert Notification.objects.filter(kind=REMINDED.key).count() == 1


def deliver_mail() -> None:
    """Send what was asked for, in the order in which it was."""
    for row in Notification.objects.order_by("pk"):
        notifications.send(notification_id=row.pk)


@pytest.mark.parametrize(
    ("ran_on", "told"),
    [
        ([9, 11, 12, 13], [11, 13]),
        ([9, 12, 13], [12, 13]),
        ([9, 14, 15], [14, 15]),
        ([9, 16, 17], [16]),
        ([12, 18, 19, 20], [12, 18]),
        ([9, 19, 20, 21], []),
    ],
    ids=["a day", "two days", "days 10 to 13", "the last day", "when it was over", "too long"],
)
def test_what_was_missed_while_the_worker_was_away_is_told_late_and_once(
    delivered: Any, mailoutbox: list[Any], time_machine: Any, ran_on: list[int], told: list[int]
) -> None:
    sent = []
    for days in ran_on:
        time_machine.move_to(NINE + timedelta(days=days), tick=False)
        for _hour in range(2):
            asked_on(days)
            deliver_mail()
        sent += [days] * len(mailoutbox)
        if days > 15:
            assert all("El plazo ya terminó" in letter.body for letter in mailoutbox)
        mailoutbox.clear()

    assert sent == told


def test_an_account_that_was_told_in_time_is_not_told_late_with_another_that_was_not(
    delivered: Any, other_liaison: Any, other_actor: Any, make_candidacy: Any
) -> None:
    other_liaison.email = "otro@example.org"
    other_liaison.save()
    rival = make_candidacy(name="Rosa Enebro", actor=other_actor)
    deliver(rival)
    assert asked_on(10) == 2
    Notification.objects.filter(recipient=other_liaison.pk).delete()

    assert asked_on(11) == 1

    late = Notification.objects.order_by("-pk")[0]
    assert late.recipient == other_liaison.pk


def test_what_waits_in_the_queue_is_told_once_though_a_later_reminder_was_asked_for(
    delivered: Any, mailoutbox: list[Any], time_machine: Any
) -> None:
    assert asked_on(13) == 1
    time_machine.move_to(NINE + timedelta(days=15), tick=False)
    assert asked_on(15) == 1
    deliver_mail()

    (letter,) = mailoutbox
    assert "hasta el 16 de abril de 2030" in letter.body


def test_what_the_institute_returned_after_the_reminder_is_not_told_late(delivered: Any) -> None:
    dossier = Questionnaire.objects.create(
        candidacy=delivered,
        kind=CURRICULAR.key,
        state=QuestionnaireState.OBSERVED,
        state_since=NINE + timedelta(days=10, hours=2),
    )
    assert asked_on(11) == 0
    dossier.state_since = NINE + timedelta(days=9)
    dossier.save()
    assert asked_on(11) == 1


def test_a_run_that_stopped_in_the_middle_is_finished_by_the_next(
    delivered: Any, process: Any, django_assert_num_queries: Any
) -> None:
    candidacies = register(process, AT_ONCE + 20, seed=5)
    deliver(*candidacies)
    accounts = [
        User(username=f"propia-{one.pk}", role=Role.CANDIDATE, email=f"p{one.pk}@example.org")
        for one in candidacies
    ]
    User.objects.bulk_create(accounts)
    CandidateAccount.objects.bulk_create(
        CandidateAccount(user=user, candidacy=one)
        for user, one in zip(accounts, candidacies, strict=True)
    )
    done = accounts[:15]
    about = process.pk * 10_000_000 + date(2030, 4, 11).toordinal()
    notifications.notify_these(
        kind=REMINDED.key, about=about, recipients=[user.pk for user in done]
    )

    # Processes, what is due (4), told already and able; two batches of four, each with its jobs.
    with django_assert_num_queries(7 + 2 * 4):
        assert asked_on(10) == AT_ONCE + 20 - 15 + 1

    asked = Notification.objects.filter(kind=REMINDED.key, about=about)
    assert asked.count() == asked.values("recipient").distinct().count() == AT_ONCE + 21
    jobs = ProcrastinateJob.objects.filter(task_name__endswith=".deliver")
    keys = {job.args["notification_id"] for job in jobs}
    assert keys == set(asked.values_list("pk", flat=True))
    assert asked_on(10) == 0


def test_a_liaison_gets_one_message_with_its_list_and_a_candidate_its_own(
    delivered: Any, make_candidacy: Any, party: Any, mailoutbox: list[Any], time_machine: Any
) -> None:
    others = [make_candidacy(name=f"Ñandú {number} <b>") for number in range(45)]
    deliver(*others)
    account = give_own_account(candidacy=others[0], username="propia.uno", by=None)
    account.email = "candidata@example.org"
    account.save()
    assert account.role == Role.CANDIDATE
    time_machine.move_to(NINE + timedelta(days=15), tick=False)

    assert asked_on(15) == 2
    for row in Notification.objects.all():
        notifications.send(notification_id=row.pk)

    by_address = {mail.to[0]: mail for mail in mailoutbox}
    listed, personal = by_address["enlace@example.org"], by_address["candidata@example.org"]
    assert "46 candidaturas a tu cargo" in listed.body
    assert listed.body.count("hasta el 16 de abril de 2030, 24:00 h") == 40
    assert "Y más" in listed.body
    assert "Falta que envíes tu cuestionario" in personal.body
    assert personal.body.count("\n- ") == 1
    assert "Ñandú 0 <b>" in personal.body


def test_who_sent_is_not_told_not_even_if_the_message_was_asked_for_before(
    delivered: Any, party: Any, complete_answers: Any, mailoutbox: list[Any], time_machine: Any
) -> None:
    time_machine.move_to(NINE + timedelta(days=10), tick=False)
    assert asked_on(10) == 1
    send(delivered, complete_answers, party)

    notifications.send(notification_id=Notification.objects.get(kind=REMINDED.key).pk)

    assert mailoutbox == []
    assert [asked_on(days) for days in (13, 15, 16)] == [0, 0, 0]


def test_a_reopening_is_told_on_its_last_day_and_the_next(process: Any, delivered: Any) -> None:
    Reopening.objects.create(
        candidacy=delivered,
        until=NINE + timedelta(days=20),
        authorised_by="Acuerdo",
        reason="Falla",
        by_name="Ana",
    )
    assert [days for days in range(1, 25) if asked_on(days)] == [20, 21]


@pytest.mark.parametrize("what", ["training", "rehearsal", "ended", "no address", "election"])
def test_these_are_never_written_to(
    process: Any, delivered: Any, party: Any, settings: Any, what: str
) -> None:
    if what == "training":
        settings.CONOCELES_TRAINING = True
    elif what == "rehearsal":
        a_rehearsal_of_everything(process, delivered)
    elif what == "ended":
        own(delivered).update(state=CandidacyState.ENDED)
    elif what == "no address":
        party.email = ""
        party.save()
    else:
        Process.objects.filter(pk=process.pk).update(election_date=NINE.date())
    assert asked_on(10) == 0


def a_rehearsal_of_everything(process: Any, candidacy: Any) -> None:
    """Move a candidacy to a process that is a rehearsal."""
    copy = ensure_process(slug="ensayo").process
    rehearsal = Process.objects.create(slug="otro", name="Ensayo", rehearsal_of=copy)
    own(candidacy).update(process=rehearsal)


def test_thousands_are_found_in_few_queries(
    process: Any, delivered: Any, django_assert_num_queries: Any
) -> None:
    deliver(*register(process, 2000, seed=5))
    with django_assert_num_queries(4):
        assert len(due_on(process, date(2030, 4, 11))) == 2001
