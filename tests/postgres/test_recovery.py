"""Processes are killed and the server goes away: what was promised is there, and everybody goes on."""

import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from scheduler_app.domain.deliveries import Delivery
from scheduler_app.errors import Unavailable
from scheduler_app.store import GroupCommitInbox, SqlStore, open_store
from scheduler_app.store.turns import Locked
from tests.contracts.store_base import NOW, client
from tests.postgres.server import PostgresServer
from tests.store.test_inbox import all_at_once, delivery
from tests.work.killing import LEASE, beside_a_victim

WORKERS = 3
ROWS = 12
KEYS = "SELECT key FROM deliveries"


def keys_on_disk(server: PostgresServer, database: str) -> set[str]:
    """Read with nothing of ours in between."""
    return {key for (key,) in server.say(KEYS, database)}


def test_deliveries_of_many_senders_to_two_processes_are_kept_once(
    store: SqlStore, url: str, server: PostgresServer, database: str
) -> None:
    other = open_store(url, store.clock)
    inboxes = [GroupCommitInbox(store), GroupCommitInbox(other)]
    sent = [delivery(f"k{number % 40}") for number in range(80)]
    told: list[object] = []
    senders = [
        threading.Thread(target=lambda each=each: told.extend(all_at_once(each, sent))) for each in inboxes
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    for inbox in inboxes:
        inbox.close()
    other.close()
    assert Counter(told) == {True: 40, False: 120}
    assert keys_on_disk(server, database) == {f"k{number}" for number in range(40)}


@pytest.mark.system
def test_whatever_was_acknowledged_survives_a_kill(url: str, server: PostgresServer, database: str) -> None:
    program = [sys.executable, "-m", "tests.store.inbox_until_killed", url]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        acknowledged = [process.stdout.readline().strip() for _ in range(300)]
        process.kill()
        acknowledged += [line.strip() for line in process.stdout if line.endswith("\n")]
    assert len(set(acknowledged)) == len(acknowledged) >= 300
    assert set(acknowledged) <= keys_on_disk(server, database)


def test_while_the_server_is_away_senders_are_told_at_once_and_later_it_goes_on(
    store: SqlStore, server: PostgresServer, database: str
) -> None:
    inbox = GroupCommitInbox(store)
    assert inbox.accept(Delivery("acme", "before", NOW, b"{}"))
    with pytest.raises(Unavailable):
        look_while_it_crashes(store, server)
    with pytest.raises(Locked):  # so that nobody tries each of a batch alone once more
        inbox._writer.write([delivery("k1"), delivery("k2")])
    told = all_at_once(inbox, [delivery(f"k{number}") for number in range(20)])
    assert {type(each) for each in told} == {Unavailable}
    with pytest.raises(Unavailable), store.transaction() as tx:
        tx.clients.add(client(), [])
    server.start()
    assert inbox.accept(delivery("k1"))
    with store.transaction() as tx:
        tx.clients.add(client(), [])
    inbox.close()
    assert keys_on_disk(server, database) == {"before", "k1"}


def look_while_it_crashes(store: SqlStore, server: PostgresServer) -> None:
    """Between two questions."""
    with store.reading() as tx:
        server.stop(signal.SIGQUIT)
        tx.clients.get("c1")


@pytest.mark.system
def test_a_killed_workers_row_is_done_by_another_whom_a_restart_of_the_server_did_not_stop(
    url: str, server: PostgresServer, database: str, tmp_path: Path
) -> None:
    with beside_a_victim(tmp_path, url) as beside:
        beside.victim.kill()
        server.stop()
        assert not beside.done.wait(LEASE), "there is nothing to claim it from"
        server.start()
        assert beside.done.wait(10.0)


@pytest.mark.system
def test_no_two_processes_ever_run_the_same_row_at_once(url: str, store: SqlStore, tmp_path: Path) -> None:
    with store.transaction() as tx:
        tx.work.touch_all("judge", [f"c{number}" for number in range(ROWS)])
    program = [sys.executable, "-m", "tests.postgres.judging", url, str(tmp_path)]
    workers = [subprocess.Popen(program, stdout=subprocess.PIPE, text=True) for _ in range(WORKERS)]
    try:
        for worker in workers:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"
        (tmp_path / "begin").touch()
        told = [worker.communicate(timeout=60)[0].split() for worker in workers]
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    ran = Counter(key for lines in told for key in lines)
    assert ran.pop("twice", 0) == 0
    assert set(ran) == {f"c{number}" for number in range(ROWS)}
    assert all(lines for lines in told), "one did everything"
    with store.reading() as tx:
        assert tx.work.overdue() == (0, 0.0)
