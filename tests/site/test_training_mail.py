"""No mail leaves a training copy; the trainer reads it on a screen (ADR 0060)."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.mail import EmailMessage, get_connection, send_mail
from django.test import Client
from django.utils import timezone

from cms.notifications import mail, outbox, services
from cms.notifications.kinds import Message
from cms.notifications.models import TrainingMessage
from tests import own_database
from tests.mail_server import Mailbox, serving
from tests.waiting import free_port

SCREEN = "/admin/capacitacion/correos/"
SEND = """
import django
django.setup()
from django.core.mail import send_mail
from cms.notifications import mail
from cms.notifications.kinds import Message
from cms.notifications.models import TrainingMessage
send_mail("Uno", "Texto", None, ["uno@partido.example"])
mail.send(Message("dos@partido.example", "Dos", "Texto"), reference="x.1")
mail.send(Message("dos@partido.example", "Dos", "Texto"), reference="x.1")
print(sorted(TrainingMessage.objects.values_list("recipients", flat=True)), mail.mail_is_sent())
"""


@pytest.fixture
def letter(settings: Any, db: None) -> TrainingMessage:
    """A message that this training copy did not send."""
    settings.CONOCELES_TRAINING = True
    said = "Entra aquí: https://interno.instituto.example/acceso/enlace/abc/\n<b>Saludos</b>"
    mail.send(Message("enlace@partido.example", "Tu enlace & tu cuenta", said), reference="a.1")
    return TrainingMessage.objects.get()


def _signed_in(account: Any) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_real_server_receives_nothing_whatever_the_environment_says(
    django_db_setup: None, tmp_path: Path
) -> None:
    port = free_port()
    env = own_database.create("training", tmp_path) | {
        "DJANGO_SETTINGS_MODULE": "conoceles_site.settings.development",
        "CONOCELES_TRAINING": "1",
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
    }
    with serving(Mailbox(), port) as box:
        done = subprocess.run(
            [sys.executable, "-c", SEND],
            cwd=own_database.ROOT,
            env=env,
            check=True,
            capture_output=True,
            text=True,
        )
    own_database.drop("training")
    assert box.letters == []
    assert done.stdout.strip() == "['dos@partido.example', 'uno@partido.example'] True"


def test_the_service_sends_nothing_even_with_another_backend(settings: Any, db: None) -> None:
    settings.CONOCELES_TRAINING = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    mail.send(Message("a@b.example", "Asunto", "Texto"), reference="a.1")
    assert TrainingMessage.objects.get().recipients == "a@b.example"


def test_the_backend_keeps_what_libraries_send(settings: Any, db: None) -> None:
    settings.CONOCELES_TRAINING = True
    backend = get_connection("cms.notifications.outbox.OutboxBackend")
    sent = send_mail("Asunto", "Texto", None, ["a@b.example", "c@d.example"], connection=backend)
    assert sent == 1
    assert TrainingMessage.objects.get().recipients == "a@b.example, c@d.example"


def test_the_trainer_reads_messages_and_follows_their_links(
    letter: TrainingMessage, superuser: Any
) -> None:
    client = _signed_in(superuser)
    text = client.get(SCREEN).content.decode()
    assert "Tu enlace &amp; tu cuenta" in text
    assert 'href="https://interno.instituto.example/acceso/enlace/abc/"' in text
    assert "&lt;b&gt;Saludos&lt;/b&gt;" in text
    assert "Tu enlace" in client.get(SCREEN, {"q": "PARTIDO.example"}).content.decode()
    nothing = client.get(SCREEN, {"q": "otra", "p": "99"}).content.decode()
    assert "Tu enlace" not in nothing
    assert "0 mensajes" in nothing


def test_nobody_else_reads_it_and_elsewhere_the_screen_does_not_exist(
    letter: TrainingMessage, validator: Any, liaison: Any, superuser: Any, settings: Any
) -> None:
    access = Permission.objects.get(codename="access_admin")
    validator.user_permissions.add(access)
    for account in (validator, liaison):
        response = _signed_in(account).get(SCREEN)
        assert response.status_code in {302, 403}
        assert b"Tu enlace" not in response.content
    settings.CONOCELES_TRAINING = False
    assert _signed_in(superuser).get(SCREEN).status_code == 404


def test_old_messages_go_and_all_of_them_when_it_is_no_training_copy(
    letter: TrainingMessage, settings: Any
) -> None:
    assert services.purge() == 0
    TrainingMessage.objects.update(kept_at=timezone.now() - outbox.KEPT - timedelta(minutes=1))
    assert services.purge() == 1
    outbox.keep(EmailMessage("Asunto", "Texto", to=["a@b.example"]))
    settings.CONOCELES_TRAINING = False
    assert services.purge() == 1


def test_who_asks_for_a_link_is_told_where_it_is_read(
    settings: Any, client: Client, process: Any
) -> None:
    settings.CONOCELES_TRAINING = True
    assert "Correos de la capacitación" in client.get("/acceso/enlace/").content.decode()
