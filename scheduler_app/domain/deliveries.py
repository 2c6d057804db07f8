"""Deliveries: webhooks as received, kept under their idempotency key until they are understood."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook. source names its sender, key is unique within it; body is what the signature covered."""

    source: str
    key: str
    received_at: datetime
    body: bytes
