"""Whose turn it is at the write lock: those whom somebody outside waits for, and nobody is forgotten."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from scheduler_app.errors import Unavailable
from scheduler_app.store import GroupCommitInbox, open_store
from scheduler_app.store.turns import Turns
from tests.contracts.store_base import HandClock
from tests.store.test_inbox import delivery

LONG = 10.0
Waiting = Callable[[float], AbstractContextManager[None]]


class Queue:
    """Threads that wait for their turns, and in which order they got them."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.order: list[str] = []
        self._threads: list[threading.Thread] = []

    def wait(self, name: str, turn: Waiting) -> None:
        """One more waits, behind all who do already."""

        def take() -> None:
            with turn(LONG):
                self.order.append(name)

        before = standing(self.turns)
        thread = threading.Thread(target=take)
        thread.start()
        self._threads.append(thread)
        one_more(self.turns, before)

    def done(self) -> list[str]:
        """When all had theirs."""
        for thread in self._threads:
            thread.join(LONG)
        return self.order


def standing(turns: Turns) -> int:
    return turns._hurried + turns._waiting


def one_more(turns: Turns, before: int) -> None:
    """Return once somebody else waits too."""
    until = time.monotonic() + LONG / 5
    while standing(turns) == before:
        assert time.monotonic() < until, "nobody waits"
        threading.Event().wait(0.001)


def test_who_is_in_a_hurry_goes_before_those_who_wait() -> None:
    turns = Turns()
    queue = Queue(turns)
    with turns.in_turn(LONG):
        queue.wait("judge", turns.in_turn)
        queue.wait("delivery", turns.first)
    assert queue.done() == ["delivery", "judge"]


def test_nobody_is_passed_twice() -> None:
    turns = Turns()
    queue = Queue(turns)
    with turns.in_turn(LONG):
        queue.wait("judge", turns.in_turn)
        queue.wait("delivery 1", turns.first)
        queue.wait("delivery 2", turns.first)
    assert queue.done()[1] == "judge"


@pytest.mark.parametrize("turn", ["first", "in_turn"])
def test_who_waits_too_long_is_told_so_and_nobody_waits_for_them(turn: str) -> None:
    turns = Turns()
    with turns.in_turn(LONG), pytest.raises(Unavailable), getattr(turns, turn)(0.01):
        pass
    for ordinary in (turns.first, turns.in_turn):
        with ordinary(0.0):
            pass


@pytest.mark.parametrize("turn", ["first", "in_turn"])
def test_a_turn_that_fails_is_over(turn: str) -> None:
    turns = Turns()
    with pytest.raises(ZeroDivisionError), getattr(turns, turn)(LONG):
        raise ZeroDivisionError
    with turns.in_turn(0.0):
        pass


def test_a_delivery_is_kept_before_writers_that_wait_longer(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'clinic.db'}", HandClock())
    store.migrate()
    inbox = GroupCommitInbox(store)
    queue = Queue(store.turns)
    seen: list[int] = []

    @contextmanager
    def writing(_seconds: float) -> Iterator[None]:
        with store.transaction() as tx:
            seen.append(len(list(tx.deliveries.pending("acme", 9))))
            yield

    sender = threading.Thread(target=lambda: inbox.accept(delivery("k1")))
    with store.transaction():
        queue.wait("writer", writing)
        before = standing(store.turns)
        sender.start()
        one_more(store.turns, before)
    sender.join(LONG)
    queue.done()
    inbox.close()
    store.close()
    assert seen == [1]


def test_a_writer_that_waits_in_vain_is_told_to_come_back(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'clinic.db'}", HandClock(), busy_ms=20)
    store.migrate()
    told: list[str] = []

    def write() -> None:
        try:
            with store.transaction():
                told.append("wrote")
        except Unavailable as fault:
            told.append(f"in {fault.retry_in}")

    with store.transaction():
        waiting = threading.Thread(target=write)
        waiting.start()
        waiting.join(LONG)
    write()
    store.close()
    assert told == ["in 1.0", "wrote"]
