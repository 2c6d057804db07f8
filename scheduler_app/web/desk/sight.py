"""An appointment as the desk sees it: whose, what, how it stands, why, and where it could go."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.catalogue import Catalogue
from scheduler_app.domain.clinic import Clinic
from scheduler_app.domain.events import CalendarEvent
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.story import NOT_HELD, TOOK_PLACE
from scheduler_app.domain.verdict import Finding, Verdict
from scheduler_app.flow.flow import Flow
from scheduler_app.ports import Transaction
from scheduler_app.texts.sentences import full
from scheduler_app.web.desk.fields import at_local

EMBEDDED = "embedded"

# what people read; `clear` promises nothing
STANDING = {
    "clear": "No rule broken",
    "caution": "Caution",
    "review": "A person must look",
    "blocked": "Held",
    "overridden": "Let stand by a practitioner",
    "unjudged": "Not judged yet",
    "other": "No appointment",
}
CALLED_OFF = {"cancelled": "Cancelled", "noshow": "Did not come", "entered-in-error": "Entered in error"}


@dataclass(frozen=True, slots=True)
class Reason:
    """One finding in words. answerable: a practitioner may let it stand."""

    key: str
    text: str
    rule: str
    word: str
    overridden: bool
    approved: bool
    answerable: bool


@dataclass(frozen=True, slots=True)
class Sight:
    """One appointment, ready to be shown. Times are local to its zone.

    ref is "" for what is no appointment. standing is a key of STANDING or CALLED_OFF. move_to: the
    first date without any gap finding, at the time of day it is booked for; None where it need not or
    cannot move.
    """

    ref: str
    client_ref: str | None
    client_name: str
    title: str
    what: str
    start: datetime
    end: datetime
    standing: str
    label: str
    reasons: tuple[Reason, ...]
    earliest: date | None
    not_blocked: date | None
    move_to: datetime | None
    movable: bool
    presumed: bool
    calendar: str | None
    status: str

    @property
    def day(self) -> date:
        """The local day."""
        return self.start.date()

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return round((self.end - self.start).total_seconds() / 60)


def see(held: Transaction, appointment: Appointment, flow: Flow, now: datetime) -> Sight:
    """One appointment with its verdict, or that of the booking it is the copy of, and its client's name."""
    zone = ZoneInfo(appointment.zone)
    start, end = appointment.start.astimezone(zone), appointment.end.astimezone(zone)
    client = held.clients.get(appointment.client) if appointment.client else None
    catalogue = flow.catalogue
    known = held.verdicts.get(appointment.same_as or appointment.ref)
    verdict = known.verdict if known else None
    standing = _standing(appointment, verdict)
    names = ", ".join(catalogue.name(code) for code in appointment.treatments)
    live = appointment.status not in NOT_HELD
    ahead = live and start.date() >= now.astimezone(zone).date() and appointment.status not in TOOK_PLACE
    return Sight(
        ref=appointment.ref,
        client_ref=appointment.client,
        client_name=client.name if client else "",
        title=appointment.title or names,
        what=names,
        start=start,
        end=end,
        standing=standing,
        label=_label(appointment, standing),
        reasons=tuple(reasons(verdict.findings, catalogue)) if verdict and live else (),
        earliest=_date(verdict.earliest) if verdict else None,
        not_blocked=_date(verdict.earliest_not_blocked) if verdict else None,
        move_to=_move_to(verdict, start, appointment.zone) if verdict and ahead else None,
        movable=ahead and kept_here(appointment, flow.clinic),
        presumed=live and not ahead and appointment.status not in TOOK_PLACE,
        calendar=appointment.calendar,
        status=appointment.status,
    )


def kept_here(appointment: Appointment, clinic: Clinic) -> bool:
    """Whether it stands in a calendar of our own, where people move and call off through us."""
    calendar = clinic.calendars.get(appointment.calendar or "")
    return calendar is not None and calendar.kind == EMBEDDED


def said_by(clinic: Clinic, source: str) -> str:
    """A source as people know it; a person's own name as it is."""
    kind, _, name = source.partition(":")
    if kind == "calendar":
        kept = clinic.calendars.get(name)
        return f"calendar “{kept.name if kept and kept.name else name}”"
    return f"booking system “{source}”" if source in clinic.sources or source in clinic.platforms else source


def quiet(event: CalendarEvent) -> Sight:
    """Something in the calendar that is no appointment: shown, so that nobody books over it."""
    zone = ZoneInfo(event.zone)
    return Sight(
        ref="",
        client_ref=None,
        client_name="",
        title=event.title,
        what="",
        start=event.start.astimezone(zone),
        end=event.end.astimezone(zone),
        standing="other",
        label=STANDING["other"],
        reasons=(),
        earliest=None,
        not_blocked=None,
        move_to=None,
        movable=False,
        presumed=False,
        calendar=None,
        status="",
    )


def reasons(findings: Iterable[Finding], catalogue: Catalogue) -> Iterable[Reason]:
    """Every finding in a full sentence, worst first."""
    for finding in findings:
        yield Reason(
            key=finding.key,
            text=full(finding, catalogue),
            rule=finding.rule,
            word=finding.outcome.word,
            overridden=finding.overridden,
            approved=finding.approved,
            answerable=finding.outcome in (Outcome.BLOCKED, Outcome.REVIEW) and not finding.overridden,
        )


def by_day(sights: Iterable[Sight]) -> list[tuple[date, list[Sight]]]:
    """In order of time, day by day."""
    ordered = sorted(sights, key=lambda sight: (sight.start, sight.ref))
    return [(day, list(group)) for day, group in groupby(ordered, key=lambda sight: sight.day)]


def overlapping(sight: Sight, others: Sequence[Appointment]) -> bool:
    """Whether another live visit of the same calendar lies where this one would be moved to."""
    if sight.move_to is None:
        return False
    begin, finish = sight.move_to, sight.move_to + (sight.end - sight.start)
    return any(
        other.ref != sight.ref
        and other.calendar == sight.calendar
        and other.status not in NOT_HELD
        and other.start < finish
        and begin < other.end
        for other in others
    )


def _standing(appointment: Appointment, verdict: Verdict | None) -> str:
    if appointment.status in NOT_HELD:
        return appointment.status
    if verdict is None:
        return "unjudged"
    if verdict.overridden and verdict.outcome in (Outcome.CLEAR, Outcome.CAUTION):
        return "overridden"
    return verdict.outcome.word


def _label(appointment: Appointment, standing: str) -> str:
    if standing == "blocked" and appointment.calendar is None:
        return "A rule blocks it"  # nothing holds it: it stands where it was booked until somebody acts
    return STANDING.get(standing) or CALLED_OFF[standing]


def _date(day: int | None) -> date | None:
    return None if day is None else date.fromordinal(day)


def _move_to(verdict: Verdict, start: datetime, zone: str) -> datetime | None:
    day = _date(verdict.earliest)
    gap = any(finding.gap and not finding.overridden for finding in verdict.findings)
    if day is None or not gap or day == start.date():
        return None
    return at_local(day, start.time(), zone)
