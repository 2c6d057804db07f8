"""A clinic at work, on a database of its own for each test."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from scheduler_app.store import open_store
from tests.flow.clinic_at_work import NOW, ClinicAtWork
from tests.press import Book

Opened = Callable[..., AbstractContextManager[ClinicAtWork]]


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An empty database: migrated once, copied for each test."""
    file = tmp_path_factory.mktemp("flow") / "clinic.db"
    store = open_store(f"sqlite:///{file}", lambda: NOW)
    store.migrate()
    store.close()
    return file.read_bytes()


@pytest.fixture(scope="session")
def opened(migrated_file: bytes) -> Iterator[Opened]:
    """For tests that need many clinics, one after the other: `with opened() as clinic`."""
    numbers = count()
    with TemporaryDirectory() as folder:

        @contextmanager
        def clinic(**options: object) -> Iterator[ClinicAtWork]:
            file = Path(folder) / f"{next(numbers)}.db"
            file.write_bytes(migrated_file)
            made = ClinicAtWork(file, **options)  # type: ignore[arg-type]
            try:
                yield made
            finally:
                made.close()
                for left in file.parent.glob(file.name + "*"):
                    left.unlink()

        yield clinic


@pytest.fixture
def open_clinic(migrated_file: bytes, tmp_path: Path) -> Iterator[Callable[..., ClinicAtWork]]:
    """Opens as many clinics as a test compares."""
    made: list[ClinicAtWork] = []

    def make(**options: object) -> ClinicAtWork:
        file = tmp_path / f"clinic-{len(made)}.db"
        file.write_bytes(migrated_file)
        made.append(ClinicAtWork(file, **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for clinic in made:
        clinic.close()


@pytest.fixture
def clinic(open_clinic: Callable[..., ClinicAtWork]) -> ClinicAtWork:
    """One clinic at work."""
    return open_clinic()


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    """One client's book, and the press that makes their feed."""
    made = Book(tmp_path)
    yield made
    made.close()
