"""A clinic that is booked online, on a database of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flow.platforms.clinic_online import ClinicOnline


@pytest.fixture
def online(migrated_file: bytes, tmp_path: Path) -> Iterator[ClinicOnline]:
    """A clinic with a platform."""
    file = tmp_path / "clinic.db"
    file.write_bytes(migrated_file)
    clinic = ClinicOnline(file)
    yield clinic
    clinic.close()
