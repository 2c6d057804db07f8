"""What a transaction was told and holds back: said to the database in sets, and before anything is asked."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

TOGETHER = 1000  # values in one question


class Gathered:
    """Shared by the parts of one transaction. Parts join in the order in which rows refer to each other."""

    def __init__(self) -> None:
        self._parts: list[Callable[[], None]] = []
        self.on = False  # once something was expected
        self.waiting = False
        self.turn: Callable[[], None] | None = None  # what must be waited for before the first word

    def join(self, say: Callable[[], None]) -> None:
        """say: says what the part has gathered."""
        self._parts.append(say)

    def leave(self) -> None:
        """The parts hold this and this holds the parts: a ring, which only the collector would undo."""
        self._parts.clear()

    def flush(self) -> None:
        """Say it all, if anything waits. Raises what writing one by one would have raised."""
        if self.waiting:
            self.flush_now()

    def flush_now(self) -> None:
        """Say it all, parts that rows refer to first."""
        self.waiting = False
        for say in self._parts:
            say()


def in_sets(values: Iterable[str]) -> Iterator[list[str]]:
    """Each value once, so many at a time."""
    rest = iter(dict.fromkeys(values))
    while some := list(islice(rest, TOGETHER)):
        yield some
