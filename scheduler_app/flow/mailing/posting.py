"""posting: the letters of one cause go out once all are written down, and if they are not too many."""

from dataclasses import dataclass

from scheduler_app.domain.mail import DUE, PLANNED, WAITING, WITHHELD
from scheduler_app.errors import NotFound
from scheduler_app.flow.flow import SEND, Flow
from scheduler_app.flow.mail import PLAN
from scheduler_app.ports import Transaction

LOOK_AGAIN = 1.0  # seconds, while letters of the cause are still being written down
PATIENCE = 600.0  # seconds: then they no longer wait for one client who cannot be judged


@dataclass(frozen=True, slots=True)
class Posted:
    """How many clients get letters now; stopped: a person must let them. again_in: seconds, if not whole."""

    clients: int = 0
    stopped: bool = False
    again_in: float | None = None


def post(flow: Flow, plan: str) -> Posted:
    """Let the plan's letters go out, or stop them and ask: one cause should not write to a whole clientele.

    Letters are counted by the visits they are about, everything the plan ever wrote included.
    """
    now = flow.clock()
    with flow.store.transaction() as tx:
        mails = tx.mails.in_plan(plan)
        planned = [mail for mail in mails if mail.state == PLANNED]
        if not planned:
            return Posted()
        waited = max((now - mail.created_at).total_seconds() for mail in planned)
        unfinished = tx.work.in_plan(plan) or tx.work.in_plan(plan.removeprefix(PLAN))
        if unfinished and waited < PATIENCE:
            return Posted(again_in=LOOK_AGAIN)
        visits = len({mail.appointment for mail in mails if mail.state not in ("dropped", "presumed")})
        if visits > flow.clinic.mail.max_together:
            tx.mails.set_state(plan, WAITING)
            tx.audit.write(now, "scheduler", "letters-stopped", plan, {"visits": str(visits)})
            return Posted(stopped=True)
        return Posted(clients=_go(tx, plan))


def approve_letters(flow: Flow, plan: str, by: str) -> int:
    """A person lets stopped letters go out; to how many clients. Raises NotFound for no such plan."""
    now = flow.clock()
    with flow.store.transaction() as tx:
        if plan not in tx.mails.waiting():
            raise NotFound("no letters under this name wait for approval")
        clients = _go(tx, plan)
        tx.audit.write(now, by, "letters-approved", plan, {"clients": str(clients)})
    return clients


def withhold_letters(flow: Flow, plan: str, by: str) -> int:
    """A person refuses stopped letters: none of them is sent, and later changes are news again.

    How many were dropped. Raises NotFound for no such plan.
    """
    now = flow.clock()
    with flow.store.transaction() as tx:
        mails = tx.mails.waiting().get(plan)
        if not mails:
            raise NotFound("no letters under this name wait for approval")
        tx.mails.set_state(plan, WITHHELD)
        tx.audit.write(now, by, "letters-refused", plan, {"letters": str(len(mails))})
    return len(mails)


def _go(tx: Transaction, plan: str) -> int:
    clients = tx.mails.set_state(plan, DUE)
    for client in clients:
        tx.work.touch(SEND, client)
    return len(clients)
