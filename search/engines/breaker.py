"""Keeps requests from asking a server that fails, until it may be well again."""

import threading
import time
from collections.abc import Callable

import structlog

logger = structlog.stdlib.get_logger("conoceles.search")

# After a failure the server is left alone for so long, and twice as long after each further one.
FIRST_PAUSE_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 60.0


class Breaker:
    """Whether a server may be asked. Each process has one of its own; its threads share it.

    Attributes:
        failure: what went wrong last, by the name of the exception; "" while all is well.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Args: clock: seconds that only grow."""
        self._clock = clock
        self.failure = ""
        self._failures = 0
        self._paused_until = 0.0
        self._lock = threading.Lock()

    def admits(self) -> bool:
        """Whether to ask now. After a pause one request tries; the others wait for its result."""
        if not self.failure:
            return True
        with self._lock:
            now = self._clock()
            if now < self._paused_until:
                return False
            self._paused_until = now + self._pause()
            return True

    def failed(self, failure: str) -> None:
        """The server did not answer as it should: leave it alone for a while."""
        with self._lock:
            self._paused_until = self._clock() + self._pause()
            self._failures += 1
            was_well, self.failure = not self.failure, failure
        if was_well:
            logger.warning("search_server_failed", failure=failure)

    def answered(self) -> None:
        """The server answers."""
        if not self.failure:
            return
        with self._lock:
            self.failure, self._failures, self._paused_until = "", 0, 0.0
        logger.info("search_server_answers_again")

    def _pause(self) -> float:
        doubled: float = FIRST_PAUSE_SECONDS * 2 ** min(self._failures, 10)
        return min(doubled, LONGEST_PAUSE_SECONDS)
