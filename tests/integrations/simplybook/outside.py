"""What people see and do at the fake SimplyBook.me, as the contract of all platforms asks for it."""

import json
from datetime import datetime, timedelta

from integrations.simplybook import SimplybookPlatform
from tests.contracts.booking_platform import ANN, EMAIL, NOW, Sent, clinic_platform
from tests.house import house
from tests.integrations.simplybook.fake_server import COMPANY, LOGIN, PASSWORD, Simplybook, local
from tests.integrations.vendor_server import AtVendor

SECRET, OLDER = "a-long-secret-of-the-tests", "the-secret-before-that-one"
IDS = {"micro": 9, "peel": 12}


def opened(endpoint: str, **more: object) -> SimplybookPlatform:
    """The adapter on the fake server."""
    settings: dict[str, object] = {"account": COMPANY, "user": LOGIN, "endpoint": endpoint, **more}
    services = settings.pop("services", {"micro": ("microneedling",), "9": ("microneedling",)})
    platform = clinic_platform("simplybook", services, **settings)  # type: ignore[arg-type]
    return SimplybookPlatform(platform, house().clinic, [SECRET, OLDER], PASSWORD)


class AtSimplybook(AtVendor):
    """Implements Outside."""

    def __init__(self, simplybook: Simplybook) -> None:
        super().__init__(simplybook)
        self.simplybook = simplybook

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
        more: dict[str, object] = {"client": {"id": 8123, "name": name, "email": email}}
        if pending:
            more |= {"status": "pending", "is_confirmed": False}
        if by_staff:
            more["log"] = [{"type": "create", "datetime": local(self.simplybook.now), "user_id": 3}]
        return self.simplybook.add(start, IDS[service], **more)

    def move(self, booking_id: str, start: datetime) -> str:
        ends = local(start + timedelta(hours=1))
        self.simplybook.rows[booking_id] |= {"start_datetime": local(start), "end_datetime": ends}
        return booking_id

    def call_off(self, booking_id: str) -> None:
        self.simplybook.rows[booking_id] |= {"status": "canceled", "is_confirmed": False}

    def is_over(self, booking_id: str) -> bool:
        return str(self.simplybook.rows[booking_id]["status"]) == "canceled"

    def is_waiting(self, booking_id: str) -> bool:
        return str(self.simplybook.rows[booking_id]["status"]) == "pending"

    def told(self, booking_id: str) -> str:
        return ""  # comments are the clinic's; its own letters hold none of our words

    def sent(self, booking_id: str) -> Sent:
        notice = {
            "booking_id": booking_id,
            "booking_hash": "514ccafaa45aa779ff50e4642c37ba5d",
            "company": COMPANY,
            "notification_type": "change",
            "webhook_timestamp": int(NOW.timestamp()),
            "signature_algo": "sha256",
        }
        return self.sent_signed(json.dumps(notice).encode())

    def sent_about_something_else(self) -> Sent:
        return self.sent_signed(json.dumps({"client_id": 8123, "company": COMPANY}).encode())

    def sent_signed(self, body: bytes) -> Sent:
        return {"Content-Type": "application/json"}, body, SECRET

    def close_door(self) -> None:
        super().close_door()
        self.simplybook.tokens.clear()
