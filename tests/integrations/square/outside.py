"""What people see and do at the fake Square, as the contract of all platforms asks for it."""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from integrations.square import SquarePlatform
from tests.contracts.booking_platform import ANN, EMAIL, HOOK, Sent, clinic_platform
from tests.house import house
from tests.integrations.square.fake_seller import LOCATION, MERCHANT, TOKEN, Square
from tests.integrations.vendor_server import AtVendor

SIGNING = "a-signature-key-of-the-tests"
OVER = {"CANCELLED_BY_SELLER", "CANCELLED_BY_CUSTOMER", "DECLINED"}
SERVICES = {"micro": "SVMICRO", "peel": "SVPEEL"}
STAFF = {"source": "FIRST_PARTY_MERCHANT", "creator_details": {"creator_type": "TEAM_MEMBER"}}


def opened(endpoint: str, **more: object) -> SquarePlatform:
    """The adapter on the fake server."""
    settings: dict[str, object] = {"account": LOCATION, "address": HOOK, "endpoint": endpoint, **more}
    services = settings.pop("services", {"micro": ("microneedling",)})
    platform = clinic_platform("square", services, **settings)  # type: ignore[arg-type]
    return SquarePlatform(platform, house().clinic, [SIGNING], TOKEN)


def signature(body: bytes, key: str = SIGNING, address: str = HOOK) -> str:
    """As Square computes it."""
    return base64.b64encode(hmac.digest(key.encode(), address.encode() + body, hashlib.sha256)).decode()


class AtSquare(AtVendor):
    """Implements Outside."""

    def __init__(self, square: Square) -> None:
        super().__init__(square)
        self.square = square

    def book(
        self,
        start: datetime,
        *,
        service: str = "micro",
        by_staff: bool = False,
        pending: bool = False,
        name: str = ANN,
        email: str = EMAIL,
    ) -> str:
        first, _, last = name.partition(" ")
        whose = self.square.customer(given_name=first, family_name=last, email_address=email)
        status = "PENDING" if pending else "ACCEPTED"
        more = STAFF if by_staff else {}
        return self.square.add(start, SERVICES[service], customer_id=whose, status=status, **more)

    def move(self, booking_id: str, start: datetime) -> str:
        self.square.change(booking_id, start_at=start.strftime("%Y-%m-%dT%H:%M:%SZ"))
        return booking_id

    def call_off(self, booking_id: str) -> None:
        self.square.change(booking_id, status="CANCELLED_BY_CUSTOMER")

    def is_over(self, booking_id: str) -> bool:
        return self.square.bookings[booking_id]["status"] in OVER

    def is_waiting(self, booking_id: str) -> bool:
        return bool(self.square.bookings[booking_id]["status"] == "PENDING")

    def told(self, booking_id: str) -> str:
        return ""

    def sent(self, booking_id: str) -> Sent:
        held = self.square.bookings[booking_id]
        told = {key: held[key] for key in held if key not in ("source", "creator_details")}
        name = f"{booking_id}:{held['version']}"
        event = {
            "merchant_id": MERCHANT,
            "location_id": held["location_id"],
            "type": "booking.updated" if held["version"] else "booking.created",
            "event_id": str(uuid5(NAMESPACE_URL, name)),
            "created_at": held["updated_at"],
            "data": {"type": "booking", "id": name, "object": {"booking": told}},
        }
        return self.sent_signed(json.dumps(event).encode())

    def sent_about_something_else(self) -> Sent:
        event = {"merchant_id": MERCHANT, "type": "customer.created", "event_id": "e-1", "data": {"id": "C1"}}
        return self.sent_signed(json.dumps(event).encode())

    def sent_signed(self, body: bytes) -> Sent:
        headers = {"x-square-hmacsha256-signature": signature(body), "square-environment": "Production"}
        return headers, body, ""
