"""A connection as the web worker sees it: what has arrived, what still has to leave, and deadlines.

Nothing here waits. A request is collected until it is complete, and an answer is kept until the
visitor has read it. Both have deadlines, so a slow client costs a little memory and never a thread
(docs/adr/0017).
"""

import re
import socket
import tempfile
import time
from collections.abc import Callable
from enum import Enum, auto
from typing import IO, Any

from gunicorn.http.body import ChunkedReader, LengthReader
from gunicorn.http.errors import LimitRequestHeaders, NoMoreData
from gunicorn.http.message import Request
from gunicorn.http.unreader import SocketUnreader

# No browser sends a head that takes longer than this to arrive, or is larger.
HEAD_SECONDS = 20
LARGEST_HEAD = 64 * 1024
# The largest upload is a photograph of 10 MB. The form itself refuses larger files, up to this
# size.
LARGEST_BODY = 32 * 1024 * 1024
# A body or an answer may take this long, plus a second for each of these many bytes that moved.
PATIENCE_SECONDS = 30
SLOWEST_BYTES_PER_SECOND = 500
LONGEST_SECONDS = 15 * 60
# Up to this size a body or an answer waits in memory; the rest waits in a file.
IN_MEMORY = 64 * 1024
PIECE = 64 * 1024
# From this version of HTTP on, a request without Host is refused (RFC 9112, 3.2).
FIRST_WITH_HOST = (1, 1)

_LONE_LF = re.compile(rb"(?<!\r)\n")
_CHUNK_SIZE = re.compile(rb"[0-9a-fA-F]{1,8}")


class Refused(Exception):
    """The request is answered with this status, and its connection ends."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class State(Enum):
    """What a connection is doing."""

    HEAD = auto()
    BODY = auto()
    SERVING = auto()
    SENDING = auto()
    CLOSING = auto()


class Outbox:
    """gunicorn writes answers here instead of to the socket, so it never waits for the reader."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._file: IO[bytes] | None = None
        self._sent = 0
        self._kept = 0
        self.total_sent = 0
        self.failed = False

    @property
    def waiting(self) -> int:
        """How many bytes the reader has not taken yet."""
        return self._kept - self._sent

    def sendall(self, data: bytes) -> None:
        """Send what fits into the buffer of the operating system now, and keep the rest."""
        if self.failed:
            raise BrokenPipeError
        if not self.waiting:
            data = data[self._push(data) :]
        if data:
            if self._file is None:
                self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
            self._file.seek(self._kept)
            self._file.write(data)
            self._kept += len(data)

    def send(self, data: bytes) -> int:
        """Part of the interface of a socket."""
        self.sendall(data)
        return len(data)

    def flush(self) -> bool:
        """Send as much as the reader takes now. Returns: True when nothing is left."""
        while self.waiting and self._file is not None:
            self._file.seek(self._sent)
            sent = self._push(self._file.read(PIECE))
            if not sent:
                return False
            self._sent += sent
        self.forget()
        return True

    def forget(self) -> None:
        """Release the memory and the file of what was kept."""
        if self._file is not None:
            self._file.close()
        self._file, self._sent, self._kept = None, 0, 0

    def _push(self, data: bytes) -> int:
        try:
            sent = self._sock.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            self.failed = True
            raise
        self.total_sent += sent
        return sent

    # gunicorn calls it on a socket whose answer broke off: the connection must end.
    def shutdown(self, _how: int) -> None:
        self.failed = True

    def settimeout(self, _seconds: float | None) -> None:
        pass

    def recv(self, _size: int) -> bytes:
        return b""

    def close(self) -> None:
        self.failed = True


class _Source:
    """The bytes of one request, as a socket from which gunicorn's parser reads."""

    def __init__(self, head: bytes) -> None:
        self._head = head
        self.body: IO[bytes] | None = None

    def recv(self, size: int) -> bytes:
        if self._head:
            piece, self._head = self._head[:size], self._head[size:]
            return piece
        return self.body.read(size) if self.body is not None else b""


class _Length:
    """A body of known length: how much of it is missing."""

    def __init__(self, length: int) -> None:
        self._missing = length

    def take(self, data: bytes) -> int:
        """How many bytes at the start of `data` belong to the body."""
        taken = min(len(data), self._missing)
        self._missing -= taken
        return taken

    @property
    def whole(self) -> bool:
        return self._missing == 0


class _Chunks:
    """Finds where a chunked body ends. gunicorn's own reader checks its form afterwards."""

    def __init__(self) -> None:
        self._line = b""
        self._skip = 0
        self._last = False
        self.whole = False

    def take(self, data: bytes) -> int:
        """How many bytes at the start of `data` belong to the body, framing included."""
        position = 0
        while position < len(data) and not self.whole:
            if self._skip:
                step = min(self._skip, len(data) - position)
                self._skip -= step
                position += step
                continue
            end = data.find(b"\n", position)
            stop = len(data) if end < 0 else end + 1
            self._line += data[position:stop]
            position = stop
            if len(self._line) > LARGEST_HEAD:
                raise Refused(400)
            if end >= 0:
                self._end_of_line()
        return position

    def _end_of_line(self) -> None:
        line, self._line = self._line.strip(), b""
        if self._last:
            self.whole = not line
            return
        size = _CHUNK_SIZE.match(line)
        if size is None:
            raise Refused(400)
        length = int(size.group(), 16)
        if length > LARGEST_BODY:
            raise Refused(413)
        self._last = length == 0
        self._skip = length + 2 if length else 0


