"""The clinic's calendars: how we stand with each, and what would be written in one before it is started."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler_app.domain.clinic import OBSERVE
from scheduler_app.domain.digests import CalendarLine
from scheduler_app.errors import Conflict, Disconnected, Invalid, NotFound, Unavailable
from scheduler_app.flow.digest import calendars as stand_of
from scheduler_app.flow.digest import digest
from scheduler_app.flow.foresee import Foreseen, foresee
from scheduler_app.flow.hearing import trust_empty, try_again
from scheduler_app.flow.start import start_calendar, stop_calendar
from scheduler_app.flow.unreadable import EVENT, told
from scheduler_app.texts.digest import calendar_standing, digest_text, fault_text
from scheduler_app.web.deps import Deps
from scheduler_app.web.desk.fields import Fields
from scheduler_app.web.desk.pages import Pages
from scheduler_app.web.desk.recording import NAME_NEEDED
from scheduler_app.web.desk.sight import Sight, see

MOST = 100  # of each kind shown at once
MODES = {
    "observe": "observe: nothing is written",
    "annotate": "annotate: colour and explanation only",
    "hold": "hold: the title says so, and the slot is given back in time",
    "cancel": "cancel: what is blocked is called off",
}


@dataclass(frozen=True, slots=True)
class CalendarSight:
    """One calendar, ready to be shown."""

    line: CalendarLine
    standing: str
    fault: str
    mode: str


@dataclass(frozen=True, slots=True)
class ForeseenSight:
    """One visit with what would be done about its event; `what` is "" where nothing would be.

    prefix: what its title would begin with, if anything.
    """

    sight: Sight
    what: str
    prefix: str


def calendars(deps: Deps, pages: Pages) -> str:
    """The page of all calendars."""
    with deps.store.reading() as held:
        lines = stand_of(held, deps.flow)
    return pages.render("calendars.html", here="calendars", calendars=[_sight(deps, line) for line in lines])


def one_calendar(deps: Deps, pages: Pages, calendar: str, form: Fields, name: str) -> str:
    """The page of one calendar, with the plan of what would be written there. Raises NotFound."""
    foreseen = foresee(deps.flow, calendar)
    now = deps.clock()
    with deps.store.reading() as held:
        line = next(each for each in stand_of(held, deps.flow) if each.id == calendar)

        def shown(plan: Sequence[Foreseen]) -> list[ForeseenSight]:
            return [
                ForeseenSight(see(held, each.appointment, deps.flow, now), _what(each), _prefix(each))
                for each in plan[:MOST]
            ]

        plan = {"held": shown(foreseen.held), "reviews": shown(foreseen.reviews)}
        unreadable = told(held, EVENT, calendar, now)[:MOST]
        unread = [see(held, visit, deps.flow, now) for visit in foreseen.unrecognised[:MOST]]
    return pages.render(
        "calendar.html",
        here="calendars",
        calendar=_sight(deps, line),
        plan=plan,
        unread=unread,
        unreadable=unreadable,
        foreseen=foreseen,
        form=form,
        known_name=name,
        most=MOST,
    )


def settle_start(deps: Deps, calendar: str, form: Fields) -> bool:
    """A person starts or stops the calendar, or settles its fault; False for mistakes. Raises NotFound."""
    by = form.text("by", NAME_NEEDED)
    act = form.choice("do", ("new", "all", "stop", "look", "empty"), "Choose what to do.")
    shown = form.text("shown")
    if not form.ok:
        return False
    if calendar not in deps.clinic.calendars:
        raise NotFound("No calendar has this address.")
    try:
        if act == "stop":
            stop_calendar(deps.flow, calendar, by)
        elif act == "look":
            try_again(deps.flow, calendar, by)
        elif act == "empty":
            trust_empty(deps.flow, calendar, by)
        else:
            known = int(shown) if shown.isascii() and shown.isdigit() else 0
            start_calendar(deps.flow, calendar, by, act, known)
    except Invalid as fault:
        form.blame(fault, "by")
        return False
    except (Unavailable, Conflict, Disconnected) as fault:
        form.wrong("by", f"{str(fault)[:1].upper()}{str(fault)[1:]}.")
        return False
    deps.settle()
    return True


def digest_page(deps: Deps, pages: Pages) -> str:
    """The digest as `scheduler digest` prints it."""
    return pages.render(
        "digest.html", here="reviews", text=digest_text(digest(deps.flow), deps.flow.language)
    )


def _sight(deps: Deps, line: CalendarLine) -> CalendarSight:
    language = deps.flow.language
    waits = line.standing == "observing" and line.mode != OBSERVE
    mode = f"{MODES[line.mode]}{', once it is started' if waits else ''}"
    return CalendarSight(line, calendar_standing(line, language), fault_text(line, language), mode)


def _what(foreseen: Foreseen) -> str:
    if not foreseen.appointment.writable:
        return "Nothing: this copy of the event is not ours to write on."
    if foreseen.wish.kind == "cancel":
        return "It would be called off."
    return "It would be coloured and explained." if foreseen.wish.mark else ""


def _prefix(foreseen: Foreseen) -> str:
    mark = foreseen.wish.mark
    return mark.prefix if mark and foreseen.appointment.writable else ""
