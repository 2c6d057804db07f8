"""Everybody who may send webhooks: what each sends, and how it signs, written from the vendors' pages.

One row a kind in the registry; what is true of every door for senders is tried on all of them.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from integrations.registry import PLATFORMS, booking_platform, booking_source
from scheduler_app.domain.clinic import Clinic
from scheduler_app.domain.platforms import ClinicPlatform
from scheduler_app.ports import Receiver

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
KEY = "an-api-key-of-the-tests"
SECRET = "a-secret-of-the-tests-that-is-long"
RAW = b"a secret for tests, 32 bytes long"
STANDARD = "whsec_" + base64.b64encode(RAW).decode()
ADDRESS = "https://care.clinic.example/hooks/square"

Headers = dict[str, str]


@dataclass(frozen=True, slots=True)
class Sender:
    """kind: in the registry, "website" for senders of our own events, and its name at the door.

    signed(body, key, at) gives the headers; body(number) that many different sound webhooks, question what it
    asks before it books. secret stands at the end of the address of one that cannot sign. timed: what is
    older than this many seconds is stale. settings: of ClinicPlatform.
    """

    kind: str
    signed: Callable[[bytes, str, datetime], Headers]
    body: Callable[[int], bytes]
    content_type: str = JSON
    secret: str = ""
    given: str = SECRET  # what the clinic typed in
    timed: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)
    question: bytes = b""

    @property
    def path(self) -> str:
        """Its door."""
        return f"/hooks/{self.kind}" + (f"/{self.secret}" if self.secret else "")

    @property
    def asking_path(self) -> str:
        """Where it asks."""
        return self.path.replace(self.kind, f"{self.kind}/validate", 1)

    @property
    def is_platform(self) -> bool:
        """Whether bookings are asked for there."""
        return self.kind != "website"

    def platform(self, endpoint: str = "") -> ClinicPlatform:
        """As it stands in clinic.toml."""
        return replace(ClinicPlatform(self.kind, self.kind, "main", endpoint=endpoint), **self.settings)

    def receiver(self, clinic: Clinic, endpoint: str = "") -> Receiver:
        """Its adapter, made as the product makes it. endpoint: of its API."""
        if not self.is_platform:
            return booking_source(self.kind, [self.given], clinic)
        return booking_platform(self.platform(endpoint), clinic, [self.given], KEY)


def _mac(secret: bytes, message: bytes) -> bytes:
    return hmac.new(secret, message, hashlib.sha256).digest()


def _event(**told: object) -> bytes:
    return json.dumps(told).encode()


def _standard(body: bytes, key: str, at: datetime) -> Headers:
    stamp = str(int(at.timestamp()))
    signature = base64.b64encode(_mac(RAW, f"{key}.{stamp}.".encode() + body)).decode()
    return {"webhook-id": key, "webhook-timestamp": stamp, "webhook-signature": f"v1,{signature}"}


def _calcom(body: bytes, _key: str, _at: datetime) -> Headers:
    return {"X-Cal-Signature-256": _mac(SECRET.encode(), body).hex()}


def _acuity(body: bytes, _key: str, _at: datetime) -> Headers:
    return {"X-Acuity-Signature": base64.b64encode(_mac(SECRET.encode(), body)).decode()}


def _square(body: bytes, _key: str, _at: datetime) -> Headers:
    told = base64.b64encode(_mac(SECRET.encode(), ADDRESS.encode() + body)).decode()
    return {"x-square-hmacsha256-signature": told}


def _calendly(body: bytes, _key: str, at: datetime) -> Headers:
    stamp = str(int(at.timestamp()))
    told = _mac(SECRET.encode(), stamp.encode() + b"." + body).hex()
    return {"Calendly-Webhook-Signature": f"t={stamp},v1={told}"}


def _unsigned(_body: bytes, _key: str, _at: datetime) -> Headers:
    return {}


def _memory(body: bytes, _key: str, _at: datetime) -> Headers:
    return {"x-memory-signature": _mac(SECRET.encode(), body).hex()}


def _person(number: int) -> str:
    """A first name of their own for each of many: one person never makes ten thousand bookings."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    return "Anna" + "".join(letters[number // 26**place % 26] for place in range(4))


def _own_event(number: int) -> bytes:
    first = _person(number)
    who = {"id": f"p{number}", "name": f"{first} Berg{first[4:]}", "email": f"{first.lower()}@example.com"}
    booking = {"id": f"booking-{number}", "treatments": ["microneedling"], "start": "2026-03-14T10:00:00Z"}
    return _event(
        type="appointment.created",
        timestamp="2026-03-01T08:59:00Z",
        data={**booking, "end": "2026-03-14T10:45:00Z", "client": who},
    )


def _calcom_event(number: int) -> bytes:
    told = {"uid": f"2NtVUa7Tg2cUoiRS{number:06d}", "status": "ACCEPTED", "title": "Microneedling"}
    return _event(triggerEvent="BOOKING_CREATED", createdAt="2026-03-01T08:59:00.000Z", payload=told)


def _acuity_form(number: int) -> bytes:
    return f"action=appointment.scheduled&id={54321 + number}&calendarID=1&appointmentTypeID=1".encode()


def _square_event(number: int) -> bytes:
    booking = {"id": f"zkras0xv0xwswx{number}", "version": 0, "status": "ACCEPTED", "location_id": "L1"}
    inner = {"type": "booking", "id": f"zkras0xv0xwswx{number}:0", "object": {"booking": booking}}
    named = {"merchant_id": "6SSW7HV8K2ST5", "created_at": "2026-03-01T08:59:00.000Z"}
    return _event(type="booking.created", event_id=f"event-{number}", data=inner, **named)


def _memory_event(number: int) -> bytes:
    return _event(booking=f"booking-{number}", version=1)


def _simplybook_callback(number: int) -> bytes:
    told = {"booking_id": str(number + 1), "booking_hash": "cfae2b34e23ec6e68545d60532234ae8"}
    return _event(**told, company="ourclinic", notification_type="create", webhook_timestamp=1772355540)


def _calendly_event(number: int) -> bytes:
    event = "https://api.calendly.com/scheduled_events/GBGBDCAADAEDCRZ2"
    told = {"uri": f"{event}/invitees/AAAA{number}", "event": event, "email": "anna@example.com"}
    when = "2026-03-01T08:59:00.000000Z"
    return _event(event="invitee.created", created_at=when, payload={**told, "updated_at": when})


_SIMPLYBOOK_ASKS = _event(
    service_id=9,
    provider_id=45,
    client_id=8123,
    start_datetime="2026-03-14 11:40:00",
    end_datetime="2026-03-14 12:20:00",
    count=1,
    company_login="ourclinic",
    sheduler_id=None,
    additional_fields=[],
)
_ROWS = (
    Sender("website", _standard, _own_event, given=STANDARD, timed=300),
    Sender("calcom", _calcom, _calcom_event),
    Sender("acuity", _acuity, _acuity_form, FORM, settings={"account": "11145481"}),
    Sender("square", _square, _square_event, settings={"address": ADDRESS}),
    Sender(
        "simplybook",
        _unsigned,
        _simplybook_callback,
        secret=SECRET,
        settings={"account": "ourclinic", "user": "admin"},
        question=_SIMPLYBOOK_ASKS,
    ),
    Sender("calendly", _calendly, _calendly_event, timed=180),
    Sender("memory", _memory, _memory_event, question=_memory_event(1)),
)
SENDERS = tuple(each for each in _ROWS if not each.is_platform or each.kind in PLATFORMS)
