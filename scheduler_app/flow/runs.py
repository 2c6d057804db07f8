"""Which verb answers which kind of work. Pure wiring; the work itself knows nothing of the flow."""

import logging
from collections.abc import Callable, Mapping

from scheduler_app.errors import Unsafe
from scheduler_app.flow.dispatch import dispatch
from scheduler_app.flow.flow import DISPATCH, INGEST, JUDGE, PUBLISH, RELEASE, SWEEP, SYNC, Flow
from scheduler_app.flow.ingest import ingest
from scheduler_app.flow.judge import judge_client
from scheduler_app.flow.release import release
from scheduler_app.flow.sweep import sweep
from scheduler_app.flow.sync import sync_calendar
from scheduler_app.ports import Claim

log = logging.getLogger(__name__)

Tally = Callable[[str, int], None]


def _uncounted(_what: str, _count: int) -> None:
    """For whoever does not count what changed."""


def runs(flow: Flow, tally: Tally = _uncounted) -> Mapping[str, Callable[[Claim], float | None]]:
    """For each kind of work what to do with a claim: seconds until it wants doing again, None when done.

    tally is told what changed: deliveries, unreadable, appointments, verdicts, actions, marks, stopped,
    feeds, unsafe.
    """

    def _ingest(claim: Claim) -> None:
        done = ingest(flow, claim.key)
        tally("deliveries", done.settled)
        tally("unreadable", done.unreadable)

    def _sync(claim: Claim) -> float | None:
        return _read(flow, claim.key, tally)

    def _judge(claim: Claim) -> None:
        done = judge_client(flow, claim.key, claim.plan)
        tally("verdicts", done.verdicts)
        tally("actions", done.actions)

    def _release(claim: Claim) -> float | None:
        done = release(flow, claim.key)
        tally("stopped", int(done.stopped))
        return done.again_in

    def _dispatch(claim: Claim) -> None:
        tally("marks", int(dispatch(flow, claim.key).written))

    def _publish(claim: Claim) -> None:
        tally("feeds", int(flow.publish(claim.key)))

    return {
        SWEEP: lambda claim: sweep(flow, claim.key),
        INGEST: _ingest,
        SYNC: _sync,
        JUDGE: _judge,
        RELEASE: _release,
        DISPATCH: _dispatch,
        PUBLISH: _publish,
    }


def _read(flow: Flow, calendar: str, tally: Tally) -> float | None:
    if calendar not in flow.gateways:
        return None
    try:
        tally("appointments", sync_calendar(flow, calendar))
    except Unsafe as fault:
        # not a failure of ours, and not to be parked: the calendar may show its events again any time
        log.warning("sync of %s stopped: %s", calendar, fault)
        tally("unsafe", 1)
    return flow.poll
