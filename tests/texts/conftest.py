"""What these tests stand on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler_app.texts.intake import tongue
from scheduler_app.texts.words import words
from tests.texts.half_written import write_half


@pytest.fixture
def half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A language of which a few lines are written."""
    monkeypatch.setattr("scheduler_app.texts.words._HERE", tmp_path)
    _forget()
    yield write_half(tmp_path)
    _forget()


def _forget() -> None:
    words.cache_clear()
    tongue.cache_clear()
