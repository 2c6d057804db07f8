"""series: a series is read instance by instance, as far back as gaps reach and as far ahead as people book.

Everything here can be repeated: each page is brought into the book by itself, and how far a series was
read is written down with its last page.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.events import Changes, Unreadable
from scheduler_app.errors import NotFound, Unavailable
from scheduler_app.flow.book_page import (
    HISTORY,
    Pass,
    called_off,
    keep_unreadable,
    take_events,
    touch_later,
    what_is_told,
)
from scheduler_app.flow.flow import Flow
from scheduler_app.ports import SeriesCalendar, Transaction

AHEAD = timedelta(days=548)  # 18 months
READ_AGAIN = timedelta(days=518)  # 17 months: by then a series wants reading on
NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # was it read
STUCK_AFTER = 6  # tries of the same look, over a minute or so
MOST_ASIDE = 10  # in one look: where more are not to be had, it is no fault of theirs
NOT_GIVEN = "the instances of this series are not to be had: open it in the calendar, and save it again"


def read_series(flow: Flow, run: Pass, changes: Changes) -> None:
    """Read the series that a page names, all their pages, before the page itself is taken."""
    gone = {event.id for event in changes.events if event.cancelled}
    run.series.update(changes.series)
    for series in dict.fromkeys(changes.series):
        if series not in gone or _is_known(flow, run, series):
            _read_or_set_aside(flow, run, series)
    _were_series(flow, run, [event.id for event in changes.events if not event.cancelled])


def read_on(flow: Flow, run: Pass, now: datetime) -> bool:
    """Read on those series whose instances were not read far enough ahead; whether there were any."""
    with flow.store.reading() as tx:
        short = tx.series.read_short_of(run.calendar, now + READ_AGAIN)
    for series in short:
        _read_or_set_aside(flow, run, series)
    return bool(short)


def _is_known(flow: Flow, run: Pass, series: str) -> bool:
    """A deletion of which only the id is left may have been a series; we ask about those we hold."""
    with flow.store.reading() as tx:
        return bool(tx.appointments.of_series(run.source, series))


def _read_or_set_aside(flow: Flow, run: Pass, series: str) -> None:
    """One series whose instances are not to be had never keeps the rest of its calendar from being read."""
    try:
        _read_one(flow, run, series)
    except Unavailable as fault:
        # with a time to come back, it is no fault of the series; without one, neither may it be at first
        if fault.retry_in is not None or len(run.aside) >= MOST_ASIDE or not _stuck(flow, run, series):
            raise
        _set_aside(flow, run, series)


def _stuck(flow: Flow, run: Pass, series: str) -> bool:
    """Whether it has kept its calendar from being read for a while, or was set aside before."""
    if run.tries >= STUCK_AFTER:
        return True
    with flow.store.reading() as tx:
        return series in tx.series.read_short_of(run.calendar, NEVER + AHEAD)


def _set_aside(flow: Flow, run: Pass, series: str) -> None:
    """A person is told, what we hold of it counts on in doubt, and the next look asks for it again."""
    now = flow.clock()
    run.aside.add(series)
    with flow.store.transaction() as tx:
        run.check(tx)
        held = [visit for visit in tx.appointments.of_series(run.source, series) if visit.end > now]
        run.seen.add(visit.source_id for visit in tx.appointments.of_series(run.source, series))
        keep_unreadable(tx, run, [Unreadable(series, NOT_GIVEN)], now, [visit.source_id for visit in held])
        tx.series.put(run.calendar, series, NEVER)


def _read_one(flow: Flow, run: Pass, series: str) -> None:
    now = flow.clock()
    # a full reading calls off whatever it did not see since its own beginning, which may be a little earlier
    since, until = min(now - HISTORY, run.since or now), now + AHEAD
    there: set[str] = set()
    page = None
    while True:
        try:
            found = _series_of(flow, run).instances(run.calendar, series, since, until, page)
        except NotFound:
            _gone(flow, run, series, now)
            return
        ids = [event.id for event in found.events if not event.cancelled]
        ids += [event.where for event in found.unreadable]
        there.update(ids)
        run.seen.add(ids)
        told = what_is_told(flow, run, found.events, now)
        with flow.store.transaction() as tx:
            run.check(tx)
            take_events(tx, run, told, now)
            keep_unreadable(tx, run, found.unreadable, now)
            if found.page is None:
                # an event that was one by itself before it became the first of a series
                keys = called_off(tx, run, tx.appointments.by_source(run.source, series), now)
                keys |= _missing(tx, run, _within(tx, run, series, since, until), there, now)
                touch_later(tx, run, keys)
                tx.series.put(run.calendar, series, until)
                return
        page = found.page


def _series_of(flow: Flow, run: Pass) -> SeriesCalendar:
    gateway = flow.gateways[run.calendar]
    if not isinstance(gateway, SeriesCalendar):
        raise NotFound("no series is kept in this calendar")
    return gateway


def _gone(flow: Flow, run: Pass, series: str, now: datetime) -> None:
    """Nothing of it is ahead any more. What took place did so."""
    with flow.store.transaction() as tx:
        run.check(tx)
        ahead = [held for held in tx.appointments.of_series(run.source, series) if held.start >= now]
        touch_later(tx, run, _missing(tx, run, ahead, (), now))
        tx.series.drop(run.calendar, series)


def _were_series(flow: Flow, run: Pass, events: Sequence[str]) -> None:
    """An event by itself whose id was a series': its instances are none any more."""
    now = flow.clock()
    with flow.store.reading() as tx:
        known = set(tx.series.read_short_of(run.calendar, now + 2 * AHEAD)) if events else set()
    for series in known.intersection(events):
        with flow.store.transaction() as tx:
            run.check(tx)
            instances = _within(tx, run, series, now - HISTORY, now + AHEAD)
            touch_later(tx, run, _missing(tx, run, instances, (), now))
            tx.series.drop(run.calendar, series)


def _within(
    tx: Transaction, run: Pass, series: str, since: datetime, until: datetime
) -> Sequence[Appointment]:
    held = tx.appointments.of_series(run.source, series)
    return [visit for visit in held if visit.end > since and visit.start < until]


def _missing(
    tx: Transaction, run: Pass, held: Iterable[Appointment], there: Iterable[str], now: datetime
) -> frozenset[str]:
    """Instances that somebody took out of the series, past ones too: an ended series still shows those."""
    present = frozenset(there)
    keys: set[str] = set()
    for visit in held:
        if visit.source_id not in present:
            keys |= called_off(tx, run, visit, now)
    return frozenset(keys)
