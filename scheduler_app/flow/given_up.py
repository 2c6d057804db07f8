"""given up: work that failed again and again, told of once, and tried again when a person says so.

What can pass (an outage elsewhere, a conflict) is tried for ever and never stands here. The store gives a
row up by itself; each round finds it, and from then on the audit log knows since when.
"""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from scheduler_app.flow.flow import (
    DISPATCH,
    FETCH,
    INGEST,
    JUDGE,
    MAIL,
    POST,
    PUBLISH,
    RECONCILE,
    RELEASE,
    SEND,
    SWEEP,
    SYNC,
    WATCH,
    Flow,
    plan_name,
)
from scheduler_app.flow.mailing.link_letters import LINK
from scheduler_app.flow.slots import HELD
from scheduler_app.flow.take import UNASSIGNED
from scheduler_app.ports import ParkedWork, Transaction

log = logging.getLogger(__name__)

LATEST = datetime.max.replace(tzinfo=UTC)
GIVEN_UP, TRIED_AGAIN = "work-given-up", "work-tried-again"
About = Literal["client", "appointment", "calendar", "platform", "source", "plan", "letters", "house"]

_ABOUT: dict[str, About] = {
    INGEST: "source",
    RECONCILE: "platform",
    SYNC: "calendar",
    WATCH: "calendar",
    JUDGE: "client",
    RELEASE: "plan",
    DISPATCH: "appointment",
    PUBLISH: "client",
    MAIL: "client",
    POST: "letters",
    SEND: "client",
}
# As work/runner.py writes it: the error's type, and where a defect showed. What follows is not shown.
_ERROR = re.compile(r"(?P<type>[A-Z]\w*)(?:: .*|(?P<where> at (?:[\w.-]+:\d+|an unknown line)))", re.DOTALL)


@dataclass(frozen=True, slots=True)
class GivenUp:
    """One row that is no longer tried. name: opaque, for forms and the audit log; error: the type of the last
    error and where it showed, "" where it never came to an end. since: None until a round has found it."""

    name: str
    kind: str
    about: About
    ref: str
    attempts: int
    error: str
    since: datetime | None


def given_up(tx: Transaction) -> Sequence[GivenUp]:
    """All of them, the longest standing first."""
    found = [_told(tx, row) for row in tx.work.parked()]
    return sorted(found, key=lambda each: (each.since or LATEST, each.name))


def note_given_up(flow: Flow) -> None:
    """Write down, once, what was given up since the last round, and say it loudly enough for an alarm."""
    with flow.store.reading() as tx:
        fresh = [each for each in given_up(tx) if each.since is None]
    if not fresh:
        return
    now = flow.clock()
    with flow.store.transaction() as tx:
        for each in fresh:
            detail = {"kind": each.kind, "attempts": str(each.attempts), "error": each.error}
            tx.audit.write(now, "scheduler", GIVEN_UP, each.name, detail)
    for each in fresh:
        log.error("%s was given up after %d tries: %s", each.name, each.attempts, each.error or "never ended")


def try_again(flow: Flow, name: str, by: str) -> bool:
    """A person has it tried again at once; False where it is not given up (any more)."""
    with flow.store.transaction() as tx:
        for row in tx.work.parked():
            if work_name(row.kind, row.key) == name:
                return revive(tx, flow.clock(), by, row.kind, row.key)
    return False


def revive(tx: Transaction, now: datetime, by: str, kind: str, key: str) -> bool:
    """Try the row again and write down who said so; False, and nothing written, where it was not given up."""
    if not tx.work.revive(kind, key):
        return False
    tx.audit.write(now, by, TRIED_AGAIN, work_name(kind, key), {"kind": kind})
    return True


def work_name(kind: str, key: str) -> str:
    """Names a row without saying whom it is about."""
    return plan_name(kind, key)


def _told(tx: Transaction, row: ParkedWork) -> GivenUp:
    name = work_name(row.kind, row.key)
    about, ref = _concern(tx, row.kind, row.key)
    newest = tx.audit.entries(name, limit=1)
    noted = bool(newest) and newest[0]["what"] == GIVEN_UP
    since = datetime.fromisoformat(newest[0]["at"]) if noted else None
    return GivenUp(name, row.kind, about, ref, row.attempts, _error(row.error), since)


def _concern(tx: Transaction, kind: str, key: str) -> tuple[About, str]:
    """What the row is about, and under which name that is found; the house where it is about nobody."""
    if kind == FETCH:
        platform, _, booking = key.partition(" ")
        held = tx.appointments.by_source(platform, booking)
        return ("appointment", held.ref) if held else ("platform", platform)
    if kind == JUDGE and key.startswith(UNASSIGNED):
        return "appointment", key.removeprefix(UNASSIGNED)
    if kind == SWEEP and key.startswith(HELD):
        return "appointment", key.removeprefix(HELD)
    if kind == SEND and key.startswith(LINK):
        return "client", key.removeprefix(LINK).partition(":")[0]
    about = _ABOUT.get(kind, "house")
    return about, key if about != "house" else ""


def _error(kept: str) -> str:
    """The type of an error and where it showed; its own words may hold what nobody foresaw."""
    match = _ERROR.fullmatch(kept)
    return f"{match['type']}{match['where'] or ''}" if match else "unknown" if kept else ""
