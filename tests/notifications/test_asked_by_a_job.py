"""What a job of a worker asks for is queued with its transaction, as on the web."""

import pytest
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob

from cms.accounts.activation_mail import NOTIFICATION
from cms.notifications.services import notify
from tests.mail_server import Mailbox

pytestmark = pytest.mark.django_db


class Undone(Exception):
    """Takes a transaction back."""


@pytest.mark.parametrize("is_undone", [False, True])
def test_no_worker_meets_the_job_of_a_message_before_the_message(
    mailbox: Mailbox, is_undone: bool
) -> None:
    queued = ProcrastinateJob.objects.filter(task_name="cms.notifications.tasks.deliver")
    # As `manage.py procrastinate worker` does it: the queue has connections of its own.
    web = app.connector
    assert isinstance(web, DjangoConnector)
    with app.replace_connector(web.get_worker_connector()), app.open():
        try:
            with transaction.atomic():
                assert notify(kind=NOTIFICATION.key, about=1) == 1
                if is_undone:
                    raise Undone
        except Undone:
            pass
    assert queued.count() == int(not is_undone)
