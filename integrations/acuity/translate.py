"""Acuity's forms and JSON in our words. Pure; whatever comes, nothing but Denied and Invalid is raised.

Webhooks: developers.acuityscheduling.com/docs/webhooks. Appointments: reference/get-appointments-id;
`datetimeCreated`, `canceled` and `scheduledBy` stand in answers published by others, not on that page.
"""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from integrations.documents import LARGEST, YEARS, Fields, answers, soft
from integrations.services import treatments_of
from integrations.signatures import header, signed
from scheduler_app.domain.appointments import Clues, Report
from scheduler_app.domain.clinic import Location
from scheduler_app.domain.identity import normal_email
from scheduler_app.domain.platforms import ClinicPlatform
from scheduler_app.errors import Denied, Invalid
from scheduler_app.ports.phones import normal_phone

SIGNATURE = "x-acuity-signature"
ADDON = "addon-"  # before the id of an add-on: types and add-ons are numbered apart, and both begin at 1
MOST_FIELDS = 50  # of a webhook's form; there are four
MOST_ADDONS = 50
LONGEST_VISIT = 7 * 24 * 60  # minutes

_SCOPE = "appointment."
_ACTIONS = frozenset({"scheduled", "rescheduled", "canceled", "changed"})
_ID = re.compile(r"[0-9]{1,18}")
_MINUTES = re.compile(r"([0-9]{1,5})(\.0+)?")
_CARRIED = re.compile(
    r"(?<![A-Za-z0-9])AcuityID=([0-9]{1,18})(?![0-9])"
    r"|https://(?:[a-z0-9-]+\.)?acuityscheduling\.com/appointments/view/([0-9]{1,18})(?![0-9])"
)


@dataclass(frozen=True, slots=True)
class Names:
    """What the clinic calls its appointment types and add-ons, by id."""

    types: Mapping[str, str] = field(default_factory=dict)
    addons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """What an appointment does not say itself."""

    platform: ClinicPlatform
    location: Location


def verify(keys: Sequence[bytes], headers: Mapping[str, str], body: bytes) -> None:
    """Base64 of the HMAC-SHA256 of the body under an API key stands in X-Acuity-Signature, or Denied.

    docs/webhooks, "Verifying Webhook Requests". There is neither a time nor a name in it: the same body
    can come again for ever, and does no more than have an appointment looked at.
    """
    given = header(headers, SIGNATURE).strip()
    try:
        signature = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError):
        signature = b""
    if base64.b64encode(signature).decode() != given or not signed(keys, body, signature):
        raise Denied("no signature matches")


