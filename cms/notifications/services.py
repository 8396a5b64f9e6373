"""Telling people by e-mail what was decided: asked for with the decision, sent by the worker."""

from collections.abc import Iterable

from django.db import connection, transaction
from django.utils import timezone

from cms.catalogs.queued_with_rows import with_rows
from cms.notifications import mail, outbox
from cms.notifications.kinds import Message, kind_of, kinds
from cms.notifications.models import Notification

_ASK = """
insert into notifications_notification (kind, about, recipient, created_at)
select %s, %s, recipient, %s from unnest(%s::bigint[]) with ordinality as told(recipient, place)
order by place
on conflict do nothing
returning id
"""


def notify(*, kind: str, about: int) -> int:
    """Ask for everybody who has to know of something to be told, in the deciding transaction.

    If the transaction is rolled back nobody is told; if it is committed a worker tells each
    recipient once. Whoever was told, or is about to be, is not told again. An installation without
    a mail server asks for nothing.

    Args:
        kind: the key of a registered kind. about: the key of what is told.

    Returns: how many messages were asked for.
    Raises: KeyError if the kind is not registered.
    """
    recipients = kind_of(kind).recipients(about)
    return notify_these(kind=kind, about=about, recipients=recipients)


@transaction.atomic
def notify_these(*, kind: str, about: int, recipients: Iterable[int]) -> int:
    """Ask for these to be told, as `notify` does for all: a fixed number of queries.

    Whoever tells thousands asks for some of them at a time, so that no transaction is long.

    Returns: how many messages were asked for.
    """
    from cms.notifications.tasks import deliver

    asked = list(dict.fromkeys(recipients))
    if not (asked and mail.mail_is_sent()):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_ASK, [kind, about, timezone.now(), asked])
        new = [row[0] for row in cursor.fetchall()]
    if new:
        with_rows(deliver).batch_defer(*({"notification_id": pk} for pk in new))
    return len(new)


def send(*, notification_id: int) -> bool:
    """Send a notification, unless it was settled already. Its kind says how often it may leave.

    Returns: whether a message left.
    Raises: mail.NotDelivered: try again later. The notification is as it was.
    """
    kind = Notification.objects.filter(pk=notification_id).values_list("kind", flat=True).first()
    if kind is None:
        return False
    if kind_of(kind).at_most_once:
        return _send_at_most_once(notification_id)
    return _send(notification_id)


@transaction.atomic
def _send(notification_id: int) -> bool:
    """Send, with the row locked while the server takes the message.

    So two workers do not send it twice. A worker that is killed after the server took the message,
    and before that is written down, makes it arrive again under the same Message-ID.
    """
    notification = Notification.objects.select_for_update().filter(pk=notification_id).first()
    if notification is None or notification.is_settled:
        return False
    message = kind_of(notification.kind).message(notification.about, notification.recipient)
    if message is None:
        _settle(notification, "dropped_at")
        return False
    try:
        mail.send(message, reference=_reference(notification))
    except mail.RefusedForGood:
        _settle(notification, "refused_at")
        return False
    _settle(notification, "sent_at")
    return True


def _send_at_most_once(notification_id: int) -> bool:
    """Commit that there is an attempt before talking to the server, and its outcome afterwards.

    An attempt without an outcome (the worker was killed, or the connection was cut when the message
    was on its way) is doubtful. Nothing repeats it but a person.
    """
    begun = _begin_attempt(notification_id)
    if begun is None:
        return False
    notification, message = begun
    own = Notification.objects.filter(pk=notification_id, attempted_at=notification.attempted_at)
    try:
        mail.send(message, reference=_reference(notification))
    except mail.RefusedForGood:
        own.update(refused_at=timezone.now())
        return False
    except mail.OutcomeUnknown:
        own.update(doubtful_at=timezone.now())
        return False
    except mail.NotDelivered:
        own.filter(doubtful_at=None).update(attempted_at=None)
        raise
    own.update(sent_at=timezone.now())
    return True


@transaction.atomic(durable=True)
def _begin_attempt(notification_id: int) -> tuple[Notification, Message] | None:
    """The notification and what it says, if it may be sent now; None if not."""
    notification = Notification.objects.select_for_update().filter(pk=notification_id).first()
    if notification is None or notification.is_settled:
        return None
    if notification.attempted_at is not None:
        if notification.doubtful_at is None:
            _settle(notification, "doubtful_at")
        return None
    message = kind_of(notification.kind).message(notification.about, notification.recipient)
    if message is None:
        _settle(notification, "dropped_at")
        return None
    _settle(notification, "attempted_at")
    return notification, message


@transaction.atomic
def give_as_sent(*, notification_id: int) -> bool:
    """Somebody knows that a doubtful message arrived. The caller checks whether they may say so.

    Returns: whether it was doubtful.
    """
    doubtful = Notification.objects.doubtful().select_for_update().filter(pk=notification_id)
    notification = doubtful.first()
    if notification is not None:
        _settle(notification, "sent_at")
    return notification is not None


def _reference(notification: Notification) -> str:
    """Always the same for a notification, and different in another installation's database."""
    return f"{notification.kind}.{notification.pk}.{notification.created_at:%Y%m%d%H%M%S%f}"


def _settle(notification: Notification, how: str) -> None:
    setattr(notification, how, timezone.now())
    notification.save(update_fields=[how])


def purge() -> int:
    """Delete the rows of kinds that do not keep them, and old mail of a training copy.

    Returns: how many.
    """
    deleted = 0
    for kind in kinds():
        if kind.kept is not None:
            old = Notification.objects.filter(
                kind=kind.key, created_at__lt=timezone.now() - kind.kept
            )
            deleted += old.delete()[0]
    return deleted + outbox.purge()
