"""What people see and do at the fake Acuity, as the contract of all platforms asks for it."""

import base64
import hashlib
import hmac
from datetime import datetime

from integrations.acuity import AcuityPlatform
from tests.contracts.booking_platform import ANN, EMAIL, Sent, clinic_platform
from tests.house import house
from tests.integrations.acuity.fake_server import ACCOUNT, KEY, STAFF, Acuity
from tests.integrations.vendor_server import AtVendor

SIGNING = "another-key-of-the-tests"
TYPES = {"micro": 11, "peel": 12}


def opened(endpoint: str, **more: object) -> AcuityPlatform:
    """The adapter on the fake server."""
    settings: dict[str, object] = {"account": ACCOUNT, "endpoint": endpoint, **more}
    services = settings.pop("services", {"micro": ("microneedling",)})
    platform = clinic_platform("acuity", services, **settings)  # type: ignore[arg-type]
    return AcuityPlatform(platform, house().clinic, [SIGNING], KEY)


def signature(body: bytes, key: str = SIGNING) -> str:
    """As Acuity computes it."""
    return base64.b64encode(hmac.digest(key.encode(), body, hashlib.sha256)).decode()


class AtAcuity(AtVendor):
    """Implements Outside."""

    def __init__(self, acuity: Acuity) -> None:
        super().__init__(acuity)
        self.acuity = acuity

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
        who = STAFF if by_staff else None
        return self.acuity.add(
            start, TYPES[service], firstName=first, lastName=last, email=email, scheduledBy=who
        )

    def move(self, booking_id: str, start: datetime) -> str:
        self.acuity.move(booking_id, start)
        return booking_id

    def call_off(self, booking_id: str) -> None:
        self.acuity.call_off(booking_id)

    def is_over(self, booking_id: str) -> bool:
        return self.acuity.rows[booking_id]["canceled"] is True

    def is_waiting(self, booking_id: str) -> bool:
        return False

    def told(self, booking_id: str) -> str:
        return self.acuity.notes.get(booking_id, "") if self.acuity.told.get(booking_id) else ""

    def sent(self, booking_id: str) -> Sent:
        kind = self.acuity.rows[booking_id]["appointmentTypeID"]
        form = f"action=changed&id={booking_id}&calendarID=27238&appointmentTypeID={kind}"
        return self.sent_signed(form.encode())

    def sent_about_something_else(self) -> Sent:
        return self.sent_signed(b"action=order.completed&id=54321")

    def sent_signed(self, body: bytes) -> Sent:
        headers = {
            "X-Acuity-Signature": signature(body),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return headers, body, ""
