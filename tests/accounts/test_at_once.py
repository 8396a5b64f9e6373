"""Simultaneous attempts in real transactions: each is counted exactly once."""

import threading

import pytest
from django.db import connection
from django.test import Client

from cms.accounts import throttle
from cms.accounts.models import SignInBudget


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """What is written stays until the end of the test, as on a real site."""
    with django_db_blocker.unblock():
        yield
        SignInBudget.objects.all().delete()
        connection.close()


def test_twenty_passwords_at_once_are_counted_as_twenty(committed):
    start, answers = threading.Barrier(20), []

    def guess() -> None:
        client = Client(REMOTE_ADDR="198.51.100.9")
        start.wait()
        answer = client.post("/acceso/", {"login": "nadie", "password": "palabra-equivocada-9"})
        answers.append(answer.status_code)
        connection.close()

    guessing = [threading.Thread(target=guess) for _turn in range(20)]
    for thread in guessing:
        thread.start()
    for thread in guessing:
        thread.join()

    assert len(answers) == 20
    assert set(answers) == {200, 429}
    assert answers.count(200) == throttle.ADDRESS_AND_ACCOUNT.at_once
