"""Turns at SQLite's one write lock among the threads of a process: who is waited for outside goes first.

SQLite keeps no queue. Whoever finds the lock taken sleeps, up to a tenth of a second at a time, and looks
again, while others take it in between: a sender that waits for its answer was passed by for seconds.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

from scheduler_app.errors import Unavailable


class Locked(Unavailable):
    """Somebody else holds the database: waiting again for each delivery alone would not help."""

    locked = True


class Turns:
    """One writer at a time. `first` passes whoever waits in `in_turn`, though never twice in a row.

    Both raise Locked for who has waited so many seconds. Other processes are SQLite's business.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._taken = False
        self._hurried = 0  # wait in `first`
        self._waiting = 0  # wait in `in_turn`
        self._passed = False  # somebody in `in_turn` was passed: theirs is the next turn

    @contextmanager
    def first(self, seconds: float) -> Iterator[None]:
        """The next turn, or the one after somebody who was passed."""
        with self._changed:
            self._hurried += 1
            try:
                free = self._changed.wait_for(self._free_for_first, seconds)
            finally:
                self._hurried -= 1
            self._take(free)
            self._passed = self._waiting > 0
        try:
            yield
        finally:
            self._leave()

    @contextmanager
    def in_turn(self, seconds: float) -> Iterator[None]:
        """A turn when nobody is in a hurry."""
        with self._changed:
            self._waiting += 1
            try:
                free = self._changed.wait_for(self._free, seconds)
            finally:
                self._waiting -= 1
            self._take(free)
            self._passed = False
        try:
            yield
        finally:
            self._leave()

    def _free_for_first(self) -> bool:
        return not self._taken and not (self._passed and self._waiting)

    def _free(self) -> bool:
        return not self._taken and (self._passed or not self._hurried)

    def _take(self, free: bool) -> None:
        if not free:
            self._changed.notify_all()  # who waited behind this one need not any more
            raise Locked("others have been writing to the database all the while", retry_in=1.0)
        self._taken = True

    def _leave(self) -> None:
        with self._changed:
            self._taken = False
            self._changed.notify_all()
