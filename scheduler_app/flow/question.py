"""The question of `check`, from JSON to a visit and a story. Strict: a misspelt key would hide a fact."""

import re
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET, Struct, UnsetType

from scheduler_app.domain.facts import FIRST_YEAR, LAST_YEAR, read_date, read_item
from scheduler_app.domain.rules import Rulebook
from scheduler_app.domain.story import STATUSES, Item, Story, Visit
from scheduler_app.errors import Invalid

_AT = re.compile(r"(.*) - at `\$\.?(.*)`", re.DOTALL)
_THEN_TIME = ("", "T", "t", " ")
UNREADABLE = ("time-unreadable", "is no time; write it as YYYY-MM-DDTHH:MM")
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
    try:
        day, start = on_the_wall(question.start, zone)
        booked_at = None if question.booked_at is None else instant(question.booked_at, zone)
    except ValueError:
        _refuse_times(question, zone, "")
        raise
    if not question.treatments or "" in question.treatments:
        raise Invalid("treatments-empty", "treatments must name at least one treatment", "treatments")
    return Visit(_CANDIDATE, tuple(question.treatments), day, start, booked_at)


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
    known = code in rulebook.known
    medication = code in rulebook.medications if known else None
    on = fact.on
    if (
        on is not None
        and medication is False
        and fact.started_on is fact.ended_on is None
        and not fact.ongoing
    ):
        day = _plain_day(on)
        if day is not None and day <= today:
            return Item(code, day, day)
    return read_item(
        code,
        medication,
        today,
        on=on,
        started_on=fact.started_on,
        ended_on=fact.ended_on,
        ongoing=fact.ongoing,
        path=f"facts[{index}]",
    )


@lru_cache(maxsize=16_384)
def _plain_day(text: str) -> int | None:
    """The ordinal of YYYY-MM-DD; None for everything that needs a closer look."""
    try:
        return read_date(text, "on") if len(text) == 10 else None
    except Invalid:
        return None


def _visit(held: AppointmentIn, index: int, zone: ZoneInfo) -> Visit:
    ref = held.ref
    if ref is None:
        ref = f"\0{index}"
    elif "\0" in ref:
        path = f"appointments[{index}].ref"
        raise Invalid("ref-unreadable", f"{path} holds a control character; use plain text", path)
    if held.status not in STATUSES:
        path = f"appointments[{index}].status"
        raise Invalid("status-unknown", f"{path} is none of {', '.join(sorted(STATUSES))}", path)
    if not held.treatments or "" in held.treatments:
        path = f"appointments[{index}].treatments"
        raise Invalid("treatments-empty", f"{path} must name at least one treatment", path)
    try:
        day, start = on_the_wall(held.start, zone)
        booked_at = None if held.booked_at is None else instant(held.booked_at, zone)
    except ValueError:
        _refuse_times(held, zone, f"appointments[{index}].")
        raise
    return Visit(ref, tuple(held.treatments), day, start, booked_at, held.status)


def _refuse_times(held: AppointmentIn | Question, zone: ZoneInfo, path: str) -> None:
    """Name the time that cannot be used."""
    for name in ("start", "booked_at"):
        text = getattr(held, name)
        try:
            if text is not None:
                on_the_wall(text, zone)
        except ValueError as fault:
            code, cure = fault.args if len(fault.args) == 2 else UNREADABLE
            raise Invalid(code, f"{path}{name} {cure}", path + name) from None


@lru_cache(maxsize=65_536)
def on_the_wall(text: str, zone: ZoneInfo) -> tuple[int, float]:
    """Local day ordinal, and seconds on the clock on the wall, of an ISO time; without offset it is local.

    The seconds only order the times of one question: turning each local time into an instant would cost
    more than judging it. Raises ValueError(code, cure).
    """
    moment = _moment(text)
    if moment.tzinfo is not None:
        moment = moment.astimezone(zone)
    day = moment.toordinal()
    return day, day * 86_400.0 + moment.hour * 3600 + moment.minute * 60 + moment.second


@lru_cache(maxsize=16_384)
def instant(text: str, zone: ZoneInfo) -> float:
    """Seconds since 1970 of an ISO time. Raises ValueError(code, cure)."""
    moment = _moment(text)
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)).timestamp()


def _moment(text: str) -> datetime:
    try:
        if text[4] + text[7] != "--" or text[10:11] not in _THEN_TIME:
            raise ValueError(*UNREADABLE)
        moment = datetime.fromisoformat(text)
    except (ValueError, IndexError):
        raise ValueError(*UNREADABLE) from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError("date-out-of-range", f"lies outside {FIRST_YEAR} to {LAST_YEAR}; check the year")
    return moment
