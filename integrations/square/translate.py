"""Square's JSON in our words. Pure; whatever comes, nothing but Denied and Invalid is raised.

developer.squareup.com: webhooks (docs/webhooks/overview), objects Booking, AppointmentSegment, Customer,
Location (reference/square/objects). Any field of a customer may be null, and a segment may lack its
service (github.com/square/square-nodejs-sdk/issues/89).
"""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from integrations.documents import Fields, parse, soft
from integrations.services import treatments_of
from integrations.signatures import header, signed
from scheduler_app.domain.appointments import Clues, Report
from scheduler_app.domain.clinic import Location
from scheduler_app.domain.identity import normal_email
from scheduler_app.domain.platforms import ClinicPlatform
from scheduler_app.errors import Denied, Invalid
from scheduler_app.ports.phones import normal_phone

SIGNATURE = "x-square-hmacsha256-signature"
EVENTS = ("booking.created", "booking.updated")
OVER, WAITS, STANDS = "cancelled", "pending", "booked"
STATUSES = {
    "PENDING": WAITS,
    "ACCEPTED": STANDS,
    "DECLINED": OVER,
    "CANCELLED_BY_CUSTOMER": OVER,
    "CANCELLED_BY_SELLER": OVER,
    "NO_SHOW": "noshow",
}
# What clinic.toml's `fields` may name: texts of a client's card in the customer directory.
CARD = frozenset(
    "given_name family_name nickname company_name reference_id email_address phone_number".split()
)
MOST_SEGMENTS = 50
LONGEST_SEGMENT = 7 * 24 * 60  # minutes

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_:~-]{0,191}")
_CARRIED = re.compile(
    r"https://(?:[a-z0-9-]+\.)?squareup\.com/(?:[\w.~-]+/)*(?:reservations|bookings)/([a-z0-9]{12,40})(?![\w/-])"
)


@dataclass(frozen=True, slots=True)
class Place:
    """What a booking does not say itself."""

    platform: ClinicPlatform
    location: Location


@dataclass(frozen=True, slots=True)
class Standing:
    """How a booking stands: status in our words, version None where Square gave none."""

    status: str
    version: int | None


def verify(keys: Sequence[bytes], address: str, headers: Mapping[str, str], body: bytes) -> None:
    """Base64 of the HMAC-SHA256 of address and body, nothing between them, stands in the header, or Denied.

    docs/webhooks/step3validate. address: as typed at Square, byte for byte. There is no time in it: the
    same body can come again for ever, and does no more than have a booking looked at.
    """
    given = header(headers, SIGNATURE).strip()
    try:
        signature = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError):
        signature = b""
    canonical = base64.b64encode(signature).decode() == given
    if not canonical or not address or not signed(keys, address.encode() + body, signature):
        raise Denied("no signature matches")


def event_in(body: bytes) -> str:
    """The event's own id: the same for every attempt to deliver it. Raises Invalid for what is no event."""
    fields = Fields(parse(body), "")
    fields.required("type", 100)
    return fields.required("event_id", 100)


def ids_in(body: bytes, account: str) -> tuple[str, ...]:
    """The booking that an event is about; () for one about something else, or about another location.

    account: the location's id, "" for all. Raises Invalid for a booking without an id.
    """
    fields = Fields(parse(body), "")
    kind, told = fields.required("type", 100), fields.maybe("data")
    inner = told and told.maybe("object")
    booking = inner and inner.maybe("booking")
    if kind not in EVENTS and not (kind.startswith("booking.") and booking):
        return ()
    where = booking.text("location_id") if booking else fields.text("location_id")
    if account and where and where != account:
        return ()
    named = booking.text("id") if booking else None
    versioned = (told.text("id") if told else None) or ""
    return (sound_id(named or versioned.rpartition(":")[0] or versioned, "data.id"),)


def is_id(text: str) -> bool:
    """Whether it can be an id, and so can stand in an address and in a log."""
    return _ID.fullmatch(text) is not None


def sound_id(found: str | None, path: str) -> str:
    """What can be an id. Raises Invalid for any other."""
    if not found or not is_id(found):
        raise Invalid("field-missing", f"{path} must be the id of a booking", path)
    return found


def carried_in(text: str) -> str | None:
    """The id in a link to one booking. Where two are named, none is believed.

    What Square writes into a Google calendar is not published. Links to booking pages are no help: they
    hold the shop's id, which looks like a booking's.
    """
    found = set(_CARRIED.findall(text))
    return found.pop() if len(found) == 1 else None


