"""The crew: threads, wake-ups and the tick, with nothing slept away."""

import pickle
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from huey.serializer import SignedSerializer

from scheduler_app.ports import Claim
from scheduler_app.store import SqlStore
from scheduler_app.work import Crew, Leases, Run, Runner, Wakeups
from tests.work.conftest import Clock, touch

SOON = 10.0  # seconds: the machine may be busy
Hire = Callable[..., Crew]


@pytest.fixture
def hire(store: SqlStore, tmp_path: Path) -> Iterator[Hire]:
    """Crews that are sent home at the end."""
    crews: list[Crew] = []

    def make(run: Run, tick: float = 60.0, **more: object) -> Crew:
        leases = Leases(store, every=0.02)
        runner = Runner(store, {"sync": run}, leases)
        wakeups = Wakeups(tmp_path / "wakeups.db", "secret")
        crews.append(Crew(store, runner, leases, wakeups, threads=2, tick=tick, **more))  # type: ignore[arg-type]
        return crews[-1]

    yield make
    for crew in crews:
        crew.stop(patience=2.0)


@pytest.fixture
def wakeups(tmp_path: Path) -> Iterator[Wakeups]:
    """A queue that nobody listens to."""
    made = Wakeups(tmp_path / "wakeups.db", "secret")
    yield made
    made.stop(0.0)


def test_a_nudge_after_the_commit_has_the_work_done(store: SqlStore, hire: Hire) -> None:
    done = threading.Event()
    crew = hire(lambda _claim: done.set())
    crew.start()
    touch(store, "sync")
    crew.nudge()

    assert done.wait(SOON)


def test_work_whose_wake_up_was_lost_is_found_by_the_tick(store: SqlStore, hire: Hire) -> None:
    done = threading.Event()
    crew = hire(lambda _claim: done.set(), tick=0.05)
    crew.start()
    touch(store, "sync")

    assert done.wait(SOON)


def test_work_left_over_from_before_is_done_at_the_start(store: SqlStore, hire: Hire) -> None:
    done = threading.Event()
    touch(store, "sync")
    hire(lambda _claim: done.set()).start()

    assert done.wait(SOON)


def test_what_prepares_the_house_runs_before_any_work(store: SqlStore, hire: Hire) -> None:
    order: list[str] = []
    done = threading.Event()
    touch(store, "sync")

    def run(_claim: Claim) -> None:
        order.append("work")
        done.set()

    hire(run, prepare=lambda: order.append("prepared")).start()
    assert done.wait(SOON)
    assert order == ["prepared", "work"]


def test_leases_are_renewed_while_the_work_lasts(store: SqlStore, clock: Clock, hire: Hire) -> None:
    renewed, begun, go_on = threading.Event(), threading.Event(), threading.Event()

    def run(_claim: Claim) -> None:
        begun.set()
        go_on.wait(SOON)

    crew = hire(run)
    whole = crew._leases.renew

    def renew() -> None:
        whole()
        renewed.set()

    crew._leases.renew = renew  # type: ignore[method-assign]
    crew.start()
    touch(store, "sync")
    crew.nudge()
    assert begun.wait(SOON)
    clock.pass_by(8)
    for _ in range(2):  # the first may have looked at the clock before
        renewed.clear()
        assert renewed.wait(SOON)
    clock.pass_by(8)  # sixteen seconds after the claim
    with store.transaction() as tx:
        assert tx.work.claim(("sync",), 10.0) is None
    go_on.set()


def test_a_stop_waits_for_work_under_way_and_claims_nothing_more(store: SqlStore, hire: Hire) -> None:
    begun, ended = threading.Event(), threading.Event()

    def run(_claim: Claim) -> None:
        begun.set()
        crew._stopping.wait(SOON)
        touch(store, "sync", "another")
        ended.set()

    crew = hire(run)
    crew.start()
    touch(store, "sync")
    crew.nudge()
    assert begun.wait(SOON)

    assert crew.stop(patience=SOON)
    assert ended.is_set()
    with store.transaction() as tx:
        left = tx.work.claim(("sync",), 10.0)
    assert left is not None
    assert left.key == "another"


def test_a_stop_leaves_work_that_does_not_end_and_its_lease_runs_out(
    store: SqlStore, clock: Clock, hire: Hire
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def run(_claim: Claim) -> None:
        begun.set()
        go_on.wait(SOON)

    crew = hire(run)
    crew.start()
    touch(store, "sync")
    crew.nudge()
    assert begun.wait(SOON)

    assert not crew.stop(patience=0.1)
    assert not [thread for thread in threading.enumerate() if thread.name == "leases"]
    clock.pass_by(11)
    with store.transaction() as tx:
        taken = tx.work.claim(("sync",), 10.0)
    assert taken is not None
    go_on.set()


def test_the_process_keeps_its_own_signal_handlers(hire: Hire) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    hire(lambda _claim: None).start()
    assert [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)] == before


def test_a_database_that_is_away_stops_no_thread(
    store: SqlStore, hire: Hire, caplog: pytest.LogCaptureFixture
) -> None:
    crew = hire(lambda _claim: None)
    with store.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE work RENAME TO gone")
    crew.drain()
    assert "no work could be claimed" in caplog.text


def test_an_unusable_file_of_wake_ups_is_made_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "wakeups.db"
    file.write_bytes(b"this is no database" * 100)
    wakeups = Wakeups(file, "secret")
    wakeups.nudge()
    wakeups.stop(0.0)

    assert "made anew" in caplog.text
    assert "lost" not in caplog.text


def test_a_wake_up_that_cannot_be_sent_is_only_told(
    wakeups: Wakeups, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(sqlite3.connect(tmp_path / "wakeups.db")) as connection, connection:
        connection.execute("DROP TABLE task")
    wakeups.nudge()
    assert "a wake-up was lost: OperationalError" in caplog.text


def test_wake_ups_do_not_pile_up(wakeups: Wakeups) -> None:
    for _ in range(50):
        wakeups.nudge()
    assert wakeups._huey.pending_count() == 16


def test_a_message_signed_by_a_stranger_runs_nothing(store: SqlStore, tmp_path: Path, hire: Hire) -> None:
    done = threading.Event()
    crew = hire(lambda _claim: done.set())
    planted = tmp_path / "planted"
    message = SignedSerializer(secret="a guess")._sign(pickle.dumps(Planted(str(planted))))
    with closing(sqlite3.connect(tmp_path / "wakeups.db")) as connection, connection:
        connection.execute("INSERT INTO task (queue, data, priority) VALUES ('scheduler', ?, 9)", (message,))
    touch(store, "sync")
    crew.start()

    assert done.wait(SOON)
    assert not planted.exists()


class Planted:
    """Makes a file when it is unpickled."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str, str]]:
        return (open, (self.path, "w"))


def test_a_nudge_of_our_own_is_not_waited_for_until_the_next_look(
    wakeups: Wakeups, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FIRST_POLL", "LONGEST_POLL"):
        monkeypatch.setattr(f"scheduler_app.work.wakeups.{name}", 60.0)
    drained = threading.Semaphore(0)
    wakeups.start(drained.release, threads=2)
    for _ in range(5):  # the first may meet a thread that did not sleep yet
        wakeups.nudge()
        assert drained.acquire(timeout=SOON)
    assert wakeups.stop(SOON)  # nor is the end
