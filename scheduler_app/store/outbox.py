"""Decided actions, and the marks known to stand outside."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, bindparam, delete, literal_column, select, union, update
from sqlalchemy.engine import Connection

from scheduler_app.domain.actions import (
    DONE,
    DUE,
    FAILED,
    PLANNED,
    SUPERSEDED,
    WAITING,
    Action,
    Quarrel,
    WrittenMark,
)
from scheduler_app.domain.events import Mark
from scheduler_app.ports import Clock
from scheduler_app.store.gathered import Gathered, in_sets
from scheduler_app.store.part import Part
from scheduler_app.store.sql import insert_new, per_dialect, upsert
from scheduler_app.store.tables import OPEN_STATES
from scheduler_app.store.tables import mark_quarrels as q
from scheduler_app.store.tables import marks_written as m
from scheduler_app.store.tables import outbox as o

ENDED = (DONE, FAILED, SUPERSEDED)
WHOLE = select(
    o.c.key, o.c.kind, o.c.target, o.c.plan, o.c.mark, o.c.created_at, o.c.state, o.c.error, o.c.message
)
# Written out: of values that are sent apart SQLite does not see that they are those of ix_outbox_open.
OPEN = o.c.state.in_([literal_column(f"'{state}'") for state in OPEN_STATES])
OPEN_FOR = (
    WHOLE.where(o.c.target == bindparam("of"), OPEN).order_by(o.c.created_at.desc(), o.c.key.desc()).limit(1)
)
DUE_FOR = OPEN_FOR.where(o.c.state == DUE)
IN_PLAN = WHOLE.where(o.c.plan == bindparam("of")).order_by(o.c.created_at, o.c.key)
IN_WAITING = WHOLE.where(OPEN, o.c.state == WAITING).order_by(o.c.plan, o.c.created_at, o.c.key)
UNRELEASED = select(o.c.plan).where(OPEN, o.c.state == PLANNED)  # sorted here: SQLite would go by plan
DUE_TARGETS = select(o.c.target).where(OPEN, o.c.state == DUE).distinct().order_by(o.c.target)
SUPERSEDE = (
    update(o)
    .where(o.c.target == bindparam("of"), OPEN, o.c.key != bindparam("is"))
    .values(state=SUPERSEDED, settled_at=bindparam("when"))
)
REOPEN = update(o).where(o.c.key == bindparam("is"), o.c.state == SUPERSEDED)
MOVE = (
    update(o)
    .where(o.c.plan == bindparam("of"), OPEN, o.c.state != bindparam("to"))
    .values(state=bindparam("to"))
    .returning(o.c.target)
)
SETTLE = (
    update(o)
    .where(o.c.key == bindparam("is"))
    .values(state=bindparam("to"), error=bindparam("fault"), settled_at=bindparam("when"))
)
ALL_WRITTEN = select(m.c.appointment, m.c.mark, m.c.etag, m.c.written_at, m.c.held_since).order_by(
    m.c.appointment
)
WRITTEN = ALL_WRITTEN.where(m.c.appointment == bindparam("of"))
HELD_BEFORE = ALL_WRITTEN.where(m.c.held_since < bindparam("then"))
QUARRELS = select(q.c.appointment, q.c.start, q.c.undone, q.c.at, q.c.told).order_by(q.c.at.desc())
QUARREL = QUARRELS.where(q.c.appointment == bindparam("of"))
TRACES = union(
    select(o.c.target).where(OPEN, o.c.target.in_(bindparam("refs", expanding=True))),
    select(m.c.appointment).where(m.c.appointment.in_(bindparam("refs", expanding=True))),
    select(q.c.appointment).where(q.c.appointment.in_(bindparam("refs", expanding=True))),
)
DROP_QUARREL = delete(q).where(q.c.appointment == bindparam("of"))
DROP_WRITTEN = delete(m).where(m.c.appointment == bindparam("of"))


@per_dialect
def _plan(dialect: str) -> Executable:
    return insert_new(dialect, o)


@per_dialect
def _put_written(dialect: str) -> Executable:
    return upsert(dialect, m)


@per_dialect
def _put_quarrel(dialect: str) -> Executable:
    return upsert(dialect, q)


class SqlOutbox(Part):
    """Implements ports.Outbox."""

    def __init__(self, connection: Connection, clock: Clock, gathered: Gathered | None = None) -> None:
        super().__init__(connection, clock, gathered)
        self._bare: set[str] = set()  # appointments known to have no open action, mark or quarrel

    def expect(self, appointments: Collection[str]) -> None:
        """Find out which of them nothing is known about, so that nobody need ask."""
        self._bare |= set(appointments) - self.traces(appointments)

    def traces(self, appointments: Collection[str]) -> frozenset[str]:
        """Those with an open action, a mark known to stand, or a quarrel."""
        found: set[str] = set()
        for some in in_sets(appointments):
            found.update(ref for (ref,) in self._do_sets(TRACES, {"refs": some}))
        return frozenset(found)

    def plan(self, action: Action) -> bool:
        """Write it down, superseding older open actions for its target; False when already there.

        A wish that was superseded and is wished for again is open again.
        """
        alone = action.target in self._bare
        self._bare.discard(action.target)
        values = {
            "plan": action.plan,
            "created_at": action.created_at,
            "state": action.state,
            "error": action.error,
            "message": action.message,
        }
        named = {"key": action.key, "kind": action.kind, "target": action.target, "mark": _kept(action.mark)}
        # it refers to nothing that may still be held back
        new = self._do_at_once(_plan(self._dialect), values | named).rowcount == 1
        if not new:
            new = self._do(REOPEN.values(settled_at=None, **values), {"is": action.key}).rowcount == 1
        if new and not alone:
            self._do(SUPERSEDE, {"of": action.target, "is": action.key, "when": action.created_at})
        return new

    def open_for(self, target: str) -> Action | None:
        """The newest action for the target that is planned, due or waiting."""
        return None if target in self._bare else self._one(OPEN_FOR, target)

    def due(self, target: str) -> Action | None:
        """The one to do now."""
        return None if target in self._bare else self._one(DUE_FOR, target)

    def in_plan(self, plan: str) -> Sequence[Action]:
        """All of the plan, whatever became of them."""
        return [_action(row) for row in self._do(IN_PLAN, {"of": plan})]

    def set_state(self, plan: str, state: str) -> Sequence[str]:
        """Move a plan's open actions to `due` or `waiting`; the targets moved."""
        return list(self._do(MOVE, {"of": plan, "to": state}).scalars())

    def settle(self, key: str, state: str, error: str = "") -> None:
        """It ended so."""
        when = self._clock() if state in ENDED else None
        self._do(SETTLE, {"is": key, "to": state, "fault": error[:500], "when": when})

    def waiting(self) -> Mapping[str, Sequence[Action]]:
        """Plans a person must approve, by plan."""
        plans: dict[str, list[Action]] = {}
        for row in self._do(IN_WAITING):
            plans.setdefault(row.plan, []).append(_action(row))
        return plans

    def unreleased(self) -> Sequence[str]:
        """Plans with actions still `planned`."""
        return sorted(set(self._do(UNRELEASED).scalars()))

    def due_targets(self) -> Sequence[str]:
        """Appointments with something to do now."""
        return list(self._do(DUE_TARGETS).scalars())

    def written(self, appointment: str) -> WrittenMark | None:
        """The mark known to stand on its event."""
        if appointment in self._bare:
            return None
        row = self._do(WRITTEN, {"of": appointment}).first()
        return None if row is None else _written(row)

    def put_written(self, written: WrittenMark) -> None:
        """It stands there now. Raises Invalid for an unknown appointment."""
        self._bare.discard(written.appointment)
        values = {"appointment": written.appointment, "mark": asdict(written.mark)}
        when = {
            "etag": written.etag,
            "written_at": written.written_at,
            "held_since": written.held_since,
        }
        self._do(_put_written(self._dialect), values | when)

    def drop_written(self, appointment: str) -> None:
        """Nothing of ours stands there now."""
        self._do(DROP_WRITTEN, {"of": appointment})

    def held_before(self, moment: datetime) -> Sequence[WrittenMark]:
        """Holds that have stood since before then and still take their slot."""
        rows = self._do(HELD_BEFORE, {"then": moment})
        return [held for held in map(_written, rows) if held.mark.kind == "hold" and not held.mark.free]

    def clashing(self) -> Sequence[WrittenMark]:
        """Marks of kind `clash`: what they wait for is somebody else's move."""
        return [held for held in map(_written, self._do(ALL_WRITTEN)) if held.mark.kind == "clash"]

    def quarrel(self, appointment: str) -> Quarrel | None:
        """How often our mark was taken off it."""
        if appointment in self._bare:
            return None
        row = self._do(QUARREL, {"of": appointment}).first()
        return None if row is None else Quarrel(*row)

    def put_quarrel(self, quarrel: Quarrel) -> None:
        """It stands so. Raises Invalid for an unknown appointment."""
        self._bare.discard(quarrel.appointment)
        self._do(_put_quarrel(self._dialect), asdict(quarrel))

    def drop_quarrel(self, appointment: str) -> None:
        """Forgotten: the visit is another one now."""
        self._do(DROP_QUARREL, {"of": appointment})

    def quarrels(self) -> Sequence[Quarrel]:
        """All of them, the newest first."""
        return [Quarrel(*row) for row in self._do(QUARRELS)]

    def _one(self, query: Executable, target: str) -> Action | None:
        row = self._do(query, {"of": target}).first()
        return None if row is None else _action(row)


def _written(row: Any) -> WrittenMark:
    appointment, mark, etag, written_at, held_since = row
    return WrittenMark(appointment, Mark(**mark), etag, written_at, held_since)


def _kept(mark: Mark | None) -> dict[str, Any] | None:
    return None if mark is None else asdict(mark)


def _action(row: Any) -> Action:
    key, kind, target, plan, mark, created_at, state, error, message = row
    wanted = None if mark is None else Mark(**mark)
    return Action(key, kind, target, plan, wanted, created_at, state, error, message)
