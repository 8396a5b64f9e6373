"""A process with candidacies, and who hands their accounts out."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from cms.accounts.models import Role, User
from cms.accounts.services import create_staff
from cms.candidacies.models import CandidacyPage
from cms.candidacies.own_accounts import runs
from cms.candidacies.own_accounts.models import AccountRun
from cms.notifications.tasks import deliver
from tests.mail_server import Mailbox, serving
from tests.waiting import free_port


@pytest.fixture
def giver(db: None) -> User:
    """An account of the internal body."""
    return create_staff(
        username="instancia.uno", role=Role.INTERNAL_BODY, password="palabra-de-prueba-5"
    )


@pytest.fixture
def candidacies(make_candidacy: Callable[..., CandidacyPage]) -> list[CandidacyPage]:
    """Three candidacies; the last has no e-mail."""
    return [
        make_candidacy(name="Graciela Cenizo", email="graciela@correo.example"),
        make_candidacy(name="Bruno Ocotillo", email="bruno@correo.example", cvegeo="05035"),
        make_candidacy(name="Celia Ñandú", cvegeo="05030"),
    ]


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    """A real mail server, to which the settings of the site point."""
    port = free_port()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.WAGTAILADMIN_BASE_URL = "https://interno.instituto.example"
    with serving(Mailbox(), port) as box:
        yield box


def work(run: AccountRun) -> AccountRun:
    """Do a run whole, as the worker does."""
    while runs.work_some(run.pk):
        pass
    run.refresh_from_db()
    return run


def generated(process: Any, by: User) -> AccountRun:
    return work(runs.generate(process=process, by=by, once=uuid.uuid4()))


def accounts(process: Any) -> list[int]:
    """The keys of the accounts of the candidacies of a process, in the order of the list."""
    from cms.candidacies.own_accounts import selectors

    rows = selectors.in_process_order(selectors.candidacies_of(process), by_actor=False)
    return [row.account for row in rows]


def send_mail() -> None:
    """Deliver what is queued."""
    for job in ProcrastinateJob.objects.filter(task_name__endswith=".deliver"):
        deliver(**job.args)
