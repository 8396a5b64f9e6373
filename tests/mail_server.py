"""A real mail server for tests: it keeps the messages, and can refuse them or stop answering."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller


class Mailbox:
    """What a mail server received.

    Attributes:
        letters: the envelopes, in the order in which they arrived.
        refuses: if set, the refusal of every recipient ("550 no such user").
        hangs: if set, the server does not answer to a recipient, but sets `reached`.
        swallows: if set, the server takes a message and then ends the connection without a word,
            or never answers if `swallows` is "hanging"; it sets `reached`.
    """

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.refuses = ""
        self.hangs = False
        self.swallows = ""
        self.reached = threading.Event()

    @property
    def messages(self) -> list[Message]:
        """The letters as messages."""
        return [message_from_bytes(letter.content) for letter in self.letters]

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.hangs:
            import asyncio

            self.reached.set()
            await asyncio.Event().wait()
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.append(envelope)
        if self.swallows:
            import asyncio

            self.reached.set()
            if self.swallows == "hanging":
                await asyncio.Event().wait()
            server.transport.abort()
        return "250 OK"


@contextmanager
def serving(box: Mailbox, port: int) -> Iterator[Mailbox]:
    """Serve on a port of this machine while the block runs."""
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
