"""book_page: the events of one page of a calendar become part of the book, all of them together."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from scheduler_app.domain.appointments import Appointment, Report
from scheduler_app.domain.events import CalendarEvent, Unreadable
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.errors import Conflict
from scheduler_app.flow.events import report_of
from scheduler_app.flow.flow import JUDGE, Flow
from scheduler_app.flow.ingest import WHOLE_WITHIN
from scheduler_app.flow.plan import calendar_source
from scheduler_app.flow.take import judge_key, normal_clues, take
from scheduler_app.flow.undone import marked_otherwise
from scheduler_app.flow.unreadable import EVENT, HIDDEN, UNREADABLE, in_doubt, tell
from scheduler_app.ports import Transaction

LONG_AGO = datetime.min.replace(tzinfo=UTC)
Told = Sequence[tuple[CalendarEvent, Report | None]]
FAR_AHEAD = timedelta(days=3650)  # no series is read so far
HISTORY = timedelta(days=396)  # 13 months: what ended before says nothing about gaps any more


class Seen:
    """Ids that were seen, in eight bytes each. Two of a hundred thousand look alike once in 10^9 runs; then
    one that vanished would be believed to be there."""

    def __init__(self) -> None:
        self._hashes = array("q")
        self._sorted = True

    def add(self, ids: Iterable[str]) -> None:
        """These were seen."""
        self._hashes.extend(map(hash, ids))
        self._sorted = False

    def __contains__(self, id: str) -> bool:
        if not self._sorted:
            self._hashes = array("q", sorted(self._hashes))
            self._sorted = True
        hashes, sought = self._hashes, hash(id)
        place = bisect_left(hashes, sought)
        return place < len(hashes) and hashes[place] == sought


@dataclass(slots=True)
class Pass:
    """One run over a calendar, while it is under way. tries: as of `look_at`."""

    calendar: str
    held_cursor: str | None
    plan: str
    trust_empty: bool = False
    tries: int = 1
    full: bool = False
    since: datetime | None = None
    seen: Seen = field(default_factory=Seen)
    changed: int = 0
    page: str | None = None
    writable: bool = True
    series: set[str] = field(default_factory=set)  # those the calendar told of
    aside: set[str] = field(default_factory=set)  # those whose instances were not to be had
    nothing_held: bool | None = (
        None  # whether the book held nothing of the calendar's as a full reading began
    )

    @property
    def source(self) -> str:
        """The name under which the calendar reports its events."""
        return calendar_source(self.calendar)

    def check(self, tx: Transaction) -> None:
        """Raise Conflict when somebody else read the calendar since we began."""
        if tx.cursors.get(self.calendar) != self.held_cursor:
            raise Conflict("somebody else read this calendar meanwhile")
        if self.full and self.nothing_held is None:
            self.nothing_held = not any(tx.appointments.live_in(self.calendar, LONG_AGO))


def what_is_told(flow: Flow, run: Pass, events: Iterable[CalendarEvent], now: datetime) -> Told:
    """Each event with what it says; asked before the transaction, in which others wait."""
    return [(event, report_of(event, run.calendar, flow, now)) for event in events]


def take_events(tx: Transaction, run: Pass, told: Told, now: datetime) -> None:
    """Bring the book up to what the events say; what changed wants judging once the plan is whole."""
    events = [event for event, _ in told]
    tx.expect(
        run.source,
        [event.id for event in events],
        [normal_clues(report.clues) for _, report in told if report],
        {event.series for event in events if event.series},
    )
    known = {event.id for event in events if tx.appointments.by_source(run.source, event.id) is not None}
    keys: set[str] = set()
    for event, report in told:
        keys |= _take_one(tx, run, event, report, now)
    refs = {}
    for event in events:
        if event.mark is None and event.id not in known:
            continue  # nothing of ours was ever on what we had not heard of
        held = tx.appointments.by_source(run.source, event.id)
        if held is not None:
            refs[held.ref] = event
    concerned = tx.outbox.traces(refs.keys())
    for ref, event in refs.items():
        if event.mark is not None or ref in concerned:
            marked_otherwise(tx, run.calendar, event)
    touch_later(tx, run, keys)


def touch_later(tx: Transaction, run: Pass, keys: Iterable[str]) -> None:
    """They want judging: when the run has ended, or in a while if it never does."""
    tx.work.touch_all(JUDGE, frozenset(keys), delay=WHOLE_WITHIN, plan=run.plan)


def _take_one(
    tx: Transaction, run: Pass, event: CalendarEvent, report: Report | None, now: datetime
) -> frozenset[str]:
    if event.hidden and not event.cancelled and (held := _live(tx, run, event.id)):
        return _put_in_doubt(tx, run, held, in_doubt(held, HIDDEN, event), now)
    if report is None:
        held = tx.appointments.by_source(run.source, event.id)
        if held is not None and event.cancelled and _took_place(tx, run, held, now):
            return frozenset()
        return called_off(tx, run, held, now, event.updated)
    if report.end <= now - HISTORY and tx.appointments.by_source(run.source, event.id) is None:
        return frozenset()  # what changed since a cursor may be of any age
    keys = take(tx, report, now, current=True)
    run.changed += bool(keys)
    return keys


def _took_place(tx: Transaction, run: Pass, held: Appointment, now: datetime) -> bool:
    """Whether it is over, and went only with its series: whoever deletes that means what is still ahead."""
    if not held.series or held.end > now:
        return False
    return held.series not in tx.series.read_short_of(run.calendar, now + FAR_AHEAD)


def keep_unreadable(
    tx: Transaction,
    run: Pass,
    unreadable: Sequence[Unreadable],
    now: datetime,
    with_them: Sequence[str] = (),
) -> None:
    """Events that nobody can read: a person is told, and what was known of them counts on in doubt.

    with_them: further ids of which the same is to be said.
    """
    keys: set[str] = set()
    for id in (*(each.where for each in unreadable), *with_them):
        if held := _live(tx, run, id):
            keys |= _put_in_doubt(tx, run, held, in_doubt(held, UNREADABLE), now)
    tell(tx, EVENT, run.calendar, [(each.where, UNREADABLE, each.why) for each in unreadable], now)
    touch_later(tx, run, keys)


def _live(tx: Transaction, run: Pass, id: str) -> Appointment | None:
    held = tx.appointments.by_source(run.source, id)
    return None if held is None or held.status in NOT_HELD else held


def _put_in_doubt(
    tx: Transaction, run: Pass, held: Appointment, after: Appointment, now: datetime
) -> frozenset[str]:
    if after == held:
        return frozenset()
    tx.appointments.put(after, by=run.source, at=now)
    run.changed += 1
    return frozenset({judge_key(held)})


def called_off(
    tx: Transaction, run: Pass, held: Appointment | None, now: datetime, said_at: datetime | None = None
) -> frozenset[str]:
    """It is over; the keys that want judging now."""
    if held is None or held.status in NOT_HELD:
        return frozenset()
    after = replace(held, status="cancelled", reported_at=said_at or now)
    tx.appointments.put(after, by=run.source, at=now)
    run.changed += 1
    return frozenset({judge_key(held)})
