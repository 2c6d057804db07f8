"""The platform in memory is held to the contract of all platforms."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from integrations.memory import MemoryBooking, MemoryPlatform
from integrations.memory.platform import SIGNATURE
from scheduler_app.domain.appointments import Clues
from scheduler_app.errors import Disconnected, Unavailable
from tests.contracts.booking_platform import (
    ANN,
    EMAIL,
    NOW,
    BookingPlatformContract,
    Outside,
    Sent,
    clinic_platform,
)
from tests.house import house

SECRET = "a secret of the tests"


class InMemory:
    """Implements Outside on the platform itself."""

    def __init__(self, platform: MemoryPlatform) -> None:
        self._platform = platform
        self._count = 0

    def book(
        self,
        start: datetime,
        *,
        service: str = "micro",
        by_staff: bool = False,
        pending: bool = False,
        name: str = ANN,
        email: str = EMAIL,
    ) -> str:
        self._count += 1
        id = f"b{self._count:04}"
        self._platform.bookings[id] = MemoryBooking(
            id,
            start,
            start + timedelta(hours=1),
            (service,),
            Clues(name, email),
            NOW,
            NOW,
            "pending" if pending else "booked",
            by_staff=by_staff,
        )
        return id

    def move(self, booking_id: str, start: datetime) -> str:
        held = self._platform.bookings[booking_id]
        self._keep(replace(held, start=start, end=start + (held.end - held.start)))
        return booking_id

    def call_off(self, booking_id: str) -> None:
        self._keep(replace(self._platform.bookings[booking_id], status="cancelled"))

    def is_over(self, booking_id: str) -> bool:
        return self._platform.bookings[booking_id].status == "cancelled"

    def is_waiting(self, booking_id: str) -> bool:
        return self._platform.bookings[booking_id].status == "pending"

    def told(self, booking_id: str) -> str:
        return self._platform.bookings[booking_id].message

    def sent(self, booking_id: str) -> Sent:
        return (*self._platform.sent(booking_id), "")

    def sent_about_something_else(self) -> Sent:
        return self.sent_signed(b'{"payment": 7}')

    def sent_signed(self, body: bytes) -> Sent:
        return {SIGNATURE: hmac.digest(SECRET.encode(), body, hashlib.sha256).hex()}, body, ""

    def answer_next(self, status: int, retry_after: int | None = None) -> None:
        self._platform.faults.append(Unavailable(f"answered {status}", retry_after))

    def lose_next_answer(self) -> None:
        self._platform.faults.append(Unavailable("broke off"))

    def close_door(self) -> None:
        self._platform.faults += [Disconnected("access-withdrawn", "the key opens nothing")] * 2

    def _keep(self, after: MemoryBooking) -> None:
        self._platform.bookings[after.id] = replace(after, version=after.version + 1, changed_at=NOW)


class TestMemoryPlatform(BookingPlatformContract):
    @pytest.fixture
    def platform(self) -> MemoryPlatform:
        services: Mapping[str, tuple[str, ...]] = {"micro": ("microneedling",)}
        return MemoryPlatform(clinic_platform("memory", services), house().clinic, [SECRET])

    @pytest.fixture
    def outside(self, platform: MemoryPlatform) -> Outside:
        return InMemory(platform)
