"""The crew: threads that do the work behind the page, in `serve` or in a `worker` of their own."""

import logging
import random
import threading
from collections.abc import Callable

from scheduler_app.ports import Store
from scheduler_app.work.leases import Leases
from scheduler_app.work.runner import Runner
from scheduler_app.work.wakeups import ENOUGH, Wakeups

log = logging.getLogger(__name__)

TICK = 2.0  # seconds between two looks for rows whose wake-up was lost or whose time has come
SPREAD = 0.2  # of a tick, so that many processes do not look at once
PATIENCE = 10.0  # seconds a stop waits for work under way; then its leases are left to run out
WATCHED_EVERY = 30  # ticks


class Crew:
    """Starts and stops the threads. One crew for each process; any number of processes.

    leases: as given to the runner. prepare: called once in `start`, before anything runs.
    """

    def __init__(
        self,
        store: Store,
        runner: Runner,
        leases: Leases,
        wakeups: Wakeups,
        *,
        threads: int = 4,
        tick: float = TICK,
        prepare: Callable[[], None] | None = None,
    ) -> None:
        self._store = store
        self._runner = runner
        self._leases = leases
        self._wakeups = wakeups
        self._threads = threads
        self._tick = tick
        self._prepare = prepare
        self._stopping = threading.Event()
        self._ticker: threading.Thread | None = None

    def start(self) -> None:
        """Begin to work. Installs no signal handlers."""
        self._stopping.clear()
        if self._prepare is not None:
            self._prepare()
        self._leases.start()
        self._wakeups.start(self.drain, self._threads)
        self._ticker = threading.Thread(target=self._tick_for_ever, name="tick", daemon=True)
        self._ticker.start()
        self.nudge()

    def stop(self, patience: float = PATIENCE) -> bool:
        """Claim nothing more, and wait for what is under way; True when all of it ended in time."""
        self._stopping.set()
        ended = self._wakeups.stop(patience)
        if self._ticker is not None:
            self._ticker.join(patience)
        self._leases.stop()
        if not ended:
            log.warning("work under way was left; it is done again when its leases are over")
        return ended

    def nudge(self) -> None:
        """After a commit that wants work done: do not wait for the tick. Never raises."""
        if not self._stopping.is_set():
            self._wakeups.nudge()

    def drain(self) -> None:
        """Run whatever is due, until nothing is or the crew stops."""
        while not self._stopping.is_set():
            try:
                if not self._runner.run_next():
                    return
            except Exception as fault:  # noqa: BLE001 - the database is away: the next tick tries again
                log.warning("no work could be claimed or settled: %s", type(fault).__name__)
                return

    def look(self) -> None:
        """One tick: wake as many threads as rows are due."""
        with self._store.reading() as tx:
            due, _ = tx.work.overdue()
        for _ in range(min(due, ENOUGH)):
            self._wakeups.nudge()

    def _tick_for_ever(self) -> None:
        ticks = 0
        while not self._stopping.wait(self._tick * random.uniform(1 - SPREAD, 1 + SPREAD)):  # noqa: S311
            ticks += 1
            try:
                self.look()
                if ticks % WATCHED_EVERY == 0:
                    self._wakeups.watch()
            except Exception as fault:  # noqa: BLE001 - the ticker must outlive whatever happens here
                log.warning("a tick was lost: %s", type(fault).__name__)
