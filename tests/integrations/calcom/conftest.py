"""A fake Cal.com and the adapter that speaks to it."""

from collections.abc import Iterator

import pytest

from integrations.calcom import CalcomPlatform
from tests.contracts.booking_platform import clinic_platform
from tests.house import house
from tests.integrations.calcom.fake_bookings import KEY, SECRET
from tests.integrations.calcom.fake_server import FakeCalcom, serving_calcom

SERVICES = {"micro": ("microneedling",)}


@pytest.fixture
def outside() -> Iterator[FakeCalcom]:
    with serving_calcom() as fake:
        yield fake


@pytest.fixture
def platform(outside: FakeCalcom) -> CalcomPlatform:
    made = clinic_platform("calcom", SERVICES, endpoint=outside.endpoint)
    return CalcomPlatform(made, house().clinic, [SECRET], KEY)
