"""Deliveries that are confirmed, their receipts, and the term that they start."""

import hashlib
import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from cms.accounts import activation
from cms.accounts.activation_models import ActivationLink
from cms.accounts.models import AccountEvent, Role, User
from cms.candidacies import terms
from cms.candidacies.own_accounts import delivery, receipts, runs, selectors
from cms.candidacies.own_accounts.models import Arrival, Receipt
from cms.candidacies.own_accounts.selectors import AccountState, Activation
from cms.candidacies.services import revoke_own_accounts
from cms.notifications.models import Notification
from tests.candidacies.own_accounts.conftest import accounts, generated, send_mail, work

pytestmark = pytest.mark.django_db
PASSWORD = "nube trigo cobre lago"


def states(process) -> dict[int, str]:
    """How far the account of each candidacy is, as the list of the institute says it."""
    rows = selectors.candidacies_of(process).order_by()
    return dict(rows.values_list("pk", "account_state"))


@pytest.fixture
def printed(process, giver, candidacies) -> list[int]:
    """Accounts whose sheets were made."""
    generated(process, giver)
    keys = accounts(process)
    work(runs.print_sheets(process=process, users=keys, by=giver, once=uuid.uuid4()))
    return keys


def confirm(process: Any, users: list[int], by: User, **changes: Any) -> list[Receipt]:
    said = {"on": timezone.localdate(), "received_by": "Representación del PD", **changes}
    return delivery.confirm(process=process, users=users, by=by, **said)


def test_a_confirmed_sheet_leaves_a_receipt_and_starts_the_term_once(
    process, giver, candidacies, printed
):
    one, two, _three = confirm(process, printed, giver)
    assert one.folio != two.folio
    assert one.how == Arrival.HANDED_OVER
    assert one.received_by == "Representación del PD"
    assert len(terms.terms_of(candidacies)) == 3
    assert AccountEvent.objects.filter(event="entregada").count() == 3
    with pytest.raises(delivery.DeliveryRefused):
        confirm(process, printed, giver)
    activation.receive(link_id=one.link)
    assert Receipt.objects.count() == 3
    assert terms.CaptureTerm.objects.count() == 3


def test_a_receipt_is_never_changed_and_its_digest_is_of_its_content(process, giver, printed):
    (receipt, *_others) = confirm(process, printed, giver)
    receipt.refresh_from_db()
    content = receipts.canonical(receipt)
    assert receipt.digest == hashlib.sha256(content).hexdigest()
    assert json.loads(content)["folio"] == receipt.folio
    for work_on in (
        lambda: Receipt.objects.filter(pk=receipt.pk).update(received_by="Otra persona"),
        lambda: Receipt.objects.filter(pk=receipt.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            work_on()
    User.objects.filter(pk=receipt.account).delete()
    assert Receipt.objects.filter(pk=receipt.pk).exists()
    document = receipts.document(receipt)
    assert document.startswith(b"%PDF")
    assert document == receipts.document(receipt)


def test_opening_the_link_leaves_the_receipt_and_starts_the_term(process, giver, candidacies):
    generated(process, giver)
    (user, *_others) = User.objects.filter(role=Role.CANDIDATE).order_by("pk")
    (link,) = activation.make_links(users=[user], way="correo", at=timezone.now(), by=giver)
    assert terms.terms_of(candidacies) == {}
    activation.receive(link_id=link.pk)
    activation.receive(link_id=link.pk)
    receipt = Receipt.objects.get()
    assert (receipt.how, receipt.account, receipt.link) == (Arrival.OPENED, user.pk, link.pk)
    assert receipt.candidacy == user.own_candidacy.candidacy_id
    assert list(terms.terms_of(candidacies)) == [receipt.candidacy]
    assert states(process)[receipt.candidacy] == AccountState.RECEIVED
    pks = [one.pk for one in candidacies]
    assert selectors.activation_of(pks) == dict.fromkeys(pks, Activation.WAITING)
    activation.activate(link_id=link.pk, password=PASSWORD)
    assert states(process)[receipt.candidacy] == AccountState.ACTIVATED
    assert selectors.activation_of(pks)[receipt.candidacy] == Activation.ACTIVE
    assert Receipt.objects.count() == 1


def test_a_doubtful_mail_that_somebody_gives_as_delivered_is_doubtful_no_more(
    process, giver, candidacies, mailbox
):
    generated(process, giver)
    mailbox.swallows = "abruptly"
    one = User.objects.get(email="graciela@correo.example").pk
    work(runs.mail(process=process, users=[one], by=giver, once=uuid.uuid4()))
    send_mail()
    assert Notification.objects.doubtful().count() == 1
    (receipt,) = confirm(process, [one], giver)
    assert receipt.how == Arrival.SAID
    assert not Notification.objects.doubtful().exists()


@pytest.mark.parametrize("days", [1, -1])
def test_a_day_that_cannot_be_is_refused(process, giver, printed, days):
    with pytest.raises(delivery.DeliveryRefused):
        confirm(process, printed, giver, on=timezone.localdate() + timedelta(days=days))
    assert not Receipt.objects.exists()


def test_nothing_is_confirmed_of_an_account_that_was_given_nothing(process, giver, candidacies):
    generated(process, giver)
    with pytest.raises(delivery.DeliveryRefused):
        confirm(process, accounts(process), giver)


def test_a_new_link_has_a_receipt_of_its_own_and_the_term_stays(
    process, giver, candidacies, printed
):
    confirm(process, printed[:1], giver)
    before = terms.CaptureTerm.objects.get().due_at
    work(runs.print_sheets(process=process, users=printed[:1], by=giver, once=uuid.uuid4()))
    confirm(process, printed[:1], giver)
    assert Receipt.objects.count() == 2
    assert terms.CaptureTerm.objects.get().due_at == before


def test_revoked_links_are_worth_nothing_and_the_account_can_be_given_again(
    process, giver, printed
):
    assert delivery.revoke(process=process, users=printed, by=giver) == 3
    assert delivery.revoke(process=process, users=printed, by=giver) == 0
    assert selectors.counted(selectors.candidacies_of(process)) == {AccountState.REVOKED: 3}
    with pytest.raises(delivery.DeliveryRefused):
        confirm(process, printed, giver)
    work(runs.print_sheets(process=process, users=printed, by=giver, once=uuid.uuid4()))
    assert selectors.counted(selectors.candidacies_of(process)) == {AccountState.PRINTED: 3}


def test_the_link_of_a_candidacy_that_ended_activates_nothing(process, giver, candidacies, printed):
    link = ActivationLink.objects.order_by("pk").first()
    code = activation.code_of(link)
    candidacy = link.user.own_candidacy.candidacy
    revoke_own_accounts(candidacies=[candidacy], by=giver, because="prueba")
    with pytest.raises(activation.LinkNotGood):
        activation.link_of(code)
    with pytest.raises(activation.LinkNotGood):
        activation.activate(link_id=link.pk, password=PASSWORD)


def test_who_does_not_hand_out_accounts_confirms_nothing(process, printed, validator, liaison):
    for user in (validator, liaison):
        with pytest.raises(activation.NotYourAccounts):
            confirm(process, printed, user)
        with pytest.raises(activation.NotYourAccounts):
            delivery.revoke(process=process, users=printed, by=user)


def test_an_account_says_how_far_it_is_in_one_query(
    process, giver, candidacies, printed, django_assert_num_queries
):
    with django_assert_num_queries(1):
        found = states(process)
    assert set(found.values()) == {AccountState.PRINTED}
    ActivationLink.objects.update(expires_at=timezone.now())
    assert set(states(process).values()) == {AccountState.EXPIRED}
