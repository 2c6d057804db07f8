"""looking: what may really be written on an event, and whether it still shows what we believe.

A slot that was given back is never taken back over somebody else's booking. A visit that may stand again
then stays held as a clash, and every few minutes its slot is looked at again.
"""

from dataclasses import replace

from scheduler_app.domain.actions import WrittenMark
from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.events import CalendarEvent, Mark
from scheduler_app.flow.flow import JUDGE, PUBLISH, SYNC, Flow
from scheduler_app.flow.marking import setting_of
from scheduler_app.flow.plan import CLASH, HOLD, begun, clash_mark
from scheduler_app.flow.slots import free_times, keep_time, since_held, taken
from scheduler_app.flow.take import judge_key
from scheduler_app.flow.undone import disagrees, taken_off
from scheduler_app.ports import CalendarGateway, Transaction
from scheduler_app.texts.dates import times_text


def mark_to_write(
    flow: Flow, gateway: CalendarGateway, visit: Appointment, event: CalendarEvent, wanted: Mark | None
) -> Mark | None:
    """The mark as wanted, unless its slot was given back and somebody has it by now."""
    if event.mark is None or not event.mark.free or not event.busy or (wanted and wanted.free):
        return wanted
    if not taken(gateway, visit.calendar or "", event):
        return wanted
    return replace(wanted, free=True) if wanted else _clash(flow, gateway, visit)


def _clash(flow: Flow, gateway: CalendarGateway, visit: Appointment) -> Mark:
    now = flow.clock()
    times = free_times(flow, gateway, visit, now)
    with flow.store.reading() as tx:
        setting = setting_of(tx, flow, visit, tx.outbox.written(visit.ref), now)
    return clash_mark(times_text(times, flow.language), setting)


def remember(tx: Transaction, flow: Flow, visit: Appointment, written: WrittenMark) -> None:
    """Write down that the mark stands; since when the slot is held is not forgotten by writing again."""
    _tell_feed(tx, visit, written)
    if written.mark.kind in (HOLD, CLASH):
        since = since_held(tx, visit, tx.outbox.written(visit.ref)) or written.written_at
        written = replace(written, held_since=since)
        if written.mark.kind == HOLD and not written.mark.free:
            keep_time(tx, flow, visit, since, written.written_at)
    tx.outbox.put_written(written)


def forget(tx: Transaction, visit: Appointment) -> None:
    """Write down that nothing of ours stands there any more."""
    _tell_feed(tx, visit, None)
    tx.outbox.drop_written(visit.ref)


def _tell_feed(tx: Transaction, visit: Appointment, after: WrittenMark | None) -> None:
    """A visit whose slot somebody else has is not confirmed to its client, and is again when it clears."""
    before = tx.outbox.written(visit.ref)
    clash = [stands is not None and stands.mark.kind == CLASH for stands in (before, after)]
    if visit.client and clash[0] != clash[1]:
        tx.work.touch(PUBLISH, visit.client)


def look(flow: Flow, gateway: CalendarGateway, visit: Appointment, *, may: bool) -> bool:
    """Read the event and bring what we believe in line with it; whether something had to be written.

    may: whether we may write there; where we may not, a mark that was taken off is no quarrel.
    """
    event = gateway.event(visit.calendar or "", visit.source_id)
    if event.hidden:
        return False  # and with its words whatever mark stands there
    if may and event.mark is None and not event.cancelled:
        event = _cleared(flow, gateway, visit, event)
    with flow.store.transaction() as tx:
        written = tx.outbox.written(visit.ref)
        if event.cancelled or tx.outbox.open_for(visit.ref) is not None:
            return False
        if event.start != visit.start:
            tx.work.touch(SYNC, visit.calendar or "")  # moved meanwhile: that is to be read first
            return False
        if disagrees(written.mark if written else None, event.mark):
            _believe(tx, flow, visit, event, written, may=may)
            return False
    if written is None or written.mark.kind != CLASH or not may or begun(visit, flow.clock()):
        return False
    return _clash_again(flow, gateway, visit, event)


def _cleared(flow: Flow, gateway: CalendarGateway, visit: Appointment, event: CalendarEvent) -> CalendarEvent:
    """A person took our mark off; a colour of ours that they left goes too, before we forget the mark."""
    with flow.store.reading() as tx:
        written = tx.outbox.written(visit.ref)
    return event if written is None else gateway.unmark(visit.calendar or "", event.id, event.etag)


def _believe(
    tx: Transaction,
    flow: Flow,
    visit: Appointment,
    event: CalendarEvent,
    written: WrittenMark | None,
    *,
    may: bool,
) -> None:
    """A mark nobody remembers is remembered; one that was taken off is not believed in any more."""
    now = flow.clock()
    if written is None and event.mark is not None:
        remember(tx, flow, visit, WrittenMark(visit.ref, event.mark, event.etag, now))
    elif written is not None and may and written.mark.kind != CLASH:
        taken_off(tx, visit, written, now)
        if event.mark is not None:  # what is left of it is still ours to take off
            tx.outbox.put_written(replace(written, mark=event.mark, etag=event.etag, written_at=now))
    else:
        forget(tx, visit)
    tx.work.touch(JUDGE, judge_key(visit))


def _clash_again(flow: Flow, gateway: CalendarGateway, visit: Appointment, event: CalendarEvent) -> bool:
    """Take the mark off where the slot is free again; else offer times that are free now."""
    wanted = mark_to_write(flow, gateway, visit, event, None)
    if wanted == event.mark:
        return False
    calendar = visit.calendar or ""
    if wanted is None:
        gateway.unmark(calendar, event.id, event.etag)
        with flow.store.transaction() as tx:
            forget(tx, visit)
        return True
    after = gateway.mark(calendar, event.id, wanted, event.etag)
    with flow.store.transaction() as tx:
        remember(tx, flow, visit, WrittenMark(visit.ref, wanted, after.etag, flow.clock()))
    return True
