"""Work that was given up, made the way it comes about: it fails until nobody tries it any more."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from scheduler_app.ports import ParkedWork, Store

DEFECT = "KeyError at judge.py:7"


class Movable(Protocol):
    """A clock that tests move."""

    now: datetime


def give_up(store: Store, clock: Movable, kind: str, key: str, error: str = DEFECT) -> None:
    """Let the row fail so, an hour or two apart each time, until it is given up."""
    with store.transaction() as tx:
        tx.work.touch(kind, key)
    while not any((row.kind, row.key) == (kind, key) for row in _parked(store)):
        with store.transaction() as tx:
            claim = tx.work.claim([kind], 10.0)
            assert claim is not None
            assert claim.key == key
            tx.work.settle(claim, error)
        clock.now += timedelta(hours=2)


def _parked(store: Store) -> Sequence[ParkedWork]:
    with store.reading() as tx:
        return tx.work.parked()
