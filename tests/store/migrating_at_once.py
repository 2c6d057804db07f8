"""Run as a program: several processes open and migrate each database named, at the same moment."""

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from scheduler_app.store import open_store

PROCESSES = 3
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def one(url: str, starting: int) -> None:
    """What each process does."""
    os.read(starting, 1)
    store = open_store(url, lambda: NOW)
    store.migrate()
    with store.transaction() as tx:
        tx.work.touch("sync", str(os.getpid()))
    store.close()


def assert_they_may(urls: Sequence[str]) -> None:
    """None of the processes fails, and each database has heard of all of them."""
    program = [sys.executable, "-m", __name__, *urls]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    for url in urls:
        store = open_store(url, lambda: NOW)
        with store.reading() as tx:
            heard_of, _ = tx.work.overdue()
        store.close()
        assert heard_of == PROCESSES


def main(urls: list[str]) -> int:
    """How many processes failed."""
    failed = 0
    for url in urls:
        starting, start = os.pipe()
        children = []
        for _ in range(PROCESSES):
            child = os.fork()
            if child == 0:
                try:
                    one(url, starting)
                except BaseException as fault:  # noqa: BLE001 - told by the exit status, as in any program
                    print(repr(fault), file=sys.stderr)  # noqa: T201
                    os._exit(1)
                os._exit(0)
            children.append(child)
        os.write(start, b"!" * PROCESSES)
        failed += sum(os.waitpid(child, 0)[1] != 0 for child in children)
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
