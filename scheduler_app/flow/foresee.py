"""foresee: what would be written in a calendar, for the person who decides whether it may be."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.clinic import HOLD, OBSERVE, MarkTerms
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.story import NOT_HELD
from scheduler_app.domain.verdict import Verdict
from scheduler_app.errors import NotFound
from scheduler_app.flow.flow import Flow
from scheduler_app.flow.plan import NOTHING, Setting, Wish, begun, concerns, terms_for, wish

FAR_AHEAD = timedelta(days=3653)
UNRECOGNISED = ("treatment-", "title-", "service-", "defaults-")  # begin doubts about what is booked


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One visit ahead, how it was judged, and what would be done about its event."""

    appointment: Appointment
    verdict: Verdict
    wish: Wish

    @property
    def blocked(self) -> bool:
        """Whether it would be held."""
        return self.verdict.outcome is Outcome.BLOCKED


@dataclass(frozen=True, slots=True)
class Foresight:
    """The plan for one calendar: what would be held, what asked about, which titles nobody could read.

    Each in order of start. written: those on whose events something would be written.
    """

    calendar: str
    mode: str
    held: Sequence[Foreseen] = ()
    reviews: Sequence[Foreseen] = ()
    unrecognised: Sequence[Appointment] = ()
    written: Sequence[Foreseen] = field(default=())


def foresee(flow: Flow, calendar: str) -> Foresight:
    """What would be written on the visits ahead, had the calendar been started for all of them.

    Where it is configured to be observed, what a hold would look like. Writes nothing. Raises NotFound
    for a calendar that is not configured.
    """
    kept = flow.clinic.calendars.get(calendar)
    if kept is None:
        raise NotFound("clinic.toml has no calendar of this name")
    now = flow.clock()
    terms = replace(kept.marks, mode=HOLD) if kept.marks.mode == OBSERVE else kept.marks
    with flow.store.reading() as tx:
        ahead = [
            visit
            for visit in tx.appointments.between(now, now + FAR_AHEAD, calendar, twins=True)
            if visit.status not in NOT_HELD and concerns(visit, now)
        ]
        verdicts = tx.verdicts.between(now, now + FAR_AHEAD, (Outcome.REVIEW, Outcome.BLOCKED))
    judged = []
    for visit in ahead:
        if (known := verdicts.get(visit.same_as or visit.ref)) is not None:
            link = desk_link(flow, visit.ref)
            shown = terms_for(visit, terms)
            setting = Setting(begun(visit, now), shown, flow.language, flow.catalogue, link)
            judged.append(Foreseen(visit, known.verdict, wish(known.verdict, setting)))
    return Foresight(
        calendar,
        kept.marks.mode,
        [each for each in judged if each.blocked],
        [each for each in judged if not each.blocked],
        [visit for visit in ahead if visit.same_as is None and unrecognised(visit)],
        [each for each in judged if each.wish != NOTHING and _is_ours(each.appointment, terms)],
    )


def _is_ours(visit: Appointment, terms: MarkTerms) -> bool:
    return visit.writable and terms.concern(visit.treatments)


def unrecognised(visit: Appointment) -> bool:
    """Whether nobody could read what is booked."""
    return not visit.treatments or any(doubt.startswith(UNRECOGNISED) for doubt in visit.doubts)


def desk_link(flow: Flow, ref: str) -> str:
    """Where the desk shows the appointment; "" where nothing is known of how the desk is reached."""
    return f"{flow.desk_url}/appointments/{ref}" if flow.desk_url else ""
