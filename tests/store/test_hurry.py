"""Whoever is waited for outside is let by, among processes. Two stores of one file are as two processes."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler_app.domain.deliveries import Delivery
from scheduler_app.store import GroupCommitInbox, open_store
from scheduler_app.store.hurry import POLITE, Hurry
from tests.contracts.store_base import HandClock
from tests.store.between import rounds_until_kept

ROUNDS = 400
HELD = 0.005  # seconds: too short for the pause that a long transaction makes
HURRIED = """
import sys, time
from pathlib import Path
from scheduler_app.store.hurry import Hurry
with Hurry(Path(sys.argv[1])).shown():
    print("in a hurry", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def hurry(file: Path) -> Iterator[Hurry]:
    made = Hurry(file)
    yield made
    made.close()


@pytest.fixture
def elsewhere(file: Path) -> Iterator[Hurry]:
    made = Hurry(file)
    yield made
    made.close()


def seconds_until_let_by(hurry: Hurry) -> float:
    began = time.monotonic()
    hurry.let_by()
    return time.monotonic() - began


def test_a_webhook_comes_between_short_transactions_that_never_pause(file: Path, clock: HandClock) -> None:
    rounds = rounds_until_kept(file, clock, HELD, ROUNDS)
    assert rounds < ROUNDS / 20, "a few turns, not as many as chance wants"


def test_nobody_waits_where_nobody_is_in_a_hurry(hurry: Hurry, elsewhere: Hurry) -> None:
    with elsewhere.shown():
        pass
    assert not hurry._others()


def test_others_are_let_by_for_as_long_as_any_of_them_is_in_a_hurry(hurry: Hurry, elsewhere: Hurry) -> None:
    with elsewhere.shown():
        with elsewhere.shown():
            assert hurry._others()
        assert hurry._others()
    assert not hurry._others()


def test_two_processes_may_be_in_a_hurry_together(hurry: Hurry, elsewhere: Hurry, file: Path) -> None:
    third = Hurry(file)
    with hurry.shown(), elsewhere.shown():
        assert third._others()
    third.close()


def test_hurry_without_end_stops_nobody_for_ever(hurry: Hurry, elsewhere: Hurry) -> None:
    with elsewhere.shown():
        assert seconds_until_let_by(hurry) >= POLITE


def test_who_is_in_a_hurry_waits_for_nobody(hurry: Hurry, elsewhere: Hurry) -> None:
    with elsewhere.shown(), hurry.shown():
        assert seconds_until_let_by(hurry) < POLITE


@pytest.mark.system
def test_a_process_that_was_killed_is_in_no_hurry(hurry: Hurry, file: Path) -> None:
    command = [sys.executable, "-c", HURRIED, str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "in a hurry\n"
        assert hurry._others()
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert not hurry._others()


def test_a_database_without_a_file_has_a_queue_of_its_own(elsewhere: Hurry) -> None:
    hurry = Hurry(None)
    with elsewhere.shown():
        hurry.let_by()
        assert not hurry._others()
    with hurry.shown():
        assert not elsewhere._others()


def test_where_the_file_cannot_be_made_everything_is_written_all_the_same(
    file: Path, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    file.with_name(f"{file.name}-hurry").mkdir()
    store = open_store(f"sqlite:///{file}", clock)
    store.migrate()
    inbox = GroupCommitInbox(store)
    assert [inbox.accept(Delivery("acme", key, clock(), b"{}")) for key in "121"] == [True, True, False]
    with store.transaction() as tx:
        tx.work.touch("judge", "c1")
    inbox.close()
    store.close()
    assert sum("cannot be locked" in record.message for record in caplog.records) == 1


def test_the_file_beside_the_database_is_for_our_own_eyes(hurry: Hurry, file: Path) -> None:
    with hurry.shown():
        made = file.with_name(f"{file.name}-hurry")
        assert made.stat().st_mode & 0o777 == 0o600
        assert made.stat().st_size == 0
