"""A clinic at Google, as new for each day."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.days.clinic_at_google import ClinicAtGoogle
from tests.flow.conftest import migrated_file
from tests.google_double import GoogleDouble
from tests.google_double.fixtures import google_double, google_double_server

__all__ = ["google_double", "google_double_server", "migrated_file"]


@pytest.fixture
def clinic(google_double: GoogleDouble, tmp_path: Path, migrated_file: bytes) -> Iterator[ClinicAtGoogle]:
    """Its rooms started, nothing booked."""
    file = tmp_path / "clinic.db"
    file.write_bytes(migrated_file)
    clinic = ClinicAtGoogle(google_double, file)
    clinic.look()
    clinic.start()
    yield clinic
    clinic.close()
