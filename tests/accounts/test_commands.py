"""What whoever operates the server does to accounts is in the audit, like everything else."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from cms.accounts.management.commands import changepassword
from cms.accounts.models import AccountEvent, User

pytestmark = pytest.mark.django_db
NEW = "nube trigo cobre lago"


def events(user: User) -> list[tuple[str, int | None, dict[str, Any]]]:
    rows = AccountEvent.objects.filter(account=user.pk).order_by("pk")
    return list(rows.values_list("event", "by", "detail"))


def type_in(monkeypatch: pytest.MonkeyPatch, *typed: str) -> None:
    """Have the command read this in place of a keyboard."""
    left = iter(typed)
    monkeypatch.setattr(changepassword, "getpass", lambda _prompt: next(left))


def test_the_first_account_is_in_the_audit_and_its_page_says_from_where(client: Client) -> None:
    call_command("createsuperuser", "--noinput", username="raiz", email="raiz@ejemplo.mx")

    user = User.objects.get(username="raiz")
    assert user.is_superuser
    assert events(user) == [("creada", None, {"way": "servidor"})]
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/admin/auditoria/").content.decode()
    assert "Se creó la cuenta" in page
    assert "desde el servidor" in page


def test_an_account_that_could_not_be_made_leaves_no_line() -> None:
    User.objects.create_user(username="raiz")
    with pytest.raises(CommandError):
        call_command("createsuperuser", "--noinput", username="RAIZ", email="raiz@ejemplo.mx")
    assert not AccountEvent.objects.exists()


def test_a_password_that_the_server_changes_is_in_the_audit_told_and_ends_sessions(
    monkeypatch: pytest.MonkeyPatch, liaison: User
) -> None:
    User.objects.filter(pk=liaison.pk).update(email="enlace@ejemplo.mx")
    inside = Client()
    inside.force_login(liaison, backend="django.contrib.auth.backends.ModelBackend")
    type_in(monkeypatch, NEW, "otra cosa", "corta", "corta", NEW, NEW)

    call_command("changepassword", liaison.username.upper())

    assert User.objects.get(pk=liaison.pk).check_password(NEW)
    assert ("contrasena", None, {"way": "servidor"}) in events(liaison)
    assert inside.get("/captura/").status_code == 302
    assert told_of_a_change() == [liaison.pk]


def told_of_a_change() -> list[int]:
    from cms.notifications.models import Notification

    rows = Notification.objects.filter(kind="cambio_de_cuenta")
    return list(rows.values_list("recipient", flat=True))


def test_after_three_tries_nothing_changed(monkeypatch: pytest.MonkeyPatch, liaison: User) -> None:
    before = liaison.password
    type_in(monkeypatch, *["corta", "corta"] * 3)

    with pytest.raises(CommandError, match="no cambió"):
        call_command("changepassword", liaison.username)
    with pytest.raises(CommandError, match="No hay una cuenta"):
        call_command("changepassword", "nadie")

    assert User.objects.get(pk=liaison.pk).password == before
    assert "contrasena" not in [event for event, _by, _detail in events(liaison)]
