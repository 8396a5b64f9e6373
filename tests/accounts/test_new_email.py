"""Another e-mail counts once the link that was sent there is opened: once, and the last alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from time_machine import travel

from cms.accounts.audit import Event
from cms.accounts.models import AccountEvent, FormerEmail, User
from tests.accounts.test_links_by_mail import EMAIL, mailbox, owner, work_off
from tests.accounts.test_own_account import enter, events, path_of, words_of

__all__ = ["mailbox", "owner"]
pytestmark = pytest.mark.django_db
ANOTHER = "otro@partido.example"
USE = "/acceso/correo/"


def ask_for(client: Client, email: str = ANOTHER) -> str:
    """Ask for another e-mail; what the page says then."""
    client.post("/acceso/cuenta/correo/", {"email": email})
    return client.get("/acceso/cuenta/").content.decode()


def sent(box: Any) -> dict[str, str]:
    """Deliver what is queued: the text of each message by its address."""
    box.letters.clear()
    work_off()
    return {
        letter.rcpt_tos[0]: words_of(message)
        for letter, message in zip(box.letters, box.messages, strict=True)
    }


def link_for(box: Any, client: Client, email: str = ANOTHER) -> str:
    """Ask for another e-mail; the path of the link that arrives there."""
    ask_for(client, email)
    return link_in(sent(box)[email])


def link_in(text: str) -> str:
    address = next(word for word in text.split() if word.startswith("https://interno"))
    return path_of(address)


def confirm(link: str) -> Any:
    """Open a link in another browser and press its button."""
    browser = Client()
    browser.get(link)
    return browser.post(USE)


def address_of(user: User) -> str:
    return User.objects.get(pk=user.pk).email


def test_nothing_changes_before_the_link_is_opened_and_its_button_pressed(
    owner: User, mailbox: Any
) -> None:
    said = ask_for(enter())
    written = sent(mailbox)

    assert "Enviamos un enlace a ese correo" in said
    assert set(written) == {ANOTHER, EMAIL}
    assert ANOTHER not in written[EMAIL]
    assert "https://" not in written[EMAIL]
    link = link_in(written[ANOTHER])
    assert ANOTHER not in link
    program = Client()
    assert program.get(link)["Location"] == USE
    assert "Confirmar el correo de enlace.pd" in program.get(USE).content.decode()
    assert address_of(owner) == EMAIL
    assert confirm(link).status_code == 200

    assert address_of(owner) == ANOTHER
    assert events(owner)[-2:] == [Event.EMAIL_ASKED, Event.EMAIL_CHANGED]
    assert ANOTHER not in str(list(AccountEvent.objects.values("detail")))
    assert set(sent(mailbox)) == {ANOTHER, EMAIL}


def test_the_address_is_kept_sealed_until_it_is_confirmed(owner: User, mailbox: Any) -> None:
    link = link_for(mailbox, enter())
    assert ANOTHER not in str(list(FormerEmail.objects.values()))
    confirm(link)
    kept = FormerEmail.objects.select_related("event").get()
    assert kept.event.event == Event.EMAIL_CHANGED


@pytest.mark.parametrize("change", ["used", "late", "password", "closed", "another", "altered"])
def test_a_link_that_is_not_good_changes_nothing(owner: User, mailbox: Any, change: str) -> None:
    client = enter()
    link, later = link_for(mailbox, client), timezone.now()
    wanted = EMAIL
    if change == "used":
        confirm(link)
        User.objects.filter(pk=owner.pk).update(email=EMAIL)
    elif change == "late":
        later += timedelta(minutes=31)
    elif change == "password":
        owner.set_password("mezquite-al-sol-47")
        owner.save()
    elif change == "closed":
        User.objects.filter(pk=owner.pk).update(is_active=False)
    elif change == "another":
        wanted = "tercero@partido.example"
        assert confirm(link_for(mailbox, client, wanted)).status_code == 200
    else:
        link = f"{link[:-9]}AAAAAAAA/"
    with travel(later):
        browser = Client()
        answers = [browser.get(link).status_code, browser.post(USE).status_code]

    assert answers == [410, 410]
    assert not browser.cookies.get("sessionid")
    assert address_of(owner) == wanted


def test_one_account_has_few_mails_sent_to_addresses_of_others(owner: User, mailbox: Any) -> None:
    client = enter()
    for turn in range(5):
        ask_for(client, f"p{turn}@otros.example")
    stopped = client.post("/acceso/cuenta/correo/", {"email": "p6@otros.example"})
    assert stopped.status_code == 429
    assert FormerEmail.objects.count() == 1


def test_without_a_mail_server_the_address_changes_at_once(owner: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert "Tu correo quedó guardado" in ask_for(enter())
    assert address_of(owner) == ANOTHER
