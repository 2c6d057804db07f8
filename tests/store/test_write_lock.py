"""Whoever wants to write gets the lock, however often another process takes it."""

import sqlite3
from pathlib import Path

import pytest

from scheduler_app.store.database import prepare_sqlite
from scheduler_app.store.write_lock import LONG, begin_writing
from tests.contracts.store_base import HandClock
from tests.store.between import rounds_until_kept

ROUNDS = 60


def test_a_webhook_is_kept_between_two_long_transactions_and_not_after_all_of_them(
    file: Path, clock: HandClock
) -> None:
    rounds = rounds_until_kept(file, clock, LONG, ROUNDS)
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
