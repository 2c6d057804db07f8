"""Wake-ups: huey carries the word that something wants doing, and nothing about what.

The file is disposable and nobody's data: no results, no fsync, no schedule, no locks, no retries.
"""

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from huey import SqliteHuey
from huey.consumer import Consumer, Worker
from huey.serializer import SignedSerializer

log = logging.getLogger(__name__)

ENOUGH = 16  # wake-ups under way: more would say nothing new
FIRST_POLL, LONGEST_POLL = 0.1, 0.25  # seconds, for the word of other processes


class Wakeups:
    """A queue of wake-ups in its own file, shared by every process that works on one database.

    secret: signs them, because huey's own format would let whoever can write the file run code.
    """

    def __init__(self, path: Path, secret: str) -> None:
        self._path = path
        self._secret = secret
        self._drain: Callable[[], None] = _nothing
        self._huey = self._open()
        self._task = self._huey.task(name="drain")(self._woken)
        self._consumer: _QuietConsumer | None = None
        # our own word need not be waited for: a thread that sleeps between two looks wakes by it
        self._called: SimpleQueue[None] = SimpleQueue()

    def nudge(self) -> None:
        """Ask for one drain. Best effort, and only after the commit: the tick finds what is lost here."""
        try:
            if self._huey.pending_count() < ENOUGH:
                self._task()
            if self._called.qsize() < ENOUGH:
                self._called.put(None)
        except Exception as fault:  # noqa: BLE001 - a wake-up that is lost costs two seconds, never work
            log.warning("a wake-up was lost: %s", type(fault).__name__)

    def start(self, drain: Callable[[], None], threads: int) -> None:
        """Call `drain` in one of so many threads for every wake-up, until `stop`."""
        self._drain = drain
        self._consumer = _QuietConsumer(
            self._called,
            self._huey,
            workers=threads,
            periodic=False,
            initial_delay=FIRST_POLL,
            max_delay=LONGEST_POLL,
            scheduler_interval=60,
            worker_type="thread",
        )
        self._consumer.start()

    def watch(self) -> None:
        """Replace threads that died."""
        if self._consumer is not None:
            self._consumer.check_worker_health()

    def stop(self, patience: float) -> bool:
        """No more drains; True when those under way ended within so many seconds. The file is let go."""
        consumer, self._consumer = self._consumer, None
        ended = True
        if consumer is not None:
            consumer.shutdown_timeout = patience
            consumer.stop_flag.set()
            for _ in range(consumer.workers):
                self._called.put(None)
            ended = bool(consumer._join_workers())
        self._huey.storage.close()
        return ended

    def _woken(self) -> None:
        self._drain()

    def _open(self) -> SqliteHuey:
        try:
            return self._opened()
        except Exception as fault:  # noqa: BLE001 - whatever is wrong with the file, a new one is as good
            log.warning("the file of wake-ups was unusable and is made anew: %s", type(fault).__name__)
            self._path.unlink(missing_ok=True)
            return self._opened()

    def _opened(self) -> SqliteHuey:
        return SqliteHuey(
            "scheduler",
            filename=str(self._path),
            results=False,
            fsync=False,
            timeout=15,
            serializer=SignedSerializer(secret=self._secret),
        )


class _PromptWorker(Worker):  # type: ignore[misc]
    """Sleeps between two looks at the queue like huey's own, and wakes when somebody here calls."""

    delay: float

    def __init__(self, called: "SimpleQueue[None]", **given: Any) -> None:
        self._called = called
        super().__init__(**given)

    def sleep(self) -> None:
        """Until somebody calls, a while at most; longer each time nobody did."""
        if self.stop_flag.is_set():
            return
        self.delay = min(self.delay, self.max_delay)
        try:
            self._called.get(timeout=self.delay)
            self.delay = self.default_delay
        except Empty:
            self.delay *= self.backoff


class _QuietConsumer(Consumer):  # type: ignore[misc]
    """huey's threads without its signal handlers: the process belongs to `serve`."""

    def __init__(self, called: "SimpleQueue[None]", huey: SqliteHuey, **given: Any) -> None:
        self.worker_class = partial(_PromptWorker, called)
        super().__init__(huey, **given)

    def _set_signal_handlers(self) -> None:
        pass


def _nothing() -> None:
    """Nobody drains yet."""
