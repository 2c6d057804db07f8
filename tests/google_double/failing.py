"""Faults that a test orders: before the commit, after it, or instead of an answer."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.google_double.refusals import Refused


class Dropped(Exception):
    """The connection ends without an answer."""


@dataclass(slots=True)
class Fault:
    """One thing to go wrong."""

    method: str
    calendar: str
    times: int | None  # None: until reset
    when: str  # "before" the commit or "after" it
    status: int
    reason: str
    message: str
    drop: bool
    hang: bool
    delay: float
    account: str = "*"
    skip: int = 0  # so many requests it would fit go by first
    act: Callable[[], object] | None = None  # done meanwhile, in the thread of the request

    def meets(self, method: str, calendar: str, account: str, moment: str) -> bool:
        """Whether it is about this request, now."""
        if self.when != moment or self.times == 0:
            return False
        return (
            self.method in ("*", method)
            and self.calendar in ("*", calendar)
            and self.account in ("*", account)
        )


@dataclass(slots=True)
class Faults:
    """All that is ordered; the first that fits is used up first."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    ordered: list[Fault] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def order(self, fault: Fault) -> None:
        """One more."""
        with self.lock:
            self.ordered.append(fault)

    def strike(self, method: str, calendar: str, account: str, moment: str) -> None:
        """Raises Refused or Dropped when a fault is ordered for this; a delay only takes its time."""
        with self.lock:
            fault = next(
                (each for each in self.ordered if each.meets(method, calendar, account, moment)), None
            )
            if fault is None:
                return
            if fault.skip:
                fault.skip -= 1
                return
            if fault.times is not None:
                fault.times -= 1
        if fault.act is not None:
            fault.act()
        if fault.hang:
            self.released.wait(120)
            raise Dropped
        if fault.delay:
            self.released.wait(fault.delay)
        if fault.drop:
            raise Dropped
        if fault.status:
            raise Refused(fault.status, fault.reason, fault.message)

    def forget(self) -> None:
        """Nothing is ordered any more, and nobody hangs."""
        self.release()
        with self.lock:
            self.ordered.clear()

    def release(self) -> None:
        """Whoever hangs goes on (and is dropped)."""
        released, self.released = self.released, threading.Event()
        released.set()
