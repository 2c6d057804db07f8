"""sync: a clinic calendar is read on from where it was left, and the book brought up to it, page by page.

The cursor is saved with what it stands for. A run that dies is repeated from the cursor before, and finds
the same events unchanged.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.events import CalendarEvent, Changes
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.errors import Conflict, Expired, Unsafe
from scheduler_app.flow.events import report_of
from scheduler_app.flow.flow import Flow, plan_name
from scheduler_app.flow.ingest import WHOLE_WITHIN, touch_all
from scheduler_app.flow.plan import calendar_source
from scheduler_app.flow.take import judge_key, take
from scheduler_app.flow.undone import marked_otherwise
from scheduler_app.ports import Transaction

SUSPICIOUS = 5  # so many visits ahead do not vanish from a calendar at once
LOOKS_EMPTY = "calendar-looks-empty"


@dataclass(slots=True)
class Pass:
    """One run over a calendar, while it is under way."""

    calendar: str
    held_cursor: str | None
    plan: str
    trust_empty: bool
    full: bool = False
    seen: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    changed: int = 0
    page: str | None = None


def sync_calendar(flow: Flow, calendar: str, *, trust_empty: bool = False) -> int:
    """Read what changed and bring the book up to it; how many appointments changed.

    Raises Unsafe, and forgets nobody, when a calendar that held visits ahead suddenly looks empty, until
    a person says with trust_empty that it is. Raises Unavailable, NotFound for a calendar that is gone,
    Conflict when somebody else read it meanwhile.
    """
    with flow.store.reading() as tx:
        cursor = tx.cursors.get(calendar)
    plan = plan_name("sync", calendar, cursor or "")
    run = Pass(calendar, cursor, plan, trust_empty)
    since = cursor
    while True:
        try:
            changes = flow.gateways[calendar].changes(calendar, since, run.page)
        except Expired:
            if since is None and run.page is None:
                raise
            run = replace(run, seen=set(), page=None)
            since = None
            continue
        run.full = since is None
        _take_page(flow, run, changes)
        run.page = changes.page
        if changes.page is None:
            return run.changed


def _take_page(flow: Flow, run: Pass, changes: Changes) -> None:
    last = changes.page is None
    if last and not changes.events and not run.full and changes.cursor == run.held_cursor:
        return  # nothing happened: a look that costs no write
    now = flow.clock()
    live = {event.id for event in changes.events if not event.cancelled}
    run.seen |= live
    if last and run.full:
        _refuse_sudden_emptiness(flow, run, now)
    with flow.store.transaction() as tx:
        if tx.cursors.get(run.calendar) != run.held_cursor:
            raise Conflict("somebody else read this calendar meanwhile")
        found: set[str] = set()
        for event in changes.events:
            found |= _take_event(tx, flow, run, event, now)
        if last and run.full:
            found |= _vanished(tx, run, now)
        run.keys |= found
        if last:
            tx.cursors.put(run.calendar, changes.cursor, now)
            # only now is the plan whole: judged earlier, its first marks would go out before it is weighed
            touch_all(tx, run.keys, run.plan)
        else:
            touch_all(tx, found, run.plan, WHOLE_WITHIN)


def _take_event(
    tx: Transaction, flow: Flow, run: Pass, event: CalendarEvent, now: datetime
) -> frozenset[str]:
    report = report_of(event, run.calendar, flow, now)
    if report is None:
        held = tx.appointments.by_source(calendar_source(run.calendar), event.id)
        return _called_off(tx, run, held, now, event.updated)
    keys = take(tx, report, now, current=True)
    run.changed += bool(keys)
    return keys | marked_otherwise(tx, run.calendar, event, now)


def _called_off(
    tx: Transaction, run: Pass, held: Appointment | None, now: datetime, said_at: datetime | None = None
) -> frozenset[str]:
    if held is None or held.status in NOT_HELD:
        return frozenset()
    after = replace(held, status="cancelled", reported_at=said_at or now)
    tx.appointments.put(after, by=calendar_source(run.calendar), at=now)
    run.changed += 1
    return frozenset({judge_key(held)})


def _vanished(tx: Transaction, run: Pass, now: datetime) -> frozenset[str]:
    """After a full reading: what the calendar does not hold any more was called off."""
    keys: set[str] = set()
    for held in _ahead(tx, run, now):
        if held.source_id not in run.seen:
            keys |= _called_off(tx, run, held, now)
    return frozenset(keys)


def _ahead(tx: Transaction, run: Pass, now: datetime) -> Iterable[Appointment]:
    for ref in tx.appointments.refs_of_calendar(run.calendar, now):
        held = tx.appointments.get(ref)
        if held is not None and held.source == calendar_source(run.calendar):
            yield held


def _refuse_sudden_emptiness(flow: Flow, run: Pass, now: datetime) -> None:
    if run.trust_empty:
        return
    with flow.store.reading() as tx:
        ahead = [held.source_id for held in _ahead(tx, run, now)]
        if len(ahead) < SUSPICIOUS or run.seen & set(ahead):
            return
        newest = tx.audit.entries(run.calendar, limit=1)
    if not newest or newest[0].get("what") != LOOKS_EMPTY:
        with flow.store.transaction() as tx:
            tx.audit.write(now, "scheduler", LOOKS_EMPTY, run.calendar, {"visits": str(len(ahead))})
    raise Unsafe(f"the calendar {run.calendar} held {len(ahead)} visits ahead and now looks empty")
