"""Mail to the owner of an account about what was changed in it. It holds no link and no secret."""

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.accounts.audit import Event
from cms.accounts.models import AccountEvent, User
from cms.notifications.kinds import Message, NotificationKind
from cms.notifications.services import notify

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


def _recipients(event_id: int) -> list[int]:
    return list(AccountEvent.objects.filter(pk=event_id).values_list("account", flat=True))


def _message(event_id: int, user_id: int) -> Message | None:
    """The mail; None where the account is gone or has no address."""
    event = AccountEvent.objects.filter(pk=event_id).first()
    user = User.objects.filter(pk=user_id).first()
    if event is None or user is None or not user.email or event.event not in WORDS:
        return None
    context = {"user": user, "words": WORDS[event.event], "at": event.at}
    return Message(
        address=user.email,
        subject=_("Un cambio en tu cuenta de Conóceles"),
        body=render_to_string("account/changed_mail.txt", context),
    )


NOTIFICATION = NotificationKind("cambio_de_cuenta", _recipients, _message)
