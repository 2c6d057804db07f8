"""SimplyBook.me's JSON in our words. Pure; whatever comes, nothing but Denied and Invalid is raised.

Callback: github.com/vetalsimplybook/simplybook_callback_example_php. Validator: help.simplybook.me,
External_Booking_Validator_custom_feature. Bookings: the swagger's AdminBookingDetailsEntity.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from integrations.documents import YEARS, Fields, answers, parse, soft
from integrations.services import treatments_of
from integrations.signatures import known_secret
from scheduler_app.domain.appointments import Clues, Report
from scheduler_app.domain.clinic import Location
from scheduler_app.domain.identity import normal_email
from scheduler_app.domain.local_times import instant_of
from scheduler_app.domain.platforms import TWICE, Asked, ClinicPlatform
from scheduler_app.errors import Denied, Invalid
from scheduler_app.ports.phones import normal_phone

PRODUCT = "product-"  # before the id of a product or add-on: they and services are numbered apart
MOST = 100  # products, answers or log entries of one booking
LOGGED_BY = ("user_id", "user_login", "user_name", "user")
LOGGED_AT = ("datetime", "date_time", "date")
CREATED = frozenset({"create", "created", "new"})

_ID = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Place:
    """What a booking does not say itself."""

    platform: ClinicPlatform
    location: Location


def verify(secrets: Sequence[str], secret: str) -> None:
    """The secret at the end of the address is one of ours, or Denied. What is signed, and in which header,
    SimplyBook.me does not publish: nothing in a body is believed but the number to ask for."""
    if not known_secret(secrets, secret):
        raise Denied("the secret at the end of the address is none of this platform's")


def notice_of(body: bytes, account: str) -> Fields:
    """A callback's or a question's fields. Raises Invalid; Denied where it is for another company."""
    document = parse(body)
    if not document:
        raise Invalid("field-missing", "the body is empty")
    for key in ("company", "company_login"):
        told = document.get(key)
        if told is not None and (not isinstance(told, str) or told.casefold() != account.casefold()):
            raise Denied("it is about another company than clinic.toml's account")
    return Fields(document, "")


def booking_in(notice: Fields) -> str | None:
    """The booking that a callback is about, whatever happened to it; None for one about something else."""
    found = notice.name_of("booking_id")
    if found is not None and not _ID.fullmatch(found):
        raise Invalid("field-unreadable", "booking_id must be the number of a booking", "booking_id")
    return found


def asked_of(notice: Fields, place: Place) -> Asked:
    """What the External Booking Validator asks. Raises Invalid."""
    service = notice.name_of("service_id")
    if service is None:
        raise Invalid("field-missing", "service_id is missing", "service_id")
    treatments, doubts = treatments_of([(service, None)], place.platform.services)
    start, end, unsure = _times(notice, place)
    answers = _answers(notice, place.platform.fields)
    moved = notice.name_of("sheduler_id")  # the vendor's spelling; which booking is being moved, if any
    return Asked(
        treatments=treatments,
        start=start,
        end=end,
        zone=place.location.zone,
        clues=_clues(answers, _number(notice, "client_id"), place),
        doubts=doubts + unsure,
        booking_id=moved if moved and _ID.fullmatch(moved) and moved != "0" else None,
    )


def report_of(row: object, told_at: datetime, place: Place) -> Report:
    """A booking as it stood when it was told. Raises Invalid where time or identity is doubtful."""
    fields = Fields(row, "booking")
    id = _number(fields, "id")
    if id is None:
        raise Invalid("field-missing", "booking.id must be the number of a booking", "booking.id")
    start, end, unsure = _times(fields, place)
    treatments, doubts = treatments_of(_services(fields), place.platform.services)
    client = fields.maybe("client") or Fields({}, "booking.client")
    own = {key: soft(client.text, key, 254) or "" for key in ("name", "email", "phone")}
    client_id = _number(fields, "client_id") or _number(client, "id")
    # a mapped answer counts more: one books for another, whose number is not known then
    answers = _answers(fields, place.platform.fields)
    other = answers.get("name", own["name"]).casefold() != own["name"].casefold()
    return Report(
        source=place.platform.name,
        source_id=id,
        status=status_of(row),
        start=start,
        end=end,
        zone=place.location.zone,
        treatments=treatments,
        clues=_clues(own | answers, None if other else client_id, place),
        reported_at=told_at,
        booked_at=_booked_at(row, ZoneInfo(place.location.zone)),
        location=place.location.id,
        doubts=doubts + unsure,
        by_staff=by_staff(row),
    )


def status_of(row: object) -> str:
    """`booked`, `pending` or `cancelled`. A status nobody knows counts as booked: unknown is never clear."""
    fields = Fields(row, "booking")
    status = (soft(fields.text, "status") or "").casefold()
    if status in ("canceled", "cancelled"):
        return "cancelled"
    if status == "pending" or (status == "confirmed_pending" and not fields.flag("is_confirmed")):
        return "pending"
    return "booked"


def by_staff(row: object) -> bool:
    """Whether somebody of the clinic booked it, by the booking's log.

    Where that does not say: what waits for approval came from a client, and all else counts as booked by
    staff, which we never call off by ourselves.
    """
    maker = made_by_staff(row)
    return maker if maker is not None else status_of(row) != "pending"


def in_company(row: object) -> bool:
    """Whether it was booked with others: approving one approves them all (Approve Bookings help page)."""
    return isinstance(row, dict) and bool(row.get("batch_id") or row.get("batch"))


def made_by_staff(row: object) -> bool | None:
    """Whether the booking's log says that somebody of the clinic made it; None where it does not say."""
    entry = _creation(row)
    told = [entry[key] for key in LOGGED_BY if key in entry]
    return any(each not in (None, "", 0, "0") for each in told) if told else None


