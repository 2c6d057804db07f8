"""One linked client a test."""

import pytest

from tests.web.stand import Stand
from tests.web.subscribe.linked import Linked, linked


@pytest.fixture
def anna(stand: Stand) -> Linked:
    return linked(stand)
