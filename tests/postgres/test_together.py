"""Several who write at once, on one PostgreSQL: what SQLite's one write lock gives away for nothing."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from scheduler_app.domain.clinic import RequestLimits
from scheduler_app.errors import Unavailable
from scheduler_app.store import SqlRequestBudget, SqlStore, open_store
from tests.contracts.store_base import HandClock, client
from tests.flow.clinic_at_work import DESK, SITE, ClinicAtWork
from tests.postgres.server import PostgresServer

WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
NEWCOMERS = ["Emma Clarke", "Hannah Fischer", "Zoe Okafor", "Lucia Marin", "Ingrid Dahl"]
Opened = Callable[[], ClinicAtWork]


@pytest.fixture
def another(url: str, tmp_path: Path) -> Iterator[Opened]:
    """Opens a process's view of the same clinic, as often as one likes."""
    made: list[ClinicAtWork] = []

    def make() -> ClinicAtWork:
        made.append(ClinicAtWork(tmp_path / f"none-{len(made)}", url=url))
        return made[-1]

    yield make
    for clinic in made:
        clinic.close()


@contextmanager
def meanwhile(*acts: Callable[[], Any]) -> Iterator[list[threading.Thread]]:
    """In threads of their own; what any raised is raised at the end."""
    faults: list[BaseException] = []

    def tried(act: Callable[[], Any]) -> None:
        try:
            act()
        except BaseException as fault:  # noqa: BLE001 - raised again below
            faults.append(fault)

    threads = [threading.Thread(target=tried, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    yield threads
    for thread in threads:
        thread.join(30)
    if faults:
        raise faults[0]


def until(true: Callable[[], bool]) -> None:
    """Not for long."""
    for _ in range(5000):
        if true():
            return
        threading.Event().wait(0.002)
    raise AssertionError("it never came to that")


def clients_of(clinic: ClinicAtWork) -> list[str]:
    """Everybody's ref."""
    with clinic.store.reading() as tx:
        return list(tx.clients.refs())


def test_two_receptionists_who_book_clashing_treatments_in_the_same_second(another: Opened) -> None:
    one, two = another(), another()
    for day, name in enumerate(NEWCOMERS, 10):
        events, together = list[str](), threading.Barrier(2)

        def book(clinic: ClinicAtWork, what: str, on: str) -> None:
            together.wait()  # noqa: B023 - the threads end within the round
            events.append(clinic.book(what, on, name))  # noqa: B023
            clinic.settle()

        with meanwhile(
            lambda: book(one, "Botox", f"2026-03-{day}"),  # noqa: B023
            lambda: book(two, "Microneedling", f"2026-03-{day + 5}"),  # noqa: B023
        ):
            pass
        one.settle()
        assert {one.client_of(each) for each in events} == {two.client_of(events[0])}
        assert sorted(one.outcome(each) for each in events) == ["blocked", "clear"]


def test_whoever_looks_for_somebody_to_add_waits_for_another_who_does(
    another: Opened, server: PostgresServer
) -> None:
    # a platform and the desk each hear of the same new person, in two processes
    one, two = another(), another()
    one.tell("created", id="b1", day="2026-03-10", treatments=["botulinum_toxin"])
    two.book("Microneedling", "2026-03-15", "Ann Lee", "ann@example.com")
    taken, let_go = threading.Event(), threading.Event()
    plain = one.store.transaction

    @contextmanager
    def slow() -> Iterator[Any]:
        with plain() as tx:
            yield tx
            if tx.clients.candidates is not None and list(tx.clients.refs()):
                taken.set()
                let_go.wait(10)

    one.store.transaction = slow  # type: ignore[method-assign]
    with meanwhile(lambda: one.runner().run_next(["ingest"])):
        assert taken.wait(10)
        with meanwhile(lambda: two.runner().run_next(["sync"])) as (reading,):
            until(lambda: server.say(WAITING)[0][0] == 1 or not reading.is_alive())
            let_go.set()
    one.settle()
    assert len(clients_of(one)) == 1
    assert one.outcome("b1", SITE) == "clear"
    (event,) = two.calendar.changes(DESK, None).events
    assert two.outcome(event.id) == "blocked"


def test_claims_and_leases_wait_for_nobody_who_writes(store: SqlStore, url: str, clock: HandClock) -> None:
    other = open_store(url, clock)
    with store.transaction() as tx:
        tx.work.touch("sync", "desk")
    with store.transaction() as writing:
        writing.clients.add(client(), [])
        with other.transaction() as tx:
            claim = tx.work.claim(["sync"], 10)
        assert claim is not None
        with other.transaction() as tx:
            assert tx.work.renew(claim, 10)
        with other.transaction() as tx:
            assert tx.work.settle(claim)
    other.close()


def test_who_waits_too_long_for_a_turn_is_told_to_come_again(
    store: SqlStore, url: str, clock: HandClock
) -> None:
    hasty = open_store(f"{url}&options=-c%20lock_timeout%3D50", clock)
    with store.transaction() as tx:
        tx.clients.add(client(), [])
        with pytest.raises(Unavailable, match="55P03"), hasty.transaction() as other:
            other.clients.add(client("c2"), [])
    with hasty.transaction() as tx:
        tx.clients.add(client("c2"), [])
    hasty.close()


def test_a_ring_of_locks_is_unavailable_for_one_and_done_for_the_other(
    store: SqlStore, url: str, clock: HandClock
) -> None:
    other = open_store(url, clock)
    with store.transaction() as tx:
        tx.work.touch_all("sync", ["a", "b"])
    held, told = threading.Barrier(2), list[str]()

    def lock(whose: SqlStore, first: str, second: str) -> None:
        take = text("SELECT 1 FROM work WHERE key = :key FOR UPDATE")
        try:
            with whose.writing() as connection:
                connection.execute(take, {"key": first})
                held.wait(10)
                connection.execute(take, {"key": second})
        except Unavailable as fault:
            told.append(str(fault))

    with meanwhile(lambda: lock(store, "a", "b"), lambda: lock(other, "b", "a")):
        pass
    assert len(told) == 1
    assert "40P01" in told[0]
    other.close()


def test_many_processes_together_spend_no_more_than_the_budget(url: str) -> None:
    clock, spent = HandClock(), count()
    stores = [open_store(url, clock) for _ in range(4)]
    limits = RequestLimits(account=600, together=600)

    def spend(store: SqlStore) -> None:
        budget = SqlRequestBudget(store, limits, clock)
        for _ in range(40):
            try:
                budget.spend("a")
            except Unavailable:
                return
            next(spent)

    with meanwhile(*[lambda store=store: spend(store) for store in stores for _ in range(2)]):
        pass
    assert 45 <= next(spent) <= 60  # time stands still: the burst and nothing more
    for store in stores:
        store.close()
