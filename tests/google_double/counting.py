"""What was asked of the double: a log without bodies, and sums over it."""

import threading
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.google_double.refusals import Refused

UNITS = {"events.patch": 3}  # Google counts a patch as three, everything else as one


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it was answered (status 0: the connection was dropped)."""

    number: int
    method: str
    account: str
    calendar: str
    status: int
    units: int
    reason: str


@dataclass(slots=True)
class Log:
    """The requests, oldest first."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    requests: list[Request] = field(default_factory=list)
    recent: dict[str, deque[datetime]] = field(default_factory=dict)

    def add(self, method: str, account: str, calendar: str, status: int, reason: str) -> None:
        """One more."""
        with self.lock:
            units = UNITS.get(method, 1)
            self.requests.append(
                Request(len(self.requests) + 1, method, account, calendar, status, units, reason)
            )

    def since(self, mark: int) -> list[Request]:
        """Those after a mark."""
        with self.lock:
            return self.requests[mark:]

    def limited(self, account: str, now: datetime, most: int | None) -> None:
        """Raises Refused(403) when an account asked too often within a minute."""
        if most is None:
            return
        with self.lock:
            moments = self.recent.setdefault(account, deque())
            while moments and moments[0] <= now - timedelta(minutes=1):
                moments.popleft()
            if len(moments) >= most:
                raise Refused(403, "userRateLimitExceeded")
            moments.append(now)

    def forget(self) -> None:
        """All of it."""
        with self.lock:
            self.requests.clear()
            self.recent.clear()


def by_method(requests: list[Request]) -> Counter[str]:
    """How many of each method."""
    return Counter(request.method for request in requests)


def by_account(requests: list[Request]) -> Counter[str]:
    """How many of each account."""
    return Counter(request.account for request in requests)
