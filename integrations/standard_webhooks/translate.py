"""Our documented JSON (docs/webhooks.md) into reports. Pure."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from integrations.documents import Fields
from scheduler_app.domain.appointments import Clues, Report
from scheduler_app.domain.clinic import Clinic, Location
from scheduler_app.domain.identity import normal_email
from scheduler_app.domain.platforms import TWICE
from scheduler_app.errors import Invalid
from scheduler_app.ports.phones import normal_phone

STATUS_OF_TYPE = {
    "appointment.created": None,  # `status` says, else booked
    "appointment.rescheduled": None,
    "appointment.updated": None,
    "appointment.cancelled": "cancelled",
    "appointment.arrived": "arrived",
    "appointment.completed": "fulfilled",
    "appointment.no_show": "noshow",
}
STATUSES = ("proposed", "pending", "booked", "arrived", "fulfilled", "cancelled", "noshow")
LONGEST_VISIT = timedelta(hours=24)
AHEAD = timedelta(minutes=5)


def reports_in(
    document: dict[str, object], source: str, clinic: Clinic, received_at: datetime
) -> tuple[Report, ...]:
    """What the document says about one appointment; nothing for events of other things.

    Raises Invalid naming the field, the fault and the cure.
    """
    top = Fields(document, "")
    kind = top.required("type", 64)
    if not kind.startswith("appointment."):
        return ()
    if kind not in STATUS_OF_TYPE:
        raise Invalid("type-unknown", f"type must be one of {', '.join(STATUS_OF_TYPE)}", "type")
    data = top.inner("data")
    where = _location(data, clinic)
    start, end, doubts = _times(data)
    source_id = data.required("id")
    previous = data.text("previous_id")
    report = Report(
        source=source,
        source_id=source_id,
        status=STATUS_OF_TYPE[kind] or _status(data),
        start=start,
        end=end,
        zone=where.zone,
        treatments=data.words("treatments"),
        clues=_clues(data.inner("client"), where.country),
        reported_at=_reported_at(top, received_at),
        version=data.number("version"),
        booked_at=data.instant("booked_at"),
        location=where.id,
        title=data.text("title") or "",
        doubts=doubts,
        by_staff=data.text("booked_by", 32) == "staff",
        previous_id=previous if previous != source_id else None,
    )
    return (report,)


def _location(data: Fields, clinic: Clinic) -> Location:
    named = data.text("location")
    if named is None:
        return clinic.location
    known = clinic.locations.get(named)
    if known is None:
        # the zone decides on which day a visit falls, so a place nobody knows is not guessed
        raise Invalid(
            "location-unknown", "data.location is none of the clinic's locations", data.path("location")
        )
    return known


def _times(data: Fields) -> tuple[datetime, datetime, tuple[str, ...]]:
    named = data.text("timezone", 64)
    try:
        zone = ZoneInfo(named) if named else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(
            "zone-unknown", "data.timezone is no IANA zone such as Europe/London", data.path("timezone")
        ) from None
    (start, twice), end = data.moment("start", zone), data.instant("end", zone)
    if start is None or end is None:
        missing = data.path("start" if start is None else "end")
        raise Invalid("field-missing", f"{missing} is missing", missing)
    if not start < end <= start + LONGEST_VISIT:
        raise Invalid(
            "times-contradict", "data.end must lie after data.start, at most 24 hours", data.path("end")
        )
    return start, end, (TWICE,) if twice else ()


def _status(data: Fields) -> str:
    status = data.text("status", 32) or "booked"
    if status not in STATUSES:
        raise Invalid(
            "status-unknown", f"data.status must be one of {', '.join(STATUSES)}", data.path("status")
        )
    return status


def _reported_at(top: Fields, received_at: datetime) -> datetime:
    said = top.instant("timestamp")
    if said is None:
        raise Invalid("field-missing", "timestamp is missing", "timestamp")
    if said > received_at.astimezone(UTC) + AHEAD:
        # a word from the future would silence every later one about this appointment
        raise Invalid("time-ahead", "timestamp lies ahead of our clock; check yours", "timestamp")
    return said


def _clues(client: Fields, country: str) -> Clues:
    email, phone = client.text("email", 320), client.text("phone", 64)
    clues = Clues(
        name=client.text("name"),
        email=normal_email(email),
        phone=normal_phone(phone, country),
        code=client.text("code", 64),
        platform_id=client.text("id"),
    )
    given = (clues.name, email, phone, clues.code, clues.platform_id)
    if not any(given):
        path = client.path("id")
        raise Invalid("client-missing", "data.client needs an id, code, email, phone or name", path)
    return clues
