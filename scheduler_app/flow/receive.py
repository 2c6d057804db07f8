"""receive: a webhook is verified and put on disk before it is answered; nothing else happens here."""

from collections.abc import Mapping
from datetime import datetime

from scheduler_app.ports import Inbox, Receiver


def receive(
    source: Receiver, inbox: Inbox, headers: Mapping[str, str], body: bytes, now: datetime, secret: str = ""
) -> bool:
    """True for a new delivery, False for one we hold already: both may be answered 2xx.

    Raises Denied for a wrong signature, Invalid for an unreadable body, Unavailable when it could not be
    kept: then nothing was promised and the sender should try again.
    """
    return inbox.accept(source.receive(headers, body, now, secret))
