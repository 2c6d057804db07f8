"""reconciling: what a platform holds is read on from where it was left, since hints may be lost.

The first reading brings the history, and once a day everything is read again. A reading that dies goes
on from the page it had come to; its pages are judged together, under one plan.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import SystemRandom

from scheduler_app.domain.appointments import Report
from scheduler_app.domain.platforms import BookingPage, PlatformState
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.errors import Disconnected, SchedulerError
from scheduler_app.flow.flow import FETCH, JUDGE, RECONCILE, Flow, plan_name
from scheduler_app.flow.ingest import WHOLE_WITHIN
from scheduler_app.flow.platforms.fetching import fetch_key, take_reports
from scheduler_app.flow.platforms.standing import closed, opened, tell_unreadable
from scheduler_app.flow.platforms.strange import AHEAD, STRANGE, looks_strange

log = logging.getLogger(__name__)

WHOLE_EVERY = timedelta(hours=24)
OVERLAP = timedelta(minutes=10)  # what a platform writes down late, or by a clock of its own
CLOSED = 900.0  # seconds until the next try while it lets nobody in
SPREAD = 0.25
REFUSED = "platform-refused"
_JITTER = SystemRandom()


def reconcile(flow: Flow, name: str) -> float | None:
    """Bring the book up to what the platform holds; seconds until the next reading.

    None for a platform that is not configured any more. Raises Unavailable: what was read stays read.
    """
    platform = flow.platforms.get(name)
    terms = flow.clinic.platforms.get(name)
    if platform is None or terms is None:
        return None
    state = _begun(flow, name)
    if state.whole and state.page is None and looks_strange(flow, name, platform):
        closed(flow, name, STRANGE)
        return CLOSED
    seen: set[str] | None = set() if state.page is None else None  # of a reading that died nobody knows all
    since = None if state.whole or state.read_until is None else state.read_until - OVERLAP
    now = state.reading_since or flow.clock()
    while True:
        try:
            page = platform.changed(since, now, state.page)
        except Disconnected as fault:
            closed(flow, name, fault.code)
            return CLOSED
        except SchedulerError as fault:
            if fault.retriable:
                raise
            log.warning("a reading of %s was refused: %s", name, type(fault).__name__)
            _begin_anew(flow, name)
            closed(flow, name, REFUSED)
            return CLOSED
        if seen is not None:
            seen |= {report.source_id for report in page.reports}
            seen |= {each.booking_id for each in page.left_out}
        state = _take_page(flow, state, page, seen_whole=seen is not None)
        if page.page is None:
            break
    opened(flow, name)
    if seen is not None and state.whole:
        _look_for_missing(flow, name, seen)
    return terms.terms.poll * 60.0 * (1 - SPREAD + 2 * SPREAD * _JITTER.random())


def latest_reading(flow: Flow, name: str) -> float:
    """No reading is further off than so many seconds, whatever the jitter was."""
    terms = flow.clinic.platforms.get(name)
    return terms.terms.poll * 60.0 * (1 + SPREAD) if terms else CLOSED


def plan_of(state: PlatformState) -> str:
    """The plan under which everything one reading found is judged."""
    return plan_name(RECONCILE, state.platform, str(state.reading_since))


def _begun(flow: Flow, name: str) -> PlatformState:
    now = flow.clock()
    with flow.store.transaction() as tx:
        state = tx.platforms.get(name)
        if state.reading_since is None or now - state.reading_since > WHOLE_EVERY:
            whole = state.whole_at is None or now - state.whole_at >= WHOLE_EVERY
            state = replace(state, reading_since=now, page=None, whole=whole)
            tx.platforms.put(state)
    return state


def _begin_anew(flow: Flow, name: str) -> None:
    """The page it had come to may be what is refused: asked for again it would be refused all day."""
    with flow.store.transaction() as tx:
        tx.platforms.put(replace(tx.platforms.get(name), page=None, reading_since=None))


def _take_page(flow: Flow, state: PlatformState, page: BookingPage, *, seen_whole: bool) -> PlatformState:
    """One page in one commit, with the place where the reading goes on.

    seen_whole: whether this run has seen the reading from its first page, and knows what it did not show.
    Where the page as a whole is refused its bookings are taken one by one: one at fault never stops the rest.
    """
    after = _after(state, page, seen_whole=seen_whole)
    if page.left_out:
        with flow.store.transaction() as tx:
            tell_unreadable(tx, state.platform, page.left_out, flow.clock())
    try:
        _commit(flow, state, after, page.reports)
    except SchedulerError as fault:
        if fault.retriable:
            raise
        for report in page.reports:
            _take_alone(flow, state, report)
        _commit(flow, state, after, ())
    return replace(after, whole=state.whole)


def _after(state: PlatformState, page: BookingPage, *, seen_whole: bool) -> PlatformState:
    if page.page is not None:
        return replace(state, page=page.page)
    done = state.reading_since
    # one that died on its way is followed by another: what is missing was not looked for
    whole_at = done if state.whole and seen_whole else state.whole_at
    return replace(state, page=None, read_until=done, reading_since=None, whole_at=whole_at)


def _commit(flow: Flow, state: PlatformState, after: PlatformState, reports: Sequence[Report]) -> None:
    plan = plan_of(state)
    with flow.store.transaction() as tx:
        keys = take_reports(tx, flow, reports, flow.clock())
        tx.work.touch_all(JUDGE, keys, delay=WHOLE_WITHIN, plan=plan)
        if after.reading_since is None:
            # only now is the plan whole: judged earlier, its first acts would go out before it is weighed
            tx.work.hasten(plan)
        tx.platforms.put(replace(after, fault=tx.platforms.get(state.platform).fault))


def _take_alone(flow: Flow, state: PlatformState, report: Report) -> None:
    try:
        with flow.store.transaction() as tx:
            keys = take_reports(tx, flow, [report], flow.clock())
            tx.work.touch_all(JUDGE, keys, delay=WHOLE_WITHIN, plan=plan_of(state))
    except SchedulerError as fault:
        if fault.retriable:
            raise
        log.error("a booking of %s could not be kept: %s", state.platform, type(fault).__name__)


def _look_for_missing(flow: Flow, name: str, seen: set[str]) -> None:
    """What we hold ahead and the platform did not show is asked for one by one: it may just have moved."""
    now: datetime = flow.clock()
    with flow.store.transaction() as tx:
        missing = {
            fetch_key(name, held.source_id)
            for held in tx.appointments.between(now, now + AHEAD)
            if held.source == name and held.source_id not in seen and held.status not in NOT_HELD
        }
        tx.work.touch_all(FETCH, missing)
