"""The calendar in memory, held to the contract of all calendars."""

from typing import Any

import pytest

from integrations.memory import MemoryCalendarGateway
from tests.contracts.bookable_calendar import BookableCalendarContract, at_ten
from tests.contracts.calendar_program import CALENDAR, PAGE


class TestMemoryCalendarGateway(BookableCalendarContract):
    @pytest.fixture
    def gateway(self) -> MemoryCalendarGateway:
        gateway = MemoryCalendarGateway(at_ten, PAGE)
        gateway.keep(CALENDAR)
        return gateway

    def cursors_expire(self, gateway: Any) -> None:
        gateway.expire(CALENDAR)
