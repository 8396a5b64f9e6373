"""gunicorn's threaded worker, changed so that threads get complete requests only (docs/adr/0017).

One loop reads from all visitors and writes to them without waiting for any; a thread only computes
an answer. Idle and slow visitors, also those who do not read their answer, cost no thread.
"""

import errno
import resource
import selectors
import socket
import sys
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any

from gunicorn.workers.gthread import ThreadWorker

from conoceles_site import refusals, worker_loads
from conoceles_site.connections import IN_MEMORY, PIECE, Connection, Refused, State

if TYPE_CHECKING:
    from conoceles_site.quick_answers import QuickAnswers

# How many visitors are accepted before the loop looks at those that it has.
ACCEPTED_AT_ONCE = 64
# A worker with so many more connections than another one leaves whoever comes to that one, and soon
# looks again. It takes them when nobody has for so long: the other one may be busy.
MORE_THAN_ANOTHER = 4
LEFT_SECONDS, LOOK_AGAIN_SECONDS = 0.02, 0.001
SWEEP_SECONDS = 0.5
# How long, and for how many pieces, a refused visitor may go on sending before reading why.
LINGER_SECONDS = 2
LINGER_PIECES = 64
# The memory that bodies may take while they arrive; above it, the largest one is refused.
ARRIVING_BODIES = 256 * 1024 * 1024
# How long a worker that has served its share waits for a quiet moment to be replaced.
RETIRE_SECONDS = 60
RETIRE_GRACE_SECONDS = 5
STOP_IDLE_SECONDS = 1


