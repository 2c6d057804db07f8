"""What the sentences about stores are told with."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.clients import Client
from scheduler_app.ports import Inbox, Store

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


class HandClock:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class StoreBase:
    """What an adapter supplies."""

    @pytest.fixture
    def clock(self) -> HandClock:
        """The clock the store goes by."""
        return HandClock()

    @pytest.fixture
    def store(self, clock: HandClock) -> Store:
        """An empty, migrated database."""
        raise NotImplementedError

    @pytest.fixture
    def inbox(self, store: Store) -> Inbox:
        """The durable inbox of that database."""
        raise NotImplementedError


def client(ref: str = "c1", name: str = "Anna Smith") -> Client:
    """A person."""
    return Client(ref, name, NOW)


def visit(ref: str = "a1", **changes: Any) -> Appointment:
    """An hour of microneedling for c1."""
    plain = Appointment(
        ref=ref,
        source="hooks:acme",
        source_id=f"booking-{ref}",
        client="c1",
        treatments=("microneedling",),
        start=NOW + 24 * HOUR,
        end=NOW + 25 * HOUR,
        zone="Europe/London",
        status="booked",
        booked_at=NOW,
        reported_at=NOW,
    )
    return replace(plain, **changes)
