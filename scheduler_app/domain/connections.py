"""How we stand with a clinic calendar that another program keeps: begun or observing, heard or silent."""

from dataclasses import dataclass
from datetime import datetime

NEW, ALL = "new", "all"  # what is covered: bookings made after the start, or all that are ahead
READ_ONLY = "read-only"  # the one fault that closes nothing: the calendar is read as ever, and not written in


@dataclass(frozen=True, slots=True)
class CalendarState:
    """What we remember of one calendar beside its events.

    started_at is None while we only observe: nothing is written there until a person starts it, for all
    bookings ahead or (covers `new`) for those made afterwards. read_at: the last reading that worked.
    fault: why it cannot be read or written in, a stable code such as `access-withdrawn`, since fault_since;
    "" while all is well. writes_paused_until: the program asked us to leave this calendar unwritten until
    then.
    """

    calendar: str
    started_at: datetime | None = None
    started_by: str = ""
    covers: str = NEW
    read_at: datetime | None = None
    fault: str = ""
    fault_since: datetime | None = None
    writes_paused_until: datetime | None = None

    @property
    def closed(self) -> bool:
        """Whether it cannot be read."""
        return self.fault not in ("", READ_ONLY)

    def covers_booking(self, booked_at: datetime | None) -> bool:
        """Whether a booking made then may be written on."""
        if self.started_at is None:
            return False
        return self.covers == ALL or (booked_at is not None and booked_at >= self.started_at)


@dataclass(frozen=True, slots=True)
class Channel:
    """One promise of a program to tell us when a calendar changes.

    Kept before it is asked for: the first notice may come before the answer. Only the SHA-256 of its
    token is kept. resource and expires_at are what the program answered with; a channel without them
    was asked for and the answer was lost: it lives until it expires by itself.
    """

    id: str
    calendar: str
    token_sha256: bytes
    asked_at: datetime
    resource: str = ""
    expires_at: datetime | None = None
    heard_at: datetime | None = None
    stopped_at: datetime | None = None

    def live(self, now: datetime) -> bool:
        """Whether notices may still come through it."""
        return self.stopped_at is None and self.expires_at is not None and now < self.expires_at
