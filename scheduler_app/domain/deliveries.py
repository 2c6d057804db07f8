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


@dataclass(frozen=True, slots=True)
class RefusedDelivery:
    """One that was kept and could not be understood; error says why, without a name or a body."""

    source: str
    key: str
    received_at: datetime
    error: str
