"""refused: an action that nobody will do for us is settled as failed, and a person is told once."""

from datetime import datetime

from scheduler_app.domain.actions import FAILED, Action
from scheduler_app.flow.flow import Flow
from scheduler_app.ports import Transaction

REFUSED = "mark-refused"
ACT_REFUSED = "act-refused"


def settle_refused(flow: Flow, action: Action, why: str, what: str = REFUSED) -> None:
    """why: without a name, a title or an address; what: the word of the audit log."""
    with flow.store.transaction() as tx:
        tx.outbox.settle(action.key, FAILED, why)
        _tell_once(tx, action.target, what, why, flow.clock())


def _tell_once(tx: Transaction, target: str, what: str, why: str, now: datetime) -> None:
    told = [entry for entry in tx.audit.entries(target) if entry["what"] == what]
    if not told or told[0].get("why") != why:
        tx.audit.write(now, "scheduler", what, target, {"why": why})
