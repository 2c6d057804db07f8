"""A clinic at work, on a database of its own for each test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scheduler_app.store import open_store
from tests.flow.clinic_at_work import NOW, ClinicAtWork


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An empty database: migrated once, copied for each test."""
    file = tmp_path_factory.mktemp("flow") / "clinic.db"
    store = open_store(f"sqlite:///{file}", lambda: NOW)
    store.migrate()
    store.close()
    return file.read_bytes()


@pytest.fixture
def open_clinic(migrated_file: bytes, tmp_path: Path) -> Iterator[Callable[..., ClinicAtWork]]:
    """Opens as many clinics as a test compares."""
    opened: list[ClinicAtWork] = []

    def make(**options: object) -> ClinicAtWork:
        file = tmp_path / f"clinic-{len(opened)}.db"
        file.write_bytes(migrated_file)
        clinic = ClinicAtWork(file, **options)  # type: ignore[arg-type]
        opened.append(clinic)
        return clinic

    yield make
    for clinic in opened:
        clinic.close()


@pytest.fixture
def clinic(open_clinic: Callable[..., ClinicAtWork]) -> ClinicAtWork:
    """One clinic at work."""
    return open_clinic()
