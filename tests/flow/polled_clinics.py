"""Five hundred calendars read by one worker: a simulation with a clock of its own, in which nothing sleeps.

What decides is real: when the next look is due (flow/polling) and whether a request may be made
(store/budgets). What is played is the worker, one look after the other, and a program that answers.
"""

import heapq
import random
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scheduler_app.domain.connections import CalendarState, Channel
from scheduler_app.errors import Unavailable
from scheduler_app.flow.polling import next_look
from scheduler_app.ports import RequestBudget
from tests.contracts.store_base import NOW, HandClock

WINDOW = 60.0
A_REQUEST_TAKES = 0.06  # seconds of the worker's time; Google answers a list in about that


@dataclass(frozen=True, slots=True)
class Scene:
    """What is simulated. told: how many calendars have a channel that speaks; pages: of a first reading."""

    name: str
    calendars: int = 500
    accounts: int = 1
    told: int = 0
    pages: int = 1
    minutes: int = 30


@dataclass(slots=True)
class Seen:
    """What came of it: requests in the busiest minute, in a mean one, refusals, and how late looks were."""

    scene: Scene
    busiest: int = 0
    busiest_account: int = 0
    requests: int = 0
    refused: int = 0
    late: list[float] = field(default_factory=list)

    @property
    def mean(self) -> float:
        """Requests a minute."""
        return self.requests / self.scene.minutes

    @property
    def lateness(self) -> float:
        """Seconds by which 95 of 100 looks came no later than they were due; the start left out."""
        return sorted(self.late)[int(len(self.late) * 0.95)] if self.late else 0.0


class Busiest:
    """The most requests in any minute, as they come."""

    def __init__(self) -> None:
        self.most = 0
        self._lately: deque[float] = deque()

    def add(self, at: float) -> None:
        """One more."""
        self._lately.append(at)
        while self._lately[0] <= at - WINDOW:
            self._lately.popleft()
        self.most = max(self.most, len(self._lately))


def simulate(scene: Scene, budget: RequestBudget, clock: HandClock, seed: int = 7) -> Seen:
    """One worker over so many minutes; everything is due at once when it begins."""
    chance = random.Random(seed)  # noqa: S311 - a spread, no secret
    seen, all_of_them = Seen(scene), Busiest()
    of_account = [Busiest() for _ in range(scene.accounts)]
    begin, start = clock.now, clock().timestamp()
    queue = [(start, number, scene.pages) for number in range(scene.calendars)]
    end = start + scene.minutes * 60
    while queue and (due := queue[0][0]) < end:
        _, number, pages = heapq.heappop(queue)
        clock.now = max(clock.now, begin + timedelta(seconds=due - start))
        account = number % scene.accounts
        try:
            budget.spend(f"account-{account}")
        except Unavailable as refused:
            seen.refused += 1
            heapq.heappush(queue, (clock().timestamp() + (refused.retry_in or 1.0), number, pages))
            continue
        at = clock().timestamp()
        seen.requests += 1
        all_of_them.add(at)
        of_account[account].add(at)
        if at > start + 120:
            seen.late.append(at - due)
        clock.forward(A_REQUEST_TAKES)
        now = clock().timestamp()
        wait = 0.0 if pages > 1 else _next(scene, number, clock.now, chance)
        heapq.heappush(queue, (now + wait, number, max(1, pages - 1)))
    seen.busiest, seen.busiest_account = all_of_them.most, max(each.most for each in of_account)
    return seen


def _next(scene: Scene, number: int, now: datetime, chance: random.Random) -> float:
    state = CalendarState(str(number), read_at=now)
    heard = Channel("c", state.calendar, b"", NOW, "r", now + timedelta(days=7), heard_at=now)
    return next_look(state, [heard] if number < scene.told else [], now, chance.random())
