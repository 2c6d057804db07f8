"""The BookingSource made of the signature and the translation."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from integrations.documents import Fields, parse
from integrations.signatures import read_secret, verify_standard_webhook
from integrations.standard_webhooks.translate import reports_in
from scheduler_app.domain.appointments import Report
from scheduler_app.domain.clinic import Clinic
from scheduler_app.domain.deliveries import Delivery


class StandardWebhooksSource:
    """Implements ports.BookingSource. name: as in POST /hooks/<name> and in the clinic's list of sources.

    secrets: "whsec_…", several during a rotation. Raises Invalid for one that cannot be a secret.
    """

    content_type = "application/json"
    secret_in_path = False

    def __init__(self, name: str, secrets: Sequence[str], clinic: Clinic) -> None:
        self.name = name
        self._clinic = clinic
        self._keys = tuple(read_secret(text, f"secret of {name}") for text in secrets)

    def receive(self, headers: Mapping[str, str], body: bytes, now: datetime, _secret: str = "") -> Delivery:
        """Verified and seen to be a JSON object with a type; what it means is found out behind the page."""
        message_id = verify_standard_webhook(self._keys, headers, body, now)
        Fields(parse(body), "").required("type", 64)
        return Delivery(self.name, message_id, now, body)

    def reports(self, delivery: Delivery) -> tuple[Report, ...]:
        """The appointment in it, as docs/webhooks.md describes it. Raises Invalid."""
        return reports_in(parse(delivery.body), self.name, self._clinic, delivery.received_at)
