"""Cal.com's JSON into our words, and its signature. Pure.

Webhooks: cal.com/docs/developing/guides/automation/webhooks. Bookings: cal.com/docs/api-reference/v2,
version 2024-08-13. A booking's id is its `uid`, which is another after every reschedule.
"""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from integrations.documents import Fields
from integrations.services import treatments_of
from integrations.signatures import header, signed
from scheduler_app.domain.appointments import Clues, Report
from scheduler_app.domain.clinic import Location
from scheduler_app.domain.doubts import SEVERAL
from scheduler_app.domain.identity import normal_email
from scheduler_app.domain.platforms import ClinicPlatform
from scheduler_app.errors import Denied, Invalid
from scheduler_app.ports.phones import normal_phone

SIGNATURE = "x-cal-signature-256"
UNSIGNED = "no-secret-provided"  # the literal sent where the webhook has no secret
_ABOUT = ("REQUESTED", "CREATED", "RESCHEDULED", "CANCELLED", "REJECTED", "NO_SHOW_UPDATED")
EVENTS = tuple(f"BOOKING_{what}" for what in _ABOUT)
STATUSES = {
    "accepted": "booked",
    "pending": "pending",
    "awaiting_host": "proposed",
    "cancelled": "cancelled",
    "rejected": "cancelled",
}
OVER = "cancelled"
STAFF_MARK, STAFF = "booked_by", "staff"  # metadata that the clinic's own booking link carries
PHONES = ("attendeePhoneNumber", "smsReminderNumber", "phone")
LONGEST_VISIT = timedelta(hours=24)
LONGEST = 200  # letters of what somebody typed

Object = dict[str, Any]

_HEX = re.compile(r"[0-9a-f]{64}")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_NO_MAILBOX = "@sms.cal.com"  # stands in for the address of clients who gave a telephone number only
_RANK = {"proposed": 0, "pending": 0, "booked": 1, "noshow": 1, "cancelled": 2}


def verify(secrets: Sequence[str], headers: Mapping[str, str], body: bytes) -> None:
    """Raise Denied unless one of the secrets has signed the body: lower-case hex of HMAC-SHA256 over the
    raw bytes. The scheme has no timestamp."""
    given = header(headers, SIGNATURE)
    if given == UNSIGNED:
        raise Denied("the webhook has no secret at Cal.com: set one there")
    if not _HEX.fullmatch(given):
        raise Denied("the X-Cal-Signature-256 header is missing or unreadable")
    if not signed([secret.encode() for secret in secrets], body, bytes.fromhex(given)):
        raise Denied("no signature matches")


def ids_in(document: dict[str, object]) -> tuple[str, ...]:
    """The bookings an event is about, the one moved to before the one moved from.

    None for other events, whatever they are called. Raises Invalid for one about a booking without its uid.
    """
    top = Fields(document, "")
    event, payload = top.required("triggerEvent", 64), top.maybe("payload")
    told = payload if event.startswith("BOOKING_") else None
    named = [told.name_of(key) for key in ("uid", "bookingUid", "rescheduleUid")] if told else []
    found = tuple(dict.fromkeys(sound_id(uid, "payload.uid") for uid in named if uid))
    if not found and event in EVENTS:
        raise Invalid("field-missing", "payload.uid is missing", "payload.uid")
    return found


def sound_id(uid: str, path: str) -> str:
    """A uid as it may stand in an address. Raises Invalid."""
    if not _ID.fullmatch(uid):
        raise Invalid("id-unreadable", f"{path} is no uid of a booking", path)
    return uid


@dataclass(frozen=True, slots=True)
class Standing:
    """How a booking stands at Cal.com. status: ours, as is version; seats: clients in one booking, None
    where the booking is not of that kind, 0 where they are hidden; series, successor: uids, or ""."""

    uid: str
    status: str
    version: int
    seats: int | None
    series: str
    successor: str


def standing_of(booking: object) -> Standing:
    """How it stands. Raises Invalid for one without uid, status or readable dates."""
    told = Fields(booking, "")
    status = _status(told, booking)
    changed = told.instant("updatedAt") or told.instant("createdAt")
    # what is over outranks what was before, whenever either is said to have changed
    version = _RANK[status] * 10**13 + (int(changed.timestamp() * 1000) if changed else 0)
    attendees = _each(booking, "attendees")
    seats = len(attendees) if any(one.get("seatUid") for one in attendees) else None
    hidden = not attendees and status != OVER
    return Standing(
        uid=sound_id(told.required("uid"), "uid"),
        status=status,
        version=version,
        seats=0 if hidden else seats,
        series=_uid(told, "recurringBookingUid"),
        successor=_uid(told, "rescheduledToUid"),
    )


