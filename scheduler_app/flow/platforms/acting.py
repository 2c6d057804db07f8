"""acting: the one thing due for a booking is done on its platform, seen to be done, then settled.

Safe to repeat from any line: how the booking stands is asked first, and nothing is done to one that is
not as it was judged, in any respect, or whose story wants judging anew. The intention is written down
before, so that our own act is known when its echo comes. The row of work is leased by appointment, so
that nobody else acts on it meanwhile.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace

from scheduler_app.domain.actions import DONE, SUPERSEDED, Action
from scheduler_app.domain.appointments import Appointment, Report
from scheduler_app.domain.platforms import Act
from scheduler_app.errors import Conflict, Disconnected, NotFound, SchedulerError, Unavailable
from scheduler_app.flow.flow import FETCH, JUDGE, Flow
from scheduler_app.flow.plan import begun
from scheduler_app.flow.platforms.fetching import fetch_key, take_reports
from scheduler_app.flow.platforms.planning import DESK, decided_about, reach_of
from scheduler_app.flow.platforms.standing import closed
from scheduler_app.flow.platforms.told import was_intended, write_acted, write_intended
from scheduler_app.flow.platforms.wishes import CALL_OFF, CONFIRM, DECLINE, is_done, may_call_off
from scheduler_app.flow.refused import ACT_REFUSED, settle_refused
from scheduler_app.flow.take import judge_key
from scheduler_app.ports import BookingPlatform

log = logging.getLogger(__name__)

JUDGED_IN = 2.0  # seconds


def act_on(flow: Flow, action: Action, visit: Appointment) -> tuple[bool, str]:
    """Do what was decided; whether anything was done there, and how the action ended.

    Raises Conflict where the booking changed since it was judged (it is read again first), Unavailable,
    Disconnected: all are tried again. Any other refusal settles the action as failed and is told.
    """
    platform = flow.platforms[visit.source]
    try:
        return _do(flow, action, visit, platform)
    except NotFound:
        # whether it is gone is for the row that reads bookings to say; nothing is done about it before
        _read_again(flow, visit)
        raise Unavailable("the platform does not find the booking now: it is read again") from None
    except SchedulerError as fault:
        if isinstance(fault, Disconnected):
            closed(flow, visit.source, fault.code)
        if isinstance(fault, Conflict):
            _read_again(flow, visit)
        if fault.retriable:
            raise
        log.warning("%s of %s refused: %s", action.kind, action.target, type(fault).__name__)
        settle_refused(flow, action, str(fault), ACT_REFUSED)
        return False, "failed"


def _do(flow: Flow, action: Action, visit: Appointment, platform: BookingPlatform) -> tuple[bool, str]:
    reports = platform.fetch(visit.source_id)
    stands = next((report for report in reports if report.source_id == visit.source_id), None)
    if stands is None or is_done(action.kind, stands.status):
        return _settled(flow, action, visit, reports, acted=_was_intended(flow, action))
    if _changed(flow, reports):
        # decided about another state: what should be done now is for the judge to say
        raise Conflict("the booking changed since it was judged")
    known = replace(visit, by_staff=visit.by_staff or stands.by_staff)  # lists may not say who booked
    if not _may(flow, action, known) or not _intended(flow, action):
        return _dropped(flow, action)
    act = Act(visit.source_id, action.key, stands.version, action.message)
    {CONFIRM: platform.confirm, DECLINE: platform.decline, CALL_OFF: platform.cancel}[action.kind](act)
    return _settled(flow, action, visit, _as_it_is_now(flow, visit, platform), acted=True)


def _may(flow: Flow, action: Action, visit: Appointment) -> bool:
    """Time has passed since it was decided: what begins soon is left to people by now."""
    now, reach = flow.clock(), reach_of(flow, visit)
    if reach is None or begun(visit, now):
        return False
    if action.plan.startswith(DESK) or action.kind == CONFIRM:
        return True
    return not visit.by_staff if action.kind == DECLINE else may_call_off(visit, reach, now)


def _changed(flow: Flow, reports: Sequence[Report]) -> bool:
    """Bring the book up to what was just read; whether that is anything the judge does not know of."""
    with flow.store.transaction() as tx:
        keys = take_reports(tx, flow, reports, flow.clock())
        tx.work.touch_all(JUDGE, keys)
    return bool(keys)


def _intended(flow: Flow, action: Action) -> bool:
    """Write the intention down; False when the action is not the one to do any more.

    Raises Unavailable while it is not certain what should be done: the judge has the word first.
    """
    now = flow.clock()
    with flow.store.transaction() as tx:
        due, visit = tx.outbox.due(action.target), tx.appointments.get(action.target)
        if due is None or due.key != action.key or visit is None:
            return False
        if not decided_about(visit, action) or tx.work.wanted(JUDGE, judge_key(visit)):
            raise Unavailable("the booking is judged anew before anything is done about it", JUDGED_IN)
        write_intended(tx, action, visit.start, now)
    return True


def _was_intended(flow: Flow, action: Action) -> bool:
    """Whether we had set about it before: then it was us, and nobody heard the answer."""
    with flow.store.reading() as tx:
        return was_intended(tx, action)


def _as_it_is_now(flow: Flow, visit: Appointment, platform: BookingPlatform) -> Sequence[Report]:
    """Read back what came of it; where that fails the row that reads bookings does it later."""
    try:
        return platform.fetch(visit.source_id)
    except SchedulerError as fault:
        log.info("what came of an act is read later: %s", type(fault).__name__)
        _read_again(flow, visit)
        return ()


def _settled(
    flow: Flow, action: Action, visit: Appointment, reports: Sequence[Report], *, acted: bool
) -> tuple[bool, str]:
    now, start = flow.clock(), visit.start
    with flow.store.transaction() as tx:
        tx.work.touch_all(JUDGE, take_reports(tx, flow, reports, now))
        tx.outbox.settle(action.key, DONE)
        if acted:
            write_acted(tx, action, start, now)
    return acted, DONE


def _dropped(flow: Flow, action: Action) -> tuple[bool, str]:
    with flow.store.transaction() as tx:
        tx.outbox.settle(action.key, SUPERSEDED)
    return False, SUPERSEDED


def _read_again(flow: Flow, visit: Appointment) -> None:
    with flow.store.transaction() as tx:
        tx.work.touch(FETCH, fetch_key(visit.source, visit.source_id))
