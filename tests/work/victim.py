"""A worker process to be killed: it claims the row, says so, and never ends."""

import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from scheduler_app.ports import Claim
from scheduler_app.store import open_store
from scheduler_app.work import Crew, Leases, Runner, Wakeups


def main(folder: Path, url: str) -> None:
    """Work on the database until killed; wake-ups lie in the folder."""
    store = open_store(url, lambda: datetime.now(UTC))  # noqa: TID251

    def run(claim: Claim) -> None:
        print(f"running {claim.key}", flush=True)  # noqa: T201
        threading.Event().wait()

    leases = Leases(store, lease=1.0, every=0.2)
    Crew(
        store, Runner(store, {"sync": run}, leases), leases, Wakeups(folder / "wakeups.db", "secret")
    ).start()
    threading.Event().wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
