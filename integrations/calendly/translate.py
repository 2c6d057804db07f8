"""Calendly's JSON in our words, and its signature. Pure; nothing but Denied and Invalid is raised.

Signatures, payloads, invitees, events: developer.calendly.com/api-docs. An invitee is one booking, whose id
is the invitee's alone, since that is what links in calendars hold; it is another after every reschedule.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from integrations.documents import Fields, answers, soft
from integrations.services import treatments_of
from integrations.signatures import MOST_SIGNATURES, header, signed
from scheduler_app.domain.appointments import Clues, Report
from scheduler_app.domain.clinic import Location
from scheduler_app.domain.identity import normal_email
from scheduler_app.domain.platforms import ClinicPlatform
from scheduler_app.errors import Denied, Invalid
from scheduler_app.ports.phones import normal_phone

SIGNATURE = "calendly-webhook-signature"
TOLERANCE = 180.0  # seconds, either way: what webhook-signatures recommends
EVENTS = ("invitee.created", "invitee.canceled", "invitee_no_show.created", "invitee_no_show.deleted")
LONGEST_VISIT = timedelta(hours=24)

_SOUND = r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"
ID = re.compile(_SOUND)  # as it may stand in an address
_SEAT = re.compile(rf"https?://[^/\s]+/scheduled_events/({_SOUND})/invitees/({_SOUND})")
_ONE = re.compile(rf"https?://[^/\s]+/(?:[A-Za-z0-9_-]+/)+({_SOUND})")
_SECONDS = re.compile(r"[0-9]{1,12}")
_HEX = re.compile(r"[0-9a-f]{64}")
_LINK = re.compile(r"\bhttps://calendly\.com/(?:cancellations|reschedulings)/([\w-]{8,64})(?![\w-])")


class Seat(NamedTuple):
    """One invitee's place at one event: both ids are needed to ask for either."""

    event: str
    invitee: str


class Place(NamedTuple):
    """What a booking does not say itself."""

    platform: ClinicPlatform
    location: Location


