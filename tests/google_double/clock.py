"""The double's own time: a test moves it, a process of its own lets it run."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


class Clock:
    """`now` is aware and in UTC; set it, `advance` it, or `follow` something that ticks."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now
        self._source: Callable[[], datetime] | None = None

    @property
    def now(self) -> datetime:
        """The present moment, in UTC."""
        return self._source().astimezone(UTC) if self._source else self._now

    @now.setter
    def now(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            raise ValueError("now: no zone; give an aware datetime")
        self._source, self._now = None, moment.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Move on."""
        self.now = self.now + by

    def follow(self, source: Callable[[], datetime]) -> None:
        """Read the time from there from now on."""
        self._source = source

    def reset(self) -> None:
        """Back to the start, unless it follows something."""
        self._now = START
