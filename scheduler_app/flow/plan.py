"""Plan: from a verdict to the mark that should stand on the appointment's event. Pure.

The clinic's grid shows a hold and what nobody could read; screening, conditions and doubts about a
person are for the desk. Whatever is written outside tells a date at most, never a treatment.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from scheduler_app.domain.actions import Action, WrittenMark
from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.events import Mark
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.verdict import Verdict
from scheduler_app.texts.dates import short_date
from scheduler_app.texts.sentences import discreet, offer
from scheduler_app.texts.words import phrase

HOLD, REVIEW, NOTE = "hold", "review", "note"
# beginnings of the rules whose reviews a receptionist can settle; all others are for the desk
ON_THE_GRID = ("treatment-", "title-", "medication-", "service-", "defaults-", "client-", "record-")
LOOK_BACK = timedelta(days=2)  # marks of older visits are history, and left as they are


def wanted_mark(verdict: Verdict | None, begun: bool, language: str) -> Mark | None:
    """What should stand on the event. A visit that has begun is annotated at most: it takes place."""
    if verdict is None:
        return None
    standing = [finding for finding in verdict.findings if not finding.overridden]
    if verdict.outcome is Outcome.BLOCKED:
        if begun:
            return Mark(NOTE, "", phrase("begun_note", language))
        first = verdict.earliest_not_blocked or verdict.earliest
        gap = any(finding.gap and finding.outcome is Outcome.BLOCKED for finding in standing)
        text = offer(first, language) if gap else discreet(standing[0], language)
        date = short_date(first, language) if first and gap else ""
        return Mark(HOLD, f"⛔{date} · " if date else "⛔ · ", text)
    if verdict.outcome is Outcome.REVIEW and not begun:
        asked = [finding for finding in standing if finding.rule.startswith(ON_THE_GRID)]
        if asked:
            return Mark(REVIEW, "? · ", discreet(asked[0], language))
    return None


def concerns(appointment: Appointment, now: datetime) -> bool:
    """Whether its event may still need a mark: it lives in a calendar and is not long over."""
    return (
        appointment.calendar is not None
        and appointment.source == calendar_source(appointment.calendar)
        and appointment.end > now - LOOK_BACK
    )


def calendar_source(calendar: str) -> str:
    """The name under which a calendar reports its events."""
    return f"calendar:{calendar}"


@dataclass(frozen=True, slots=True)
class Standing:
    """What an event shows as far as we know, and what is on its way there."""

    written: WrittenMark | None = None
    open: Action | None = None

    @property
    def mark(self) -> Mark | None:
        """What it will show once everything open is done."""
        if self.open is not None:
            return self.open.mark
        return self.written.mark if self.written else None


def action(
    appointment: Appointment, wanted: Mark | None, plan: str, now: datetime, repeat: int = 0
) -> Action:
    """The one thing to do. The same wish for the same state of the visit has the same key.

    repeat tells apart wishes that were granted before and have come back.
    """
    kind = "unmark" if wanted is None else "mark"
    state = (
        appointment.ref,
        appointment.start.isoformat(),
        kind,
        *((wanted.kind, wanted.prefix, wanted.text, wanted.colour) if wanted else ()),
        str(repeat),
    )
    key = sha256("\0".join(state).encode()).hexdigest()[:40]
    return Action(key, kind, appointment.ref, plan, wanted, now)


def weighs(action: Action, written: WrittenMark | None, begun: bool, *, lifting: bool) -> bool:
    """Whether the action counts against the limits of its plan.

    A new hold or review does; a date that changed on one does not. lifting: holds taken away count too,
    because a rule that was lost by mistake would empty the grid of them.
    """
    if begun:
        return False
    before = written.mark.kind if written and written.mark.kind in (HOLD, REVIEW) else None
    after = action.mark.kind if action.mark and action.mark.kind in (HOLD, REVIEW) else None
    if after is None:
        return lifting and before == HOLD
    return after != before
