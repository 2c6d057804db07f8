"""Which verb answers which kind of work. Pure wiring; the work itself knows nothing of the flow."""

from collections.abc import Callable, Mapping
from random import SystemRandom

from scheduler_app.errors import Unavailable
from scheduler_app.flow.dispatch import dispatch
from scheduler_app.flow.flow import (
    DISPATCH,
    FETCH,
    INGEST,
    JUDGE,
    MAIL,
    POST,
    PUBLISH,
    RECONCILE,
    RELEASE,
    SEND,
    SWEEP,
    SYNC,
    WATCH,
    Flow,
)
from scheduler_app.flow.ingest import ingest
from scheduler_app.flow.judge import judge_due
from scheduler_app.flow.mail import write_down
from scheduler_app.flow.mailing.link_letters import LINK, send_link
from scheduler_app.flow.mailing.posting import post
from scheduler_app.flow.mailing.questions import ask_questions
from scheduler_app.flow.mailing.sending import send_letters
from scheduler_app.flow.platforms.fetching import fetch_booking
from scheduler_app.flow.platforms.hints import take_hints
from scheduler_app.flow.platforms.reconciling import reconcile
from scheduler_app.flow.polling import try_again
from scheduler_app.flow.reading import look_at
from scheduler_app.flow.release import release
from scheduler_app.flow.sweep import sweep
from scheduler_app.flow.sync import LOOKS_EMPTY
from scheduler_app.flow.watch import keep_watched
from scheduler_app.ports import Claim

_JITTER = SystemRandom()
Tally = Callable[[str, int], None]
Runs = Mapping[str, Callable[[Claim], float | None]]


def _uncounted(_what: str, _count: int) -> None:
    """For whoever does not count what changed."""


def runs(flow: Flow, tally: Tally = _uncounted) -> Runs:
    """For each kind of work what to do with a claim: seconds until it wants doing again, None when done.

    tally is told what changed: deliveries, unreadable, bookings, appointments, verdicts, actions, marks,
    stopped, feeds, unsafe, letters, stopped letters.
    """

    return {
        SWEEP: lambda claim: sweep(flow, claim.key),
        WATCH: lambda claim: keep_watched(flow, claim.key),
        **_of_the_book(flow, tally),
        **_of_letters(flow, tally),
    }


def _of_the_book(flow: Flow, tally: Tally) -> Runs:
    def _ingest(claim: Claim) -> None:
        done = take_hints(flow, claim.key) if claim.key in flow.platforms else ingest(flow, claim.key)
        tally("deliveries", done.settled)
        tally("unreadable", done.unreadable)

    def _judge(claim: Claim) -> None:
        done = judge_due(flow, claim)
        tally("verdicts", done.verdicts)
        tally("actions", done.actions)

    def _release(claim: Claim) -> float | None:
        done = release(flow, claim.key)
        tally("stopped", int(done.stopped))
        return done.again_in

    return {
        INGEST: _ingest,
        FETCH: lambda claim: tally("bookings", fetch_booking(flow, claim.key, claim.want)),
        RECONCILE: lambda claim: reconcile(flow, claim.key),
        SYNC: lambda claim: _read(flow, claim, tally),
        JUDGE: _judge,
        RELEASE: _release,
        DISPATCH: lambda claim: tally("marks", int(dispatch(flow, claim.key).written)),
        PUBLISH: lambda claim: tally("feeds", int(flow.publish(claim.key))),
    }


def _of_letters(flow: Flow, tally: Tally) -> Runs:
    def _mail(claim: Claim) -> None:
        write_down(flow, claim.key, claim.plan)
        ask_questions(flow, claim.key)

    def _post(claim: Claim) -> float | None:
        done = post(flow, claim.key)
        tally("stopped letters", int(done.stopped))
        return done.again_in

    def _send(claim: Claim) -> float | None:
        if claim.key.startswith(LINK):
            tally("letters", int(send_link(flow, claim.key)))
            return None
        done = send_letters(flow, claim.key)
        tally("letters", done.sent)
        return done.again_in

    return {MAIL: _mail, POST: _post, SEND: _send}


def _read(flow: Flow, claim: Claim, tally: Tally) -> float | None:
    if claim.key not in flow.gateways:
        return None
    try:
        looked = look_at(flow, claim.key, claim.attempts)
    except Unavailable as fault:
        if fault.retry_in is not None:
            raise
        raise Unavailable(str(fault), try_again(claim.attempts, _JITTER.random())) from fault
    tally("appointments", looked.changed)
    tally("unsafe", int(looked.fault == LOOKS_EMPTY))
    return looked.again_in
