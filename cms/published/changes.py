"""Tells whoever keeps something of the public rows, such as an index, which rows changed.

The rooms that read what is public register here, since `cms.publication`, which writes it, does not
know them.
"""

from collections.abc import Callable, Sequence
from typing import Any

Listener = Callable[[Sequence[int]], None]

_listeners: dict[str, Listener] = {}


def register(name: str, listener: Listener) -> None:
    """Make a listener known. Rooms call it when they start; a name may register again.

    Args:
        listener: called in the transaction that writes, with the ids of the candidacies whose rows
            were written or deleted. It must be quick and must not fail; whatever it enqueues holds
            only if the transaction is committed.
    """
    _listeners[name] = listener


def tell(candidacy_ids: Sequence[int]) -> None:
    """Tell every listener; called in the transaction that wrote or deleted these rows."""
    if candidacy_ids:
        for listener in _listeners.values():
            listener(candidacy_ids)


def on_row_deleted(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Receiver of post_delete of public rows."""
    tell([instance.candidacy_id])
