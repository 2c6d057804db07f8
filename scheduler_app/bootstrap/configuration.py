"""The clinic's configuration, the clock, and what needs nothing else."""

import gc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from integrations.registry import PLATFORM_KINDS
from scheduler_app.flow.check import Checker, lines_as_they_come
from scheduler_app.rulebook import Loaded, load, require
from scheduler_app.settings import settings


def load_config(config_dir: Path | None = None) -> Loaded:
    """The clinic's configuration, from the folder given or the one set. Raises BadConfig."""
    return require(config_dir or settings().config, PLATFORM_KINDS)


def check_config(config_dir: Path | None = None) -> tuple[Path, Loaded]:
    """The folder and what could be read of it, with every mistake and warning. Never raises for those."""
    folder = config_dir or settings().config
    return folder, load(folder, PLATFORM_KINDS)


def now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


def open_checker(config_dir: Path | None = None) -> Checker:
    """What answers `check`, by the clinic's configuration. Raises BadConfig."""
    loaded = load_config(config_dir)
    clinic = loaded.clinic
    return Checker(loaded.rulebook, loaded.catalogue, clinic.location.zone, now, clinic.languages[0])


def check_lines(read: Callable[[int], bytes], config_dir: Path | None = None) -> Iterator[tuple[bytes, bool]]:
    """Answers to the lines of a stream as they come, and whether all of them could be read.

    Raises BadConfig.
    """
    checker = open_checker(config_dir)
    # What was loaded stays for good, and answers hold no cycles: the collector need not look at them often.
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    return map(checker.check_lines, lines_as_they_come(read))
