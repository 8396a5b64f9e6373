"""What is told by e-mail of a conversation: to the institute that somebody asks, and the answer."""

from collections.abc import Iterable

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.accounts.models import User
from cms.capture.advice.permissions import may_answer
from cms.capture.advice.selectors import answering_accounts
from cms.capture.models import AdviceMessage
from cms.catalogs.addresses import internal_url
from cms.notifications.kinds import Message, NotificationKind


def _message(key: int) -> AdviceMessage:
    return AdviceMessage.objects.select_related("request__candidacy__process").get(pk=key)


def _is_practice(message: AdviceMessage) -> bool:
    candidacy = message.request.candidacy
    return candidacy is not None and candidacy.process.is_rehearsal


def _reachable(key: int) -> User | None:
    return User.objects.filter(pk=key, is_active=True).exclude(email="").first()


def _those_who_answer(key: int) -> Iterable[int]:
    """The internal body. Nobody is written to about a rehearsal."""
    return [] if _is_practice(_message(key)) else answering_accounts()


def _somebody_asks(key: int, user_id: int) -> Message | None:
    """That somebody waits, and where; neither who nor what. None once it was answered."""
    message, user = _message(key), _reachable(user_id)
    request = message.request
    if user is None or not may_answer(user) or request.waits_since is None:
        return None
    address = internal_url(reverse("advice:conversation", args=[request.pk]))
    return Message(
        address=user.email,
        subject=_("Asesoría %d: alguien espera tu respuesta") % request.pk,
        body=render_to_string(
            "capture/advice_asked_mail.txt", {"number": request.pk, "address": address}
        ),
    )


def _asker(key: int) -> Iterable[int]:
    message = _message(key)
    account = message.request.account
    if _is_practice(message) or account is None or not account.email:
        return []
    return [account.pk]


def _the_answer(key: int, user_id: int) -> Message | None:
    """The answer itself, to the account that asked while it is in force."""
    message, user = _message(key), _reachable(user_id)
    if user is None or not user.captures or message.request.account_id != user.pk:
        return None
    request = message.request
    context = {
        "number": request.pk,
        "topic": request.get_topic_display(),
        "text": message.text,
        "address": internal_url(reverse("capture:advice_conversation", args=[request.pk])),
    }
    return Message(
        address=user.email,
        subject=_("El Instituto respondió tu asesoría %d") % request.pk,
        body=render_to_string("capture/advice_answered_mail.txt", context),
    )


ASKED = NotificationKind("asesoria_pedida", _those_who_answer, _somebody_asks)
ANSWERED = NotificationKind("asesoria_respondida", _asker, _the_answer)