def booking_in(body: bytes) -> str | None:
    """The appointment that a webhook's form is about; None for one about something else, or unknown.

    Raises Invalid for what is no such form.
    """
    if len(body) > LARGEST:
        raise Invalid("body-too-large", "the body is larger than 256 KiB")
    try:
        pairs = parse_qsl(body.decode(), True, True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Invalid("form-unreadable", "the body is no form of an Acuity webhook") from None
    found: dict[str, object] = dict(pairs)
    if len(found) != len(pairs):
        raise Invalid("form-field-twice", "the form has the same field twice")
    fields = Fields(found, "")
    action = fields.required("action", 64)
    if not action.startswith(_SCOPE) and action not in _ACTIONS:
        return None
    return _id(fields)


def carried_in(text: str) -> str | None:
    """The id in words Acuity writes into a Google event: `AcuityID=…`, or the link to the appointment.

    Clients' answers stand in the same description: where two ids are named, none is believed.
    """
    found = {first or second for first, second in _CARRIED.findall(text)}
    return found.pop() if len(found) == 1 else None


def report_of(row: object, told_at: datetime, place: Place, names: Names) -> Report:
    """An appointment as it stood when it was told. Raises Invalid where time or identity is doubtful."""
    fields = Fields(row, "appointment")
    start = fields.instant("datetime")
    if start is None:
        raise Invalid("field-missing", "appointment.datetime is missing", "appointment.datetime")
    zone = place.location.zone
    treatments, doubts = treatments_of(_services(row, names), place.platform.services)
    return Report(
        source=place.platform.name,
        source_id=_id(fields),
        status=status_of(row),
        start=start,
        end=start + _length(row),
        zone=zone,
        treatments=treatments,
        clues=_clues(fields, place),
        reported_at=told_at,
        booked_at=_booked_at(fields, ZoneInfo(zone)),
        location=place.location.id,
        doubts=doubts,
        by_staff=by_staff(row),
    )


def status_of(row: object) -> str:
    """`booked`, `cancelled` or `noshow`. A called off appointment has `noShow`; no other one has it."""
    canceled, missed = (_known(row, name) for name in ("canceled", "noShow"))
    if not (canceled if canceled is not None else missed is not None):
        return "booked"
    return "noshow" if missed else "cancelled"


def by_staff(row: object) -> bool:
    """Whether somebody of the clinic booked it: `scheduledBy` is their e-mail address, null for clients.

    Where the account does not say, it counts as booked by staff: we never call that off by ourselves.
    """
    return not isinstance(row, dict) or row.get("scheduledBy", "unknown") not in (None, "")


def wanting_names(row: object, services: Mapping[str, tuple[str, ...]]) -> tuple[set[str], set[str]]:
    """Ids of the types and of the add-ons whose names are needed to know what the visit is for.

    A type's name stands in the appointment, except that add-ons are written behind it.
    """
    addons = _addons(row)
    kind = Fields(row, "appointment").name_of("appointmentTypeID")
    types = {kind} if kind and addons and kind not in services else set()
    return types, {one for one in addons if ADDON + one not in services}


def _services(row: object, names: Names) -> list[tuple[str | None, str | None]]:
    fields = Fields(row, "appointment")
    kind = fields.name_of("appointmentTypeID")
    name = names.types.get(kind or "") or soft(fields.text, "type", 1000)
    return [(kind, name), *((ADDON + one, names.addons.get(one)) for one in _addons(row))]


def _addons(row: object) -> list[str]:
    found = row.get("addonIDs") if isinstance(row, dict) else None
    if found is None:
        return []
    if not isinstance(found, list) or len(found) > MOST_ADDONS:
        raise Invalid(
            "field-unreadable", "appointment.addonIDs must be a list of ids", "appointment.addonIDs"
        )
    ids = [Fields({"id": one}, "appointment.addonIDs").name_of("id") for one in found]
    return [one for one in ids if one]


def _known(row: object, name: str) -> bool | None:
    value = row.get(name) if isinstance(row, dict) else None
    if value is not None and not isinstance(value, bool):
        raise Invalid("field-unreadable", f"appointment.{name} must be true or false", f"appointment.{name}")
    return value


def _id(fields: Fields) -> str:
    found = fields.name_of("id")
    if found is None or not _ID.fullmatch(found):
        raise Invalid("field-missing", f"{fields.path('id')} must be the number of an appointment", "id")
    return found


def _length(row: Any) -> timedelta:
    given = row.get("duration")
    minutes = _MINUTES.fullmatch(given) if isinstance(given, str) else None
    length = int(minutes[1]) if minutes else given
    if not isinstance(length, int) or isinstance(length, bool) or not 0 <= length <= LONGEST_VISIT:
        raise Invalid("field-unreadable", "appointment.duration must be minutes, a week at most", "duration")
    return timedelta(minutes=length)


def _clues(fields: Fields, place: Place) -> Clues:
    """A mapped answer counts more than the account's own fields: one books for another."""
    own = [soft(fields.text, name) for name in ("firstName", "lastName")]
    told = {
        "name": " ".join(part for part in own if part),
        "email": soft(fields.text, "email", 254),
        "phone": soft(fields.text, "phone"),
        **(_answers(fields, place.platform.fields) if place.platform.fields else {}),
    }
    return Clues(
        name=told["name"] or None,
        email=normal_email(told["email"]),
        phone=normal_phone(told["phone"], place.location.country),
        code=told.get("code") or None,
    )


def _answers(fields: Fields, mapped: Mapping[str, str]) -> dict[str, str]:
    given = (each for form in fields.each("forms") for each in form.each("values"))
    return answers(
        (
            (soft(one.name_of, "fieldID"), soft(one.text, "name", 1000), partial(one.text, "value"))
            for one in given
        ),
        mapped,
    )


def _booked_at(fields: Fields, zone: ZoneInfo) -> datetime | None:
    """To the second, where the account says so; else from the start of the day."""
    with suppress(Invalid):
        if exact := fields.instant("datetimeCreated"):
            return exact
    with suppress(ValueError, OverflowError):
        day = datetime.strptime(soft(fields.text, "dateCreated") or "", "%B %d, %Y").replace(tzinfo=zone)
        return day.astimezone(UTC) if day.year in YEARS else None
    return None
