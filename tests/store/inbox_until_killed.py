"""Run as a program: takes deliveries in and says so, until it is killed."""

import sys
import threading
from datetime import UTC, datetime
from itertools import count

from scheduler_app.domain.deliveries import Delivery
from scheduler_app.store import GroupCommitInbox, open_store

THREADS = 8
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def take_in(inbox: GroupCommitInbox, number: int) -> None:
    """One sender: a line for each delivery that was acknowledged."""
    for each in count():
        delivery = Delivery("acme", f"{number}-{each}", NOW, b"x" * 1210)
        if inbox.accept(delivery):
            sys.stdout.write(f"{delivery.key}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    inbox = GroupCommitInbox(open_store(sys.argv[1], lambda: NOW))
    for number in range(THREADS):
        threading.Thread(target=take_in, args=(inbox, number)).start()
