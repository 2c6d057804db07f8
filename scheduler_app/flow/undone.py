"""undone: what stands on an event is not what we believed; somebody took a mark off, or we forgot one."""

from datetime import datetime, timedelta

from scheduler_app.domain.actions import WrittenMark
from scheduler_app.domain.events import CalendarEvent
from scheduler_app.flow.plan import calendar_source
from scheduler_app.flow.take import judge_key
from scheduler_app.ports import Transaction

REWRITES = 3  # so often in a day a mark that somebody took off is put back


def marked_otherwise(tx: Transaction, calendar: str, event: CalendarEvent, now: datetime) -> frozenset[str]:
    """Bring what we believe to stand on the event in line with what does, and have it judged again.

    A mark somebody took off is put back, a few times a day: for ever would be a quarrel. One we do not
    remember (a crash after writing, a database put back from a copy) is remembered.
    """
    held = tx.appointments.by_source(calendar_source(calendar), event.id)
    if held is None or tx.outbox.open_for(held.ref) is not None:
        return frozenset()
    written = tx.outbox.written(held.ref)
    if (written is None) == (event.mark is None):
        return frozenset()
    if event.mark is not None:
        tx.outbox.put_written(WrittenMark(held.ref, event.mark, event.etag, now))
        return frozenset({judge_key(held)})
    since = (now - timedelta(days=1)).isoformat()
    removed = [e for e in tx.audit.entries(held.ref) if e["what"] == "mark-removed" and e["at"] > since]
    if len(removed) >= REWRITES:
        return frozenset()
    tx.audit.write(now, calendar_source(calendar), "mark-removed", held.ref, {})
    tx.outbox.drop_written(held.ref)
    return frozenset({judge_key(held)})