def verify(secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raise Denied unless a secret signed `t.body` within three minutes of `now`: `t=<seconds>,v1=<lower-case
    hex of HMAC-SHA256>`, in any order, with several v1 while a key is replaced (webhook-signatures)."""
    pairs = [entry.partition("=") for entry in header(headers, SIGNATURE).split(",")]
    stamps = [value.strip() for name, _, value in pairs if name.strip() == "t"]
    given = [value.strip() for name, _, value in pairs if name.strip() == "v1"][:MOST_SIGNATURES]
    if len(stamps) != 1 or not _SECONDS.fullmatch(stamps[0]):
        raise Denied("the Calendly-Webhook-Signature header is missing or unreadable")
    message = stamps[0].encode() + b"." + body
    keys = [secret.encode() for secret in secrets]
    # a list, so that none is left out: how long this takes must not depend on what matches
    if not any([signed(keys, message, bytes.fromhex(one)) for one in given if _HEX.fullmatch(one)]):
        raise Denied("no signature matches")
    if abs(now.timestamp() - int(stamps[0])) > TOLERANCE:
        raise Denied("signed more than three minutes from now; check both clocks")


def key_of(document: dict[str, object], body: bytes) -> str:
    """What one webhook has and no other: its event, invitee and state. Webhooks have no id.

    Being marked as missed need not change the invitee's `updated_at`: the mark has an address of its own.
    """
    top = Fields(document, "")
    payload = top.maybe("payload")
    mark = payload.maybe("no_show") if payload else None
    state = [soft(payload.text, key, 500) or "" for key in ("uri", "updated_at")] if payload else [""]
    parts = [top.required("event", 64), *state, soft(mark.text, "uri", 500) or "" if mark else ""]
    return hashlib.sha256("\0".join(parts).encode() if all(state) else body).hexdigest()


def seats_in(document: dict[str, object]) -> tuple[Seat, ...]:
    """The bookings an event is about: the invitee's own, then what it was moved to or from.

    None for other events, whatever they are called. Raises Invalid for one about an invitee it does not name.
    """
    top = Fields(document, "")
    if top.required("event", 64) not in EVENTS:
        return ()
    payload = top.inner("payload")
    others = [payload.text(key, 500) for key in ("new_invitee", "old_invitee")]
    found = [payload.required("uri", 500), *(uri for uri in others if uri)]
    return tuple(dict.fromkeys(seat_of(uri, "payload.uri") for uri in found))


def seat_of(uri: str, path: str) -> Seat:
    """The ids in an invitee's address; on which host it lies plays no part. Raises Invalid."""
    if (match := _SEAT.fullmatch(uri)) is None:
        raise Invalid("id-unreadable", f"{path} is no address of an invitee", path)
    return Seat(match[1], match[2])


def id_of(uri: object) -> str:
    """The id that an address ends with; "" for what is no address."""
    match = _ONE.fullmatch(uri) if isinstance(uri, str) else None
    return match[1] if match else ""


def carried_in(text: str) -> str | None:
    """The invitee in the links Calendly writes under "Need to make changes to this event?".

    Clients' answers stand in the same description: where two invitees are named, none is believed.
    """
    found = set(_LINK.findall(text))
    return found.pop() if len(found) == 1 else None


class Standing(NamedTuple):
    """How a booking stands. status: ours; after, before: what it was moved to and from."""

    seat: Seat
    status: str
    after: Seat | None
    before: Seat | None


def standing_of(invitee: object, event: object) -> Standing:
    """Raises Invalid where it has no address or no known status."""
    told, meeting = Fields(invitee, "invitee"), Fields(event, "event")
    over = [_is_over(told), _is_over(meeting)]
    status = "cancelled" if any(over) else "noshow" if told.maybe("no_show") else "booked"
    seat = seat_of(told.required("uri", 500), "invitee.uri")
    return Standing(seat, status, _other(told, "new_invitee"), _other(told, "old_invitee"))


def moved_by_staff(invitee: object) -> bool:
    """Whether somebody of the clinic moved what this was, or nobody says who."""
    told = Fields(invitee, "invitee").maybe("cancellation")
    return told is None or soft(told.text, "canceler_type") != "invitee"


def clients_at(event: object) -> int | None:
    """How many clients one cancellation would call off; None where the event does not say."""
    counter = Fields(event, "event").maybe("invitees_counter")
    return counter.number("active") if counter else None


def report_of(invitee: object, event: object, place: Place, *, moved: bool = False) -> Report:
    """The booking as it stands. moved: by staff, from another time. Raises Invalid for what is doubtful."""
    stands = standing_of(invitee, event)
    told, meeting = Fields(invitee, "invitee"), Fields(event, "event")
    start, end = _instant(meeting, "start_time"), _instant(meeting, "end_time")
    changed = _instant(told, "updated_at")
    if not start <= end <= start + LONGEST_VISIT:
        raise Invalid("times-contradict", "event.end_time must lie after its start, at most 24 hours", "end")
    service = id_of(meeting.text("event_type", 500)) or None, soft(meeting.text, "name", 1000)
    treatments, doubts = treatments_of([service], place.platform.services)
    hosts = _hosts(meeting, place)
    return Report(
        source=place.platform.name,
        source_id=stands.seat.invitee,
        status=stands.status,
        start=start,
        end=end,
        zone=place.location.zone,
        treatments=treatments,
        clues=_clues(told, meeting, place, hosts),
        reported_at=max(changed, meeting.instant("updated_at") or changed),
        booked_at=told.instant("created_at"),
        location=place.location.id,
        doubts=doubts,
        by_staff=moved or _by_staff(invitee, told, hosts),
        previous_id=stands.before.invitee if stands.before else None,
    )


def _is_over(fields: Fields) -> bool:
    if (status := fields.required("status", 32)) in ("active", "canceled"):
        return status == "canceled"
    raise Invalid("status-unknown", f"{fields.path('status')} must be active or canceled", "status")


def _other(told: Fields, key: str) -> Seat | None:
    uri = told.text(key, 500)
    return seat_of(uri, told.path(key)) if uri else None


def _instant(fields: Fields, key: str) -> datetime:
    if (found := fields.instant(key)) is None:
        raise Invalid("field-missing", f"{fields.path(key)} is missing", fields.path(key))
    return found


def _hosts(meeting: Fields, place: Place) -> set[str]:
    """Addresses of the clinic's own people: no client is recognised by one."""
    own = [soft(host.text, "user_email", 254) for host in meeting.each("event_memberships")]
    return {one for one in map(normal_email, (*own, *re.split(r"[\s,;]+", place.platform.user))) if one}


def _by_staff(invitee: object, told: Fields, hosts: set[str]) -> bool:
    """`invitee_scheduled_by` is the user who booked, null for a client. Where it is missing nobody knows,
    and it counts as booked by staff: we never call that off by ourselves."""
    booker = invitee.get("invitee_scheduled_by", "unknown") if isinstance(invitee, dict) else "unknown"
    return booker not in (None, "") or normal_email(soft(told.text, "email", 254)) in hosts


def _clues(told: Fields, meeting: Fields, place: Place, hosts: set[str]) -> Clues:
    """A mapped answer counts more than Calendly's own fields: one books for another."""
    given = _answers(told, place.platform.fields) if place.platform.fields else {}
    parts = [soft(told.text, name) for name in ("first_name", "last_name")]
    own = " ".join(part for part in parts if part) if all(parts) else soft(told.text, "name")
    email = normal_email(given.get("email", soft(told.text, "email", 254)))
    own_numbers = [soft(told.text, "text_reminder_number"), _dialled(meeting)]
    numbers = [given["phone"]] if "phone" in given else own_numbers
    known = (normal_phone(number, place.location.country) for number in numbers)
    return Clues(
        name=given.get("name", own) or None,
        email=None if email in hosts else email,
        phone=next((one for one in known if one), None),
        code=given.get("code") or None,
    )


def _dialled(meeting: Fields) -> str | None:
    """The client's number, where the clinic telephones."""
    where = meeting.maybe("location")
    return soft(where.text, "location") if where and soft(where.text, "type") == "outbound_call" else None


def _answers(told: Fields, mapped: Mapping[str, str]) -> dict[str, str]:
    given = told.each("questions_and_answers")
    return answers(
        ((None, soft(one.text, "question", 1000), partial(one.text, "answer")) for one in given), mapped
    )
