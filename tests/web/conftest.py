"""One stand a test, over a copy of one empty database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.stand import Stand, standing


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty")
    with standing(folder):
        pass
    return folder / "clinic.db"


@pytest.fixture
def stand(tmp_path: Path, empty_database: Path) -> Iterator[Stand]:
    with standing(tmp_path, empty_database) as made:
        yield made
