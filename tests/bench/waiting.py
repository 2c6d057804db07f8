"""How long others wait for the one write lock while a whole calendar is read for the first time.

`python -m tests.bench.waiting 20000` prints the median, the 95th and 99th of a hundred and the longest wait
of a webhook, in milliseconds, while events are booked, and the same while they are judged. The webhooks come
from a process of their own, one every 20 ms, and each is on disk before the next.
"""

import sys
import tempfile
import time
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path

from scheduler_app.bootstrap.serving import stay_loaded
from scheduler_app.domain.deliveries import Delivery
from scheduler_app.store import GroupCommitInbox, open_store
from tests.bench.first_sync import at_work

EVERY = 0.02  # seconds
Wait = tuple[float, float]  # when it was over, by the monotonic clock, and seconds


def send(file: str, ready: Event, over: Event, told: Connection) -> None:
    """Webhooks, each kept for good before the next, until it is over."""
    store = open_store(f"sqlite:///{file}", lambda: datetime.now(UTC))
    inbox = GroupCommitInbox(store, patience=60.0)
    waits: list[Wait] = []
    while not over.is_set():
        began = time.monotonic()
        inbox.accept(Delivery("bench", str(len(waits)), datetime.now(UTC), b"{}" * 200))
        ended = time.monotonic()
        waits.append((ended, ended - began))
        ready.set()
        time.sleep(EVERY)
    inbox.close()
    store.close()
    told.send(waits)


def waits(count: int, folder: Path) -> tuple[list[float], list[float]]:
    """Sorted, in milliseconds: of webhooks while events were booked, and while they were judged."""
    context = get_context("spawn")
    ready, over = context.Event(), context.Event()
    told, telling = context.Pipe(duplex=False)
    with at_work(count, folder) as (read, judge):
        sender = context.Process(target=send, args=(str(folder / "clinic.db"), ready, over, telling))
        sender.start()
        telling.close()
        ready.wait(30)
        began = time.monotonic()
        read()
        booked = time.monotonic()
        judge()
        judged = time.monotonic()
        over.set()
        found: list[Wait] = told.recv()
        sender.join()

    def between(first: float, last: float) -> list[float]:
        return sorted(seconds * 1e3 for ended, seconds in found if first <= ended <= last)

    return between(began, booked), between(booked, judged)


def figures(found: list[float]) -> str:
    """A few figures of them."""
    places = (50, 95, 99)
    return " ".join(f"{found[min(len(found) - 1, len(found) * p // 100)]:.0f}" for p in places) + (
        f" {found[-1]:.0f} ({len(found)})"
    )


def main(count: int) -> None:
    """Print the figures, booking first."""
    stay_loaded()
    with tempfile.TemporaryDirectory() as folder:
        booking, judging = waits(count, Path(folder))
    print(f"booking {figures(booking)}  judging {figures(judging)}")


if __name__ == "__main__":
    main(int(sys.argv[1]))
