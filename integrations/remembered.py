"""What was asked for of bookings one by one, for as long as they stand as they did."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

State = TypeVar("State")
Told = TypeVar("Told")


class Remembered(Generic[State, Told]):
    """By booking: its state, and what was told of it then. most: so many are kept, the newest. Threads may
    share it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._kept: OrderedDict[str, tuple[State, Told]] = OrderedDict()

    def told(self, booking: str, state: State) -> Told | None:
        """What was told of it in this state; None where that is not known."""
        with self._lock:
            kept = self._kept.get(booking)
        return kept[1] if kept is not None and kept[0] == state else None

    def keep(self, booking: str, state: State, told: Told) -> None:
        """Told now."""
        with self._lock:
            self._kept[booking] = (state, told)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def forget(self, which: Callable[[State], bool]) -> None:
        """Of those in such a state nothing is known any more."""
        with self._lock:
            for booking in [booking for booking, (state, _) in self._kept.items() if which(state)]:
                del self._kept[booking]
