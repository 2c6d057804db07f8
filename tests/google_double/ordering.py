"""What a test orders to go wrong, on the way in and on the way out (see the package's docstring)."""

from collections.abc import Callable

from tests.google_double.channels import Channel, Channels
from tests.google_double.clock import Clock
from tests.google_double.failing import Fault, Faults
from tests.google_double.pushing import MODES, Delivered, Pusher, Trouble
from tests.google_double.state import State


class Ordering:
    """The part of the double's controls that is about faults and notices."""

    clock: Clock
    _state: State
    _faults: Faults
    _pusher: Pusher
    _channels: Channels

    # faults

    def fail(
        self,
        method: str = "*",
        calendar: str = "*",
        times: int | None = 1,
        when: str = "before",
        status: int = 503,
        reason: str = "backendError",
        message: str = "",
        drop: bool = False,
        hang: bool = False,
        delay: float = 0.0,
        account: str = "*",
        skip: int = 0,
    ) -> None:
        self._faults.order(
            Fault(method, calendar, times, when, status, reason, message, drop, hang, delay, account, skip)
        )

    def well(self) -> None:
        """No fault is ordered any more."""
        self._faults.forget()

    def meanwhile(
        self,
        act: Callable[[], object],
        method: str = "*",
        calendar: str = "*",
        times: int | None = 1,
        when: str = "before",
        skip: int = 0,
    ) -> None:
        self._faults.order(
            Fault(method, calendar, times, when, 0, "", "", False, False, 0.0, skip=skip, act=act)
        )

    def release(self) -> None:
        self._faults.release()

    def expire_sync_tokens(self, calendar: str = "*") -> None:
        with self._state.lock:
            for shelf in self._state.shelves.values():
                if calendar in ("*", shelf.id):
                    shelf.generation += 1

    def revoke(self, name: str) -> None:
        self._state.accounts.named(name).revoked = True

    def reinstate(self, name: str) -> None:
        self._state.accounts.named(name).revoked = False

    # push

    def push(self, mode: str, calendar: str = "*", times: int | None = None) -> None:
        if mode not in MODES:
            raise ValueError(f"push: {mode!r} is none of {MODES}")
        self._pusher.troubles.append(Trouble(mode, calendar, times))

    def push_before_answer(self, on: bool = True) -> None:
        self._channels.before_answer = on

    def push_backoff(self, *pauses: float) -> None:
        self._pusher.backoff = pauses

    def deliver(self) -> int:
        return self._pusher.release()

    def settle(self, seconds: float = 5.0) -> bool:
        return self._pusher.settle(seconds)

    def expire_channels(self, calendar: str = "*") -> None:
        with self._state.lock:
            self._channels.expire(calendar)

    @property
    def channels(self) -> list[Channel]:
        return [each for each in self._channels.open.values() if each.until > self.clock.now]

    @property
    def deliveries(self) -> list[Delivered]:
        return list(self._pusher.delivered)