def standing_of(booking: object) -> Standing:
    """How it stands. Raises Invalid for a status nobody has documented."""
    fields = Fields(booking, "booking")
    status = STATUSES.get(fields.required("status", 64))
    if status is None:
        raise Invalid("status-unknown", f"booking.status must be one of {', '.join(STATUSES)}", "status")
    return Standing(status, fields.number("version"))


def customer_of(booking: object) -> str | None:
    """Whose booking it is; None where nobody says, or what stands there is no id."""
    found = soft(Fields(booking, "booking").text, "customer_id", 192)
    return found if found and is_id(found) else None


def report_of(booking: object, customer: object, place: Place, names: Mapping[str, str]) -> Report:
    """A booking as it stands. customer: the card of its client, None where there is none; names: of
    services, by id. Raises Invalid where time, identity or place is doubtful."""
    fields = Fields(booking, "booking")
    account, where = place.platform.account, fields.text("location_id")
    if account and where and where != account:
        raise Invalid("platform-location", "booking.location_id is another one than `account`", "account")
    start, booked_at = fields.instant("start_at"), fields.instant("created_at")
    told_at = fields.instant("updated_at") or booked_at
    if start is None or told_at is None:
        raise Invalid("field-missing", "booking.start_at or booking.updated_at is missing", "booking")
    segments = _segments(booking)
    stands = standing_of(booking)
    treatments, doubts = treatments_of(
        [(id, names.get(id or "")) for id in map(_service, segments)], place.platform.services
    )
    return Report(
        source=place.platform.name,
        source_id=sound_id(fields.text("id", 192), "booking.id"),
        status=stands.status,
        start=start,
        end=start + sum(map(_length, segments), timedelta()),
        zone=place.location.zone,
        treatments=treatments,
        clues=_clues(customer, customer_of(booking), place),
        reported_at=told_at,
        version=stands.version,
        booked_at=booked_at,
        location=place.location.id,
        doubts=doubts,
        by_staff=by_staff(booking),
    )


def wanting_names(booking: object, mapped: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Ids of the services that are not matched by their id: their names may be."""
    return {id for id in map(_service, _segments(booking)) if id and id not in mapped}


def by_staff(booking: object) -> bool:
    """Whether somebody of the clinic booked it (objects BookingCreatorDetails, enums BookingBookingSource).

    Where Square does not say, or says both, it counts as booked by staff: we never call that off by
    ourselves.
    """
    fields = Fields(booking, "booking")
    source = soft(fields.text, "source", 64) or ""
    creator = fields.maybe("creator_details")
    kind = (creator and soft(creator.text, "creator_type", 64)) or ""
    if source == "FIRST_PARTY_MERCHANT" or kind == "TEAM_MEMBER":
        return True
    return not (kind == "CUSTOMER" or source in ("FIRST_PARTY_BUYER", "THIRD_PARTY_BUYER"))


def _segments(booking: object) -> list[Fields]:
    found = booking.get("appointment_segments") if isinstance(booking, dict) else None
    if found is None:
        return []
    path = "booking.appointment_segments"
    if not isinstance(found, list) or len(found) > MOST_SEGMENTS:
        raise Invalid("field-unreadable", f"{path} must be a list of {MOST_SEGMENTS} at most", path)
    return [Fields(one, f"{path}[{index}]") for index, one in enumerate(found)]


def _service(segment: Fields) -> str | None:
    return segment.text("service_variation_id", 192)


def _length(segment: Fields) -> timedelta:
    minutes = (segment.number("duration_minutes") or 0) + (segment.number("intermission_minutes") or 0)
    if minutes > LONGEST_SEGMENT:
        path = segment.path("duration_minutes")
        raise Invalid("field-unreadable", f"{path} must be minutes, a week at most", path)
    return timedelta(minutes=minutes)


def _clues(customer: object, id: str | None, place: Place) -> Clues:
    if not isinstance(customer, dict):
        return Clues(platform_id=id)
    card = {key: soft(Fields(customer, "customer").text, key, 254) for key in CARD}
    names = (card["given_name"], card["family_name"])
    told = {"name": " ".join(part for part in names if part)}
    told |= {"email": card["email_address"] or "", "phone": card["phone_number"] or ""}
    mapped = place.platform.fields.items()
    told |= {meaning: said for key, meaning in mapped if (said := card.get(key))}
    return Clues(
        name=told["name"] or None,
        email=normal_email(told["email"]),
        phone=normal_phone(told["phone"], place.location.country),
        code=told.get("code") or None,
        platform_id=id,
    )
