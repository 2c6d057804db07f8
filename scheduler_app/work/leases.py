"""Leases: while we work on a row nobody else does; when we die, it is free again ten seconds later."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from scheduler_app.errors import SchedulerError
from scheduler_app.ports import Claim, Store

log = logging.getLogger(__name__)

LEASE = 10.0  # seconds
RENEWED_EVERY = 3.0


class Leases:
    """Renews the leases this process holds. One thread for all of them, asleep while there are none."""

    def __init__(self, store: Store, lease: float = LEASE, every: float = RENEWED_EVERY) -> None:
        self.lease = lease
        self._store = store
        self._every = every
        self._held: dict[str, Claim] = {}
        self._changed = threading.Condition()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to renew, in a thread that never keeps the process alive."""
        self._stopped.clear()
        self._thread = threading.Thread(target=self._renew_for_ever, name="leases", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Renew nothing any more: whatever is still held falls to others when its time is over."""
        self._stopped.set()
        with self._changed:
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(self._every)

    @contextmanager
    def holding(self, claim: Claim) -> Iterator[None]:
        """Keep the claim ours for the time of the block."""
        with self._changed:
            self._held[claim.owner] = claim
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._held.pop(claim.owner, None)

    def renew(self) -> None:
        """Renew all that are held, in one transaction."""
        with self._changed:
            held = list(self._held.values())
        if not held:
            return
        with self._store.transaction() as tx:
            for claim in held:
                # one that was settled while we waited for the database is not lost
                if not tx.work.renew(claim, self.lease) and claim.owner in self._held:
                    log.warning("the lease on %s %s was lost", claim.kind, claim.key)

    def _renew_for_ever(self) -> None:
        while not self._stopped.is_set():
            with self._changed:
                while not self._held and not self._stopped.is_set():
                    self._changed.wait()
            if self._stopped.wait(self._every):
                return
            try:
                self.renew()
            except SchedulerError as fault:
                log.warning("leases could not be renewed: %s", type(fault).__name__)
            except Exception as fault:  # noqa: BLE001 - this thread must outlive whatever the database does
                log.error("leases could not be renewed: %s", type(fault).__name__)
