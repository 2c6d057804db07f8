"""The documented JSON under Standard Webhooks, held to the contract of every source."""

import base64
import hashlib
import hmac
import json

import pytest

from integrations.standard_webhooks import StandardWebhooksSource
from scheduler_app.ports import BookingSource
from tests.contracts.booking_source import NOW, BookingSourceContract, Sent
from tests.flow.clinic_at_work import SECRET, document, signed
from tests.house import house


class TestStandardWebhooksSource(BookingSourceContract):
    """Inherits every sentence."""

    @pytest.fixture
    def source(self) -> BookingSource:
        return StandardWebhooksSource("website", [SECRET], house().clinic)

    def sent(self, *, cancelled: bool = False) -> Sent:
        told = document("cancelled" if cancelled else "created", day="2026-03-20")
        return self.sent_signed(json.dumps(told).encode())

    def sent_about_something_else(self) -> Sent:
        return self.sent_signed(b'{"type": "invoice.paid", "timestamp": "2026-03-02T09:00:00Z", "data": {}}')

    def sent_signed(self, body: bytes) -> Sent:
        # the reference library signs text; bytes that are none are signed as the text they would be
        text = body.decode("latin-1")
        headers = signed("msg_1", NOW, text) if text.isascii() else _signed_bytes(body)
        return headers, body


def _signed_bytes(body: bytes) -> dict[str, str]:
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    stamp = str(int(NOW.timestamp()))
    signature = hmac.digest(key, f"msg_1.{stamp}.".encode() + body, hashlib.sha256)
    encoded = base64.b64encode(signature).decode()
    return {"webhook-id": "msg_1", "webhook-timestamp": stamp, "webhook-signature": f"v1,{encoded}"}
