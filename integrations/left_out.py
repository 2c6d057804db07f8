"""What one booking of a page is read as: one at fault never stops the rest."""

import logging

from scheduler_app.domain.appointments import Report
from scheduler_app.domain.platforms import LeftOut
from scheduler_app.errors import Invalid

log = logging.getLogger(__name__)

Told = Report | LeftOut | None  # None for what has not even an id


def left_out(platform: str, booking: str, fault: Invalid) -> LeftOut | None:
    """A booking that cannot be told in our words, logged by its id; "" for one without."""
    log.warning("%s: booking %s is left out: %s", platform, booking or "without an id", fault.code)
    return LeftOut(booking, fault.code, fault.message) if booking else None
