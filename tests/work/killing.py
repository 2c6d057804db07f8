"""A worker that is killed for real, and another one, which knew nothing of it."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from scheduler_app.store import open_store
from scheduler_app.work import Crew, Leases, Runner, Wakeups
from tests.work.conftest import touch

LEASE = 1.0  # seconds; ten in earnest


@dataclass(frozen=True, slots=True)
class Beside:
    """The other one works beside the victim, which is at the row already. done: the row was done by it."""

    victim: subprocess.Popen[str]
    done: threading.Event


@contextmanager
def beside_a_victim(folder: Path, url: str) -> Iterator[Beside]:
    """Both on the database, which is migrated; the victim lives until it is killed or this ends."""
    store = open_store(url, lambda: datetime.now(UTC))  # noqa: TID251  leases are about real time
    done = threading.Event()
    leases = Leases(store, lease=LEASE, every=0.2)
    runner = Runner(store, {"sync": lambda _claim: done.set()}, leases)
    crew = Crew(store, runner, leases, Wakeups(folder / "own.db", "secret"), threads=2, tick=0.2)
    touch(store, "sync", "desk")
    program = [sys.executable, "-m", "tests.work.victim", str(folder), url]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as victim:
        try:
            assert victim.stdout is not None
            assert victim.stdout.readline() == "running desk\n"
            crew.start()
            assert not done.wait(LEASE * 1.5), "the lease of a living process was taken from it"
            yield Beside(victim, done)
        finally:
            victim.kill()
            crew.stop()
            store.close()
