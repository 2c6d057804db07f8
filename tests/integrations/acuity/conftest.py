"""One fake Acuity for each test."""

from collections.abc import Iterator

import pytest

from integrations.acuity import AcuityPlatform
from tests.contracts.booking_platform import NOW
from tests.integrations.acuity.fake_server import Acuity
from tests.integrations.acuity.outside import AtAcuity, opened
from tests.integrations.vendor_server import serving_vendor


@pytest.fixture
def acuity() -> Acuity:
    return Acuity(NOW)


@pytest.fixture
def outside(acuity: Acuity) -> AtAcuity:
    return AtAcuity(acuity)


@pytest.fixture
def endpoint(acuity: Acuity) -> Iterator[str]:
    with serving_vendor(acuity) as address:
        yield address


@pytest.fixture
def platform(endpoint: str) -> AcuityPlatform:
    return opened(endpoint)
