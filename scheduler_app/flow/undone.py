"""undone: what stands on an event is not what we believed; somebody took a mark off, or we forgot one.

Reading a calendar only raises the question. It is answered where marks are written, under the lease of
that one appointment, by reading the event as it is then: what a page showed may be older than our mark.
"""

from dataclasses import replace
from datetime import datetime

from scheduler_app.domain.actions import Quarrel, WrittenMark
from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.events import CalendarEvent, Mark
from scheduler_app.flow.flow import DISPATCH
from scheduler_app.flow.plan import calendar_source
from scheduler_app.ports import Transaction

UNDONE = 2  # so often a person takes our mark off: then it is theirs to answer for
LEFT_ALONE = "mark-left-alone"
CALLED_OFF = "cancelled-by-us"


def marked_otherwise(tx: Transaction, calendar: str, event: CalendarEvent) -> None:
    """Ask for the event to be looked at where its mark is not the one we believe in."""
    held = tx.appointments.by_source(calendar_source(calendar), event.id)
    if held is None or tx.outbox.open_for(held.ref) is not None:
        return
    written = tx.outbox.written(held.ref)
    if disagrees(written.mark if written else None, event.mark):
        tx.work.touch(DISPATCH, held.ref)


def disagrees(believed: Mark | None, stands: Mark | None) -> bool:
    """Whether the event shows something else than we believe, as far as people can see it at a glance.

    A program may write our text in another way, and a colour is a matter of taste: neither is a quarrel.
    """
    if believed is None or stands is None:
        return believed is not stands
    return _at_a_glance(believed) != _at_a_glance(stands)


def _at_a_glance(mark: Mark) -> tuple[str, str, bool, bool]:
    return mark.kind, mark.prefix, mark.free, bool(mark.text)


def taken_off(tx: Transaction, visit: Appointment, written: WrittenMark, now: datetime) -> None:
    """A person took our mark off: remember how often they did at this start."""
    known = tx.outbox.quarrel(visit.ref)
    if known is None or known.start != visit.start:
        known = Quarrel(visit.ref, visit.start, 0, now)
    tx.outbox.put_quarrel(replace(known, undone=known.undone + 1, at=now))
    detail = {"start": visit.start.isoformat()}
    if written.held_since is not None:
        detail["held_since"] = written.held_since.isoformat()
    tx.audit.write(now, visit.source, "mark-removed", visit.ref, detail)
    tx.outbox.drop_written(visit.ref)


def restored(tx: Transaction, visit: Appointment, now: datetime) -> None:
    """A visit that is to be called off may have been before, and a person put it back: that counts too."""
    start = visit.start.isoformat()
    times = sum(
        entry["what"] == CALLED_OFF and entry.get("start") == start for entry in tx.audit.entries(visit.ref)
    )
    known = tx.outbox.quarrel(visit.ref)
    before = known.undone if known is not None and known.start == visit.start else 0
    if times > before:
        tx.outbox.put_quarrel(Quarrel(visit.ref, visit.start, times, now))


def left_alone(tx: Transaction, visit: Appointment, now: datetime) -> bool:
    """Whether the visit bears no mark because a person took it off twice; the practitioner is told once.

    A visit that moved starts afresh.
    """
    known = tx.outbox.quarrel(visit.ref)
    if known is None:
        return False
    if known.start != visit.start:
        tx.outbox.drop_quarrel(visit.ref)
        return False
    if known.undone < UNDONE:
        return False
    if not known.told:
        tx.audit.write(now, "scheduler", LEFT_ALONE, visit.ref, {"start": visit.start.isoformat()})
        tx.outbox.put_quarrel(replace(known, told=True))
    return True