class WebWorker(ThreadWorker):
    """Threads compute. Only this loop talks to the network."""

    max_requests: int

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connections: set[Connection] = set()
        self.next_sweep = 0.0
        # When it left visitors to another worker, first and last, and when it looks for them again.
        self.left_since = self.left_last = float("-inf")
        self.looks_again = float("inf")
        # Requests with a large body: those that threads are working on, and those that wait.
        self.uploads: set[Connection] = set()
        self.waiting_uploads: deque[Connection] = deque()
        # gunicorn's own counter would cut off visitors who are just sending a file.
        self.retire_after = self.max_requests
        self.max_requests = sys.maxsize
        self.retire_by = float("inf")
        # Set once the application is loaded, if it keeps public pages (`conoceles_site.gunicorn`).
        self.quick: QuickAnswers | None = None

    def init_process(self) -> None:
        _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        super().init_process()

    def run(self) -> None:
        """Serve until told to stop, then finish what has begun."""
        self.poller.register(
            self.method_queue.fileno(), selectors.EVENT_READ, self.method_queue.run_callbacks
        )
        worker_loads.say(self.age, 0)
        self.set_accept_enabled(True)
        while self.alive and not self._should_retire():
            self._turn()
            if not self.is_parent_alive():
                break
        self._finish(RETIRE_GRACE_SECONDS if self.alive else self.cfg.graceful_timeout - 2)

    def _turn(self) -> None:
        self.notify()
        seconds = SWEEP_SECONDS
        if self.quick is not None:
            seconds = min(seconds, self.quick.seconds_to_next_turn)
        if self.looks_again < float("inf"):
            seconds = min(seconds, LOOK_AGAIN_SECONDS)
        self.wait_for_and_dispatch_events(timeout=seconds)
        if self.quick is not None:
            self.quick.turn()
        if time.monotonic() >= self.looks_again:
            self.looks_again = float("inf")
            self.set_accept_enabled(True)
        self._sweep()

    def _should_retire(self) -> bool:
        """Whether it has served its number of requests, and the moment is quiet."""
        if self.nr < self.retire_after:
            return False
        self.retire_by = min(self.retire_by, time.monotonic() + RETIRE_SECONDS)
        busy = any(not connection.is_idle for connection in self.connections)
        return not busy or time.monotonic() > self.retire_by

    def _finish(self, grace: float) -> None:
        self.alive = False
        worker_loads.end(self.age)
        self.looks_again = float("inf")
        self.set_accept_enabled(False)
        for listener in self.sockets:
            # When nobody listens any more, the next visitor is told at once.
            listener.close()
        now = time.monotonic()
        for connection in self.connections:
            if connection.state in {State.HEAD, State.CLOSING}:
                connection.deadline = min(connection.deadline, now + STOP_IDLE_SECONDS)
        while self.connections and time.monotonic() < now + grace:
            self._turn()
        for connection in list(self.connections):
            self._end(connection)
        self.tpool.shutdown(wait=False, cancel_futures=True)
        self.poller.close()
        self.method_queue.close()

    # -- from the network ---------------------------------------------------------------------

    def accept(self, listener: socket.socket) -> None:
        """Accept new visitors. If there is no room, the visitor who has been slowest leaves."""
        for _visitor in range(ACCEPTED_AT_ONCE):
            if self._leaves_to_others():
                return
            try:
                sock, client = listener.accept()
            except OSError as error:
                if error.errno in {errno.EMFILE, errno.ENFILE}:
                    self._make_room()
                return
            if len(self.connections) >= self.worker_connections and not self._make_room():
                sock.close()
                continue
            connection = Connection(self.cfg, sock, client, listener.getsockname())
            self.connections.add(connection)
            worker_loads.say(self.age, len(self.connections))
            self._receive(connection, sock)

    def _leaves_to_others(self) -> bool:
        """Whether another worker has fewer visitors, and may still take those who come now."""
        least = worker_loads.least_of_others(self.age)
        if len(self.connections) < least + MORE_THAN_ANOTHER:
            return False
        now = time.monotonic()
        if now - self.left_last > 2 * LEFT_SECONDS:
            self.left_since = now
        elif now - self.left_since > LEFT_SECONDS:
            return False
        self.left_last = now
        self.looks_again = now + LOOK_AGAIN_SECONDS
        self.set_accept_enabled(False)
        return True

    def _make_room(self) -> bool:
        waiting = {State.HEAD, State.CLOSING}
        slow = [visitor for visitor in self.connections if visitor.state in waiting]
        slow = slow or [visitor for visitor in self.connections if visitor.state is State.BODY]
        if not slow:
            return False
        self._end(min(slow, key=lambda visitor: visitor.since))
        return True

    def _watch(self, connection: Connection, events: int, callback: Callable[..., None]) -> None:
        if connection.watched == (events, callback):
            return
        change = self.poller.modify if connection.watched else self.poller.register
        change(connection.real_sock, events, partial(callback, connection))
        connection.watched = (events, callback)

    def _unwatch(self, connection: Connection) -> None:
        if connection.watched:
            self.poller.unregister(connection.real_sock)
        connection.watched = None

    def _receive(self, connection: Connection, _sock: Any) -> None:
        try:
            data = connection.real_sock.recv(PIECE)
        except BlockingIOError:
            self._watch(connection, selectors.EVENT_READ, self._receive)
            return
        except OSError:
            self._end(connection)
            return
        if not data:
            self._end(connection)
            return
        connection.arrived += data
        self._advance(connection)

    def _advance(self, connection: Connection) -> None:
        """Go on with what has arrived: wait, pass a complete request to a thread, or refuse it."""
        try:
            whole = connection.collect()
        except Exception as error:  # noqa: BLE001 (whatever it is, the loop goes on)
            self._refuse(connection, self._status_of(error))
            return
        if whole:
            self._unwatch(connection)
            connection.begin_serving()
            self._hand_over(connection)
        else:
            self._watch(connection, selectors.EVENT_READ, self._receive)

    def _hand_over(self, connection: Connection) -> None:
        """Give a complete request to a thread. Uploads always leave one thread for readers."""
        if self.quick is not None and self.quick.takes(connection):
            return
        if connection.body_size > IN_MEMORY:
            if len(self.uploads) >= max(1, self.cfg.threads - 1):
                self.waiting_uploads.append(connection)
                return
            self.uploads.add(connection)
        self.enqueue_req(connection)

    def leave_to_thread(self, connection: Connection) -> None:
        """Let a thread answer a request without a body."""
        if connection in self.connections:
            self.enqueue_req(connection)

    def answer_at_once(self, connection: Connection, data: bytes, *, keep_alive: bool) -> None:
        """Send an answer that took no thread."""
        if connection not in self.connections:
            return
        connection.keep_alive = keep_alive
        try:
            connection.sock.sendall(data)
        except OSError:
            self._end(connection)
            return
        connection.begin_sending()
        self._send(connection, None)

    def _status_of(self, error: Exception) -> int:
        status = refusals.status_of(error)
        if status >= 500 and not isinstance(error, Refused):
            self.log.error("unhandled", exc_info=error)
        return status

    def _refuse(self, connection: Connection, status: int) -> None:
        connection.keep_alive = False
        try:
            connection.sock.sendall(refusals.answer(status, path=connection.path))
        except OSError:
            self._end(connection)
            return
        connection.begin_sending()
        self._send(connection, None)

    # -- in a thread --------------------------------------------------------------------------

    def handle(self, conn: Connection) -> bool:
        """Compute one answer. Returns: whether the connection may be used again."""
        request = conn.begin_serving()
        try:
            return bool(self.handle_request(request, conn))
        except (StopIteration, BrokenPipeError, ConnectionResetError):
            return False
        except Exception as error:  # noqa: BLE001 (answered in form, and logged without values)
            conn.sock.sendall(refusals.answer(self._status_of(error), path=conn.path))
            return False

    # -- to the network -----------------------------------------------------------------------

    def finish_request(self, conn: Connection, fs: "Future[bool]") -> None:
        """The thread has finished: its answer leaves at the pace at which the visitor reads."""
        if conn in self.uploads:
            self.uploads.discard(conn)
            if self.waiting_uploads:
                self._hand_over(self.waiting_uploads.popleft())
        if conn not in self.connections:
            return
        failed = fs.cancelled() or fs.exception() is not None or conn.sock.failed
        conn.keep_alive = not failed and fs.result()
        conn.begin_sending()
        self._send(conn, None)

    def _send(self, connection: Connection, _sock: Any) -> None:
        try:
            done = connection.sock.flush()
        except OSError:
            self._end(connection)
            return
        if not done:
            connection.extend_sending()
            self._watch(connection, selectors.EVENT_WRITE, self._send)
        elif connection.keep_alive and self.alive:
            connection.wait_for_request(self.cfg.keepalive)
            if connection.arrived:
                self._advance(connection)
            else:
                self._watch(connection, selectors.EVENT_READ, self._receive)
        else:
            self._linger(connection)

    def _linger(self, connection: Connection) -> None:
        """Say that nothing more comes, and read on for a moment, so that the answer is not lost."""
        try:
            connection.real_sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._end(connection)
            return
        connection.state = State.CLOSING
        connection.deadline = time.monotonic() + LINGER_SECONDS
        self._watch(connection, selectors.EVENT_READ, self._discard)

    def _discard(self, connection: Connection, _sock: Any) -> None:
        connection.discarded += 1
        try:
            more = connection.real_sock.recv(PIECE)
        except BlockingIOError:
            return
        except OSError:
            more = b""
        if not more or connection.discarded > LINGER_PIECES:
            self._end(connection)

    # -- in time ------------------------------------------------------------------------------

    def _sweep(self) -> None:
        now = time.monotonic()
        if now < self.next_sweep:
            return
        self.next_sweep = now + SWEEP_SECONDS
        late = [visitor for visitor in self.connections if visitor.deadline < now]
        for connection in late:
            asks = connection.state is State.BODY or (
                connection.state is State.HEAD and not connection.is_idle
            )
            if asks:
                self._refuse(connection, 408)
            else:
                self._end(connection)
        self._bound_bodies()

    def _bound_bodies(self) -> None:
        arriving = [visitor for visitor in self.connections if visitor.state is State.BODY]
        total = sum(visitor.body_size for visitor in arriving)
        for connection in sorted(arriving, key=lambda visitor: -visitor.body_size):
            if total <= ARRIVING_BODIES:
                return
            total -= connection.body_size
            self._refuse(connection, 503)

    def _end(self, connection: Connection) -> None:
        self._unwatch(connection)
        self.connections.discard(connection)
        if self.alive:
            worker_loads.say(self.age, len(self.connections))
        connection.close()
