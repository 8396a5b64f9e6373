"""What is done with a conversation: asking, writing on, answering and closing."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.accounts.models import User
from cms.candidacies.models import CandidacyPage
from cms.candidacies.permissions import require_capture
from cms.capture.advice import selectors
from cms.capture.advice.notifications import ANSWERED, ASKED
from cms.capture.advice.permissions import require_answering
from cms.capture.models import AdviceMessage, AdviceRequest, Topic
from cms.catalogs.spanish import clean_text
from cms.notifications.services import notify
from cms.privacy.services import require_acceptance
from cms.questionnaires.services import snapshot_of

LONGEST_MESSAGE = 3_000
# Of one account: more conversations than anybody needs at once, and messages than anybody writes.
MOST_WAITING = 5
MOST_IN_AN_HOUR = 10
MOST_IN_A_DAY = 30
# The same words again within this time are the button pressed twice.
AT_ONCE = timedelta(minutes=10)


class AdviceRefused(Exception):
    """Nothing was written. `explanation` says why, in Spanish, and `field` where; empty: all."""

    status = 422

    def __init__(self, explanation: str, field: str = "") -> None:
        self.explanation, self.field = explanation, field
        super().__init__(explanation)


class TooMuchAdvice(AdviceRefused):
    """This account asked too much in a short time; what it wrote stays in its form."""

    status = 429


class AdviceMoved(AdviceRefused):
    """Somebody wrote in the conversation after it was shown."""

    status = 409


class NoSuchAdvice(LookupError):
    """The conversation does not exist for this account."""


@transaction.atomic
def ask(
    *,
    user: User,
    topic: str,
    message: str,
    candidacy: CandidacyPage | None = None,
    step: str = "",
) -> AdviceRequest:
    """Begin a conversation with the institute, which is told by e-mail.

    Args:
        candidacy: what it is about; None: nothing in particular. step: title of a step of its form.

    Returns: the conversation; the same one if the button was pressed twice.
    Raises: AdviceRefused, TooMuchAdvice, NotYourCandidacy, NoticeNotAccepted (LGPDPPSO 14, 21).
    """
    if candidacy is not None:
        require_capture(user, candidacy)
    require_acceptance(user=user)
    if topic not in Topic.values:
        raise AdviceRefused(_("Elige sobre qué quieres preguntar."), "tema")
    text = _written(message, "mensaje")
    _one_at_a_time(user)
    now = timezone.now()
    twice = _asked_twice(user, topic, text, candidacy, now)
    if twice is not None:
        return twice
    _require_patience(user, now, begins=True)
    request = AdviceRequest.objects.create(
        account=user,
        asker_snapshot=snapshot_of(user),
        candidacy=candidacy,
        topic=topic,
        step=step[:200],
        asked_at=now,
        waits_since=now,
    )
    _write(request, user, text, now, is_of_institute=False)
    return request


@transaction.atomic
def write_on(*, user: User, request_id: int, message: str) -> AdviceMessage:
    """Write once more in one's own conversation, which opens it again if it was closed.

    Raises: NoSuchAdvice, AdviceRefused, TooMuchAdvice, NoticeNotAccepted.
    """
    require_acceptance(user=user)
    _one_at_a_time(user)
    request = _locked(request_id)
    if request is None or request.account_id != user.pk:
        raise NoSuchAdvice
    text = _written(message, "mensaje")
    now = timezone.now()
    last = request.messages.last()
    if last is not None and not last.is_of_institute and _is_twice(last, user, text, now):
        return last
    _require_patience(user, now, begins=False)
    request.waits_since = request.waits_since or now
    request.closed_at, request.closer_snapshot = None, None
    request.save(update_fields=["waits_since", "closed_at", "closer_snapshot"])
    return _write(request, user, text, now, is_of_institute=False)


@transaction.atomic
def answer(
    *, request_id: int, by: User, message: str, seen: int, closes: bool = False
) -> AdviceMessage:
    """Answer a conversation; the asker reads it there and is written to.

    Args:
        seen: key of the last message that was on the screen. closes: nothing else is expected.

    Raises: DoesNotAnswer, NoSuchAdvice, AdviceRefused, AdviceMoved.
    """
    require_answering(by)
    request = _locked(request_id)
    if request is None:
        raise NoSuchAdvice
    text = _written(message, "respuesta")
    now = timezone.now()
    last = request.messages.last()
    if last is not None and last.pk != seen:
        if last.is_of_institute and _is_twice(last, by, text, now):
            return last
        raise AdviceMoved(
            _("Alguien escribió en esta asesoría mientras respondías. Léelo y responde otra vez.")
        )
    request.waits_since = None
    if closes:
        request.closed_at, request.closer_snapshot = now, snapshot_of(by)
    request.save(update_fields=["waits_since", "closed_at", "closer_snapshot"])
    return _write(request, by, text, now, is_of_institute=True)


@transaction.atomic
def close(*, request_id: int, by: User, seen: int) -> AdviceRequest:
    """Close a conversation without another answer.

    Raises: DoesNotAnswer, NoSuchAdvice; AdviceMoved if the asker wrote meanwhile.
    """
    require_answering(by)
    request = _locked(request_id)
    if request is None:
        raise NoSuchAdvice
    last = request.messages.last()
    if last is not None and last.pk != seen:
        raise AdviceMoved(_("Alguien escribió en esta asesoría. Léelo antes de cerrarla."))
    if not request.is_closed:
        request.waits_since = None
        request.closed_at, request.closer_snapshot = timezone.now(), snapshot_of(by)
        request.save(update_fields=["waits_since", "closed_at", "closer_snapshot"])
    return request


def _locked(request_id: int) -> AdviceRequest | None:
    return AdviceRequest.objects.select_for_update().filter(pk=request_id).first()


def _one_at_a_time(user: User) -> None:
    """Wait for another request of the same account, so that both count each other's messages."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _written(message: str, field: str) -> str:
    text = clean_text(message).strip()
    if not text:
        raise AdviceRefused(_("Escribe tu mensaje."), field)
    if len(text) > LONGEST_MESSAGE:
        raise AdviceRefused(
            _("Tu mensaje tiene %(length)s caracteres; caben %(most)s. Acórtalo.")
            % {"length": f"{len(text):,}", "most": f"{LONGEST_MESSAGE:,}"},
            field,
        )
    return text


