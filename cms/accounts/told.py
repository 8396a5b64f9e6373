"""Mail to the owner of an account about what was changed in it. It holds no link and no secret."""

from datetime import timedelta

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.accounts.audit import Event
from cms.accounts.keys import Unreadable, seal, unseal
from cms.accounts.models import AccountEvent, FormerEmail, User
from cms.notifications.kinds import Message, NotificationKind
from cms.notifications.services import notify

PURPOSE = "former e-mail"
# In place of the key of an account: the address that it had before. No account has this key.
FORMER = 0
KEPT = timedelta(days=1)
# What the owner reads. An event that is not here is told to nobody.
WORDS: dict[str, str | Promise] = {
    Event.PASSWORD_CHANGED: gettext_lazy("Cambió la contraseña."),
    Event.FACTOR_SET: gettext_lazy("Se activó un segundo paso para entrar."),
    Event.FACTOR_REMOVED: gettext_lazy("Se quitó un segundo paso para entrar."),
    Event.FACTORS_TAKEN: gettext_lazy(
        "El Instituto quitó el segundo paso, porque alguien dijo que se perdió."
        " La próxima vez que entres tendrás que activar otro."
    ),
    Event.RECOVERY_CODE_USED: gettext_lazy("Alguien entró con un código de respaldo."),
    Event.EMAIL_CHANGED: gettext_lazy("Cambió el correo de la cuenta."),
}


def tell(event: AccountEvent) -> None:
    """Queue the mail about an event, in the transaction that wrote it down; few events have one."""
    if event.event in WORDS:
        notify(kind=NOTIFICATION.key, about=event.pk)


def tell_the_former_address(event: AccountEvent, address: str) -> None:
    """Queue the mail about another e-mail, also to the one before: its owner may not know."""
    if address:
        FormerEmail.objects.create(event=event, sealed=seal(PURPOSE, address))
    tell(event)


def purge() -> int:
    """Delete the addresses of before that were told, or can be told no more. Returns how many."""
    old, _kinds = FormerEmail.objects.filter(made_at__lt=timezone.now() - KEPT).delete()
    return old


def _recipients(event_id: int) -> list[int]:
    """The account and, where its address changed, the address of before."""
    accounts = list(AccountEvent.objects.filter(pk=event_id).values_list("account", flat=True))
    has_former = FormerEmail.objects.filter(pk=event_id).exists()
    return [*accounts, FORMER] if has_former else accounts


def _message(event_id: int, user_id: int) -> Message | None:
    """The mail; None where the account is gone or has no address."""
    event = AccountEvent.objects.filter(pk=event_id).first()
    if event is None or event.event not in WORDS:
        return None
    user = User.objects.filter(pk=event.account).first()
    address = _former(event_id) if user_id == FORMER else user.email if user else ""
    if user is None or not address:
        return None
    context = {"user": user, "words": WORDS[event.event], "at": event.at}
    return Message(
        address=address,
        subject=_("Un cambio en tu cuenta de Conóceles"),
        body=render_to_string("account/changed_mail.txt", context),
    )


def _former(event_id: int) -> str:
    row = FormerEmail.objects.filter(pk=event_id).first()
    try:
        return unseal(PURPOSE, row.sealed, max_age=KEPT) if row is not None else ""
    except Unreadable:
        return ""


NOTIFICATION = NotificationKind("cambio_de_cuenta", _recipients, _message)
