"""digest: what is held, asked about or disconnected, gathered for the people at the clinic."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.clinic import OBSERVE
from scheduler_app.domain.connections import ALL
from scheduler_app.domain.digests import CalendarLine, Digest, HeldLine, OnlineLine, TitleLine
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.flow.flow import Flow
from scheduler_app.flow.foresee import unrecognised
from scheduler_app.flow.given_up import given_up
from scheduler_app.flow.holds import Hold, holds
from scheduler_app.flow.platforms.overview import platforms
from scheduler_app.flow.platforms.standing import standing
from scheduler_app.flow.polling import fault_shown
from scheduler_app.flow.start import EMBEDDED, FAR_AHEAD, state_of
from scheduler_app.flow.unreadable import EVENT, told
from scheduler_app.ports import Transaction

# beginnings of rules -> what a person has to look at
REVIEWS = {
    "screening-": "screening",
    "condition-": "condition",
    "client-": "identity",
    "identity-": "identity",
    "treatment-": "treatment",
    "title-": "treatment",
    "service-": "treatment",
    "defaults-": "treatment",
    "medication-": "medication",
    "record-": "record",
    "sources-": "sources",
    "visit-": "sources",
    "event-": "event",
}
OTHER = "other"


def digest(flow: Flow) -> Digest:
    """How everything ahead stands now. Names people and treatments: for staff only."""
    now = flow.clock()
    zone = ZoneInfo(flow.clinic.location.zone)
    with flow.store.reading() as tx:
        held = tuple(_held(flow, hold, zone) for hold in holds(tx, flow, now))
        unread = tuple(_unread(tx, now, zone))
        known = {line.ref for line in held}
        online = tuple(line for line in _online(tx, flow, zone) if line.ref not in known)
        standing_of = calendars(tx, flow)
        reviews = _reviews(tx, now)
        undone = len(given_up(tx))
    closed = tuple((state.platform, state.fault) for state in standing(flow) if state.fault)
    return Digest(now.astimezone(zone), held, reviews, unread, standing_of, online, closed, undone)


def calendars(tx: Transaction, flow: Flow) -> tuple[CalendarLine, ...]:
    """How we stand with each of the clinic's calendars, in the order of its configuration."""
    zone, now = ZoneInfo(flow.clinic.location.zone), flow.clock()
    lines = []
    for kept in flow.clinic.calendars.values():
        state = state_of(tx, flow, kept.id)
        if kept.marks.mode == OBSERVE or state.started_at is None:
            standing = "observing"
        elif kept.kind == EMBEDDED:
            standing = "own"
        else:
            standing = "started" if state.covers == ALL else "started-new"
        fault, since = fault_shown(state, now)
        lines.append(
            CalendarLine(
                kept.id,
                kept.name or kept.id,
                kept.marks.mode,
                standing,
                _local(state.read_at, zone),
                fault,
                _local(since, zone),
                _local(state.writes_paused_until, zone),
                kept.kind != EMBEDDED,
                len(told(tx, EVENT, kept.id, now)),
            )
        )
    return tuple(lines)


def _held(flow: Flow, hold: Hold, zone: ZoneInfo) -> HeldLine:
    visit, verdict = hold.appointment, hold.verdict
    return HeldLine(
        visit.ref,
        visit.start.astimezone(zone),
        _called(flow, visit),
        hold.owner,
        hold.deadline.astimezone(zone),
        hold.escalated,
        hold.left_alone,
        hold.free,
        hold.clash,
        (verdict.earliest_not_blocked or verdict.earliest) if verdict else None,
    )


def _online(tx: Transaction, flow: Flow, zone: ZoneInfo) -> Iterator[OnlineLine]:
    for platform in platforms(tx, flow):
        for visit in platform.waiting:
            yield OnlineLine(visit.ref, visit.start.astimezone(zone), _called(flow, visit), platform.name)


def _called(flow: Flow, visit: Appointment) -> str:
    """Its title; where it was booked without one, what it is for."""
    return visit.title or ", ".join(flow.catalogue.name(code) for code in visit.treatments)


def _reviews(tx: Transaction, now: datetime) -> tuple[tuple[str, int], ...]:
    counted: Counter[str] = Counter()
    for known in tx.verdicts.between(now, now + FAR_AHEAD, (Outcome.REVIEW,)).values():
        asked = [f for f in known.verdict.findings if f.outcome is Outcome.REVIEW and not f.overridden]
        counted.update({_kind(finding.rule) for finding in asked})
    return tuple(sorted(counted.items(), key=lambda each: (-each[1], each[0])))


def _kind(rule: str) -> str:
    return next((kind for begin, kind in REVIEWS.items() if rule.startswith(begin)), OTHER)


def _unread(tx: Transaction, now: datetime, zone: ZoneInfo) -> list[TitleLine]:
    ahead = tx.appointments.between(now, now + FAR_AHEAD)
    found = [visit for visit in ahead if visit.status not in NOT_HELD and unrecognised(visit)]
    return [TitleLine(visit.ref, visit.start.astimezone(zone), visit.title) for visit in found]


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if moment is None else moment.astimezone(zone)
