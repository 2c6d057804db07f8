"""Somebody else at the same disk, who writes next to nothing: how long the disk stands still by itself."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

PIECE = b"x" * 4096
BETWEEN = 0.01  # seconds


class Bystander:
    """Writes a page again and again, and remembers what the slowest sync of one took."""

    def __init__(self) -> None:
        self.slowest = 0.0  # milliseconds
        self._over = threading.Event()

    def stand_by(self, folder: Path) -> None:
        """Until `leave`."""
        with TemporaryFile(dir=folder) as file:
            while not self._over.wait(BETWEEN):
                file.write(PIECE)
                file.flush()
                began = time.monotonic()
                os.fdatasync(file.fileno())
                self.slowest = max(self.slowest, 1000 * (time.monotonic() - began))

    def leave(self) -> None:
        """It has seen enough."""
        self._over.set()


@contextmanager
def bystander(folder: Path) -> Iterator[Bystander]:
    """One that writes in the folder meanwhile."""
    there = Bystander()
    thread = threading.Thread(target=there.stand_by, args=(folder,))
    thread.start()
    try:
        yield there
    finally:
        there.leave()
        thread.join()
