"""One fake seller for each test."""

from collections.abc import Iterator

import pytest

from integrations.square import SquarePlatform
from tests.contracts.booking_platform import NOW
from tests.integrations.square.fake_seller import Square
from tests.integrations.square.outside import AtSquare, opened
from tests.integrations.vendor_server import serving_vendor


@pytest.fixture
def square() -> Square:
    return Square(NOW)


@pytest.fixture
def outside(square: Square) -> AtSquare:
    return AtSquare(square)


@pytest.fixture
def endpoint(square: Square) -> Iterator[str]:
    with serving_vendor(square) as address:
        yield address


@pytest.fixture
def platform(endpoint: str) -> SquarePlatform:
    return opened(endpoint)
