"""How many requests a minute: one budget for every process that works on the database.

Each budget is a bucket that holds at most BURST of a minute's limit and fills evenly. A bucket of a whole
minute's limit would let twice the limit through within a minute: what it held, and what flowed in. So
the burst, what flows in during a minute, and what flows in while leased units may still be spent, are
together the limit and no more.

Units are leased a few at once, so that not every request costs a transaction that writes. A lease is as
large as what was spent lately, which for who asks seldom is one unit; what is not spent within LEASE
seconds is lost, never kept for later. A process that is killed loses its leases, at most a quarter of
the burst of each budget.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from random import SystemRandom

from sqlalchemy import Executable, bindparam, select
from sqlalchemy.engine import Connection

from scheduler_app.domain.clinic import RequestLimits
from scheduler_app.errors import Invalid, Unavailable
from scheduler_app.ports import Clock
from scheduler_app.store.database import SqlStore
from scheduler_app.store.sql import insert_new, per_dialect, upsert
from scheduler_app.store.tables import request_budgets as b

WINDOW = 60.0  # seconds
LEASE = 2.0  # seconds
SKEW = 1.0  # seconds by which the clocks of two machines may differ
BURST = 0.1  # of a minute's limit
LONGEST_QUEUE = 60.0  # seconds
TOGETHER = ""  # the account everybody spends from
_JITTER = SystemRandom()

LEVEL = select(b.c.left, b.c.at).where(b.c.account == bindparam("of")).with_for_update()


@per_dialect
def _put(dialect: str) -> Executable:
    return upsert(dialect, b)


@per_dialect
def _begin(dialect: str) -> Executable:
    return insert_new(dialect, b)


@dataclass(frozen=True, slots=True)
class Bucket:
    """How much it holds, and how much flows in a second."""

    size: float
    rate: float

    @classmethod
    def of(cls, limit: int) -> "Bucket":
        """The bucket that lets no more than the limit through in any minute."""
        size = max(BURST * limit, min(10.0, limit / 2))
        return cls(size, (limit - size) / (WINDOW + LEASE + SKEW))

    def level(self, left: float, at: float, now: float) -> float:
        """What it holds now, if it held `left` at `at`. A clock that lags adds nothing."""
        return min(self.size, left + max(0.0, now - at) * self.rate)


@dataclass(slots=True)
class _Lease:
    """Units that are ours until then, and how many of those before them were spent."""

    left: int = 0
    until: float = 0.0
    spent: int = 0
    dry_until: float = 0.0  # its bucket holds not one unit before then
    queued_until: float = 0.0

    def holds(self, units: int, now: float) -> bool:
        return self.left >= units and now < self.until


class SqlRequestBudget:
    """Implements ports.RequestBudget. Threads may share it; processes share the database."""

    def __init__(self, store: SqlStore, limits: RequestLimits, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._dialect = store.engine.dialect.name
        self._together = Bucket.of(limits.together)
        self._account = Bucket.of(limits.account)
        self._leases: dict[str, _Lease] = {}
        self._lock = threading.Lock()

    def spend(self, account: str, units: int = 1) -> None:
        """Take so many units of one account's budget and of everybody's.

        Raises Unavailable with retry_in, and takes nothing, when either has not enough left; Invalid for
        more than a budget ever holds. What was taken must be used at once. Not inside a transaction.
        """
        names = (TOGETHER, account) if account != TOGETHER else (TOGETHER,)
        for name in names:
            if units > self._bucket(name).size:
                why = f"{units} units are more than a budget ever holds; allow more requests a minute"
                raise Invalid("request-limit", why, "requests")
        with self._lock:
            leases = {name: self._leases.setdefault(name, _Lease()) for name in names}
            now = self._clock().timestamp()
            if short := [name for name in names if not leases[name].holds(units, now)]:
                self._renew(short, units, now)
            now = self._clock().timestamp()
            for name, lease in leases.items():
                if not lease.holds(units, now):  # writing it down took longer than a lease lasts
                    raise self._not_yet(name, units, now)
            for lease in leases.values():
                lease.left -= units
                lease.spent += units

    def _bucket(self, name: str) -> Bucket:
        return self._together if name == TOGETHER else self._account

    def _renew(self, names: Sequence[str], units: int, now: float) -> None:
        """Lease anew, all of them or none. What was left of the old leases is given up."""
        for name in names:
            if now < self._leases[name].dry_until:
                raise self._not_yet(name, units, now)
        taken = {}
        with self._store.writing() as connection:
            rows = {name: self._row(connection, name) for name in names}
            # read here: before the wait for the lock it would let a lease begin in the past
            now = self._clock().timestamp()
            for name, (left, at) in rows.items():
                level = self._bucket(name).level(left, at, now)
                if level < units:
                    self._leases[name].dry_until = now + max(0.0, 1 - level) / self._bucket(name).rate
                    raise self._not_yet(name, units, now, units - level)
                taken[name] = self._size(name, units, level, now)
                row = {"account": name, "left": level - taken[name], "at": max(at, now)}
                connection.execute(_put(self._dialect), row)
        for name, leased in taken.items():
            lease = self._leases[name]
            lease.left, lease.until, lease.spent = leased, now + LEASE, 0

    def _size(self, name: str, units: int, level: float, now: float) -> int:
        """Twice what was spent of the lease before, if that lies not long back."""
        lease = self._leases[name]
        lately = lease.spent if now < lease.until + LEASE else 0
        return int(min(level, max(units, min(2 * lately, self._bucket(name).size // 4))))

    def _row(self, connection: Connection, name: str) -> tuple[float, float]:
        """What was left, and when; nobody else changes it before we are done."""
        row = connection.execute(LEVEL, {"of": name}).first()
        if row is None:
            fresh = {"account": name, "left": self._bucket(name).size, "at": self._clock().timestamp()}
            connection.execute(_begin(self._dialect), fresh)
            row = connection.execute(LEVEL, {"of": name}).one()
        return row.left, row.at

    def _not_yet(self, name: str, units: int, now: float, missing: float = 0.0) -> Unavailable:
        """Everybody refused is given a turn of their own: together they would come back for ever."""
        lease = self._leases[name]
        rate = self._bucket(name).rate
        turn = max(lease.queued_until, now + missing / rate) + units / rate
        lease.queued_until = min(turn, now + LONGEST_QUEUE)
        whose = "an account" if name else "all accounts together"
        wait = (lease.queued_until - now) * _JITTER.uniform(1.0, 1.25)
        return Unavailable(f"{whose} asked as often as it may for now", retry_in=max(1.0, wait))
