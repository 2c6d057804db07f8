"""SQLite held to the contract of all stores, and what only SQLite can get wrong."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler_app.domain.facts import Said, Screening
from scheduler_app.errors import Invalid, Unavailable
from scheduler_app.store import GroupCommitInbox, SqlStore, open_store
from scheduler_app.store.database import prepare_sqlite
from scheduler_app.store.transaction import SqlTransaction
from tests.contracts.store import StoreContract
from tests.contracts.store_base import NOW, HandClock, client


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def clock(self, clock: HandClock) -> HandClock:
        return clock

    @pytest.fixture
    def store(self, store: SqlStore) -> SqlStore:
        return store

    @pytest.fixture
    def inbox(self, store: SqlStore) -> Iterator[GroupCommitInbox]:
        inbox = GroupCommitInbox(store)
        yield inbox
        inbox.close()


def test_every_connection_syncs_fully_and_holds_foreign_keys(store: SqlStore) -> None:
    with store.looking() as connection:
        told = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert told == ["wal", 2, 1, 15_000]


def test_a_writer_takes_its_lock_before_it_reads(store: SqlStore, file: Path) -> None:
    # one that read first could not write any more once another process had written
    other = sqlite3.connect(file, timeout=0)
    with store.transaction(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()


def test_threads_that_write_wait_for_each_other(store: SqlStore) -> None:
    def add(number: int) -> None:
        for each in range(20):
            with store.transaction() as tx:
                tx.clients.add(client(f"c{number}-{each}"), [])

    threads = [threading.Thread(target=add, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as tx:
        assert sum(1 for _ in tx.clients.refs()) == 160


def test_a_locked_database_is_unavailable_and_nothing_is_half_done(file: Path, clock: HandClock) -> None:
    store = open_store(f"sqlite:///{file}", clock, busy_ms=20)
    other = sqlite3.connect(file)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="SQLITE_BUSY"), store.transaction():
        pass
    with store.reading() as tx:
        assert list(tx.clients.refs()) == []
    other.close()
    with store.transaction() as tx:
        tx.clients.add(client(), [])
    store.close()


def test_a_full_disk_is_unavailable_and_undoes_everything(store: SqlStore, clock: HandClock) -> None:
    def fill() -> None:
        with store.looking() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        with store.writing() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
            SqlTransaction(connection, clock).clients.add(client(name="x" * 1_000_000), [])

    with pytest.raises(Unavailable, match="SQLITE_FULL"):
        fill()
    store.close()  # the limit belonged to the connection
    with store.transaction() as tx:
        tx.clients.add(client(), [])


def test_the_write_ahead_log_is_set_even_while_others_set_it(tmp_path: Path) -> None:
    file = tmp_path / "new.db"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE t (a)")
    other.execute("BEGIN")
    other.execute("SELECT * FROM t").fetchall()
    refused = threading.Event()
    ours = sqlite3.connect(file, check_same_thread=False)
    ours.set_trace_callback(lambda said: refused.set() if "=WAL" in said else None)
    setting = threading.Thread(target=prepare_sqlite, args=(ours, 0))
    setting.start()
    refused.wait(5)
    other.execute("ROLLBACK")
    setting.join()
    assert ours.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    ours.close()
    other.close()


def test_who_withdrew_a_fact_first_is_remembered(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.clients.add(client(), [])
        tx.records.add_screening(Screening("f1", "c1", "2026-02-20", Said("staff", "dora", NOW)))
        tx.records.withdraw("f1", "dora", NOW)
        tx.records.withdraw("f1", "emil", NOW)
    with store.looking() as connection:
        row = connection.exec_driver_sql("SELECT withdrawn_by, withdrawn_at FROM screenings").one()
    assert row == ("dora", "2026-03-01 09:00:00.000000")


def test_a_new_database_is_for_our_own_eyes(tmp_path: Path, clock: HandClock) -> None:
    store = open_store(f"sqlite:///{tmp_path}/new.db", clock)
    store.migrate()
    assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}
    store.close()


@pytest.mark.parametrize(
    "url",
    ["sqlite://", "sqlite:///:memory:", "mysql://x/y", "no url", "sqlite:///file:x?mode=memory&uri=true"],
)
def test_what_cannot_hold_a_clinic_is_refused(url: str, clock: HandClock) -> None:
    with pytest.raises(Invalid, match=r"database|SQLite"):
        open_store(url, clock)


def test_a_folder_that_is_not_there_is_unavailable(tmp_path: Path, clock: HandClock) -> None:
    with pytest.raises(Unavailable):
        open_store(f"sqlite:///{tmp_path}/none/clinic.db", clock)
