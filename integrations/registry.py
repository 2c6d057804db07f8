"""Which adapter stands behind a name of the configuration."""

from collections.abc import Sequence

from integrations.standard_webhooks import StandardWebhooksSource
from scheduler_app.domain.clinic import Clinic
from scheduler_app.ports import BookingSource


def booking_source(name: str, secrets: Sequence[str], clinic: Clinic) -> BookingSource:
    """The sender of webhooks of that name. Raises Invalid for secrets that cannot be any."""
    return StandardWebhooksSource(name, secrets, clinic)
