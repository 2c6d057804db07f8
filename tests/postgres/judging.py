"""Run as a program: works until every row was run a few times, and says so when somebody else is at one."""

import os
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from scheduler_app.ports import Claim
from scheduler_app.store import SqlStore, open_store
from scheduler_app.work import Leases, Runner

THREADS = 3
ROUNDS = 4  # each row is touched again so often while it runs
HELD = 0.005  # seconds


def main(url: str, folder: Path) -> None:
    """A line for each run: the row's key, or `twice`."""
    store = open_store(url, lambda: datetime.now(UTC))  # noqa: TID251

    def run(claim: Claim) -> None:
        mine = folder / f"at-{claim.key}"
        try:
            os.close(os.open(mine, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            say("twice")
            return
        if claim.want < ROUNDS:
            with store.transaction() as tx:
                tx.work.touch(claim.kind, claim.key)
        threading.Event().wait(HELD)
        mine.unlink()
        say(claim.key)

    say("ready")
    while not (folder / "begin").exists():
        threading.Event().wait(0.01)
    runner = Runner(store, {"judge": run}, Leases(store))
    threads = [threading.Thread(target=drain, args=(store, runner)) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()


def drain(store: SqlStore, runner: Runner) -> None:
    """Until nothing wants doing, also not what somebody else has begun."""
    while True:
        if runner.run_next():
            continue
        with store.looking() as connection:
            left = connection.exec_driver_sql("SELECT count(*) FROM work WHERE want > done").scalar()
        if not left:
            return
        threading.Event().wait(0.01)


def say(line: str) -> None:
    """At once, and whole."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
