"""A page waits for its own change, also while somebody else is at it; never for ever."""

import threading
from dataclasses import replace

import pytest

from scheduler_app.flow.flow import JUDGE
from scheduler_app.web import through
from tests.web.at_the_desk import Receptionist
from tests.web.settling import settling
from tests.web.stand import Stand


def test_a_page_waits_while_another_worker_judges(stand: Stand) -> None:
    desk = Receptionist(stand)
    client = desk.client_of(desk.book())
    with stand.store.transaction() as held:
        held.work.touch(JUDGE, client)
        claim = held.work.claim([JUDGE], 60)
    assert claim is not None
    looked = threading.Event()

    def settle() -> None:
        looked.set()

    def finish() -> None:
        looked.wait()
        with stand.store.transaction() as held:
            held.work.settle(claim)
        finished.append(True)

    finished: list[bool] = []
    worker = threading.Thread(target=finish)
    worker.start()
    through.story_through(replace(stand.deps, settle=settle), client)
    assert finished == [True]
    worker.join()


def test_a_page_does_not_wait_for_ever(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(through, "PAUSE", 0.0)
    desk = Receptionist(stand)
    client = desk.client_of(desk.book())
    with stand.store.transaction() as held:
        held.work.touch(JUDGE, client)
        assert held.work.claim([JUDGE], 60)
    through.story_through(replace(stand.deps, settle=lambda: None), client)


def test_work_that_fails_is_not_waited_for(stand: Stand) -> None:
    desk = Receptionist(stand)
    client = desk.client_of(desk.book())
    rounds = []
    settle = settling(stand.deps.flow)
    with stand.store.transaction() as held:
        held.work.touch(JUDGE, client)
        claim = held.work.claim([JUDGE], 60)
        assert claim is not None
        held.work.settle(claim, "it failed")

    def counted() -> None:
        rounds.append(1)
        settle()

    through.story_through(replace(stand.deps, settle=counted), client)
    assert rounds == [1]
