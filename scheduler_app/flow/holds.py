"""holds: which visits ahead are held, who is to settle each, and by when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler_app.domain.actions import WrittenMark
from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.clinic import OBSERVE, MarkTerms
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.domain.verdict import Verdict
from scheduler_app.flow.flow import Flow
from scheduler_app.flow.plan import CLASH, begun
from scheduler_app.flow.start import FAR_AHEAD, state_of
from scheduler_app.flow.undone import UNDONE
from scheduler_app.ports import Transaction

ESCALATED = "hold-escalated"


@dataclass(frozen=True, slots=True)
class Hold:
    """A visit ahead that cannot stand as it is booked.

    owner: account of whoever booked it; "" for the desk. deadline: by when it is to be settled;
    escalated: that has passed. left_alone: somebody took our mark off twice. verdict is None where
    rules allow the visit and only its slot is taken (clash).
    """

    appointment: Appointment
    verdict: Verdict | None
    written: WrittenMark | None
    owner: str
    deadline: datetime
    escalated: bool
    left_alone: bool

    @property
    def clash(self) -> bool:
        """Whether it waits for nothing but its slot."""
        return self.written is not None and self.written.mark.kind == CLASH

    @property
    def free(self) -> bool:
        """Whether its slot was given back."""
        return self.written is not None and self.written.mark.free


def holds(
    tx: Transaction, flow: Flow, now: datetime, until: datetime | None = None, since: datetime | None = None
) -> Sequence[Hold]:
    """All that start in [since, until), the nearest first; without them, all that are ahead.

    Those of calendars we only observe are left out.
    """
    first, end = since or now, until or now + FAR_AHEAD
    blocked = tx.verdicts.between(first, end, (Outcome.BLOCKED,))
    clashing = {written.appointment: written for written in tx.outbox.clashing()}
    quarrels = {each.appointment: each for each in tx.outbox.quarrels() if each.undone >= UNDONE}
    found = []
    for ref, event in _shown_on(tx, (*blocked, *(clashing.keys() - blocked.keys()))).items():
        visit = tx.appointments.get(ref)
        if visit is None or visit.status in NOT_HELD or begun(visit, now):
            continue
        if not first <= visit.start < end or _observed(tx, flow, visit):
            continue
        quarrel = quarrels.get(event.ref)
        deadline = visit.start - timedelta(hours=_terms(flow, event).escalate)
        known = blocked.get(ref)
        found.append(
            Hold(
                visit,
                known.verdict if known else None,
                tx.outbox.written(event.ref),
                visit.booked_by or event.booked_by,
                deadline,
                now >= deadline,
                quarrel is not None and quarrel.start == event.start,
            )
        )
    return sorted(found, key=lambda hold: (hold.appointment.start, hold.appointment.ref))


def _shown_on(tx: Transaction, refs: Iterable[str]) -> Mapping[str, Appointment]:
    """Ref of each visit -> what bears its mark: itself, or the event that is the copy of a booking."""
    shown: dict[str, Appointment] = {}
    for ref in refs:
        told = tx.appointments.get(ref)
        if told is not None and told.same_as is not None:
            shown[told.same_as] = told
        elif told is not None and ref not in shown:
            twins = tx.appointments.twins(ref) if told.calendar is None else ()
            shown[ref] = next(iter(twins), told)
    return shown


def escalated(tx: Transaction, flow: Flow, now: datetime) -> Sequence[Hold]:
    """Those whose deadline has passed."""
    hours = (calendar.marks.escalate for calendar in flow.clinic.calendars.values())
    longest = timedelta(hours=max((MarkTerms().escalate, *hours)), seconds=1)
    return [hold for hold in holds(tx, flow, now, now + longest) if hold.escalated]


def escalate(flow: Flow) -> None:
    """Write down of every hold whose deadline has passed that it has; once for each start of its visit."""
    now = flow.clock()
    with flow.store.reading() as tx:
        late = [hold for hold in escalated(tx, flow, now) if not _told(tx, hold.appointment)]
    if not late:
        return
    with flow.store.transaction() as tx:
        for hold in late:
            visit = hold.appointment
            if not _told(tx, visit):
                detail = {"start": visit.start.isoformat(), "owner": hold.owner or "desk"}
                tx.audit.write(now, "scheduler", ESCALATED, visit.ref, detail)


def settled_verdicts(
    tx: Transaction, client: str, book: Sequence[Appointment], now: datetime
) -> Mapping[str, Verdict]:
    """A client's verdicts by ref, without those of visits whose slot somebody else has by now. book: with
    twins.

    Such a visit is as little confirmed to its client as one that was not judged yet.
    """
    ahead = [visit for visit in book if visit.calendar is not None and visit.start > now]
    written = {visit.ref: tx.outbox.written(visit.ref) for visit in ahead}
    halves = {visit.ref: visit.same_as or visit.ref for visit in ahead}
    clashing = {halves[ref] for ref, stands in written.items() if stands and stands.mark.kind == CLASH}
    known = tx.verdicts.of_client(client)
    return {ref: each.verdict for ref, each in known.items() if ref not in clashing}


def _told(tx: Transaction, visit: Appointment) -> bool:
    start = visit.start.isoformat()
    return any(
        entry["what"] == ESCALATED and entry.get("start") == start for entry in tx.audit.entries(visit.ref)
    )


def _observed(tx: Transaction, flow: Flow, visit: Appointment) -> bool:
    """Whether it stands in a calendar in which nothing may be written yet."""
    calendar = visit.calendar or ""
    if calendar not in flow.gateways:
        return False
    state = state_of(tx, flow, calendar)
    return _terms(flow, visit).mode == OBSERVE or not state.covers_booking(visit.booked_at)


def _terms(flow: Flow, visit: Appointment) -> MarkTerms:
    kept = flow.clinic.calendars.get(visit.calendar or "")
    return kept.marks if kept else MarkTerms()
