"""Private links: separate from a feed's, for one client and one purpose, and soon over.

A link opens one page of the client's own: the health questions, the record, a new calendar address, or
the wish to be forgotten. Like a feed's token it can be made again from a key, so that only its SHA-256
is ever kept and a letter that waits to be sent need not hold it.
"""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest, digest

from scheduler_app.domain.tokens import checked_key, stored_form

INTAKE, RECORD, ERASE, NEW_LINK = "intake", "record", "erase", "new-link"
PURPOSES = (INTAKE, RECORD, ERASE, NEW_LINK)
DISCLOSING = frozenset({RECORD, ERASE, NEW_LINK})  # never to an address that may be somebody else's
OPEN, USED, EXPIRED, REVOKED = "open", "used", "expired", "revoked"
CLIENT = "the client"  # who asked, in the place of a name


@dataclass(frozen=True, slots=True)
class LinkTerms:
    """How long private links open anything, and how often a client may ask for one.

    intake_days: for the health questions; hours: for everything else. a_day: links a client may ask for
    in 24 hours. ask: whether a client with a visit that waits for the health questions is sent their link.
    """

    intake_days: int = 7
    hours: int = 24
    a_day: int = 3
    ask: bool = True

    def lasts(self, purpose: str) -> timedelta:
        """For how long."""
        return timedelta(days=self.intake_days) if purpose == INTAKE else timedelta(hours=self.hours)


@dataclass(frozen=True, slots=True)
class PrivateLink:
    """One link as it is kept, without its secret. made_by: who at the clinic, or CLIENT.

    kind and address: where it is sent (`email`, `phone`); "" where it is handed over. sent_at: when
    somebody undertook to send it; None while it waits to be handed over.
    """

    ref: str
    client: str
    purpose: str
    made_at: datetime
    expires_at: datetime
    made_by: str
    kind: str = ""
    address: str = ""
    sent_at: datetime | None = None
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    def standing(self, now: datetime) -> str:
        """OPEN, or why it opens nothing."""
        if self.revoked_at is not None:
            return REVOKED
        if self.used_at is not None:
            return USED
        return OPEN if now < self.expires_at else EXPIRED


@dataclass(frozen=True, slots=True)
class Contact:
    """An address on record. kind: `email` or `phone`.

    verified: a person at the clinic confirmed it (`desk`), or a link sent there was answered (`link`);
    "" for one that was only ever claimed. shared: another client is recognised by it too.
    """

    kind: str
    value: str
    verified: str = ""
    shared: bool = False


def link_token(key: bytes, ref: str, purpose: str) -> str:
    """All 256 bits of HMAC-SHA256(purpose, ref), base64url: the same every time, different for each purpose.

    Raises Invalid for a key too short to be one.
    """
    message = f"private link {len(purpose)} {purpose} {len(ref)} {ref}"
    return urlsafe_b64encode(digest(checked_key(key), message.encode(), "sha256")).rstrip(b"=").decode()


def link_again(keys: Sequence[bytes], link: PrivateLink, stored: bytes) -> str | None:
    """The token whose stored form this is, whichever of our keys made it; None when no key fits any more."""
    for key in keys:
        candidate = link_token(key, link.ref, link.purpose)
        if compare_digest(stored_form(candidate), stored):
            return candidate
    return None
