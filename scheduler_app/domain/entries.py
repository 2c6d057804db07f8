"""Entries of a client's feed: what they say, apart from how often they changed."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One instruction, appointment or milestone.

    uid is for ever. start and end are aware UTC datetimes, or dates (end exclusive) for all-day
    entries. busy: shows the client as busy (the appointment only). alarm: minutes before the start.
    """

    uid: str
    kind: str  # a care line's code, its group, "appointment" or "possible-again"
    start: datetime | date
    end: datetime | date
    title: str
    text: str
    cancelled: bool = False
    busy: bool = False
    alarm: int | None = None
    related: str | None = None  # uid of the appointment it belongs to


@dataclass(frozen=True, slots=True)
class PublishedEntry:
    """An entry as it was last published. digest is of the Entry; block is its VEVENT as bytes."""

    uid: str
    digest: str
    sequence: int
    changed_at: datetime
    block: bytes
    cancelled: bool
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """One client's feed. A token opens it while its generation is current and it is not revoked."""

    ref: str
    client: str
    generation: int = 1
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class FeedBytes:
    """What a poll is answered with. etag is quoted and strong: it is a hash over body."""

    body: bytes
    zipped: bytes
    etag: str
    changed_at: datetime
    revoked: bool = False
