"""Who is waited for outside goes first at SQLite's write lock, among processes; `turns` sees to threads.

SQLite keeps no queue: beside workers who take the lock again and again, a webhook found it free once in a
quarter of a second. So whoever is in a hurry locks a file beside the database while it waits and writes, and
the others look at that file before they begin. A process that dies lets go of it.
"""

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scheduler_app.store.write_lock import LOOK

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]  # where files cannot be locked so, nobody is let by

log = logging.getLogger(__name__)

POLITE = 0.05  # seconds that others are let by: they may come without end


class Hurry:
    """One for each process and SQLite database, whose file is given: it makes a file of its own beside it,
    to which nothing is ever written. Without one it lets nobody by: other databases have queues.

    A courtesy only: where the file cannot be made or locked everybody writes as if nobody were in a hurry.
    """

    def __init__(self, database: Path | None) -> None:
        self._file = database.with_name(f"{database.name}-hurry") if database and fcntl else None
        self._gate = threading.Lock()
        self._ours = 0  # threads of this process that are in a hurry
        self._shown: int | None = None  # two descriptors: a lock belongs to the descriptor it was taken by
        self._looking: int | None = None

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Be in a hurry, with any number of others."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def let_by(self) -> None:
        """Return when no other process is in a hurry, or after a moment all the same."""
        until = time.monotonic() + POLITE
        while not self._ours and self._others() and time.monotonic() < until:
            time.sleep(LOOK)

    def close(self) -> None:
        """Let go of the file; the next one in a hurry opens it again."""
        with self._gate:
            for descriptor in (self._shown, self._looking):
                if descriptor is not None:
                    os.close(descriptor)
            self._shown = self._looking = None

    def _count(self, one: int) -> None:
        with self._gate:
            self._ours += one
            if self._file is None or self._ours != max(one, 0):
                return  # the first one locks, the last one lets go
            try:
                if self._shown is None:
                    self._shown = _opened(self._file)
                fcntl.flock(self._shown, fcntl.LOCK_SH if one > 0 else fcntl.LOCK_UN)
            except OSError as fault:
                self._give_up(fault)

    def _others(self) -> bool:
        with self._gate:
            if self._file is None:
                return False
            try:
                if self._looking is None:
                    self._looking = _opened(self._file)
                fcntl.flock(self._looking, fcntl.LOCK_EX | fcntl.LOCK_NB)
                fcntl.flock(self._looking, fcntl.LOCK_UN)
            except BlockingIOError:
                return True
            except OSError as fault:
                self._give_up(fault)
        return False

    def _give_up(self, fault: OSError) -> None:
        log.warning("webhooks wait like everybody: %s cannot be locked: %s", self._file, fault.strerror)
        self._file = None


def _opened(file: Path) -> int:
    return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
