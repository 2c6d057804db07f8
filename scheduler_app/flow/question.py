"""The question of `check`, from JSON to a visit and a story. Strict: a misspelt key would hide a fact."""

import re
from datetime import datetime
from operator import attrgetter
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET, Struct, UnsetType

from scheduler_app.domain.facts import FIRST_YEAR, LAST_YEAR, read_date, read_item
from scheduler_app.domain.rules import Rulebook
from scheduler_app.domain.story import STATUSES, Item, Story, Visit
from scheduler_app.errors import Invalid

_AT = re.compile(r"(.*) - at `\$\.?(.*)`", re.DOTALL)
_THEN_TIME = ("", "T", "t", " ")
_ON_ONLY = attrgetter("started_on", "ended_on", "ongoing")
_CANDIDATE = "\0asked"  # a ref no JSON appointment may have: NUL is refused in refs


class FactIn(Struct, forbid_unknown_fields=True):
    """A treatment had (`on`) or a medication course."""

    treatment: str
    on: str | None = None
    started_on: str | None = None
    ended_on: str | None = None
    ongoing: bool = False


class AppointmentIn(Struct, forbid_unknown_fields=True):
    """A booking or past visit of the same client."""

    treatments: list[str]
    start: str
    ref: str | None = None
    end: str | None = None
    status: str = "booked"
    booked_at: str | None = None


class Question(Struct, forbid_unknown_fields=True):
    """May this appointment be? `conditions` left out means that the screening is not judged."""

    treatments: list[str]
    start: str
    id: str | int | None = None
    today: str | None = None
    zone: str | None = None
    booked_at: str | None = None
    facts: list[FactIn] = []
    appointments: list[AppointmentIn] = []
    conditions: list[str] | UnsetType = UNSET
    screened_on: str | None = None
    client: dict[str, str] | None = None

    def day(self, path: str, text: str) -> int:
        """A date field as an ordinal. Raises Invalid."""
        return read_date(text, path)


_decode = msgspec.json.Decoder(Question).decode


def read_question(raw: bytes) -> Question:
    """Raises Invalid with the path of the field at fault."""
    try:
        return _decode(raw)
    except msgspec.ValidationError as fault:
        found = _AT.fullmatch(str(fault))
        message, path = (found[1], found[2]) if found else (str(fault), None)
        raise Invalid("field-invalid", f"{path or 'the object'}: {message}", path or None) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Invalid(
            "json-unreadable", "the line is no JSON object in UTF-8; write one object a line"
        ) from None


def visit_of(question: Question, zone: ZoneInfo) -> Visit:
    """The appointment asked about. Raises Invalid."""
    day, start = _instant(question.start, zone, "start")
    booked_at = None if question.booked_at is None else _instant(question.booked_at, zone, "booked_at")[1]
    return Visit(_CANDIDATE, _treatments(question.treatments, "treatments"), day, start, booked_at)


def story_of(question: Question, zone: ZoneInfo, today: int, rulebook: Rulebook) -> Story:
    """What the question tells of the client. Raises Invalid."""
    conditions = None
    screened_on = None
    if question.conditions is not UNSET:
        conditions = tuple(question.conditions)
        for index, code in enumerate(conditions):
            if code not in rulebook.conditions:
                path = f"conditions[{index}]"
                raise Invalid(
                    "condition-unknown",
                    f"{path} is no condition of this clinic; see its conditions.toml",
                    path,
                )
    if question.screened_on is not None:
        screened_on = read_date(question.screened_on, "screened_on")
        if screened_on > today:
            raise Invalid(
                "date-in-future",
                "screened_on lies after today; a screening cannot be dated ahead",
                "screened_on",
            )
    items = tuple([_item(fact, index, today, rulebook) for index, fact in enumerate(question.facts)])
    visits = tuple([_visit(held, index, zone) for index, held in enumerate(question.appointments)])
    if len({visit.ref for visit in visits}) < len(visits):
        raise Invalid(
            "ref-duplicate", "two appointments have the same ref; give each its own", "appointments"
        )
    return Story(items, visits, conditions, screened_on=screened_on)


def _item(fact: FactIn, index: int, today: int, rulebook: Rulebook) -> Item:
    code = fact.treatment
    medication = code in rulebook.medications if code in rulebook.known else None
    on = fact.on
    if medication is False and on is not None and len(on) == 10 and _ON_ONLY(fact) == (None, None, False):
        day = read_date(on, "facts[].on")
        if day <= today:
            return Item(code, day, day)
    return read_item(
        code,
        medication,
        today,
        on=fact.on,
        started_on=fact.started_on,
        ended_on=fact.ended_on,
        ongoing=fact.ongoing,
        path=f"facts[{index}]",
    )


def _visit(held: AppointmentIn, index: int, zone: ZoneInfo) -> Visit:
    path = f"appointments[{index}]"
    ref = held.ref
    if ref is None:
        ref = f"\0{index}"
    elif ref.startswith("\0"):
        raise Invalid(
            "ref-unreadable", f"{path}.ref holds a control character; use plain text", f"{path}.ref"
        )
    if held.status not in STATUSES:
        raise Invalid(
            "status-unknown", f"{path}.status is none of {', '.join(sorted(STATUSES))}", f"{path}.status"
        )
    day, start = _instant(held.start, zone, f"{path}.start")
    booked_at = None if held.booked_at is None else _instant(held.booked_at, zone, f"{path}.booked_at")[1]
    return Visit(ref, _treatments(held.treatments, f"{path}.treatments"), day, start, booked_at, held.status)


def _treatments(codes: list[str], path: str) -> tuple[str, ...]:
    if not codes or "" in codes:
        raise Invalid("treatments-empty", f"{path} must name at least one treatment", path)
    return tuple(codes)


def _instant(text: str, zone: ZoneInfo, path: str) -> tuple[int, float]:
    """Local day ordinal and a number that orders the times of one question, from an ISO time.

    Without offset it is local to zone. The number is seconds on the clock on the wall: turning each
    local time into an instant would cost more than judging it, and only ties are broken by it.
    """
    try:
        if text[4] + text[7] != "--" or text[10:11] not in _THEN_TIME:
            raise ValueError
        moment = datetime.fromisoformat(text)
    except (ValueError, IndexError):
        raise Invalid("time-unreadable", f"{path} is no time; write it as YYYY-MM-DDTHH:MM", path) from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise Invalid(
            "date-out-of-range", f"{path} lies outside {FIRST_YEAR} to {LAST_YEAR}; check the year", path
        )
    if moment.tzinfo is not None:
        moment = moment.astimezone(zone)
    day = moment.toordinal()
    return day, day * 86_400.0 + moment.hour * 3600 + moment.minute * 60 + moment.second
