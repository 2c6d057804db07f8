"""GET /api/v1/slots: permitted free times in the clinic's own calendars."""

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from scheduler_app.domain.clinic import Location
from scheduler_app.domain.facts import read_date
from scheduler_app.domain.slots import Busy, Wish, allowed, free_starts, outcome_on
from scheduler_app.domain.story import Story
from scheduler_app.errors import Invalid
from scheduler_app.web.access import caller
from scheduler_app.web.api_json import told
from scheduler_app.web.deps import Deps
from scheduler_app.web.stories import SIGNS, stored_story

MOST_DAYS = 92
MOST_MINUTES = 12 * 60
Asked = MultiDict[str, str]


def api_slots(deps: Deps) -> Blueprint:
    """The route of free times; wants the scope `check`."""
    blueprint = Blueprint("slots", __name__)

    @blueprint.get("/api/v1/slots")
    def slots() -> Response:
        caller(request, deps.access, deps.keys.find, "check")
        return told(_answer(deps, request.args))

    return blueprint


def _answer(deps: Deps, asked: Asked) -> dict[str, Any]:
    location = _location(deps, asked)
    wish = _wish(deps, asked, location)
    now = deps.clock()
    today = now.astimezone(ZoneInfo(location.zone)).toordinal()
    story, known = _story(deps, asked, today)
    rules = allowed(wish, story, deps.rulebook, today, location.zone)
    outcome = partial(outcome_on, wish=wish, story=story, rulebook=deps.rulebook, today=today)
    zone = ZoneInfo(location.zone)
    by_day: dict[int, str] = {}
    found = []
    for calendar in _calendars(deps, location):
        free = free_starts(location, wish, _busy(deps, calendar, wish, zone), now)
        for start in rules.starts(free):
            begin = datetime.fromtimestamp(start, zone)
            day = begin.toordinal()
            if day not in by_day:
                by_day[day] = outcome(day) if known else "review"
            found.append(_slot(begin, wish, location, calendar, by_day[day]))
    found.sort(key=lambda slot: (slot["start"], slot["calendar"]))
    first = None if rules.impossible or rules.earliest is None else date.fromordinal(rules.earliest)
    return {"slots": found, "earliest": first}


def _slot(begin: datetime, wish: Wish, location: Location, calendar: str, outcome: str) -> dict[str, Any]:
    end = (begin.astimezone(UTC) + wish.length).astimezone(begin.tzinfo)
    return {
        "start": begin.isoformat(timespec="seconds"),
        "end": end.isoformat(timespec="seconds"),
        "location": location.id,
        "calendar": calendar,
        "outcome": outcome,
    }


def _location(deps: Deps, asked: Asked) -> Location:
    name = asked.get("location", deps.clinic.default_location)
    if name not in deps.clinic.locations:
        raise Invalid("location-unknown", "location is none of the clinic's; see its clinic.toml", "location")
    return deps.clinic.locations[name]


def _wish(deps: Deps, asked: Asked, location: Location) -> Wish:
    codes = tuple(dict.fromkeys(code for text in asked.getlist("treatments") for code in text.split(",")))
    if not codes or "" in codes:
        raise Invalid(
            "treatments-empty", "treatments must name at least one, separated by commas", "treatments"
        )
    today = deps.clock().astimezone(ZoneInfo(location.zone)).date()
    first = _day(asked, "from", today)
    last = _day(asked, "to", first + timedelta(days=13))
    if not first <= last <= first + timedelta(days=MOST_DAYS - 1):
        fault = f"to must lie on or after from, and within {MOST_DAYS} days of it"
        raise Invalid("range-unusable", fault, "to")
    return Wish(codes, first, last, _minutes(asked, "minutes", 45), _minutes(asked, "step", 15))


def _day(asked: Asked, name: str, otherwise: date) -> date:
    return date.fromordinal(read_date(asked[name], name)) if name in asked else otherwise


def _minutes(asked: Asked, name: str, otherwise: int) -> timedelta:
    text = asked.get(name, str(otherwise))
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    if not 5 <= number <= MOST_MINUTES:
        raise Invalid("minutes-unusable", f"{name} must be a number of minutes, 5 to {MOST_MINUTES}", name)
    return timedelta(minutes=number)


def _story(deps: Deps, asked: Asked, today: int) -> tuple[Story, bool]:
    """The client's story, and whether we know whose it is; an empty one where nobody is named."""
    signs = {"client": "id"} | {sign: sign for sign in SIGNS if sign != "id"}
    named = {signs[name]: asked[name] for name in signs if name in asked}
    if not named:
        return Story(), True
    story = stored_story(deps.flow, named, today)
    return (Story(), False) if story is None else (story, True)


def _calendars(deps: Deps, location: Location) -> list[str]:
    kept = deps.clinic.calendars.values()
    return sorted(each.id for each in kept if each.kind == "embedded" and each.location == location.id)


def _busy(deps: Deps, calendar: str, wish: Wish, zone: ZoneInfo) -> Busy:
    begin = datetime.combine(wish.first, time(), zone)
    end = datetime.combine(wish.last + timedelta(days=1), time(), zone)
    events = deps.calendar.between(calendar, begin, end)
    return sorted((each.start.timestamp(), each.end.timestamp()) for each in events if each.busy)
