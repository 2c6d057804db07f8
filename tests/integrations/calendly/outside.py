"""What people see and do at the fake Calendly, as the contract of all platforms asks for it."""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from integrations.calendly import CalendlyPlatform
from tests.contracts.booking_platform import ANN, EMAIL, NOW, Sent, clinic_platform
from tests.house import house
from tests.integrations.calendly.account import DESK, stamp
from tests.integrations.calendly.fake_server import KEY, Calendly
from tests.integrations.vendor_server import AtVendor

SIGNING = "a-signing-key-of-the-tests"


def opened(endpoint: str, secrets: tuple[str, ...] = (SIGNING,), **more: object) -> CalendlyPlatform:
    """The adapter on the fake server."""
    settings: dict[str, Any] = {"endpoint": endpoint, **more}
    services = settings.pop("services", {"micro": ("microneedling",)})
    return CalendlyPlatform(clinic_platform("calendly", services, **settings), house().clinic, secrets, KEY)


def signature(body: bytes, now: datetime = NOW, key: str = SIGNING) -> str:
    """As Calendly computes it."""
    seconds = int(now.timestamp())
    message = f"{seconds}.".encode() + body
    return f"t={seconds},v1={hmac.digest(key.encode(), message, hashlib.sha256).hex()}"


class AtCalendly(AtVendor):
    """Implements Outside."""

    def __init__(self, calendly: Calendly) -> None:
        super().__init__(calendly)
        self.calendly = calendly
        self.account = calendly.account

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
        who = DESK if by_staff else None
        return self.account.add(start, service, name=name, email=email, invitee_scheduled_by=who)

    def move(self, booking_id: str, start: datetime) -> str:
        return self.account.move(booking_id, start)

    def call_off(self, booking_id: str) -> None:
        self.account.call_off(booking_id)

    def is_over(self, booking_id: str) -> bool:
        return bool(self.account.invitees[booking_id]["status"] == "canceled")

    def is_waiting(self, booking_id: str) -> bool:
        return False

    def told(self, booking_id: str) -> str:
        return str(self.account.invitees[booking_id].get("cancellation", {}).get("reason") or "")

    def payload(self, booking_id: str) -> dict[str, Any]:
        return {
            **self.account.invitees[booking_id],
            "scheduled_event": self.account.events[self.account.event_of(booking_id)],
        }

    def sent(self, booking_id: str, event: str = "") -> Sent:
        over = self.is_over(booking_id)
        named = event or ("invitee.canceled" if over else "invitee.created")
        told = {"event": named, "created_at": stamp(NOW), "created_by": DESK}
        return self.sent_signed(json.dumps({**told, "payload": self.payload(booking_id)}).encode())

    def sent_about_something_else(self) -> Sent:
        told = {"event": "routing_form_submission.created", "payload": {"uri": "https://x/y/zzzzzzzz"}}
        return self.sent_signed(json.dumps(told).encode())

    def sent_signed(self, body: bytes) -> Sent:
        return {"Calendly-Webhook-Signature": signature(body), "Content-Type": "application/json"}, body, ""
