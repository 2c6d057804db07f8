"""hints: deliveries of a platform say which bookings to look at, and nothing more is believed of them."""

import logging

from scheduler_app.domain.deliveries import Delivery
from scheduler_app.errors import Invalid
from scheduler_app.flow.flow import FETCH, Flow
from scheduler_app.flow.ingest import Ingested
from scheduler_app.flow.platforms.fetching import fetch_key
from scheduler_app.ports import BookingPlatform

log = logging.getLogger(__name__)

CHUNK = 100


def take_hints(flow: Flow, name: str) -> Ingested:
    """Settle what the platform sent, and have the bookings read."""
    platform = flow.platforms[name]
    settled = unreadable = 0
    while True:
        with flow.store.reading() as tx:
            pending = tx.deliveries.pending(name, CHUNK)
        if not pending:
            return Ingested(settled, unreadable)
        told = [_concerned(platform, delivery) for delivery in pending]
        with flow.store.transaction() as tx:
            keys = {fetch_key(name, booking) for bookings, _ in told for booking in bookings}
            tx.work.touch_all(FETCH, keys)
            for delivery, (_, unread) in zip(pending, told, strict=True):
                tx.deliveries.settle(delivery, unread)
        settled += len(pending)
        unreadable += sum(1 for _, unread in told if unread)


def _concerned(platform: BookingPlatform, delivery: Delivery) -> tuple[tuple[str, ...], str]:
    try:
        return platform.concerned(delivery), ""
    except Invalid as fault:
        log.warning("a delivery of %s could not be read: %s", delivery.source, fault.code)
        return (), f"{fault.code}: {fault.message}"
    except Exception as fault:  # noqa: BLE001 - one body that trips its translation must not stop the rest
        log.error("a delivery of %s broke its translation: %s", delivery.source, type(fault).__name__)
        return (), f"not-translated: {type(fault).__name__}"