def _creation(row: object) -> dict[str, Any]:
    """How the log tells of the making of the booking; nothing where it does not."""
    log = row.get("log") if isinstance(row, dict) else None
    for entry in log[:MOST] if isinstance(log, list) else ():
        if isinstance(entry, dict):
            said = entry.get("type") or entry.get("action")
            if isinstance(said, str) and said.casefold() in CREATED:
                return entry
    return {}


def _booked_at(row: object, zone: ZoneInfo) -> datetime | None:
    entry = Fields(_creation(row), "booking.log")
    for key in LOGGED_AT:
        with suppress(Invalid):
            if moment := entry.instant(key, zone):
                return moment
    return None


def _services(fields: Fields) -> list[tuple[str | None, str | None]]:
    service = fields.maybe("service") or Fields({}, "booking.service")
    id = fields.name_of("service_id") or soft(service.name_of, "id")
    found: list[tuple[str | None, str | None]] = [(id, soft(service.text, "name", 1000))]
    for product in (one for key in ("products", "attributes") for one in fields.each(key, MOST)):
        inner = product.maybe("product") or product
        number = soft(product.name_of, "product_id") or soft(inner.name_of, "id")
        name = soft(inner.text, "name", 1000)
        found.append((PRODUCT + number if number else None, name or "product"))
    return found


def _times(fields: Fields, place: Place) -> tuple[datetime, datetime, tuple[str, ...]]:
    start, twice = _moment(fields, "start_datetime", place)
    end, _ = _moment(fields, "end_datetime", place)
    if end < start:
        path = fields.path("end_datetime")
        raise Invalid("field-unreadable", f"{path} lies before the start", path)
    return start, end, (TWICE,) if twice else ()


def _moment(fields: Fields, key: str, place: Place) -> tuple[datetime, bool]:
    """A time of the company's clocks, or one with an offset."""
    text, path = fields.required(key, 64), fields.path(key)
    try:
        if "T" not in text and " " not in text:
            raise ValueError  # a bare date would silently become midnight
        wall = datetime.fromisoformat(text)
        if wall.year not in YEARS:
            raise ValueError
        if wall.tzinfo is not None:
            return wall.astimezone(UTC), False
    except (ValueError, OverflowError):
        raise Invalid("time-unreadable", f"{path} is no time of the years 1900 to 2199", path) from None
    return instant_of(wall, ZoneInfo(place.location.zone), path)


def _answers(fields: Fields, mapped: Mapping[str, str]) -> dict[str, str]:
    """Answers to the intake form's questions that clinic.toml maps, by meaning."""
    return answers(
        (
            (
                soft(one.name_of, "id"),
                soft(one.text, "name", 1000) or soft(one.text, "field", 1000),
                partial(one.name_of, "value"),
            )
            for one in (fields.each("additional_fields", MOST) if mapped else ())
        ),
        mapped,
    )


def _clues(told: Mapping[str, str], platform_id: str | None, place: Place) -> Clues:
    return Clues(
        name=told.get("name") or None,
        email=normal_email(told.get("email")),
        phone=normal_phone(told.get("phone"), place.location.country),
        code=told.get("code") or None,
        platform_id=platform_id,
    )


def _number(fields: Fields, key: str) -> str | None:
    found = soft(fields.name_of, key)
    return found if found and _ID.fullmatch(found) and found.strip("0") else None