class Connection:
    """One visitor's connection, from its acceptance to its end."""

    def __init__(self, cfg: Any, sock: socket.socket, client: Any, server: Any) -> None:
        sock.setblocking(False)
        self.cfg = cfg
        self.real_sock = sock
        self.client = client
        self.server = server
        # Where gunicorn writes the answer.
        self.sock = Outbox(sock)
        self.arrived = bytearray()
        self.requests = 0
        self.keep_alive = False
        # What the poller waits for, and what it then calls. None while a thread computes the
        # answer.
        self.watched: tuple[int, Callable[..., None]] | None = None
        self.discarded = 0
        self.wait_for_request(HEAD_SECONDS)

    def wait_for_request(self, seconds: float) -> None:
        """Start over: by the deadline the next request has begun, or its head is complete."""
        self.state = State.HEAD
        self.request: Request | None = None
        self.body_size = 0
        self._frame: _Length | _Chunks | None = None
        self._body: IO[bytes] | None = None
        self._looked_at = 0
        self.since = time.monotonic()
        self.deadline = self.since + seconds

    @property
    def path(self) -> bytes:
        """The path that is asked for, even if it is malformed; empty while it is unknown."""
        if self.request is not None:
            return str(self.request.path).encode()
        return bytes(self.arrived[:300]).partition(b" ")[2]

    @property
    def is_idle(self) -> bool:
        """Whether no byte of another request has arrived."""
        return self.state is State.HEAD and not self.arrived

    def collect(self) -> bool:
        """Move what has arrived into the request. Returns: True when the request is complete.

        Raises:
            Refused: it is too large.
            ParseException (of gunicorn): it is not an HTTP request.
        """
        if self.state is State.HEAD and not self._take_head():
            return False
        self._take_body()
        return self._frame is None or self._frame.whole

    def _take_head(self) -> bool:
        if self._looked_at == 0 and self.arrived and self.requests:
            # A kept connection may wait long for its next request, but its head must then arrive
            # soon.
            self.deadline = time.monotonic() + HEAD_SECONDS
        start = max(0, self._looked_at - 3)
        end = self.arrived.find(b"\r\n\r\n", start)
        self._looked_at = len(self.arrived)
        if end < 0 and len(self.arrived) <= LARGEST_HEAD:
            # A head with a lone line feed never ends: the parser can refuse it at once.
            if not _LONE_LF.search(self.arrived, start):
                return False
            end = len(self.arrived) - 4
        self._parse(bytes(self.arrived[: LARGEST_HEAD if end < 0 else end + 4]), cut=end < 0)
        del self.arrived[: end + 4]
        return True

    def _parse(self, head: bytes, *, cut: bool) -> None:
        source = _Source(head)
        try:
            request = Request(self.cfg, SocketUnreader(source), self.client, self.requests + 1)
        except (NoMoreData, StopIteration):
            if cut:
                raise LimitRequestHeaders("head") from None
            raise Refused(400) from None
        if cut:
            raise LimitRequestHeaders("head")
        if request.version >= FIRST_WITH_HOST and not any(
            name == "HOST" for name, _value in request.headers
        ):
            raise Refused(400)
        self.requests += 1
        self.request, self._source = request, source
        self._expect_body(request)

    def _expect_body(self, request: Request) -> None:
        reader = request.body.reader
        self.state = State.BODY
        self.since = time.monotonic()
        if isinstance(reader, ChunkedReader):
            self._frame = _Chunks()
        elif isinstance(reader, LengthReader) and reader.length:
            if reader.length > LARGEST_BODY:
                raise Refused(413)
            self._frame = _Length(reader.length)
        if self._frame is not None:
            self._body = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
            if request._expected_100_continue:
                self.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        request._expected_100_continue = False
        self._extend_deadline(0)

    def _take_body(self) -> None:
        if self._frame is None or self._body is None:
            return
        data = bytes(self.arrived)
        taken = self._frame.take(data)
        self._body.write(data[:taken])
        del self.arrived[:taken]
        self.body_size += taken
        if self.body_size > LARGEST_BODY:
            raise Refused(413)
        self._extend_deadline(self.body_size)

    def begin_serving(self) -> Request:
        """The complete request, for the thread that answers it."""
        if self.request is None:
            raise LookupError("there is no whole request yet")
        if self._body is not None:
            self._body.seek(0)
            self._source.body = self._body
        self.state = State.SERVING
        self.deadline = float("inf")
        return self.request

    def begin_sending(self) -> None:
        """The answer is complete, and the visitor has to take it within the deadline."""
        self.forget_request()
        self.state = State.SENDING
        self.since = time.monotonic()
        self._base = self.sock.total_sent
        self.extend_sending()

    def extend_sending(self) -> None:
        """A visitor who reads gets more time, however slowly they read."""
        self._extend_deadline(self.sock.total_sent - self._base)

    def _extend_deadline(self, moved: int) -> None:
        seconds = PATIENCE_SECONDS + moved / SLOWEST_BYTES_PER_SECOND
        self.deadline = self.since + min(seconds, LONGEST_SECONDS)

    def forget_request(self) -> None:
        """Release the body of the request."""
        if self._body is not None:
            self._body.close()
        self._body = None

    def close(self) -> None:
        """End the connection, whatever it is doing."""
        self.forget_request()
        self.sock.forget()
        self.real_sock.close()
