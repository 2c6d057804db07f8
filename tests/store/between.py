"""A webhook that comes while another process writes and writes."""

import threading
import time
from pathlib import Path

from scheduler_app.domain.deliveries import Delivery
from scheduler_app.store import GroupCommitInbox, open_store
from tests.contracts.store_base import HandClock


def rounds_until_kept(file: Path, clock: HandClock, held: float, most: int) -> int:
    """How many transactions of so many seconds, one right after the other, a webhook saw before it was kept.

    Two stores of one file know as little of each other's turns as two processes do.
    """
    store, elsewhere = open_store(f"sqlite:///{file}", clock), open_store(f"sqlite:///{file}", clock)
    store.migrate()
    inbox = GroupCommitInbox(elsewhere)
    under_way, kept = threading.Event(), threading.Event()

    def come() -> None:
        under_way.wait()
        inbox.accept(Delivery("acme", "1", clock(), b"{}"))
        kept.set()

    sender = threading.Thread(target=come)
    sender.start()
    rounds = 0
    while not kept.is_set() and rounds < most:
        with store.transaction() as tx:
            tx.work.touch("judge", "c1")
            under_way.set()
            until = time.monotonic() + held
            while time.monotonic() < until:
                pass
        rounds += 1
    sender.join()
    inbox.close()
    elsewhere.close()
    store.close()
    return rounds
