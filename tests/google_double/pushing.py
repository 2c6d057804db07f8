"""Notices on their way: real POSTs, and everything that happens to them."""

import ssl
import threading
from collections import deque
from dataclasses import dataclass, field
from http.client import (  # noqa: TID251 - the other side of the door
    HTTPConnection,
    HTTPException,
    HTTPSConnection,
)
from urllib.parse import urlsplit

from tests.google_double.channels import Notice

RETRIED = (500, 502, 503, 504)
MODES = ("lost", "doubled", "late", "reordered")
AGENT = "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)"


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of one notice; status None: nobody answered."""

    notice: Notice
    status: int | None
    attempts: int


@dataclass(slots=True)
class Trouble:
    """What shall happen to the next notices."""

    mode: str
    calendar: str
    times: int | None


@dataclass(slots=True)
class Pusher:
    """One thread that posts in order; `sync` messages are never troubled."""

    backoff: tuple[float, ...] = (0.0, 0.0, 0.0)  # seconds before each further attempt
    patience: float = 5.0  # seconds for one POST
    troubles: list[Trouble] = field(default_factory=list)
    held: list[Notice] = field(default_factory=list)
    backwards: bool = False
    delivered: list[Delivered] = field(default_factory=list)
    _queue: deque[Notice] = field(default_factory=deque)
    _condition: threading.Condition = field(default_factory=threading.Condition)
    _busy: bool = False
    _expected: int = 0  # first messages that wait for the answer to watch
    _closing: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def expect(self) -> None:
        """A first message will be sent once its answer is out."""
        with self._condition:
            self._expected += 1

    def send(self, notice: Notice) -> None:
        """Soon, unless a trouble is ordered for it."""
        mode = self._trouble(notice) if notice.state != "sync" else None
        with self._condition:
            self._expected -= notice.state == "sync" and self._expected > 0
            if mode == "lost":
                return
            if mode in ("late", "reordered"):
                self.held.append(notice)
                self.backwards = self.backwards or mode == "reordered"
                return
            self._queue.extend([notice] * (2 if mode == "doubled" else 1))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, daemon=True, name="google-double-push")
                self._thread.start()
            self._condition.notify_all()

    def send_now(self, notice: Notice) -> None:
        """At once, in this thread."""
        self._post(notice)

    def release(self) -> int:
        """Send what was held, reordered ones backwards; how many."""
        with self._condition:
            held, self.held = self.held, []
            if self.backwards:
                held.reverse()
            self.backwards = False
            self.troubles = [each for each in self.troubles if each.mode not in ("late", "reordered")]
        for notice in held:
            self.send(notice)
        return len(held)

    def settle(self, seconds: float = 5.0) -> bool:
        """Wait until everything on its way has arrived or failed; False when it takes longer."""
        with self._condition:
            return self._condition.wait_for(self._idle, seconds)

    def forget(self) -> None:
        """Nothing on its way, nothing ordered."""
        with self._condition:
            self._queue.clear()
            self.held.clear()
            self.troubles.clear()
            self.backwards, self._expected = False, 0
        self.settle()
        self.delivered.clear()

    def close(self) -> None:
        """No more."""
        self._closing.set()
        with self._condition:
            self._queue.clear()
            self._condition.notify_all()
        if self._thread is not None:
            self._thread.join(self.patience)

    def _idle(self) -> bool:
        return not self._queue and not self._busy and not self._expected

    def _trouble(self, notice: Notice) -> str | None:
        with self._condition:
            for each in self.troubles:
                if each.calendar in ("*", notice.calendar) and each.times != 0:
                    if each.times is not None:
                        each.times -= 1
                    return each.mode
        return None

    def _work(self) -> None:
        while True:
            with self._condition:
                self._busy = False
                self._condition.notify_all()
                self._condition.wait_for(lambda: bool(self._queue) or self._closing.is_set())
                if self._closing.is_set():
                    return
                notice = self._queue.popleft()
                self._busy = True
            self._post(notice)

    def _post(self, notice: Notice) -> None:
        status, attempts = _posted(notice, self.patience), 1
        for pause in self.backoff:
            if status not in RETRIED or self._closing.wait(pause):
                break
            status, attempts = _posted(notice, self.patience), attempts + 1
        self.delivered.append(Delivered(notice, status, attempts))


def _posted(notice: Notice, patience: float) -> int | None:
    where = urlsplit(notice.address)
    made: HTTPConnection
    if where.scheme == "https":
        made = HTTPSConnection(
            where.hostname or "", where.port, timeout=patience, context=ssl.create_default_context()
        )
    else:
        made = HTTPConnection(where.hostname or "", where.port, timeout=patience)
    try:
        target = (where.path or "/") + (f"?{where.query}" if where.query else "")
        made.putrequest("POST", target, skip_accept_encoding=True)
        for name, value in (
            ("Content-Length", "0"),
            ("Accept", "*/*"),
            ("User-Agent", AGENT),
            *notice.headers,
        ):
            made.putheader(name, value)
        made.endheaders()
        answer = made.getresponse()
        answer.read()
        return answer.status
    except (OSError, HTTPException):
        return None
    finally:
        made.close()
