"""All VEVENTs of one UID: versions told apart, exceptions matched to their series (RFC 5546 2.1.5)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from integrations.calendar_files.faults import Fault
from integrations.calendar_files.moments import moment
from integrations.calendar_files.unrolling import Exceptional, Series, Window, stamp_of
from integrations.calendar_files.vevent import Vevent
from scheduler_app.domain.events import CalendarEvent

OUTDATED = (
    "is an older version of an entry that was moved (same UID, lower SEQUENCE): only the newest was read"
)


@dataclass(frozen=True, slots=True)
class Lost:
    """A VEVENT that could not be read, not in full, or must not be."""

    vevent: Vevent
    why: str


def resolve(group: Sequence[Vevent], window: Window) -> Iterator[CalendarEvent | Lost]:
    """The events of one UID, their ids unique among them.

    Single events come whatever the window, instances of a series where their local day lies in it, both
    ends included. Of several versions with different SEQUENCE the highest counts, and one that stood at
    another time is told; with the same SEQUENCE, at the same time, the newest counts; at different times
    all do, for then a program gave one UID to several events. An exception whose series is not there is
    an event by itself.
    """
    taken: set[str] = set()
    for found in _resolved(group, window):
        if isinstance(found, Lost):
            yield found
            continue
        event = found
        if event.id in taken:
            event = replace(event, id=f"{event.id}_{stamp_of(event.start)}")
        while event.id in taken:
            event = replace(event, id=f"{event.id}+")
        taken.add(event.id)
        yield event


def _resolved(group: Sequence[Vevent], window: Window) -> Iterator[CalendarEvent | Lost]:
    masters, outdated = _current([vevent for vevent in group if b"RECURRENCE-ID" not in vevent.once])
    yield from (Lost(master, OUTDATED) for master in outdated)
    exceptions = [vevent for vevent in group if b"RECURRENCE-ID" in vevent.once]
    if not masters:
        yield from _alone(exceptions)
        return
    # Exceptions belong to the one series there is; where a program gave one UID to several, to the first.
    for master, belonging in zip(masters, (exceptions, *([()] * len(masters))), strict=False):
        if not belonging and b"RRULE" not in master.serial and b"RDATE" not in master.serial:
            yield master.event(master.uid, recurring=False)
            continue
        try:
            series = Series(master, window)
            matched = _latest(series.exceptional(exception) for exception in belonging)
            cut = yield from series.events(matched)
        except Fault as fault:
            yield Lost(master, str(fault))
            yield from _alone(belonging)
            continue
        if cut:
            yield Lost(master, cut)


def _alone(exceptions: Iterable[Vevent]) -> Iterator[CalendarEvent | Lost]:
    newest: dict[str, Vevent] = {}
    for exception in exceptions:
        try:
            own_id = (
                f"{exception.uid}_{stamp_of(moment(exception.once[b'RECURRENCE-ID'], exception.calendar))}"
            )
        except Fault as fault:
            yield Lost(exception, str(fault))
            continue
        if own_id not in newest or newest[own_id].revision <= exception.revision:
            newest[own_id] = exception
    for own_id, exception in newest.items():
        yield exception.event(own_id, recurring=True)


def _current(masters: Sequence[Vevent]) -> tuple[list[Vevent], list[Vevent]]:
    """The versions that count, and the older ones that stood at another time."""
    highest = max((master.sequence for master in masters), default=0)
    newest: dict[object, Vevent] = {}
    for master in masters:
        when = (master.start.instant(), master.start.date_only)
        if when not in newest or newest[when].revision <= master.revision:
            newest[when] = master
    current = [master for master in newest.values() if master.sequence == highest]
    return current, [master for master in newest.values() if master.sequence < highest]


def _latest(exceptions: Iterable[Exceptional]) -> list[Exceptional]:
    newest: dict[object, Exceptional] = {}
    for exception in exceptions:
        known = newest.get(exception.key)
        if known is None or known.vevent.revision <= exception.vevent.revision:
            newest[exception.key] = exception
    return list(newest.values())
