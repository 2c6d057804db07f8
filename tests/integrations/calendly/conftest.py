"""One fake Calendly for each test."""

from collections.abc import Iterator

import pytest

from integrations.calendly import CalendlyPlatform
from tests.contracts.booking_platform import NOW
from tests.integrations.calendly.account import Account
from tests.integrations.calendly.fake_server import Calendly
from tests.integrations.calendly.outside import AtCalendly, opened
from tests.integrations.vendor_server import serving_vendor


@pytest.fixture
def account() -> Account:
    return Account(NOW)


@pytest.fixture
def outside(account: Account) -> AtCalendly:
    return AtCalendly(Calendly(account))


@pytest.fixture
def endpoint(outside: AtCalendly) -> Iterator[str]:
    with serving_vendor(outside.calendly) as address:
        yield address


@pytest.fixture
def platform(endpoint: str) -> CalendlyPlatform:
    return opened(endpoint)