def report_of(
    booking: object, platform: ClinicPlatform, where: Location, waiting: Container[str | None] = ()
) -> Report:
    """The booking as it stands. waiting: event types whose bookings wait at first. Raises Invalid for one
    without uid, status, start or end, or with dates that cannot be."""
    stands = standing_of(booking)
    told = Fields(booking, "")
    start, end = _times(told)
    service = _service(told)
    treatments, doubts = treatments_of([service], platform.services)
    several = (stands.seats or 0) > 1
    booked_at = told.instant("createdAt")
    staff = _staff(booking, platform)
    return Report(
        source=platform.name,
        source_id=stands.uid,
        status=stands.status,
        start=start,
        end=end,
        zone=where.zone,
        treatments=treatments,
        clues=Clues() if several else _clues(booking, platform, where, staff),
        reported_at=told.instant("updatedAt") or booked_at or start,
        version=stands.version,
        booked_at=booked_at,
        location=where.id,
        doubts=(*doubts, SEVERAL) if several else doubts,
        by_staff=_by_staff(booking, staff),
        previous_id=_uid(told, "rescheduledFromUid") or None,
        waited=service[0] in waiting,
    )


def _uid(told: Fields, key: str) -> str:
    found = told.name_of(key)
    return sound_id(found, key) if found else ""


def _status(told: Fields, booking: object) -> str:
    status = STATUSES.get(told.required("status", 32).lower())
    if status is None:
        raise Invalid("status-unknown", f"status must be one of {', '.join(STATUSES)}", "status")
    missed = told.flag("absentHost") or _booker(booking).get("absent") is True
    return "noshow" if missed and status == "booked" else status


def _times(told: Fields) -> tuple[datetime, datetime]:
    start, end = told.instant("start"), told.instant("end")
    if start is None or end is None:
        missing = "start" if start is None else "end"
        raise Invalid("field-missing", f"{missing} is missing", missing)
    if not start < end <= start + LONGEST_VISIT:
        raise Invalid("times-contradict", "end must lie after start, at most 24 hours", "end")
    return start, end


def _service(told: Fields) -> tuple[str | None, str | None]:
    kind = told.maybe("eventType")
    id = kind.name_of("id") if kind else None
    return id or told.name_of("eventTypeId"), kind.text("slug") if kind else None


# What people typed is read leniently: a name with a line break in it must not hide a booking.


def _booker(booking: object) -> Object:
    """The attendee who booked: the one of the answers' address, else the first; guests come after."""
    attendees = _each(booking, "attendees")
    address = normal_email(_text(_inner(booking, "bookingFieldsResponses"), "email"))
    same = (one for one in attendees if address and normal_email(_text(one, "email")) == address)
    return next(same, attendees[0] if attendees else {})


def _clues(booking: object, platform: ClinicPlatform, where: Location, staff: set[str]) -> Clues:
    booker = _booker(booking)
    answers = {**_inner(booker, "bookingFieldsResponses"), **_inner(booking, "bookingFieldsResponses")}
    given: dict[str, str] = {}
    for question, part in platform.fields.items():
        if answer := _text(answers, question):
            given.setdefault(part, answer)
    emails = (given.get("email"), *_texts(booker, "displayEmail", "email"), *_texts(answers, "email"))
    known = (one for one in map(normal_email, emails) if one and not one.endswith(_NO_MAILBOX))
    phones = (given.get("phone"), *_texts(booker, "phoneNumber"), *_texts(answers, *PHONES))
    numbers = (normal_phone(text, where.country) for text in phones)
    return Clues(
        name=next(iter((*_texts(given, "name"), *_texts(booker, "name"), *_texts(answers, "name"))), None),
        email=next((one for one in known if one not in staff), None),
        phone=next((number for number in numbers if number), None),
        code=given.get("code"),
    )


def _staff(booking: object, platform: ClinicPlatform) -> set[str]:
    """Addresses of the clinic's own people: no client is recognised by one."""
    hosts = (text for host in _each(booking, "hosts") for text in _texts(host, "email", "displayEmail"))
    return {one for one in map(normal_email, (*hosts, *re.split(r"[\s,;]+", platform.user))) if one}


def _by_staff(booking: object, staff: set[str]) -> bool:
    """Cal.com does not say who booked. The mark of the clinic's own link does, an address of its people in
    the client's place, and a move under one."""
    if _text(_inner(booking, "metadata"), STAFF_MARK).casefold() == STAFF:
        return True
    moved = _texts(booking, "rescheduledByEmail") if _text(booking, "rescheduledFromUid") else ()
    signs = map(normal_email, (*moved, *_texts(_booker(booking), "email", "displayEmail")))
    return any(sign in staff for sign in signs)


def _each(value: object, key: str) -> list[Object]:
    found = value.get(key) if isinstance(value, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _inner(value: object, key: str) -> Object:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _texts(value: object, *keys: str) -> tuple[str, ...]:
    return tuple(text for key in keys if (text := _text(value, key)))


def _text(value: object, key: str) -> str:
    """What somebody typed, on one line: a text, `{value}`, or first and last name; "" where there is none."""
    found = value.get(key) if isinstance(value, dict) else None
    if isinstance(found, dict):
        parts = [found.get(part) for part in ("value", "firstName", "lastName")]
        found = " ".join(part for part in parts if isinstance(part, str))
    return _CONTROL.sub(" ", found).strip()[:LONGEST] if isinstance(found, str) else ""
