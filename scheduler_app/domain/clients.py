"""Clients as we hold them."""

from dataclasses import dataclass
from datetime import datetime

from scheduler_app.domain.quick import quickly_made


@quickly_made
@dataclass(frozen=True, slots=True)
class Client:
    """A person. ref is ours and opaque; code is the clinic's own client code, where it has one.

    language: a language of config/care. privacy: `discreet` or `plain`, "" for the clinic's setting.
    invitations: care and appointment go by mail; the feed then leaves the appointment out.
    """

    ref: str
    name: str
    created_at: datetime
    code: str | None = None
    language: str = "en"
    privacy: str = ""
    invitations: bool = False


@quickly_made
@dataclass(frozen=True, slots=True)
class Identifier:
    """One thing a client is recognised by, normalised at the edge.

    kind: `email` (lower case), `phone` (E.164), `code`, or `platform` (value unique within source).
    """

    kind: str
    value: str
    source: str = ""
