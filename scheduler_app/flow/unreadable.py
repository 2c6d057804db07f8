"""What stands somewhere and cannot be read: a person is told of it, and what was known of it counts on.

Nobody may take for free of faults what nobody can read. It is told once while it is shown, and again after
that.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.events import CalendarEvent
from scheduler_app.flow.news import merged
from scheduler_app.ports import Transaction

BOOKING, EVENT = "booking", "event"  # begin the code in the audit log, filed under platform or calendar
LATELY = timedelta(days=14)  # so long a person is shown it
UNREADABLE, HIDDEN = "event-unreadable", "event-hidden"  # doubts about a visit that we knew before
Found = tuple[str, str, str]  # its id, a stable code, and why


def tell(tx: Transaction, of: str, where: str, found: Iterable[Found], now: datetime) -> None:
    """Tell of each. of: BOOKING or EVENT; where: the platform or the calendar."""
    new = {(id, code): why for id, code, why in found}
    if not new:
        return
    for entry in _lately(tx, of, where, now):
        new.pop((entry.get(of, ""), entry.get("code", "")), None)
    for (id, code), why in new.items():
        tx.audit.write(now, "scheduler", f"{of}-unreadable", where, {of: id, "code": code, "why": why})


def told(tx: Transaction, of: str, where: str, now: datetime) -> tuple[tuple[str, str], ...]:
    """What was told lately, newest first: ids, and why."""
    return tuple((entry.get(of, ""), entry.get("why", "")) for entry in _lately(tx, of, where, now))


def in_doubt(held: Appointment, doubt: str, moved: CalendarEvent | None = None) -> Appointment:
    """The visit as it was known, which a person must look at now. moved: what still tells of its times."""
    known = replace(held, doubts=merged((*held.doubts, doubt)))
    if moved is None:
        return known
    zone = moved.zone if moved.all_day else held.zone
    start, end = moved.start.astimezone(UTC), moved.end.astimezone(UTC)
    return replace(known, start=start, end=end, zone=zone, writable=moved.writable)


def _lately(tx: Transaction, of: str, where: str, now: datetime) -> Iterator[Mapping[str, str]]:
    for entry in tx.audit.entries(where):
        if entry["what"] == f"{of}-unreadable" and datetime.fromisoformat(entry["at"]) > now - LATELY:
            yield entry
