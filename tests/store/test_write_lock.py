"""Whoever wants to write gets the lock, however often another process takes it."""

import sqlite3
import threading
import time
from pathlib import Path

import pytest

from scheduler_app.domain.deliveries import Delivery
from scheduler_app.store import GroupCommitInbox, open_store
from scheduler_app.store.database import prepare_sqlite
from scheduler_app.store.write_lock import LONG, begin_writing
from tests.contracts.store_base import HandClock

ROUNDS = 60


def test_a_webhook_is_kept_between_two_long_transactions_and_not_after_all_of_them(
    file: Path, clock: HandClock
) -> None:
    store = open_store(f"sqlite:///{file}", clock)
    store.migrate()
    elsewhere = open_store(f"sqlite:///{file}", clock)  # which knows nothing of the other's turns
    inbox = GroupCommitInbox(elsewhere)
    under_way, kept = threading.Event(), threading.Event()

    def come() -> None:
        under_way.wait()
        inbox.accept(Delivery("acme", "1", clock(), b"{}"))
        kept.set()

    sender = threading.Thread(target=come)
    sender.start()
    rounds = 0
    while not kept.is_set() and rounds < ROUNDS:
        with store.transaction() as tx:
            tx.work.touch("judge", "c1")
            under_way.set()
            until = time.monotonic() + LONG
            while time.monotonic() < until:
                pass
        rounds += 1
    sender.join()
    inbox.close()
    elsewhere.close()
    store.close()
    assert rounds < ROUNDS / 2, "a turn or two, and never all of them"


def connected(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file)
    prepare_sqlite(connection, 20)
    return connection


def test_a_lock_that_is_never_free_is_said_to_be_taken_and_waiting_is_as_before(file: Path) -> None:
    one, two = connected(file), connected(file)
    begin_writing(one, 20)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        begin_writing(two, 20)
    assert two.execute("PRAGMA busy_timeout").fetchone() == (20,)
    one.rollback()
    begin_writing(two, 20)
    two.rollback()
    one.close()
    two.close()


def test_what_else_is_wrong_is_said_at_once(file: Path) -> None:
    connection = connected(file)
    begin_writing(connection, 60_000)
    with pytest.raises(sqlite3.OperationalError, match="within a transaction"):
        begin_writing(connection, 60_000)
    connection.close()
