"""sync: a clinic calendar is read on from where it was left, and the book brought up to it, page by page.

The cursor is saved with what it stands for, after everything else was asked. A run that dies is repeated
from the cursor before, and finds the same events unchanged.
"""

from dataclasses import replace
from datetime import datetime

from scheduler_app.domain.events import Changes
from scheduler_app.errors import Expired, Unsafe
from scheduler_app.flow.book_page import (
    Pass,
    Seen,
    called_off,
    keep_unreadable,
    take_events,
    touch_later,
    what_is_told,
)
from scheduler_app.flow.flow import Flow, plan_name
from scheduler_app.flow.series import read_on, read_series
from scheduler_app.ports import Transaction

TOGETHER = 1000  # events, or the next page's fewer: others wait for a tenth of a second
SUSPICIOUS = 5  # so many visits do not vanish from a calendar at once with none left
FOR_ONE_LEFT = 10  # nor so many for each that is left
LOOKS_EMPTY = "calendar-looks-empty"


def sync_calendar(flow: Flow, calendar: str, *, trust_empty: bool = False) -> int:
    """How many appointments `read_calendar` changed. Raises as it does."""
    return read_calendar(flow, calendar, trust_empty=trust_empty).changed


def read_calendar(flow: Flow, calendar: str, *, trust_empty: bool = False, tries: int = 1) -> Pass:
    """Read what changed and bring the book up to it. tries: as of `look_at`.

    Raises Unsafe, and forgets nobody, when a calendar that held visits suddenly looks empty, until
    a person says with trust_empty that it is. Raises Unavailable, NotFound for a calendar that is gone,
    Conflict when somebody else read it meanwhile.
    """
    with flow.store.reading() as tx:
        cursor = tx.cursors.get(calendar)
    run = Pass(calendar, cursor, plan_name("sync", calendar, cursor or ""), trust_empty, tries)
    after = cursor
    read: Changes | None = None
    while True:
        try:
            page = flow.gateways[calendar].changes(calendar, after, run.page)
        except Expired:
            if after is None:
                raise  # again from the start, but not at once: it might go on like that for ever
            run.seen, run.page, after, read = Seen(), None, None, None
            run.nothing_held = None
            continue
        run.full = after is None
        run.since = page.since or run.since
        run.page = page.page
        run.writable = page.writable
        read = page if read is None else _joined(read, page)
        if run.page is not None and len(read.events) < TOGETHER:
            continue
        _take_page(flow, run, read)
        read = None
        if run.page is None:
            return run


def _joined(first: Changes, second: Changes) -> Changes:
    """Two pages that follow each other, as one."""
    return replace(
        second,
        events=first.events + second.events,
        series=first.series + second.series,
        unreadable=first.unreadable + second.unreadable,
    )


def _take_page(flow: Flow, run: Pass, changes: Changes) -> None:
    last = changes.page is None
    now = flow.clock()
    if changes.series or changes.events:
        read_series(flow, run, changes)
    # a full reading has read every series that is listed; what it missed is gone, or the calendar looks empty
    read_more = last and not run.full and read_on(flow, run, now)
    same = not run.full and changes.cursor == run.held_cursor
    if last and same and not (changes.events or changes.series or changes.unreadable or read_more):
        return  # nothing happened: a look that costs no write
    run.seen.add(event.id for event in changes.events if not event.cancelled)
    run.seen.add(event.where for event in changes.unreadable)
    if last and run.full:
        _refuse_sudden_emptiness(flow, run, now)
    told = what_is_told(flow, run, changes.events, now)
    with flow.store.transaction() as tx:
        run.check(tx)
        take_events(tx, run, told, now)
        keep_unreadable(tx, run, changes.unreadable, now)
        if last and run.full:
            _call_off_vanished(tx, run, now)
        if last:
            tx.cursors.put(run.calendar, changes.cursor, now)
            # only now is the plan whole: judged earlier, its first marks would go out before it is weighed
            tx.work.hasten(run.plan)


def _call_off_vanished(tx: Transaction, run: Pass, now: datetime) -> None:
    """After a full reading: what the calendar does not hold any more was called off.

    Where the reading reached back to a day, visits since then were too: somebody deleted them while
    nobody looked. Else those ahead only.
    """
    if run.nothing_held:
        return  # all there is was read just now
    own, since, seen = run.source, run.since, run.seen
    gone = [
        ref
        for start, ref, source, id in tx.appointments.live_in(run.calendar, since or now)
        if id not in seen and source == own and (since or start >= now)
    ]
    keys: set[str] = set()
    for ref in gone:
        held = tx.appointments.get(ref)
        if held is not None and held.series and held.end <= now and held.series not in run.series:
            continue  # it went with its series: whoever deletes that means what is still ahead
        keys |= called_off(tx, run, held, now)
    touch_later(tx, run, keys)


def _refuse_sudden_emptiness(flow: Flow, run: Pass, now: datetime) -> None:
    if run.trust_empty or run.nothing_held:
        return
    lost = _suddenly_lost(flow, run, now)
    if lost < SUSPICIOUS:
        return
    with flow.store.reading() as tx:
        newest = tx.audit.entries(run.calendar, limit=1)
    if not newest or newest[0].get("what") != LOOKS_EMPTY:
        with flow.store.transaction() as tx:
            tx.audit.write(now, "scheduler", LOOKS_EMPTY, run.calendar, {"visits": str(lost)})
    raise Unsafe(f"the calendar {run.calendar} lost {lost} visits and now looks empty")


def _suddenly_lost(flow: Flow, run: Pass, now: datetime) -> int:
    """How many visits would be lost with hardly one left: of those ahead, or of all since the reading's
    start, past ones too, which make the gaps."""
    left, lost, left_ahead, lost_ahead = 0, 0, 0, 0
    with flow.store.reading() as tx:
        for start, _, source, id in tx.appointments.live_in(run.calendar, run.since or now):
            if source != run.source or (run.since is None and start < now):
                continue
            there, ahead = id in run.seen, start >= now
            left, lost = left + there, lost + (not there)
            left_ahead, lost_ahead = left_ahead + (there and ahead), lost_ahead + (ahead and not there)
    return max(_hardly_left(left, lost), _hardly_left(left_ahead, lost_ahead))


def _hardly_left(left: int, lost: int) -> int:
    """How many were lost, 0 where enough are left to believe it."""
    return lost if left * FOR_ONE_LEFT <= lost else 0
