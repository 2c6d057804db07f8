"""Level-triggered work under leases: a row says that something wants looking at, never what happened.

Two rules about `due` carry the whole design. A signal that arrives while the row waits for its next
poll pulls it forward, and one that arrives while it runs makes it run again at once.
"""

from collections.abc import Collection, Sequence
from random import SystemRandom
from typing import Any
from uuid import uuid4

from sqlalchemy import Executable, Float, Integer, bindparam, case, func, literal, or_, select, tuple_, update
from sqlalchemy.engine import Connection

from scheduler_app.ports import Claim, Clock, ParkedWork
from scheduler_app.store.gathered import Gathered
from scheduler_app.store.part import Part
from scheduler_app.store.sql import insert_into, per_dialect
from scheduler_app.store.tables import work as w

PARKED_AT = 12  # so many claims without an end: it kills whoever runs it, or it cannot succeed
RETRIABLE_UP_TO = 10  # an outage elsewhere never parks a row, and is asked about every 17 minutes
LONGEST_WAIT = 3600.0
_JITTER = SystemRandom()

NOW = bindparam("now", type_=Float)
CLAIMABLE = (w.c.want > w.c.done, w.c.due <= NOW, w.c.lease_until <= NOW, w.c.attempts < PARKED_AT)
# With nothing joined on, so that SQLite goes by what is due and not through all there ever was of a kind.
KIND = w.c.kind.concat("")
PICK = (
    select(w.c.kind, w.c.key)
    .where(*CLAIMABLE, KIND.in_(bindparam("kinds", expanding=True)))
    .order_by(w.c.due)
    .limit(1)
    .with_for_update(skip_locked=True)
)
CLAIM = (
    update(w)
    # "=" and not "in": PostgreSQL may ask a subquery of "in" again, and then locks more than one row
    .where(tuple_(w.c.kind, w.c.key) == PICK.scalar_subquery())
    .values(lease=bindparam("owner"), lease_until=bindparam("until"), attempts=w.c.attempts + 1)
    .returning(w.c.kind, w.c.key, w.c.want, w.c.attempts, w.c.plan)
)
# Never tried before: one that breaks what it is taken along by must break alone the next time.
UNTRIED = (
    select(w.c.kind, w.c.key, w.c.want, w.c.plan)
    .where(*CLAIMABLE, w.c.attempts == 0, KIND.in_(bindparam("of", expanding=True)))
    .order_by(w.c.due)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
# What is wanted is what was wanted when they were found: nobody else writes them meanwhile.
TAKEN = (
    update(w)
    .where(w.c.kind == bindparam("of"), w.c.key.in_(bindparam("keys", expanding=True)))
    .values(done=w.c.want, error=None)
)
HASTEN = (
    update(w)
    .where(w.c.plan == bindparam("of"), w.c.want > w.c.done, w.c.attempts == 0, w.c.due > NOW)
    .values(due=NOW)
)
MINE = (w.c.kind == bindparam("of"), w.c.key == bindparam("is"), w.c.lease == bindparam("owner"))
RENEW = update(w).where(*MINE).values(lease_until=bindparam("until"))
FREE: dict[str, Any] = {"lease": None, "lease_until": 0.0}
# again_in below: a signal during the run came after `claimed`, so the next run is now and not then.
LATER = case((w.c.want > bindparam("claimed", type_=Integer), NOW), else_=bindparam("again_at", type_=Float))
DONE = update(w).where(*MINE).values(**FREE, done=bindparam("claimed"), attempts=0, error=None)
DONE_FOR_NOW = DONE.values(want=w.c.want + 1, due=LATER)
FAILED = update(w).where(*MINE).values(**FREE, due=bindparam("retry_at"), error=bindparam("fault"))
FAILED_RETRIABLY = FAILED.values(
    attempts=case((w.c.attempts > RETRIABLE_UP_TO, RETRIABLE_UP_TO), else_=w.c.attempts)
)
IN_PLAN = select(func.count()).where(w.c.plan == bindparam("of"), w.c.want > w.c.done)
LEAVE = (
    update(w)
    .where(w.c.kind == bindparam("of"), w.c.key == bindparam("is"), w.c.plan == bindparam("left"))
    .values(plan="")
)
ANY_IN_PLAN = select(w.c.key).where(w.c.plan == bindparam("of"), w.c.want > w.c.done).limit(1)
WANTED = select(func.count()).where(
    w.c.kind == bindparam("of"),
    w.c.key == bindparam("is"),
    w.c.want > w.c.done,
    or_(w.c.due <= NOW, w.c.lease_until > NOW),
)
OVERDUE = select(func.count(), func.min(w.c.due)).where(*CLAIMABLE)
PARKED = (
    select(w.c.kind, w.c.key, w.c.attempts, func.coalesce(w.c.error, ""))
    .where(w.c.want > w.c.done, w.c.attempts >= PARKED_AT, w.c.lease_until <= NOW)
    .order_by(w.c.kind, w.c.key)
)
REVIVE = (
    update(w)
    .where(w.c.kind == bindparam("of"), w.c.key == bindparam("is"), w.c.attempts >= PARKED_AT)
    .values(**FREE, attempts=0, due=NOW)
)


@per_dialect
def touching(dialect: str) -> Executable:
    """Wants kind, key, due and plan. Also run by the durable inbox, on the driver's connection."""
    insert = insert_into(dialect, w).values(
        kind=bindparam("kind"), key=bindparam("key"), due=bindparam("due"), plan=bindparam("plan")
    )
    fresh = insert.excluded
    waits = (w.c.want > w.c.done) & (w.c.attempts == literal(0, Integer)) & (w.c.due <= fresh.due)
    touched: Executable = insert.on_conflict_do_update(
        index_elements=["kind", "key"],
        set_={
            "want": w.c.want + literal(1, Integer),
            "due": case(
                (w.c.want <= w.c.done, fresh.due),  # at rest
                (w.c.attempts > literal(0, Integer), w.c.due),  # running, or backing off
                (w.c.due < fresh.due, w.c.due),  # the first signal fixed the deadline
                else_=fresh.due,  # waiting for its next poll: pull it forward
            ),
            # a plain signal does not take a row out of the plan that still waits for it
            "plan": case((w.c.want <= w.c.done, fresh.plan), (fresh.plan == "", w.c.plan), else_=fresh.plan),
        },
        # where nobody has begun, in time and under the same plan, one look will do for both
        where=~(waits & ((fresh.plan == "") | (fresh.plan == w.c.plan))),
    )
    return touched


class SqlWorkRows(Part):
    """Implements ports.WorkRows."""

    # a lease is renewed in time however long somebody writes: these stand alone, on rows they lock
    UNTURNED = frozenset((CLAIM, RENEW, DONE, DONE_FOR_NOW, FAILED, FAILED_RETRIABLY))

    def __init__(self, connection: Connection, clock: Clock, gathered: Gathered | None = None) -> None:
        super().__init__(connection, clock, gathered)
        self._touched: list[dict[str, Any]] = []
        self._gathered.join(self._say)

    def touch(self, kind: str, key: str, delay: float = 0.0, plan: str = "") -> None:
        """Say that (kind, key) wants looking at; many touches before the run are one run."""
        self.touch_all(kind, (key,), delay, plan)

    def touch_all(self, kind: str, keys: Collection[str], delay: float = 0.0, plan: str = "") -> None:
        """The same for many keys, in one order everywhere: no two transactions wait in a ring."""
        due = self._now() + delay
        self._touched += [{"kind": kind, "key": key, "due": due, "plan": plan} for key in sorted(keys)]
        if self._gathered.on:
            self._gathered.waiting = True
        else:
            self._gathered.flush_now()

    def hasten(self, plan: str) -> int:
        """What waits under the plan is due now; how many rows that concerns."""
        return self._do(HASTEN, {"of": plan, "now": self._now()}).rowcount

    def take_along(self, kind: str, most: int) -> Sequence[Claim]:
        """Due rows of one kind that were never tried: done with this transaction, or not at all."""
        found = self._do(UNTRIED, {"of": [kind], "now": self._now(), "most": most}).all()
        if found:
            self._do(TAKEN, {"of": kind, "keys": [row.key for row in found]})
        return [Claim(of, key, want, 0, "", plan) for of, key, want, plan in found]

    def claim(self, kinds: Sequence[str], lease: float) -> Claim | None:
        """Lease the most overdue row to us; nobody else runs the same (kind, key) meanwhile."""
        now, owner = self._now(), uuid4().hex
        values = {"now": now, "kinds": list(kinds), "owner": owner, "until": now + lease}
        row = self._do(CLAIM, values).first()
        return None if row is None else Claim(row.kind, row.key, row.want, row.attempts, owner, row.plan)

    def renew(self, claim: Claim, lease: float) -> bool:
        """Keep the lease; False when it was lost."""
        return self._do(RENEW, _named(claim) | {"until": self._now() + lease}).rowcount == 1

    def settle(
        self,
        claim: Claim,
        error: str | None = None,
        retry_in: float | None = None,
        again_in: float | None = None,
        retriable: bool = False,
    ) -> bool:
        """Done, or failed and due again; False when the lease was lost meanwhile."""
        now = self._now()
        values = _named(claim) | {"claimed": claim.want}
        if error is not None:
            passing = retriable or retry_in is not None
            tries = min(claim.attempts, RETRIABLE_UP_TO) if passing else claim.attempts
            wait = _backoff(tries) if retry_in is None else retry_in
            failed = FAILED_RETRIABLY if passing else FAILED
            outcome = self._do(failed, _named(claim) | {"retry_at": now + wait, "fault": error[:500]})
        elif again_in is not None:
            outcome = self._do(DONE_FOR_NOW, values | {"now": now, "again_at": now + again_in})
        else:
            outcome = self._do(DONE, values)
        return outcome.rowcount == 1

    def in_plan(self, plan: str) -> int:
        """How many rows of the plan are not settled yet."""
        return int(self._do(IN_PLAN, {"of": plan}).scalar_one())

    def leave(self, plan: str, kind: str, key: str) -> bool:
        """The plan need not wait for the end of the row; True when it waits for nobody else."""
        self._do(LEAVE, {"left": plan, "of": kind, "is": key})
        return self._do(ANY_IN_PLAN, {"of": plan}).first() is None

    def wanted(self, kind: str, key: str) -> bool:
        """Whether the row is due now, or somebody is at it."""
        return bool(self._do(WANTED, {"of": kind, "is": key, "now": self._now()}).scalar_one())

    def overdue(self) -> tuple[int, float]:
        """How many rows are due and nobody runs them, and by how many seconds the oldest is."""
        now = self._now()
        count, oldest = self._do(OVERDUE, {"now": now}).one()
        return (int(count), now - oldest) if count else (0, 0.0)

    def parked(self) -> Sequence[ParkedWork]:
        """Rows that are no longer tried: a person must look."""
        return [ParkedWork(*row) for row in self._do(PARKED, {"now": self._now()})]

    def revive(self, kind: str, key: str) -> bool:
        """Try a parked row again; False when it was not parked."""
        return self._do(REVIVE, {"of": kind, "is": key, "now": self._now()}).rowcount == 1

    def _say(self) -> None:
        touched, self._touched = self._touched, []
        self._do_all(touching(self._dialect), touched)

    def _now(self) -> float:
        return self._clock().timestamp()


def _named(claim: Claim) -> dict[str, Any]:
    return {"of": claim.kind, "is": claim.key, "owner": claim.owner}


def _backoff(attempts: int) -> float:
    """Doubling, spread by a quarter either way so that what failed together does not return together."""
    return float(min(LONGEST_WAIT, 2 ** min(attempts, 12)) * _JITTER.uniform(0.75, 1.25))
