"""Plan: from a verdict to what should be done about the appointment's event. Pure.

The clinic's grid shows a hold and what nobody could read; screening, conditions and doubts about a
person are for the desk, unless the clinic wants them on the grid too. Whatever is written outside tells
a date at most, never a treatment, unless the clinic allows more.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from scheduler_app.domain.actions import Action, WrittenMark
from scheduler_app.domain.appointments import Appointment
from scheduler_app.domain.catalogue import Catalogue
from scheduler_app.domain.clinic import ANNOTATE, CANCEL, FULL, MarkTerms
from scheduler_app.domain.clinic import HOLD as ON_HOLD
from scheduler_app.domain.events import Mark
from scheduler_app.domain.outcome import Outcome
from scheduler_app.domain.quick import quickly_made
from scheduler_app.domain.story import TOOK_PLACE
from scheduler_app.domain.verdict import Finding, Verdict
from scheduler_app.domain.visits import CALENDAR
from scheduler_app.texts.dates import short_date
from scheduler_app.texts.sentences import discreet, full, offer
from scheduler_app.texts.words import phrase

HOLD, REVIEW, NOTE, CLASH = "hold", "review", "note", "clash"
# beginnings of the rules whose reviews a receptionist can settle; all others are for the desk
ON_THE_GRID = ("treatment-", "title-", "medication-", "service-", "defaults-", "record-")
SHOWN_FROM = Outcome.REVIEW  # of a caution the desk and the client are told, and nobody else
LOOK_BACK = timedelta(days=2)  # marks of older visits are history, and left as they are


@dataclass(frozen=True, slots=True)
class Wish:
    """What should be done about an event. kind: `mark`, `unmark` or `cancel`."""

    kind: str
    mark: Mark | None = None


NOTHING = Wish("unmark")  # nothing of ours stands there
CALL_OFF = Wish("cancel")


@quickly_made
@dataclass(frozen=True, slots=True)
class Setting:
    """What decides, beside the verdict, how a visit is shown.

    begun: it is under way or over, so that it is annotated at most. link: to the desk; "" for none.
    free: its slot was given back, or is due to be. terms are not those of a calendar we only observe.
    """

    begun: bool
    terms: MarkTerms
    language: str
    catalogue: Catalogue
    link: str = ""
    free: bool = False


def wants_nothing(verdict: Verdict | None) -> bool:
    """Whether the event of a visit with this verdict is left bare, however it would be shown."""
    return verdict is None or verdict.outcome < SHOWN_FROM


def wish(verdict: Verdict | None, setting: Setting) -> Wish:
    """What should be done about the event of a visit with this verdict."""
    if verdict is None or wants_nothing(verdict):
        return NOTHING
    standing = [finding for finding in verdict.findings if not finding.overridden]
    if verdict.outcome is Outcome.BLOCKED:
        if setting.begun:
            note = phrase("begun_note", setting.language)
            return Wish("mark", Mark(NOTE, "", note, _colour(setting, NOTE), setting.free))
        if setting.terms.mode == CANCEL:
            return CALL_OFF
        return Wish("mark", _hold(verdict, standing, setting))
    if verdict.outcome is Outcome.REVIEW and not setting.begun:
        every = setting.terms.reviews_on_grid
        asked = [finding for finding in standing if every or finding.rule.startswith(ON_THE_GRID)]
        if asked:
            return Wish("mark", _shown(Mark(REVIEW, "? · ", _review_text(asked, setting)), setting))
    return NOTHING


def clash_mark(times: str, setting: Setting) -> Mark:
    """For a visit that may stand again and whose slot somebody else has by now. times: those offered."""
    prefix = phrase("taken_prefix", setting.language)
    said = phrase("taken", setting.language)
    offered = phrase("free_times" if times else "no_free_times", setting.language, times=times)
    mark = Mark(CLASH, prefix, _with_link(f"{said} {offered}", setting), free=True)
    shown = _shown(mark, setting)
    return replace(shown, kind=CLASH, free=True)


def _hold(verdict: Verdict, standing: list[Finding], setting: Setting) -> Mark:
    first = verdict.earliest_not_blocked or verdict.earliest
    gap = any(finding.gap and finding.outcome is Outcome.BLOCKED for finding in standing)
    if setting.terms.explain == FULL:
        text = "\n".join(full(finding, setting.catalogue, setting.language) for finding in standing)
    else:
        text = offer(first, setting.language) if gap else discreet(standing[0], setting.language)
    date = short_date(first, setting.language) if first and gap else ""
    mark = Mark(HOLD, f"⛔{date} · " if date else "⛔ · ", _with_link(text, setting), free=setting.free)
    return _shown(mark, setting)


def _review_text(asked: list[Finding], setting: Setting) -> str:
    if setting.terms.explain == FULL:
        text = "\n".join(full(finding, setting.catalogue, setting.language) for finding in asked)
    else:
        text = discreet(asked[0], setting.language)
    return _with_link(text, setting)


def _shown(mark: Mark, setting: Setting) -> Mark:
    """With its colour; where the calendar is only annotated, without anything in the title."""
    mark = replace(mark, colour=_colour(setting, mark.kind))
    if setting.terms.mode == ANNOTATE:
        return replace(mark, kind=NOTE, prefix="", free=False)
    return mark


def _colour(setting: Setting, kind: str) -> str:
    return setting.terms.colours.get(kind, "")


def _with_link(text: str, setting: Setting) -> str:
    if not setting.link:
        return text
    return f"{text}\n{phrase('desk_link', setting.language, link=setting.link)}"


def concerns(appointment: Appointment, now: datetime) -> bool:
    """Whether its event may still need a mark: it lives in a calendar and is not long over."""
    return (
        appointment.end > now - LOOK_BACK  # first: most of a book is long over
        and appointment.calendar is not None
        and appointment.source == calendar_source(appointment.calendar)
    )


def begun(appointment: Appointment, now: datetime) -> bool:
    """Whether the visit takes place already, or did: it is not held and not called off any more."""
    return appointment.start <= now or appointment.status in TOOK_PLACE


def calendar_source(calendar: str) -> str:
    """The name under which a calendar reports its events."""
    return f"{CALENDAR}{calendar}"


def terms_for(visit: Appointment, terms: MarkTerms) -> MarkTerms:
    """How the visit's event is marked. What is only the copy of a booking is held at most: calling off is
    for where it was booked."""
    return replace(terms, mode=ON_HOLD) if visit.same_as and terms.mode == CANCEL else terms


@quickly_made
@dataclass(frozen=True, slots=True)
class Standing:
    """What an event shows as far as we know, and what is on its way there."""

    written: WrittenMark | None = None
    open: Action | None = None

    @property
    def bare(self) -> bool:
        """Whether nothing of ours stands there, nor will."""
        return self.written is None and self.open is None

    @property
    def wish(self) -> Wish:
        """What will have been granted once everything open is done."""
        if self.open is not None:
            return Wish(self.open.kind, self.open.mark)
        return Wish("mark", self.written.mark) if self.written else NOTHING

    def grants(self, wanted: Wish) -> bool:
        """Whether the wish needs nothing more.

        Of a slot that was given back only a hold is judged by whether it still is: anything else took
        the place of one, and could not have the slot again because somebody has it by now.
        """
        stands = self.wish
        if wanted == stands:
            return True
        if wanted.mark is None or stands.mark is None or wanted.mark.kind == HOLD:
            return False
        return stands.mark.free and replace(stands.mark, free=wanted.mark.free) == wanted.mark


def action(appointment: Appointment, wanted: Wish, plan: str, now: datetime, repeat: int = 0) -> Action:
    """The one thing to do. The same wish for the same state of the visit has the same key.

    repeat tells apart wishes that were granted before and have come back.
    """
    mark = wanted.mark
    shown = (mark.kind, mark.prefix, mark.text, mark.colour, str(mark.free)) if mark else ()
    state = (appointment.ref, appointment.start.isoformat(), wanted.kind, *shown, str(repeat))
    key = sha256("\0".join(state).encode()).hexdigest()[:40]
    return Action(key, wanted.kind, appointment.ref, plan, mark, now)


def weighs(action: Action, written: WrittenMark | None, begun: bool, *, lifting: bool) -> bool:
    """Whether the action counts against the limits of its plan.

    A new hold, review or note does, and whatever calls a visit off; a date that changed on a mark, or
    a slot that is given back, does not. lifting: holds taken away count too, because a rule that was
    lost by mistake would empty the grid of them.
    """
    if begun:
        return False
    if action.kind in ("cancel", "decline"):
        return True
    if action.kind == "confirm":
        return False
    before = written.mark.kind if written else None
    if action.mark is None:
        return lifting and before == HOLD
    return action.mark.kind != before
