"""Kinds of notifications: rooms above register what they tell, to whom, and in which words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Message:
    """An e-mail in plain text, ready to be sent to one address."""

    address: str
    subject: str
    body: str


@dataclass(frozen=True)
class NotificationKind:
    """Something that is told by e-mail.

    Attributes:
        key: at most 40 characters; it stands in the database and never changes.
        recipients: from the key of what is told, the keys of those to be told. It is called in the
            transaction that decides.
        message: from the key of what is told and the key of a recipient, the message as it has to
            read now; None when there is nothing to tell any more, or no address to write to. It is
            called by the worker, and may be called again.
        at_most_once: never send a message whose first attempt has no known outcome. It becomes
            doubtful, and a person decides. Otherwise it is sent again under the same Message-ID.
        kept: how long the row is kept; None keeps it as a record of what was told.
    """

    key: str
    recipients: Callable[[int], Iterable[int]]
    message: Callable[[int, int], Message | None]
    kept: timedelta | None = None
    at_most_once: bool = False


_registered: dict[str, NotificationKind] = {}


def register(kind: NotificationKind) -> None:
    """Make a kind known. Rooms call it when they start; the same kind may register again."""
    _registered[kind.key] = kind


def kinds() -> tuple[NotificationKind, ...]:
    """Every kind that is registered."""
    return tuple(_registered.values())


def kind_of(key: str) -> NotificationKind:
    """A kind by its key. Raises KeyError."""
    return _registered[key]
