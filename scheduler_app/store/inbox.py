"""Where webhooks are put before they are answered.

One thread writes. Everything that arrives while it waits for the disk goes into its next transaction
together, so that sixteen deliveries cost one sync and not sixteen, and nobody waits behind a queue of
locks.
"""

import logging
import threading
import time
from collections.abc import Sequence
from typing import Protocol

from scheduler_app.domain.deliveries import Delivery
from scheduler_app.errors import Unavailable
from scheduler_app.store.database import SqlStore
from scheduler_app.store.inbox_writers import CoreWriter, SqliteWriter

log = logging.getLogger(__name__)
MOST = 256  # deliveries in one transaction
LONGEST_PAUSE = 0.002  # seconds


class Writer(Protocol):
    """Puts deliveries on disk, all or none."""

    def write(self, deliveries: Sequence[Delivery]) -> list[bool]:
        """For each whether it was new. Raises Unavailable, or anything else for one it cannot hold."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...


class GroupCommitInbox:
    """Implements ports.Inbox for any number of threads of one process.

    kind: the work row that is touched for a delivery's source in the same transaction. patience: how
    many seconds a locked database is waited for before the sender is told to try again.
    """

    def __init__(self, store: SqlStore, kind: str = "ingest", patience: float = 5.0) -> None:
        self._writer: Writer = (
            CoreWriter(store, kind) if store.file is None else SqliteWriter(store, store.file, kind, patience)
        )
        self._arrived: list[_Waiting] = []
        self._gate = threading.Lock()
        self._enough = threading.Condition(self._gate)  # one waits here: the thread that writes
        self._wanted = 1  # so many are worth waking it for
        self._senders = 1
        self._pause = 0.0
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="inbox", daemon=True)
        self._thread.start()

    def accept(self, delivery: Delivery) -> bool:
        """Return once it is on disk for good: True when new, False for a duplicate.

        Raises Unavailable when it cannot be kept; then nothing was promised.
        """
        waiting = _Waiting(delivery)
        with self._gate:
            if self._closed:
                raise Unavailable("the inbox is closed", retry_in=1.0)
            self._arrived.append(waiting)
            if len(self._arrived) == self._wanted:
                self._enough.notify()
        return waiting.outcome()

    def close(self) -> None:
        """Take nothing more, keep what was handed in, and return once that is on disk."""
        with self._gate:
            self._closed = True
            self._enough.notify()
        self._thread.join()

    def _run(self) -> None:
        while batch := self._gathered():
            began = time.monotonic()
            self._keep(batch)
            self._sized(len(batch), began)
        self._writer.close()

    def _gathered(self) -> "list[_Waiting]":
        """Whatever waits by now, at least one; nothing once the end was called and all is kept.

        Senders that were answered a moment ago are about to come again: half of what a sync costs is
        spent on waiting for as many as there were, because then one sync does for all of them. Nobody
        wakes this thread before: waking it for each of them took longer than to keep them.
        """
        with self._gate:
            self._wait_for(1, None)
            self._wait_for(min(self._senders, MOST), self._pause)
            batch, self._arrived = self._arrived[:MOST], self._arrived[MOST:]
        return batch

    def _wait_for(self, count: int, seconds: float | None) -> None:
        self._wanted = count
        self._enough.wait_for(lambda: self._closed or len(self._arrived) >= count, seconds)

    def _sized(self, kept: int, began: float) -> None:
        """Learn from a batch how many senders there are, and what a sync costs."""
        self._senders = kept + len(self._arrived)
        self._pause = min((time.monotonic() - began) / 2, LONGEST_PAUSE)

    def _keep(self, batch: "list[_Waiting]") -> None:
        try:
            outcomes = self._writer.write([waiting.delivery for waiting in batch])
        except Exception as fault:  # noqa: BLE001 - whatever it is, those who wait must be told
            self._refuse(batch, fault)
            return
        for waiting, new in zip(batch, outcomes, strict=True):
            waiting.kept(new)

    def _refuse(self, batch: "list[_Waiting]", fault: Exception) -> None:
        """One that cannot be kept must not take the others with it. A locked database takes all."""
        if len(batch) == 1 or getattr(fault, "locked", False):
            log.error("%d deliveries were not kept: %s", len(batch), type(fault).__name__)
            for waiting in batch:
                waiting.refused(fault)
            return
        for waiting in batch:
            self._keep([waiting])


class _Waiting:
    """A delivery, and the thread that waits for its answer."""

    __slots__ = ("_answered", "_fault", "_new", "delivery")

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        self._answered = threading.Lock()  # a bare lock: an Event costs ten times as much to make
        self._answered.acquire()
        self._new = False
        self._fault: Exception | None = None

    def outcome(self) -> bool:
        self._answered.acquire()
        if self._fault is None:
            return self._new
        # a fresh one for every sender: a whole batch may have been refused for one reason
        if isinstance(self._fault, Unavailable):
            raise Unavailable(str(self._fault), self._fault.retry_in)
        raise Unavailable(f"the delivery was not kept: {type(self._fault).__name__}")

    def kept(self, new: bool) -> None:
        self._new = new
        self._answered.release()

    def refused(self, fault: Exception) -> None:
        self._fault = fault
        self._answered.release()
