"""A worker is killed for real; another one, which knew nothing of it, does its work."""

import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from scheduler_app.store import open_store
from scheduler_app.work import Crew, Leases, Runner, Wakeups
from tests.work.conftest import touch

LEASE = 1.0  # seconds; ten in earnest


def test_work_of_a_killed_process_is_done_by_another_when_the_lease_is_over(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'clinic.db'}"
    store = open_store(url, lambda: datetime.now(UTC))  # noqa: TID251
    store.migrate()
    done = threading.Event()
    leases = Leases(store, lease=LEASE, every=0.2)
    runner = Runner(store, {"sync": lambda _claim: done.set()}, leases)
    crew = Crew(store, runner, leases, Wakeups(tmp_path / "wakeups.db", "secret"), threads=1, tick=0.2)

    touch(store, "sync", "desk")
    victim = subprocess.Popen(
        [sys.executable, "-m", "tests.work.victim", str(tmp_path), url], stdout=subprocess.PIPE, text=True
    )
    assert victim.stdout is not None
    try:
        assert victim.stdout.readline() == "running desk\n"
        crew.start()
        assert not done.wait(LEASE * 1.5), "the lease of a living process was taken from it"
        victim.kill()
        assert done.wait(10.0)
    finally:
        victim.kill()
        victim.wait()
        victim.stdout.close()
        crew.stop()
        store.close()
