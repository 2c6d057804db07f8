"""Ports for what was decided and what wants doing: verdicts, the outbox, rows of work."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from scheduler_app.domain.actions import Action, Quarrel, WrittenMark
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.quick import quickly_made
from scheduler_app.domain.verdict import Verdict


@quickly_made
@dataclass(frozen=True, slots=True)
class HeldVerdict:
    """A verdict with what it was judged by. day is the `today` (ordinal) it was judged on."""

    appointment: str
    client: str
    verdict: Verdict
    rulebook: str
    day: int
    judged_at: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """One row of work, leased to us until lease_until (seconds since 1970)."""

    kind: str
    key: str
    want: int
    attempts: int
    owner: str
    plan: str = ""


@dataclass(frozen=True, slots=True)
class ParkedWork:
    """A row that is no longer tried: it never ended, or failed for a reason that will not pass."""

    kind: str
    key: str
    attempts: int
    error: str


class Verdicts(Protocol):
    """The newest verdict of each appointment."""

    def get(self, appointment: str) -> HeldVerdict | None: ...
    def of_client(self, client: str) -> Mapping[str, HeldVerdict]: ...
    def between(
        self, start: datetime, end: datetime, outcomes: Sequence[Outcome]
    ) -> Mapping[str, HeldVerdict]:
        """Of live appointments that start in [start, end) and were judged so; in order of start."""
        ...

    def put(self, held: Sequence[HeldVerdict]) -> None: ...
    def drop(self, appointments: Sequence[str]) -> None: ...
    def versions(self) -> Mapping[str, int]:
        """How many verdicts were judged by each version of the rules."""
        ...


class Outbox(Protocol):
    """Decided actions, and the marks known to stand outside."""

    def plan(self, action: Action) -> bool:
        """Write it down, superseding older open actions for its target; False when already there."""
        ...

    def open_for(self, target: str) -> Action | None:
        """The newest action for the target that is planned, due or waiting."""
        ...

    def due(self, target: str) -> Action | None: ...
    def in_plan(self, plan: str) -> Sequence[Action]: ...
    def set_state(self, plan: str, state: str) -> Sequence[str]:
        """Move a plan's open actions to `due` or `waiting`; the targets moved."""
        ...

    def settle(self, key: str, state: str, error: str = "") -> None: ...
    def waiting(self) -> Mapping[str, Sequence[Action]]:
        """Plans a person must approve, by plan."""
        ...

    def unreleased(self) -> Sequence[str]:
        """Plans with actions still `planned`."""
        ...

    def traces(self, appointments: Collection[str]) -> frozenset[str]:
        """Those with an open action, a mark known to stand, or a quarrel."""
        ...

    def due_targets(self) -> Sequence[str]: ...
    def written(self, appointment: str) -> WrittenMark | None: ...
    def put_written(self, written: WrittenMark) -> None: ...
    def drop_written(self, appointment: str) -> None: ...
    def held_before(self, moment: datetime) -> Sequence[WrittenMark]:
        """Holds that have stood since before then and still take their slot."""
        ...

    def clashing(self) -> Sequence[WrittenMark]:
        """Marks of kind `clash`: what they wait for is somebody else's move."""
        ...

    def quarrel(self, appointment: str) -> Quarrel | None: ...
    def put_quarrel(self, quarrel: Quarrel) -> None: ...
    def drop_quarrel(self, appointment: str) -> None: ...
    def quarrels(self) -> Sequence[Quarrel]:
        """All of them, the newest first."""
        ...


class WorkRows(Protocol):
    """Level-triggered work under leases (docs/decisions). Times are the database's or the clock's."""

    def touch(self, kind: str, key: str, delay: float = 0.0, plan: str = "") -> None:
        """Say that (kind, key) wants looking at; many touches before the run are one run."""
        ...

    def touch_all(self, kind: str, keys: Collection[str], delay: float = 0.0, plan: str = "") -> None:
        """The same for many keys, in one order everywhere."""
        ...

    def hasten(self, plan: str) -> int:
        """What waits under the plan for its time is due now; how many rows."""
        ...

    def take_along(self, kind: str, most: int) -> Sequence[Claim]:
        """Due rows of one kind that were never tried, without a lease: done if this transaction commits."""
        ...

    def claim(self, kinds: Sequence[str], lease: float) -> Claim | None:
        """Lease the most overdue row to us; nobody else runs the same (kind, key) meanwhile."""
        ...

    def renew(self, claim: Claim, lease: float) -> bool:
        """Keep the lease; False when it was lost."""
        ...

    def settle(
        self,
        claim: Claim,
        error: str | None = None,
        retry_in: float | None = None,
        again_in: float | None = None,
        retriable: bool = False,
    ) -> bool:
        """Done, or failed and due again; False when the lease was lost meanwhile.

        Without retry_in a failure waits twice as long each time, up to an hour. After twelve tries the
        row is parked, unless the failure is retriable (errors.SchedulerError.retriable, or retry_in
        given): then it is tried for ever. again_in is for periodic work, when nothing failed.
        """
        ...

    def in_plan(self, plan: str) -> int:
        """How many rows of the plan are not settled yet."""
        ...

    def leave(self, plan: str, kind: str, key: str) -> bool:
        """What the row adds to the plan is in this transaction: the plan need not wait for its end.

        True when the plan waits for nobody else.
        """
        ...

    def wanted(self, kind: str, key: str) -> bool:
        """Whether the row is due now, or somebody is at it."""
        ...

    def overdue(self) -> tuple[int, float]:
        """How many rows are due, and by how many seconds the oldest is."""
        ...

    def parked(self) -> Sequence[ParkedWork]:
        """Rows a person must look at."""
        ...

    def revive(self, kind: str, key: str) -> bool:
        """Try a parked row again; False when it was not parked."""
        ...
