"""One stand a test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.stand import Stand, standing


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    with standing(tmp_path) as made:
        yield made
