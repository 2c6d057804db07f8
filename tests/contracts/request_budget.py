"""What every budget of requests must do for us. An adapter supplies `spenders`: many, on one budget."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from scheduler_app.domain.clinic import RequestLimits
from scheduler_app.errors import Unavailable
from scheduler_app.ports import RequestBudget
from tests.contracts.store_base import HandClock

WINDOW = 60.0
Spenders = Callable[[RequestLimits, int], list[RequestBudget]]


@dataclass
class Ledger:
    """Who spent how much, and when."""

    clock: HandClock
    spent: list[tuple[float, str, int]] = field(default_factory=list)
    told: list[float] = field(default_factory=list)  # seconds after which to try again

    def spend(self, budget: RequestBudget, account: str, units: int = 1) -> bool:
        """Whether there was enough left."""
        try:
            budget.spend(account, units)
        except Unavailable as refused:
            self.told.append(refused.retry_in or 0.0)
            return False
        self.spent.append((self.clock().timestamp(), account, units))
        return True

    def most(self, account: str | None = None) -> int:
        """The most that was spent in any minute; of everybody together when nobody is named."""
        told = [(at, units) for at, whose, units in self.spent if account in (None, whose)]
        return max(
            (sum(units for at, units in told if end - WINDOW < at <= end) for end, _ in told), default=0
        )


class RequestBudgetContract:
    """What an adapter promises."""

    @pytest.fixture
    def clock(self) -> HandClock:
        """What the budget goes by."""
        return HandClock()

    @pytest.fixture
    def spenders(self, clock: HandClock) -> Spenders:
        """So many processes that share one budget, which nobody has spent from yet."""
        raise NotImplementedError

    def test_no_minute_sees_more_than_the_limit_however_hard_many_try(
        self, spenders: Spenders, clock: HandClock
    ) -> None:
        ledger = Ledger(clock)
        crowd = spenders(RequestLimits(account=60, together=100), 3)
        for _ in range(900):  # three minutes
            for number, budget in enumerate(crowd):
                ledger.spend(budget, f"a{number % 2}", 1)
            clock.forward(0.2)
        assert 45 <= ledger.most("a0") <= 60
        assert ledger.most("a1") <= 60
        assert 75 <= ledger.most() <= 100

    def test_a_budget_nobody_used_for_long_is_not_saved_up(
        self, spenders: Spenders, clock: HandClock
    ) -> None:
        ledger = Ledger(clock)
        (budget,) = spenders(RequestLimits(account=60, together=1000), 1)
        clock.forward(86_400)
        for _ in range(3000):
            ledger.spend(budget, "a")
            clock.forward(0.03)
        assert ledger.most() <= 60

    def test_one_account_that_spent_all_leaves_the_others_theirs(
        self, spenders: Spenders, clock: HandClock
    ) -> None:
        ledger = Ledger(clock)
        (budget,) = spenders(RequestLimits(account=60, together=600), 1)
        while ledger.spend(budget, "greedy"):
            pass
        assert ledger.spend(budget, "other")

    def test_all_accounts_together_are_limited_too(self, spenders: Spenders, clock: HandClock) -> None:
        ledger = Ledger(clock)
        (budget,) = spenders(RequestLimits(account=600, together=60), 1)
        for number in range(200):
            ledger.spend(budget, f"a{number}")
        assert not ledger.spend(budget, "another")

    def test_what_was_refused_took_nothing_and_comes_later(
        self, spenders: Spenders, clock: HandClock
    ) -> None:
        ledger = Ledger(clock)
        (budget,) = spenders(RequestLimits(account=60, together=600), 1)
        while ledger.spend(budget, "a"):
            pass
        assert ledger.told[0] > 0
        clock.forward(ledger.told[0] + 1)
        assert ledger.spend(budget, "a")

    def test_some_requests_cost_more_than_one_unit(self, spenders: Spenders, clock: HandClock) -> None:
        ledger = Ledger(clock)
        (budget,) = spenders(RequestLimits(account=60, together=600), 1)
        while ledger.spend(budget, "a", 3):
            pass
        assert 1 <= len(ledger.spent) <= 20