def _is_twice(last: AdviceMessage, user: User, text: str, now: datetime) -> bool:
    return last.author_id == user.pk and last.text == text and now - last.written_at < AT_ONCE


def _asked_twice(
    user: User, topic: str, text: str, candidacy: CandidacyPage | None, now: datetime
) -> AdviceRequest | None:
    recent = selectors.own(user).filter(
        topic=topic,
        candidacy=candidacy,
        asked_at__gt=now - AT_ONCE,
        messages__text=text,
        messages__is_of_institute=False,
    )
    return recent.first()


def _require_patience(user: User, now: datetime, *, begins: bool) -> None:
    """Raise TooMuchAdvice if the account asked too much."""
    waiting = selectors.own(user).filter(waits_since__isnull=False).count() if begins else 0
    if waiting >= MOST_WAITING:
        raise TooMuchAdvice(
            _(
                "Ya tienes %d preguntas en espera. Cuando el Instituto responda alguna podrás hacer"
                " otra; también puedes agregar un mensaje a una de ellas."
            )
            % waiting
        )
    written = AdviceMessage.objects.filter(author=user, is_of_institute=False)
    for most, span in (
        (MOST_IN_AN_HOUR, timedelta(hours=1)),
        (MOST_IN_A_DAY, timedelta(days=1)),
    ):
        if written.filter(written_at__gt=now - span).count() >= most:
            raise TooMuchAdvice(
                _(
                    "Enviaste muchos mensajes en poco tiempo y este todavía no se envía. Abajo está"
                    " lo que escribiste: inténtalo más tarde."
                )
            )


def _write(
    request: AdviceRequest, user: User, text: str, now: datetime, *, is_of_institute: bool
) -> AdviceMessage:
    message = AdviceMessage.objects.create(
        request=request,
        is_of_institute=is_of_institute,
        author=user,
        author_snapshot=snapshot_of(user),
        text=text,
        written_at=now,
    )
    notify(kind=(ANSWERED if is_of_institute else ASKED).key, about=message.pk)
    return message
