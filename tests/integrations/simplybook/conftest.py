"""One fake SimplyBook.me for each test."""

from collections.abc import Iterator

import pytest

from integrations.simplybook import SimplybookPlatform
from tests.contracts.booking_platform import NOW
from tests.integrations.simplybook.fake_server import Simplybook
from tests.integrations.simplybook.outside import AtSimplybook, opened
from tests.integrations.vendor_server import serving_vendor


@pytest.fixture
def simplybook() -> Simplybook:
    return Simplybook(NOW)


@pytest.fixture
def outside(simplybook: Simplybook) -> AtSimplybook:
    return AtSimplybook(simplybook)


@pytest.fixture
def endpoint(simplybook: Simplybook) -> Iterator[str]:
    with serving_vendor(simplybook) as address:
        yield address


@pytest.fixture
def platform(endpoint: str) -> SimplybookPlatform:
    return opened(endpoint)
