"""What a fake Cal.com knows: bookings as its API shows them, event types, webhooks; what people do there."""

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

from tests.contracts.booking_platform import ANN, EMAIL, HOOK, NOW, Sent

KEY, SECRET = "cal_live_0123456789abcdef", "a secret of the tests"
HOST = "anna@clinic.example"
TYPES = {"micro": 7, "peel": 8}
TRIGGERS = ["REQUESTED", "CREATED", "RESCHEDULED", "CANCELLED", "REJECTED", "NO_SHOW_UPDATED"]

Booking = dict[str, Any]


def stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class FakeBookings:
    """Implements the part of Outside that people do. Every change is a millisecond later than the last."""

    def __init__(self) -> None:
        super().__init__()
        self.bookings: dict[str, Booking] = {}
        self.events: dict[str, Booking] = {}  # the last webhook's body about each
        self.event_types: list[dict[str, Any]] = [
            {
                "id": id,
                "slug": slug,
                "title": slug.title(),
                "lengthInMinutes": 60,
                "confirmationPolicy": {"type": "always", "blockUnconfirmedBookingsInBooker": True},
                "seats": {"disabled": True},
            }
            for slug, id in TYPES.items()
        ]
        self.team_types: list[dict[str, Any]] = [{"id": 9, "slug": "pen", "title": "Plasma pen", "teamId": 4}]
        self.webhooks: list[dict[str, Any]] = [
            {
                "id": "w1",
                "subscriberUrl": HOOK,
                "active": True,
                "triggers": [f"BOOKING_{trigger}" for trigger in TRIGGERS],
                "payloadTemplate": None,
                "secret": SECRET,
            }
        ]
        self._ticks = 0

    # people

    def book(
        self,
        start: datetime,
        *,
        service: str = "micro",
        by_staff: bool = False,
        pending: bool = False,
        name: str = ANN,
        email: str = EMAIL,
        **more: Any,
    ) -> str:
        at = self._tick()
        uid = f"bFJeNb2uX8ANpT3J{len(self.bookings) + 1:06}"
        self.bookings[uid] = {
            "id": len(self.bookings) + 90,
            "uid": uid,
            "title": f"{service} between Anna and {name}",
            "description": "",
            "hosts": [
                {"id": 5, "name": "Anna", "email": HOST, "username": "anna", "timeZone": "Europe/Rome"}
            ],
            "status": "pending" if pending else "accepted",
            "cancellationReason": "",
            "start": stamp(start),
            "end": stamp(start + timedelta(hours=1)),
            "duration": 60,
            "eventTypeId": TYPES[service],
            "eventType": {"id": TYPES[service], "slug": service},
            "location": "In the clinic",
            "absentHost": False,
            "createdAt": at,
            "updatedAt": at,
            "metadata": {"booked_by": "staff"} if by_staff else {},
            "icsUid": f"{uid}@Cal.com",
            "attendees": [attendee(name, email)],
            "bookingFieldsResponses": {"name": name, "email": email, "notes": "none"},
            **more,
        }
        self.tell("REQUESTED" if pending else "CREATED", uid)
        return uid

    def move(self, booking_id: str, start: datetime, *, by: str = EMAIL, pending: bool = False) -> str:
        """A host's move stands at once; a client's waits again where bookings wait. The old uid is told
        of in BOOKING_RESCHEDULED only."""
        old = self.bookings[booking_id]
        one = old["attendees"][0]
        uid = self.book(start, service=old["eventType"]["slug"], name=one["name"], email=one["email"])
        self.change(booking_id, status="cancelled", rescheduledToUid=uid, rescheduledByEmail=by)
        changes = {"status": "pending"} if pending else {}
        self.change(uid, rescheduledFromUid=booking_id, rescheduledByEmail=by, **changes)
        more: Booking = {} if pending else {"rescheduleUid": booking_id, "rescheduledBy": by}
        self.tell("REQUESTED" if pending else "RESCHEDULED", uid, **more)
        return uid

    def call_off(self, booking_id: str) -> None:
        self.end(booking_id, "cancelled", "changed my mind")

    def miss(self, booking_id: str) -> None:
        """Nobody came: the attendee's row changes, the booking's `updatedAt` does not."""
        self.bookings[booking_id]["attendees"][0]["absent"] = True
        payload: Booking = {"bookingUid": booking_id, "attendees": [{"email": EMAIL, "noShow": True}]}
        self.tell("NO_SHOW_UPDATED", booking_id, payload=payload)

    def series(self, *starts: datetime, pending: bool = True) -> list[str]:
        return [self.book(start, pending=pending, recurringBookingUid="series-1") for start in starts]

    def is_over(self, booking_id: str) -> bool:
        return self.bookings[booking_id]["status"] in ("cancelled", "rejected")

    def is_waiting(self, booking_id: str) -> bool:
        return bool(self.bookings[booking_id]["status"] == "pending")

    def told(self, booking_id: str) -> str:
        return str(self.bookings[booking_id]["cancellationReason"])

    # what the server itself does

    def end(self, uid: str, status: str, reason: str) -> None:
        self.change(uid, status=status, cancellationReason=reason)
        self.tell("REJECTED" if status == "rejected" else "CANCELLED", uid, cancellationReason=reason)

    def accept(self, uid: str) -> None:
        """Whatever it was before: the server only refuses what is accepted already."""
        self.change(uid, status="accepted")
        self.tell("CREATED", uid)

    def waiting_with(self, uid: str) -> list[str]:
        """The booking itself, and what waits of its series."""
        series = self.bookings[uid].get("recurringBookingUid")
        same = [one for one in self.bookings.values() if series and one.get("recurringBookingUid") == series]
        return [uid, *(one["uid"] for one in same if one["status"] == "pending" and one["uid"] != uid)]

    def change(self, uid: str, **changes: Any) -> None:
        self.bookings[uid] |= {**changes, "updatedAt": self._tick()}

    def tell(self, trigger: str, uid: str, payload: Booking | None = None, **more: Any) -> None:
        held = self.bookings[uid]
        whole = {
            "type": held["eventType"]["slug"],
            "title": held["title"],
            "startTime": held["start"],
            "endTime": held["end"],
            "organizer": {"id": 5, "email": HOST, "timeZone": "Europe/Rome"},
            "attendees": held["attendees"],
            "eventTypeId": held["eventTypeId"],
            "uid": uid,
            "bookingId": held["id"],
            "status": held["status"].upper(),
            **more,
        }
        self.events[uid] = {
            "triggerEvent": f"BOOKING_{trigger}",
            "createdAt": self._tick(),
            "payload": payload or whole,
        }

    def _tick(self) -> str:
        self._ticks += 1
        return stamp(NOW + timedelta(milliseconds=self._ticks))

    # webhooks

    def sent(self, booking_id: str) -> Sent:
        return self.sent_signed(json.dumps(self.events[booking_id]).encode())

    def sent_about_something_else(self) -> Sent:
        away = {"triggerEvent": "OOO_CREATED", "createdAt": stamp(NOW), "payload": {"oooEntry": {"id": 2}}}
        return self.sent_signed(json.dumps(away).encode())

    def sent_signed(self, body: bytes) -> Sent:
        signature = hmac.digest(SECRET.encode(), body, hashlib.sha256).hex()
        return {"X-Cal-Signature-256": signature, "Content-Type": "application/json"}, body, ""


def attendee(name: str, email: str, **more: Any) -> dict[str, Any]:
    """One client of a booking as the API shows them."""
    told = {"name": name, "email": email, "displayEmail": email, "timeZone": "Asia/Kolkata"}
    return {**told, "language": "en", "absent": False, **more}
