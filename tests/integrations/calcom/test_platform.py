"""Cal.com's adapter is held to the contract of all platforms, over HTTP."""

from collections.abc import Iterator

import pytest

from integrations.calcom import CalcomPlatform
from tests.contracts.booking_platform import BookingPlatformContract, clinic_platform
from tests.house import house
from tests.integrations.calcom.fake_bookings import KEY, SECRET
from tests.integrations.calcom.fake_server import FakeCalcom, serving_calcom

SERVICES = {"micro": ("microneedling",)}


class TestCalcomPlatform(BookingPlatformContract):
    moves_keep_id = False

    @pytest.fixture
    def outside(self) -> Iterator[FakeCalcom]:
        with serving_calcom() as fake:
            yield fake

    @pytest.fixture
    def platform(self, outside: FakeCalcom) -> CalcomPlatform:
        made = clinic_platform("calcom", SERVICES, endpoint=outside.endpoint)
        return CalcomPlatform(made, house().clinic, [SECRET], KEY)
