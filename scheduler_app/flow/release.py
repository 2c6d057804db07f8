"""release: a plan goes out once it is whole, and only if a person need not look at it first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scheduler_app.domain.actions import DONE, DUE, FAILED, PLANNED, SUPERSEDED, WAITING, Action
from scheduler_app.errors import NotFound
from scheduler_app.flow.flow import DISPATCH, Flow
from scheduler_app.flow.plan import HOLD, NOTE, REVIEW, begun, weighs
from scheduler_app.flow.start import foreseen_marks
from scheduler_app.ports import Transaction

LOOK_AGAIN = 1.0  # seconds, while the plan is still being made
PATIENCE = 600.0  # seconds: then a plan no longer waits for one client who cannot be judged
CANCEL, DECLINE = "cancel", "decline"
RULES = "rules"  # begins the name of the plan a change of the rules brings about


@dataclass(frozen=True, slots=True)
class Released:
    """What became of a plan. marks: how many visits it marks; again_in: seconds, when it is not whole yet."""

    targets: int = 0
    stopped: bool = False
    marks: int = 0
    again_in: float | None = None


def release(flow: Flow, plan: str) -> Released:
    """Make the plan's actions due, or stop it and ask: nothing is written outside until a person approves.

    A plan is whole when no row of work carries it any more. Everything it ever marked counts, so that
    one that grows slowly is stopped like one that comes at once. What the start of a calendar marks was
    shown to whoever started it: it stops only when there is more than that.
    """
    now = flow.clock()
    with flow.store.transaction() as tx:
        actions = tx.outbox.in_plan(plan)
        planned = [action for action in actions if action.state == PLANNED]
        if not planned:
            return Released()
        waited = max((now - action.created_at).total_seconds() for action in planned)
        if tx.work.in_plan(plan) and waited < PATIENCE:
            return Released(again_in=LOOK_AGAIN)
        marks = _marks(tx, actions, plan, now)
        upcoming = tx.appointments.count_upcoming(now)
        if marks > foreseen_marks(tx, plan) and flow.clinic.limits.exceeded(marks, upcoming):
            tx.outbox.set_state(plan, WAITING)
            detail = {"marks": str(marks), "upcoming": str(upcoming)}
            tx.audit.write(now, "scheduler", "plan-stopped", plan, detail)
            return Released(stopped=True, marks=marks)
        return Released(targets=_go(tx, plan), marks=marks)


def approve(flow: Flow, plan: str, by: str) -> int:
    """A person lets a stopped plan go out; how many visits it touches. Raises NotFound for no such plan."""
    now = flow.clock()
    with flow.store.transaction() as tx:
        if plan not in tx.outbox.waiting():
            raise NotFound("no plan of this name waits for approval")
        targets = _go(tx, plan)
        tx.audit.write(now, by, "plan-approved", plan, {"visits": str(targets)})
    return targets


def withhold(flow: Flow, plan: str, by: str) -> int:
    """A person refuses a stopped plan: nothing of it is written. Raises NotFound for no such plan.

    The verdicts stay; whoever is judged anew is planned for anew.
    """
    now = flow.clock()
    with flow.store.transaction() as tx:
        actions = tx.outbox.waiting().get(plan)
        if not actions:
            raise NotFound("no plan of this name waits for approval")
        for action in actions:
            tx.outbox.settle(action.key, SUPERSEDED)
        tx.audit.write(now, by, "plan-refused", plan, {"visits": str(len(actions))})
    return len(actions)


def _go(tx: Transaction, plan: str) -> int:
    targets = sorted(set(tx.outbox.set_state(plan, DUE)))
    for target in targets:
        tx.work.touch(DISPATCH, target)
    return len(targets)


def _marks(tx: Transaction, actions: Sequence[Action], plan: str, now: datetime) -> int:
    """How many visits the plan marks that bore no such mark before."""
    lifting = plan.startswith(RULES)
    marked = set()
    for action in actions:
        if action.state in (SUPERSEDED, FAILED):
            continue
        visit = tx.appointments.get(action.target)
        over = visit is None or begun(visit, now)
        whole = (visit and visit.same_as) or action.target
        if action.state == DONE:
            kind = action.mark.kind if action.mark else action.kind
            if kind in (HOLD, REVIEW, CANCEL, DECLINE) or (kind == NOTE and not over):
                marked.add(whole)
        elif weighs(action, tx.outbox.written(action.target), over, lifting=lifting):
            marked.add(whole)
    return len(marked)
