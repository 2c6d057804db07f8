"""Entries of a client's feed: what they say, apart from how often they changed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import sha256

APPOINTMENT = "appointment"
POSSIBLE_AGAIN = "possible-again"


@dataclass(frozen=True, slots=True)
class Entry:
    """One instruction, appointment or milestone.

    uid is for ever: `<code or group>.<opaque ref>@<host>`. start and end are aware UTC datetimes, or
    dates (end exclusive) for all-day entries. tentative: the clinic has not confirmed it. busy: shows
    the client as busy (the appointment only). alarm: minutes before the start, at least 1.
    """

    uid: str
    kind: str  # a care line's code, its group, "appointment" or "possible-again-…"
    start: datetime | date
    end: datetime | date
    title: str
    text: str
    cancelled: bool = False
    busy: bool = False
    alarm: int | None = None
    related: str | None = None  # uid of the appointment it belongs to
    tentative: bool = False

    @property
    def ends_at(self) -> datetime:
        """When it is over; for an all-day entry midnight UTC, close enough to sort and to forget by."""
        return instant(self.end)

    @property
    def digest(self) -> str:
        """Equal for entries that say the same, in every process and version of Python."""
        said = (
            self.uid, self.kind, self.start.isoformat(), self.end.isoformat(), self.title, self.text,
            self.cancelled, self.busy, self.alarm, self.related, self.tentative,
        )  # fmt: skip
        return sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()


def instant(moment: datetime | date) -> datetime:
    """An aware datetime for either kind of bound."""
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time(), UTC)


@dataclass(frozen=True, slots=True)
class PublishedEntry:
    """An entry as it was last published. digest is of the Entry; block is its VEVENT as bytes.

    With an empty block it is in no feed any more; the row stays, because a SEQUENCE must never fall,
    not even when the same uid comes back years later.
    """

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
