"""What was acknowledged is there, whatever happens to the process, the disk or the lock."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scheduler_app.domain.deliveries import Delivery
from scheduler_app.errors import Unavailable
from scheduler_app.store import GroupCommitInbox, SqlStore, open_store
from scheduler_app.store.inbox_writers import CoreWriter
from tests.contracts.store_base import NOW, HandClock
from tests.contracts.store_inbox import DeliveriesContract

SENDERS = 16


@contextmanager
def inbox_of(store: SqlStore, patience: float = 5.0) -> Iterator[GroupCommitInbox]:
    """Closed at the end."""
    inbox = GroupCommitInbox(store, patience=patience)
    try:
        yield inbox
    finally:
        inbox.close()


def delivery(key: str, size: int = 1000) -> Delivery:
    """One of some size."""
    return Delivery("acme", key, NOW, b"x" * size)


def keys_on_disk(file: Path) -> set[str]:
    """Read with nothing of ours in between."""
    connection = sqlite3.connect(file)
    keys = {key for (key,) in connection.execute("SELECT key FROM deliveries")}
    connection.close()
    return keys


def all_at_once(inbox: GroupCommitInbox, deliveries: list[Delivery]) -> list[Any]:
    """What each sender was told, or what was raised."""
    told: list[Any] = [None] * len(deliveries)

    def send(place: int) -> None:
        try:
            told[place] = inbox.accept(deliveries[place])
        except Unavailable as fault:
            told[place] = fault

    threads = [threading.Thread(target=send, args=(place,)) for place in range(len(deliveries))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def waits_for_the_lock(inbox: GroupCommitInbox) -> bool:
    """Whether the writer has taken what there was, and opened its connection to write it."""
    writer: Any = inbox._writer
    return not inbox._arrived and writer._connection is not None


def wait_until(true: Callable[[], bool]) -> None:
    """Not for long."""
    for _ in range(5000):
        if true():
            return
        threading.Event().wait(0.001)
    raise AssertionError("it never came to that")


def queue_up(inbox: GroupCommitInbox, deliveries: list[Delivery]) -> list[threading.Thread]:
    """Send them while somebody else holds the lock: one is being written, the others wait behind it."""
    senders = [threading.Thread(target=inbox.accept, args=(each,)) for each in deliveries]
    senders[0].start()
    wait_until(lambda: waits_for_the_lock(inbox))
    for sender in senders[1:]:
        sender.start()
    wait_until(lambda: len(inbox._arrived) == len(deliveries) - 1)
    return senders


class TestCoreWriter(DeliveriesContract):
    """The way other databases are written to, tried on this one."""

    @pytest.fixture
    def clock(self, clock: HandClock) -> HandClock:
        return clock

    @pytest.fixture
    def store(self, store: SqlStore) -> SqlStore:
        return store

    @pytest.fixture
    def inbox(self, store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[GroupCommitInbox]:
        file, store.file = store.file, None
        with inbox_of(store) as inbox:
            store.file = file
            assert isinstance(inbox._writer, CoreWriter)
            yield inbox


def test_many_senders_at_once_lose_nothing_and_double_nothing(store: SqlStore, file: Path) -> None:
    sent = [delivery(f"k{number % 40}") for number in range(SENDERS * 5)]
    with inbox_of(store) as inbox:
        told = all_at_once(inbox, sent)
    assert told.count(True) == 40
    assert told.count(False) == 40
    assert keys_on_disk(file) == {f"k{number}" for number in range(40)}


def commits(file: Path) -> int:
    """How many transactions stand in the write-ahead log: the last frame of each tells the file's new size
    (https://sqlite.org/fileformat2.html#walformat)."""
    log = file.with_name(file.name + "-wal").read_bytes()
    page = int.from_bytes(log[8:12], "big")
    return sum(any(log[at + 4 : at + 8]) for at in range(32, len(log), 24 + page))


def test_what_arrives_together_is_one_transaction(store: SqlStore, file: Path) -> None:
    blocker = sqlite3.connect(str(store.file), isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    with inbox_of(store) as inbox:
        before = commits(file)
        senders = queue_up(inbox, [delivery(f"k{number}") for number in range(SENDERS)])
        blocker.execute("ROLLBACK")
        blocker.close()
        for sender in senders:
            sender.join()
        assert commits(file) - before == 2, "the one that had to wait, and all that came meanwhile"


@pytest.mark.system
def test_whatever_was_acknowledged_survives_a_kill(file: Path) -> None:
    program = [sys.executable, "-m", "tests.store.inbox_until_killed", f"sqlite:///{file}"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        acknowledged = [process.stdout.readline().strip() for _ in range(500)]
        process.kill()
        acknowledged += [line.strip() for line in process.stdout if line.endswith("\n")]
    assert len(set(acknowledged)) == len(acknowledged) >= 500
    assert set(acknowledged) <= keys_on_disk(file)
    store = open_store(f"sqlite:///{file}", HandClock())
    with store.reading() as tx:
        assert tx.deliveries.sources_pending() == ["acme"]
        assert tx.work.overdue()[0] == 1
    store.close()


def test_a_full_disk_refuses_what_does_not_fit_and_keeps_the_rest(store: SqlStore, file: Path) -> None:
    with inbox_of(store) as inbox:
        inbox.accept(delivery("first"))
        limit_pages(inbox, more=12)
        sizes = [1000, 1_000_000, 2000, 3_000_000, 500, 100_000]
        sent = [delivery(f"k{size}", size) for size in sizes]
        told = all_at_once(inbox, sent)
        kept = {each.key for each, answer in zip(sent, told, strict=True) if answer is True}
        refused = {each.key for each, answer in zip(sent, told, strict=True) if answer is not True}
        assert kept == {"k1000", "k2000", "k500"}
        assert refused == {"k1000000", "k3000000", "k100000"}
        assert all(isinstance(answer, Unavailable) for answer in told if answer is not True)
        assert keys_on_disk(file) == kept | {"first"}
        limit_pages(inbox, more=100_000)  # somebody made room
        assert inbox.accept(delivery("k1000000", 1_000_000))
        assert not inbox.accept(delivery("k1000"))


def limit_pages(inbox: GroupCommitInbox, more: int) -> None:
    """Let the disk have room for so many more pages of 4 KiB, as the inbox's connection sees it."""
    writer: Any = inbox._writer
    connection = writer._connected()
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    plain = type(writer)._connected

    def limited() -> sqlite3.Connection:
        opened: sqlite3.Connection = plain(writer)
        opened.execute(f"PRAGMA max_page_count={pages + more}")
        return opened

    writer._connected = limited


def test_a_locked_database_refuses_and_nothing_it_refused_is_kept(store: SqlStore, file: Path) -> None:
    blocker = sqlite3.connect(file, isolation_level=None)
    with inbox_of(store, patience=0.05) as inbox:
        assert inbox.accept(delivery("before"))
        blocker.execute("BEGIN IMMEDIATE")
        told = all_at_once(inbox, [delivery(f"k{number}") for number in range(4)])
        assert [type(answer) for answer in told] == [Unavailable] * 4
        assert {answer.retry_in for answer in told} == {5.0}
        blocker.execute("ROLLBACK")
        blocker.close()
        assert keys_on_disk(file) == {"before"}
        assert inbox.accept(delivery("k0"))


def test_one_that_cannot_be_written_does_not_take_the_others_with_it(store: SqlStore, file: Path) -> None:
    good = [delivery(f"k{number}") for number in range(6)]
    with inbox_of(store) as inbox:
        told = all_at_once(inbox, [*good, replace(good[0], key="half a pair \ud83d")])
    assert told[:6] == [True] * 6
    assert isinstance(told[6], Unavailable)
    assert keys_on_disk(file) == {each.key for each in good}


def test_the_body_is_dropped_once_it_is_understood(store: SqlStore) -> None:
    sent = [delivery("understood"), delivery("unreadable")]
    with inbox_of(store) as inbox:
        all_at_once(inbox, sent)
    with store.transaction() as tx:
        tx.deliveries.settle(sent[0])
        tx.deliveries.settle(sent[1], "no such treatment")
    with store.looking() as connection:
        rows = connection.exec_driver_sql("SELECT key, length(body), error FROM deliveries ORDER BY key")
        assert rows.all() == [("understood", 0, ""), ("unreadable", 1000, "no such treatment")]


def test_closing_keeps_what_was_handed_in_and_takes_nothing_more(store: SqlStore, file: Path) -> None:
    blocker = sqlite3.connect(file, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    inbox = GroupCommitInbox(store)
    senders = queue_up(inbox, [delivery(f"k{number}") for number in range(SENDERS)])
    closing = threading.Thread(target=inbox.close)
    closing.start()
    wait_until(lambda: inbox._closed)
    with pytest.raises(Unavailable):
        inbox.accept(delivery("late"))
    assert closing.is_alive()
    blocker.execute("ROLLBACK")
    blocker.close()
    closing.join()
    assert keys_on_disk(file) == {f"k{number}" for number in range(SENDERS)}
    for sender in senders:
        sender.join()
    inbox.close()
