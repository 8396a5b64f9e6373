"""What a public page depends on, noted while it is made (ADR 0042).

Selectors note the versions of what they read, so that no view can forget one. Whoever reads without
a selector notes it itself. Outside of a page everything here does nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone


@dataclass
class Scope:
    """One page that is being made.

    Attributes:
        names: versions that it depends on (`cms.published.versions`); without any it is not kept.
        until: the next instant at which a date changes what it shows; None if there is none.
    """

    names: set[str] = field(default_factory=set)
    until: datetime | None = None


_current: ContextVar[Scope | None] = ContextVar("page", default=None)


@contextmanager
def collecting() -> Iterator[Scope]:
    """Collect in a new scope what the code inside depends on."""
    scope = Scope()
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)


def is_open() -> bool:
    """Whether a public page is being made; its versions were read when it began."""
    return _current.get() is not None


def depends_on(*names: str) -> None:
    """Note versions that the page depends on. They are read before what they stand for is."""
    scope = _current.get()
    if scope is not None:
        scope.names.update(names)


def visible_until(instant: datetime | None) -> None:
    """Note an instant at which a date changes what the page shows; None: no date will."""
    scope = _current.get()
    if scope is not None and instant is not None:
        scope.until = instant if scope.until is None else min(scope.until, instant)


def keep_no_longer_than(span: timedelta) -> None:
    """Note that the page also shows what has no version, and that it may be this old."""
    if _current.get() is not None:
        visible_until(timezone.now() + span)
